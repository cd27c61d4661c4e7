// Feedback that says nothing is told of and sent back.
import Identifiers

extension DeadlineBook {
  func judge(_ move: IncidentMove) throws {
    guard let reason = try weakness(of: move.feedback, .incident) else { return }
    try sendBack(.incident(move.incident), incident: move.incident, reason)
  }

  func judge(_ move: CourseMove) throws {
    guard let reason = try weakness(of: move.feedback, .directive) else { return }
    try sendBack(.directive(move.directive, move.recipient), incident: move.incident, reason)
  }

  private func weakness(of text: String, _ code: FeedbackRule.Code) throws -> String? {
    guard let rule = try writer.feedbackRule(code) else {
      throw SupervisionError.feedbackRuleUnknown(code)
    }
    return rule.weakness(of: text)
  }

  private func sendBack(
    _ matter: OutgoingCall.Matter, incident: IncidentID?, _ reason: String
  ) throws {
    try writer.enqueue(
      OutgoingCall(
        requestID: "weak/\(stableEventPart)", matter: matter, incidentID: incident,
        reason: reason, occurTime: time, trace: writer.trace))
    let event: SupervisionEvent =
      switch matter {
      case .incident(let id):
        .feedbackFoundWeak(subject: id.description, recipient: nil, reason: reason)
      case .directive(let id, let recipient):
        .feedbackFoundWeak(subject: id.description, recipient: recipient, reason: reason)
      }
    writer.record(event, incident: incident, occurTime: time)
  }

  /// Of the event that showed the feedback: no part of the time in it.
  private var stableEventPart: String {
    let id = String(writer.cause.split(separator: "/").last ?? "")
    return EventID(id)?.stablePart ?? id
  }
}
