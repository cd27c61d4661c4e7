// What command tells of assignments, directives and incidents.
import Geography
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public enum FromCommand: Following {
  public static let source = "command"

  public static let types = [
    Quintet_Command_V1_CallReportAnswered.protoMessageName,
    Quintet_Command_V1_CallReportEnded.protoMessageName,
    Quintet_Command_V1_AssignmentMoved.protoMessageName,
    Quintet_Command_V1_DirectiveIssued.protoMessageName,
    Quintet_Command_V1_DirectiveMoved.protoMessageName,
    Quintet_Command_V1_SupportAsked.protoMessageName,
    Quintet_Command_V1_SupportPartMoved.protoMessageName,
    Quintet_Command_V1_SupportEnded.protoMessageName,
    Quintet_Command_V1_IncidentOpened.protoMessageName,
    Quintet_Command_V1_IncidentClassified.protoMessageName,
    Quintet_Command_V1_IncidentMoved.protoMessageName,
    Quintet_Command_V1_MusterMemberMoved.protoMessageName,
    Quintet_Audit_V1_LookUpMade.protoMessageName,
  ]

  public static func fact(_ event: Quintet_Events_V1_Event) throws -> Fact? {
    switch event.type {
    case Quintet_Command_V1_AssignmentMoved.protoMessageName:
      try assignmentMoved(event.decoded(Quintet_Command_V1_AssignmentMoved.self))
    case Quintet_Command_V1_DirectiveIssued.protoMessageName:
      try directiveIssued(event.decoded(Quintet_Command_V1_DirectiveIssued.self))
    case Quintet_Command_V1_DirectiveMoved.protoMessageName:
      try courseMoved(event.decoded(Quintet_Command_V1_DirectiveMoved.self))
    case Quintet_Command_V1_SupportAsked.protoMessageName:
      try supportMoved(event.decoded(Quintet_Command_V1_SupportAsked.self).supportRequest)
    case Quintet_Command_V1_SupportPartMoved.protoMessageName:
      try supportPartMoved(event.decoded(Quintet_Command_V1_SupportPartMoved.self))
    case Quintet_Command_V1_SupportEnded.protoMessageName:
      try supportMoved(event.decoded(Quintet_Command_V1_SupportEnded.self).supportRequest)
    case Quintet_Command_V1_IncidentOpened.protoMessageName:
      try incidentPlaced(event.decoded(Quintet_Command_V1_IncidentOpened.self).incident)
    case Quintet_Command_V1_IncidentClassified.protoMessageName:
      try incidentPlaced(event.decoded(Quintet_Command_V1_IncidentClassified.self).incident)
    case Quintet_Command_V1_IncidentMoved.protoMessageName:
      try incidentMoved(event.decoded(Quintet_Command_V1_IncidentMoved.self))
    case Quintet_Command_V1_MusterMemberMoved.protoMessageName:
      .memberMoved(try MusterMove(event.decoded(Quintet_Command_V1_MusterMemberMoved.self)))
    case Quintet_Audit_V1_LookUpMade.protoMessageName:
      .lookUpMade(
        try LookUp(
          event.decoded(Quintet_Audit_V1_LookUpMade.self), service: source,
          time: event.occurTime.microsecondDate))
    default: nil
    }
  }

  private static func assignmentMoved(
    _ moved: Quintet_Command_V1_AssignmentMoved
  ) throws -> Fact {
    let assignment = moved.assignment
    return .assignmentMoved(
      AssignmentMove(
        assignment: try Check.identifier(assignment.id, field: "assignment.id"),
        incident: try Check.identifier(assignment.incidentID, field: "assignment.incident_id"),
        unit: try Check.identifier(assignment.unitID, field: "assignment.unit_id"),
        state: try .init(assignment.state)))
  }

  private static func directiveIssued(
    _ issued: Quintet_Command_V1_DirectiveIssued
  ) throws -> Fact? {
    let directive = issued.directive
    // A draft binds nobody yet. An assignment tells of a dispatch with more steps than its course.
    guard directive.state != .draft,
      let directiveClass = try DirectiveClass(directive.directiveClass)
    else { return nil }
    return .directiveIssued(
      DirectiveIssue(
        directive: try Check.identifier(directive.id, field: "directive.id"),
        incident: try Check.optionalIdentifier(
          directive.incidentID, field: "directive.incident_id"),
        directiveClass: directiveClass,
        recipients: try directive.recipients.map { try Recipient($0.recipient) }))
  }

  private static func courseMoved(_ moved: Quintet_Command_V1_DirectiveMoved) throws -> Fact? {
    guard let directiveClass = try DirectiveClass(moved.directiveClass),
      let state = try CourseMove.State(moved.course.state)
    else { return nil }
    return .courseMoved(
      CourseMove(
        directive: try Check.identifier(moved.directiveID, field: "directive_id"),
        incident: try Check.optionalIdentifier(moved.incidentID, field: "incident_id"),
        directiveClass: directiveClass, recipient: try Recipient(moved.course.recipient),
        state: state, feedback: moved.course.feedback))
  }

  private static func incidentPlaced(_ incident: Quintet_Command_V1_Incident) throws -> Fact {
    let point = try point(of: incident.location)
    return .incidentPlaced(try Check.identifier(incident.id, field: "incident.id"), point)
  }

  private static func incidentMoved(_ moved: Quintet_Command_V1_IncidentMoved) throws -> Fact {
    .incidentMoved(
      IncidentMove(
        incident: try Check.identifier(moved.incident.id, field: "incident.id"),
        from: try .init(moved.from, field: "from"),
        to: try .init(moved.incident.state, field: "incident.state"),
        feedback: moved.incident.feedback.text))
  }

  /// Nil where only words tell of it.
  static func point(of location: Quintet_Type_V1_Location) throws -> Coordinate? {
    if location.hasWgs84Point {
      return try Check.givenPoint(
        location.wgs84Point, field: "incident.location.wgs84_point"
      ).coordinate
    }
    guard location.hasPoint else { return nil }
    return try Check.givenPoint(location.point, field: "incident.location.point").coordinate
  }
}
