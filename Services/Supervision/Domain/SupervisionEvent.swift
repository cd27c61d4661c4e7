// What this service tells, one case a message of quintet/supervision/v1/events.proto.
public import Identifiers

public enum SupervisionEvent: Sendable, Hashable {
  case started(Deadline)
  case fired(Firing)
  case stopped(Deadline, from: DeadlineState)
  case feedbackFoundWeak(subject: String, recipient: Recipient?, reason: String)
  case evaluated(Evaluation)
  case findingChanged(LookUpFinding)

  /// Id of the thing that changed.
  public var subject: String {
    switch self {
    case .started(let deadline), .stopped(let deadline, _): deadline.id.description
    case .fired(let firing): firing.deadline.id.description
    case .feedbackFoundWeak(let subject, _, _): subject
    case .evaluated(let evaluation): evaluation.incidentID.description
    case .findingChanged(let finding): finding.id.description
    }
  }
}

/// A payload as the log keeps it; made by the RPC room, which knows protobuf.
public struct EncodedEvent: Sendable, Hashable {
  /// Full name of the message.
  public let type: String
  public let payload: [UInt8]

  public init(type: String, payload: [UInt8]) {
    self.type = type
    self.payload = payload
  }
}

/// Why a request was refused.
public enum SupervisionError: Error, Sendable, Hashable {
  case deadlineUnknown(DeadlineID)
  case ruleUnknown(String)
  case feedbackRuleUnknown(FeedbackRule.Code)
  case evaluationUnknown(IncidentID)
  case findingUnknown(LookUpFindingID)
  case findingAnswered
  /// Nobody answers for himself.
  case ownLookUps
  case etagMismatch
  case liveDeadlinesRunning
  case noExercise
  /// More rows of facts than one answer is computed from.
  case periodTooLarge
}
