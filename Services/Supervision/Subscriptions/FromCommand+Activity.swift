// What command tells the figures: calls, incidents, units on their way, directives.
import Classification
import Foundation
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

extension FromCommand {
  public static func activity(_ event: Quintet_Events_V1_Event) throws -> [ActivityFact] {
    switch event.type {
    case Quintet_Command_V1_CallReportAnswered.protoMessageName:
      try [.call(call(event.decoded(Quintet_Command_V1_CallReportAnswered.self).callReport))]
    case Quintet_Command_V1_CallReportEnded.protoMessageName:
      try [.call(call(event.decoded(Quintet_Command_V1_CallReportEnded.self).callReport))]
    case Quintet_Command_V1_IncidentOpened.protoMessageName:
      try [.incident(incident(event.decoded(Quintet_Command_V1_IncidentOpened.self).incident))]
    case Quintet_Command_V1_IncidentClassified.protoMessageName:
      try [
        .incident(incident(event.decoded(Quintet_Command_V1_IncidentClassified.self).incident))
      ]
    case Quintet_Command_V1_IncidentMoved.protoMessageName:
      try moved(event)
    case Quintet_Command_V1_AssignmentMoved.protoMessageName:
      try [
        .assignment(
          assignment(event.decoded(Quintet_Command_V1_AssignmentMoved.self).assignment))
      ]
    case Quintet_Command_V1_DirectiveIssued.protoMessageName:
      try issued(
        event.decoded(Quintet_Command_V1_DirectiveIssued.self).directive,
        at: event.occurTime.microsecondDate)
    case Quintet_Command_V1_DirectiveMoved.protoMessageName:
      try courseMoved(
        event.decoded(Quintet_Command_V1_DirectiveMoved.self),
        at: event.occurTime.microsecondDate)
    default: []
    }
  }

  private static func call(_ report: Quintet_Command_V1_CallReport) throws -> CallActivity {
    CallActivity(
      id: try Check.identifier(report.id, field: "call_report.id"),
      origin: try Check.incidentOrigin(report.origin, field: "call_report.origin"),
      isByVoice: report.channel == .phone, point: try point(of: report.location),
      receiveTime: report.receiveTime.microsecondDate,
      answerTime: report.hasAnswerTime ? report.answerTime.microsecondDate : nil,
      incident: try Check.optionalIdentifier(
        report.incidentID, field: "call_report.incident_id"),
      isFirst: report.outcome == .created)
  }

  private static func incident(
    _ incident: Quintet_Command_V1_Incident
  ) throws -> IncidentActivity {
    IncidentActivity(
      id: try Check.identifier(incident.id, field: "incident.id"),
      origin: try Check.incidentOrigin(incident.origin, field: "incident.origin"),
      incidentClass: try Check.incidentClass(incident.incidentClass),
      point: try point(of: incident.location),
      receiveTime: incident.receiveTime.microsecondDate,
      state: try .init(incident.state, field: "incident.state"))
  }

  private static func moved(_ event: Quintet_Events_V1_Event) throws -> [ActivityFact] {
    let moved = try event.decoded(Quintet_Command_V1_IncidentMoved.self)
    let incident = try incident(moved.incident)
    let step = IncidentStep(
      incident: incident.id, to: incident.state, time: event.occurTime.microsecondDate)
    return [.incident(incident)] + (moved.from == moved.incident.state ? [] : [.move(step)])
  }

  private static func assignment(
    _ assignment: Quintet_Command_V1_Assignment
  ) throws -> AssignmentActivity {
    let sent = assignment
    return AssignmentActivity(
      id: try Check.identifier(sent.id, field: "assignment.id"),
      incident: try Check.identifier(sent.incidentID, field: "assignment.incident_id"),
      unit: try Check.identifier(sent.unitID, field: "assignment.unit_id"),
      state: try .init(sent.state),
      times: AssignmentActivity.Times(
        assign: sent.hasAssignTime ? sent.assignTime.microsecondDate : nil,
        dispatch: sent.hasDispatchTime ? sent.dispatchTime.microsecondDate : nil,
        acknowledge: sent.hasAcknowledgeTime ? sent.acknowledgeTime.microsecondDate : nil,
        depart: sent.hasDepartTime ? sent.departTime.microsecondDate : nil,
        arrive: sent.hasArriveTime ? sent.arriveTime.microsecondDate : nil,
        clear: sent.hasClearTime_p ? sent.clearTime_p.microsecondDate : nil,
        cancel: sent.hasCancelTime ? sent.cancelTime.microsecondDate : nil))
  }

  private static func issued(
    _ directive: Quintet_Command_V1_Directive, at time: Date
  ) throws -> [ActivityFact] {
    // A draft binds nobody yet; a dispatch is told of by its assignments.
    guard directive.state != .draft, try DirectiveClass(directive.directiveClass) != nil else {
      return []
    }
    return try directive.recipients.compactMap {
      try course($0, of: directive.id, for: directive.incidentID, issued: time)
    }
  }

  private static func courseMoved(
    _ moved: Quintet_Command_V1_DirectiveMoved, at time: Date
  ) throws -> [ActivityFact] {
    guard try DirectiveClass(moved.directiveClass) != nil else { return [] }
    let issued = moved.course.state == .issued ? time : nil
    return try [
      course(moved.course, of: moved.directiveID, for: moved.incidentID, issued: issued)
    ].compactMap { $0 }
  }

  /// Nil for a draft.
  private static func course(
    _ course: Quintet_Command_V1_RecipientCourse, of directive: String, for incident: String,
    issued: Date?
  ) throws -> ActivityFact? {
    guard let state = try CourseMove.State(course.state) else { return nil }
    return .course(
      CourseActivity(
        directive: try Check.identifier(directive, field: "directive_id"),
        recipient: try Recipient(course.recipient),
        incident: try Check.optionalIdentifier(incident, field: "incident_id"),
        state: CourseActivity.State(state), issueTime: issued,
        acknowledgeTime: course.hasAcknowledgeTime
          ? course.acknowledgeTime.microsecondDate : nil,
        feedbackTime: course.hasFeedbackTime ? course.feedbackTime.microsecondDate : nil))
  }
}

extension CourseActivity.State {
  fileprivate init(_ state: CourseMove.State) {
    self =
      switch state {
      case .issued, .delivered: .open
      case .acknowledged, .inProgress: .signed
      // It was fed back, though not well enough: when it was last is known.
      case .fedBack, .accepted, .returned: .fedBack
      case .cancelled, .reassigned: .withdrawn
      }
  }
}
