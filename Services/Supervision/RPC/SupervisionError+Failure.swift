// The one mapping from the domain's errors to the wire.
import Identifiers
public import SupervisionDomain
public import Wire

extension SupervisionError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .deadlineUnknown(let id):
      .notFound("DEADLINE_UNKNOWN", field: "deadline_id", id.description)
    case .ruleUnknown(let code):
      .notFound("RULE_UNKNOWN", field: "rule.code", code)
    case .feedbackRuleUnknown(let code):
      .notFound("FEEDBACK_RULE_UNKNOWN", code.rawValue)
    case .evaluationUnknown(let incident):
      .notFound("EVALUATION_UNKNOWN", field: "incident_id", incident.description)
    case .findingUnknown(let id):
      .notFound("FINDING_UNKNOWN", field: "finding_id", id.description)
    case .findingAnswered:
      .precondition("FINDING_ANSWERED", "该发现已有结论。The finding has been answered.")
    case .ownLookUps:
      .precondition(
        "OWN_LOOK_UPS",
        "涉及本人的查询须由他人核实。Your own look-ups are for somebody else to ask about.")
    case .etagMismatch: .stale()
    case .liveDeadlinesRunning:
      .precondition(
        "LIVE_DEADLINES_RUNNING",
        "有正在计时的时限，不能开始演练。Live deadlines run; an exercise cannot begin.")
    case .noExercise:
      .precondition("NO_EXERCISE", "没有演练。No exercise is on.")
    case .periodTooLarge:
      .invalid(
        "PERIOD_TOO_LARGE", field: "end_time",
        "这段时间的记录太多，请缩短。The period has too many records; ask for a shorter one.")
    }
  }
}

/// Runs a handler; a refusal of the domain leaves it as a `Failure`.
func answering<R>(_ body: () async throws -> R) async throws -> R {
  do {
    return try await body()
  } catch let error as SupervisionError {
    throw error.failure
  }
}
