// Rows and the domain's own types, both ways.
import Foundation
import Geography
import Identifiers
public import Persistence
public import SupervisionDomain

extension DeadlineKind: ValueConvertible {}
extension DeadlineState: ValueConvertible {}
extension ClockMode: ValueConvertible {}
extension AreaClass: ValueConvertible {}
extension Grade: ValueConvertible {}
extension FeedbackRule.Code: ValueConvertible {}
extension Recipient.Kind: ValueConvertible {}
extension OutgoingCall.State: ValueConvertible {}

extension Deadline {
  static let columns = """
    deadline_id, rule_code, kind, state, subject, responsible, incident_id, scope, mode, \
    start_cause, trace, start_time, warn_time, due_time, escalate_time, stop_time, \
    escalation_level, escalate_after_s, escalation_levels
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("deadline_id"), ruleCode: try row.get("rule_code"),
      kind: try row.get("kind"), state: try row.get("state"),
      matter: Matter(
        subject: try row.get("subject"), responsible: try row.get("responsible"),
        incidentID: try row.get("incident_id"), scope: try row.get("scope")),
      mode: try row.get("mode"), startCause: try row.get("start_cause"),
      trace: try row.get("trace"), startTime: try row.get("start_time"),
      warnTime: try row.get("warn_time"), dueTime: try row.get("due_time"),
      escalateTime: try row.get("escalate_time"), stopTime: try row.get("stop_time"),
      escalationLevel: try row.get("escalation_level"),
      escalateAfter: try row.get("escalate_after_s"),
      escalationLevels: try row.get("escalation_levels"))
  }

  /// In the order of `columns`.
  var values: [any ValueConvertible] {
    [
      id, ruleCode, kind, state, subject, responsible, incidentID, scope, mode, startCause, trace,
      startTime, warnTime, dueTime, escalateTime, stopTime, escalationLevel, escalateAfter,
      escalationLevels,
    ]
  }
}

extension Rule {
  static let columns = """
    code, kind, name, limit_s, warn_before_s, escalate_after_s, escalation_levels
    """

  init(_ row: Row) throws {
    self.init(
      code: try row.get("code"), kind: try row.get("kind"), name: try row.get("name"),
      limit: try row.get("limit_s"), warnBefore: try row.get("warn_before_s"),
      escalateAfter: try row.get("escalate_after_s"),
      escalationLevels: try row.get("escalation_levels"))
  }

  var values: [any ValueConvertible] {
    [code, kind, name, limit, warnBefore, escalateAfter, escalationLevels]
  }
}

extension Evaluation {
  static let columns = """
    evaluation_id, incident_id, ordinal, grade, met_count, missed_count, excluded_count, \
    return_count, close_time
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("evaluation_id"), incidentID: try row.get("incident_id"),
      ordinal: try row.get("ordinal"), grade: try row.get("grade"),
      tally: Tally(
        met: try row.get("met_count"), missed: try row.get("missed_count"),
        excluded: try row.get("excluded_count")),
      returnCount: try row.get("return_count"), closeTime: try row.get("close_time"))
  }

  var values: [any ValueConvertible] {
    [
      id, incidentID, ordinal, grade, tally.met, tally.missed, tally.excluded, returnCount,
      closeTime,
    ]
  }
}

extension OutgoingCall {
  static let columns = """
    request_id, method, incident_id, directive_id, recipient_kind, recipient_id, reason, \
    occur_time, trace
    """
  private static let incidentMethod = "ReturnIncidentFeedback"
  private static let directiveMethod = "ReturnDirectiveFeedback"

  init(_ row: Row) throws {
    let incident = try row.get("incident_id", as: IncidentID?.self)
    let matter: Matter
    if let incident, try row.get("method", as: String.self) == Self.incidentMethod {
      matter = .incident(incident)
    } else {
      matter = .directive(
        try row.get("directive_id"),
        Recipient(kind: try row.get("recipient_kind"), id: try row.get("recipient_id")))
    }
    self.init(
      requestID: try row.get("request_id"), matter: matter, incidentID: incident,
      reason: try row.get("reason"), occurTime: try row.get("occur_time"),
      trace: try row.get("trace"))
  }

  var values: [any ValueConvertible] {
    var directive: DirectiveID?
    var recipient: Recipient?
    var method = Self.incidentMethod
    if case .directive(let id, let to) = matter {
      (directive, recipient, method) = (id, to, Self.directiveMethod)
    }
    return [
      requestID, method, incidentID, directive, recipient?.kind, recipient?.id, reason, occurTime,
      trace,
    ]
  }
}

/// A JSON document in a column: sorted keys, so that equal documents are equal texts.
enum Document {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
