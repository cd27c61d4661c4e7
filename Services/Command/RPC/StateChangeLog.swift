// One log line for each state that changed, with incident and trace: what an operator follows a call
// by. The store says what happened once it is durable, in the task of the call that caused it.

import Access
public import CommandDomain
import Identifiers
public import Logging

public struct StateChangeLog: Sendable {
  private let logger: Logger

  public init(logger: Logger) {
    self.logger = logger
  }

  /// What one mutation changed. Meant for the store's observer.
  @Sendable
  public func tell(_ events: [CommandEvent]) {
    let trace = CallContext.current.trace
    for change in events.compactMap(Change.init) {
      logger.info(
        "state changed",
        metadata: [
          "entity": .string(change.entity), "id": .string(change.id),
          "from": .string(change.from), "to": .string(change.to),
          "incident": .string(change.incident?.description ?? ""), "trace": .string(trace),
        ])
    }
  }
}

private struct Change {
  let entity: String
  let id: String
  /// Empty for what has just begun.
  let from: String
  let to: String
  let incident: IncidentID?

  private init(
    _ event: CommandEvent, _ entity: String, from: String?, to: String, _ incident: IncidentID?
  ) {
    self.entity = entity
    self.id = event.subject
    self.from = from ?? ""
    self.to = to
    self.incident = incident
  }

  /// Nil for what changes no state.
  init?(_ event: CommandEvent) {
    switch event {
    case .callReportAnswered(let report):
      self.init(event, "call_report", from: nil, to: report.state.rawValue, report.incidentID)
    case .callReportEnded(let report):
      self.init(
        event, "call_report", from: CallReportState.active.rawValue,
        to: "\(report.state.rawValue)(\(report.outcome?.rawValue ?? ""))", report.incidentID)
    case .incidentOpened(let incident, _):
      self.init(event, "incident", from: nil, to: incident.state.rawValue, incident.id)
    case .incidentMoved(let incident, let from, _):
      self.init(event, "incident", from: from.rawValue, to: incident.state.rawValue, incident.id)
    case .assignmentMoved(let assignment, let from):
      self.init(
        event, "assignment", from: from?.rawValue, to: assignment.state.rawValue,
        assignment.incidentID)
    case .directiveIssued(let directive):
      self.init(
        event, "directive", from: nil, to: directive.state.rawValue, directive.incidentID)
    case .directiveMoved(let directive, let course, let from):
      self.init(
        event, "directive of \(course.recipient.kind.rawValue)/\(course.recipient.id)",
        from: from?.rawValue, to: course.state.rawValue, directive.incidentID)
    case .dispatchRuleSwitchedOn: self.init(event, "dispatch_rule", from: nil, to: "on", nil)
    case .dispatchRuleSwitchedOff: self.init(event, "dispatch_rule", from: "on", to: "off", nil)
    case .directiveFact(.cordonActivated(let cordon)):
      self.init(event, "cordon", from: nil, to: cordon.state.rawValue, cordon.incidentID)
    case .directiveFact(.cordonReleased(let cordon)):
      self.init(
        event, "cordon", from: CordonState.active.rawValue, to: cordon.state.rawValue,
        cordon.incidentID)
    case .incidentClassified, .unitsRecommended, .directiveFact: return nil
    }
  }
}
