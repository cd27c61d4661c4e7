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

  private init?(_ event: CommandEvent, _ fact: JointFact) {
    switch fact {
    case .supportAsked(let request):
      self.init(
        event, "support_request", from: nil, to: request.state.rawValue, request.incidentID)
    case .supportPartMoved(let request, let part, let from):
      self.init(
        event, "support part of seat/\(part.seatCode)", from: from?.rawValue,
        to: part.state.rawValue, request.incidentID)
    case .supportEnded(let request, let from):
      self.init(
        event, "support_request", from: from.rawValue, to: request.state.rawValue,
        request.incidentID)
    case .consultationMoved(let consultation, let from):
      self.init(
        event, "consultation", from: from?.rawValue, to: consultation.state.rawValue, nil)
    case .decisionMoved(let consultation, let decision, let from):
      self.init(
        event, "decision \(decision.number)", from: from?.rawValue, to: decision.state.rawValue,
        consultation.incident(of: decision))
    case .seriesMoved(let series, let member, let from, _):
      self.init(
        event, "series", from: from?.rawValue, to: series.state.rawValue, member.incidentID)
    case .agendaItemPut, .attendanceRecorded, .agendaItemLinked, .consultationAmended,
      .seriesMemberMoved:
      return nil
    }
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
    case .jointFact(let fact): self.init(event, fact)
    case .mode(.switchedToWar(let muster)):
      self.init(event, "footing", from: "peace", to: "war", muster.incidentID)
    case .mode(.stoodDown(let muster)):
      self.init(event, "footing", from: "war", to: "peace", muster.incidentID)
    case .mode(.memberMoved(let muster, let member, let from)):
      self.init(
        event, "member \(member.code)", from: from?.rawValue, to: member.state.rawValue,
        muster.incidentID)
    case .campaign(.created(let campaign)):
      self.init(
        event, "campaign", from: nil, to: campaign.state.rawValue, campaign.content.incidentID)
    case .campaign(.closed(let campaign, _)):
      self.init(
        event, "campaign", from: CampaignState.open.rawValue, to: campaign.state.rawValue,
        campaign.content.incidentID)
    case .incidentClassified, .unitsRecommended, .directiveFact, .mode, .campaign: return nil
    }
  }
}
