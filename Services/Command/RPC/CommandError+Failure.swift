// The one mapping from what the domain refuses to what the caller is told. No default: a new refusal
// does not compile until somebody has decided how it is told.

public import CommandDomain
import GRPCCore
import Identifiers
public import Wire

extension CommandError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .callReportUnknown(let id): .unknown("CALL_REPORT_UNKNOWN", "call_report_id", id)
    case .incidentUnknown(let id): .unknown("INCIDENT_UNKNOWN", "incident_id", id)
    case .targetUnknown(let id): .unknown("INCIDENT_UNKNOWN", "into_incident_id", id)
    case .assignmentUnknown(let id): .unknown("ASSIGNMENT_UNKNOWN", "assignment_id", id)
    case .directiveUnknown(let id): .unknown("DIRECTIVE_UNKNOWN", "directive_id", id)
    case .recipientUnknown(let recipient):
      .notFound("RECIPIENT_UNKNOWN", field: "recipient", recipient.id)
    case .recommendationUnknown(let id): .unknown("RECOMMENDATION_UNKNOWN", "recommendation_id", id)
    case .dispatchRuleUnknown(let id):
      .unknown("DISPATCH_RULE_UNKNOWN", "dispatch_rule_id", id)
    case .notAPerson:
      Failure(
        code: .permissionDenied, reason: "NOT_A_PERSON",
        message: "须由具名人员以本人名义办理。This is done by a named person, in that person's name.")
    case .tooManyRules:
      .precondition(
        "TOO_MANY_RULES",
        "同时开启的规则已达上限 \(DispatchRule.countLimit)。"
          + "As many as \(DispatchRule.countLimit) rules are on already.")
    case .recipientOutsideReach(_, let field): .outsideArea(field)
    case .sourceOutsideReach:
      .denied(
        "SOURCE_NOT_YOURS", "content.source",
        "只能以本单位名义报送，请在 source 填写令牌中的名称。"
          + "You report for yourself alone: give the name in your token as the source.")
    case .caseNotOpen:
      .denied(
        "CASE_NOT_OPEN", "purpose.case_id",
        "请填写您职责范围内、尚未结束的警情或通话。Name an incident or a call that is open and within your area.")
    case .callNotOfCase:
      .denied(
        "CALL_NOT_OF_CASE", "call_report_id",
        "只能查看属于该案由的来电。Only a call that belongs to the case can be shown whole.")
    case .required(let field): .required(field)
    case .outcomeNotAllowed(let outcome): .notAllowed(outcome)
    case .nothingToChange: .nothingToChange
    case .sameIncident:
      .invalid(
        "SAME_INCIDENT", field: "into_incident_id",
        "警情不能并入自身。An incident is not merged into itself.")
    case .duplicateRecipient: .duplicate("content.recipients")
    case .dispatchClassReserved:
      .invalid(
        "DISPATCH_CLASS_RESERVED", field: "content.directive_class",
        "派警指令只由派警产生。Directives of this class are made by DispatchUnits alone.")
    case .externalReferenceKnown(let source, let reference, let id):
      .known(
        "EXTERNAL_REFERENCE_KNOWN", "content.external_reference",
        "\(source) 的 \(reference) 已接报（\(id)）。\(reference) of \(source) is \(id) already.")
    case .unitAlreadyAssigned(let id):
      .known(
        "UNIT_ALREADY_ASSIGNED", "unit_ids",
        "\(id) 已派往该警情。\(id) has an open assignment on this incident.")
    case .unitIsGroup(let id):
      .precondition(
        "UNIT_IS_GROUP",
        "\(id) 是编组：先用 RecommendGroup 查出可派成员，或逐个指定。"
          + "\(id) is a group: ask RecommendGroup for its free parts, or name them.")
    case .recipientKnown(let recipient):
      .known(
        "RECIPIENT_KNOWN", "to",
        "\(recipient.id) 已是该指令的接收方。\(recipient.id) has this directive already.")
    case .etagMismatch: .stale()
    case .callReportEnded(let id):
      .precondition("CALL_REPORT_ENDED", "接警单 \(id) 已结束。\(id) has ended.")
    case .incidentEnded(let id, let state): .ended("INCIDENT_ENDED", id, state)
    case .targetEnded(let id, let state): .ended("TARGET_ENDED", id, state)
    case .moveNotAllowed(let subject, let from, let move):
      .precondition(
        "MOVE_NOT_ALLOWED",
        "\(subject) 处于 \(from)，不能 \(move)。\(subject) is \(from): \(move) is not allowed.")
    case .classificationIncomplete(let id, let missing):
      .incomplete(id, missing.joined(separator: ", "))
    case .assignmentOpen(let id, let open):
      .unfinished("ASSIGNMENT_OPEN", "派警未结束 Open assignments", of: id, open)
    case .directiveUnanswered(let id, let open):
      .unfinished("DIRECTIVE_UNANSWERED", "指令未反馈 Unanswered directives", of: id, open)
    case .locationRequired(let id):
      .precondition(
        "LOCATION_REQUIRED", "警情 \(id) 没有坐标。\(id) has no point to look for units around.")
    case .courseFollowsAssignment(let id):
      .precondition(
        "COURSE_FOLLOWS_ASSIGNMENT",
        "派警指令 \(id) 随派警变化。The courses of \(id) are moved by its assignments alone.")
    case .directives(let refusal): refusal.failure
    case .joint(let refusal): refusal.failure
    case .mode(let refusal): refusal.failure
    case .campaign(let refusal): refusal.failure
    }
  }
}

extension Failure {
  /// PERMISSION_DENIED.
  static func denied(_ reason: String, _ field: String, _ message: String) -> Failure {
    Failure(code: .permissionDenied, reason: reason, field: field, message: message)
  }

  fileprivate static func unknown<Tag>(
    _ reason: String, _ field: String, _ id: Identifier<Tag>
  ) -> Failure {
    .notFound(reason, field: field, id.description)
  }

  /// ALREADY_EXISTS.
  static func known(
    _ reason: String, _ field: String, _ message: String
  ) -> Failure {
    Failure(code: .alreadyExists, reason: reason, field: field, message: message)
  }

  fileprivate static func notAllowed(_ outcome: CallOutcome) -> Failure {
    .invalid(
      "OUTCOME_NOT_ALLOWED", field: "outcome",
      "结束通话不能用 \(outcome.rawValue)。A call is not ended with \(outcome.rawValue) here.")
  }

  fileprivate static var nothingToChange: Failure {
    Failure(
      code: .invalidArgument, reason: "NOTHING_TO_CHANGE",
      message: "没有要修改的内容。Nothing was given that could be changed.")
  }

  fileprivate static func ended(
    _ reason: String, _ id: IncidentID, _ state: IncidentState
  ) -> Failure {
    .precondition(
      reason, "警情 \(id) 已结束（\(state.rawValue)）。\(id) has ended: \(state.rawValue).")
  }

  fileprivate static func incomplete(_ id: IncidentID, _ missing: String) -> Failure {
    .precondition("CLASSIFICATION_INCOMPLETE", "警情 \(id) 缺少 \(missing)。\(id) lacks \(missing).")
  }

  fileprivate static func unfinished<Tag>(
    _ reason: String, _ what: String, of id: IncidentID, _ open: [Identifier<Tag>]
  ) -> Failure {
    let shown = open.prefix(5).map(\.description).joined(separator: ", ")
    return .precondition(reason, "警情 \(id)：\(what): \(shown)\(open.count > 5 ? " …" : "").")
  }
}
