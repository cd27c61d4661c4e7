// What command tells, as bytes: the store calls this in the transaction that changed the state, and
// knows no protobuf itself.

public import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf

public enum EventEncoder {
  /// - Throws: when a stored recommendation does not read; `BinaryEncodingError` never, in practice.
  @Sendable
  public static func encode(_ event: CommandEvent) throws -> EncodedEvent {
    switch event {
    case .callReportAnswered(let report):
      try encoded(
        Quintet_Command_V1_CallReportAnswered.with {
          $0.callReport = Quintet_Command_V1_CallReport(report)
          $0.phoneHash = report.content.phoneHash ?? ""
        }, event)
    case .callReportEnded(let report):
      try encoded(
        Quintet_Command_V1_CallReportEnded.with {
          $0.callReport = Quintet_Command_V1_CallReport(report)
          $0.phoneHash = report.content.phoneHash ?? ""
        }, event)
    case .incidentOpened(let incident, let phoneHash):
      try encoded(
        Quintet_Command_V1_IncidentOpened.with {
          $0.incident = Quintet_Command_V1_Incident(incident)
          $0.phoneHash = phoneHash ?? ""
        }, event)
    case .incidentClassified(let incident):
      try encoded(
        Quintet_Command_V1_IncidentClassified.with {
          $0.incident = Quintet_Command_V1_Incident(incident)
        }, event)
    case .incidentMoved(let incident, let from, let reason):
      try encoded(
        Quintet_Command_V1_IncidentMoved.with {
          $0.incident = Quintet_Command_V1_Incident(incident)
          $0.from = Quintet_Command_V1_IncidentState(from)
          $0.reason = reason
        }, event)
    case .unitsRecommended(let recommendation):
      try encoded(
        Quintet_Command_V1_UnitsRecommended.with {
          $0.recommendationID = recommendation.id.description
          $0.incidentID = recommendation.incidentID.description
          $0.recommendation = try recommendation.message
        }, event)
    case .assignmentMoved(let assignment, let from):
      try encoded(
        Quintet_Command_V1_AssignmentMoved.with {
          $0.assignment = Quintet_Command_V1_Assignment(assignment)
          $0.from = Quintet_Command_V1_AssignmentState(from)
        }, event)
    case .directiveIssued(let directive):
      try encoded(
        Quintet_Command_V1_DirectiveIssued.with {
          $0.directive = Quintet_Command_V1_Directive(directive)
        }, event)
    case .directiveMoved(let directive, let course, let from):
      try encoded(
        Quintet_Command_V1_DirectiveMoved.with {
          $0.directiveID = directive.id.description
          $0.incidentID = directive.incidentID?.description ?? ""
          $0.directiveClass = Quintet_Command_V1_DirectiveClass(directive.directiveClass)
          $0.course = Quintet_Command_V1_RecipientCourse(course)
          $0.from = Quintet_Command_V1_DirectiveState(from)
        }, event)
    case .dispatchRuleSwitchedOn(let rule):
      try encoded(
        Quintet_Command_V1_DispatchRuleSwitchedOn.with {
          $0.rule = Quintet_Command_V1_DispatchRule(rule, now: rule.switchOnTime)
        }, event)
    case .dispatchRuleSwitchedOff(let rule):
      try encoded(
        Quintet_Command_V1_DispatchRuleSwitchedOff.with {
          $0.rule = Quintet_Command_V1_DispatchRule(rule, now: rule.endTime)
        }, event)
    case .directiveFact(let fact): try encoded(fact.message, event)
    case .jointFact(let fact): try encoded(fact.message, event)
    case .mode(let fact): try encoded(fact.message, event)
    case .campaign(let fact): try encoded(fact.message, event)
    }
  }

  private static func encoded(
    _ payload: any SwiftProtobuf.Message, _ event: CommandEvent
  ) throws -> EncodedEvent {
    EncodedEvent(
      type: type(of: payload).protoMessageName, subject: event.subject,
      payload: try payload.serializedBytes())
  }
}
