// What Command has units do, as duty needs to know it: who is free follows from it.
public import DutyDomain
import Foundation
public import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// Applies events of Command's feed.
public struct FromCommand: Sendable {
  /// Full names of the payloads it handles.
  public static let types = [
    Quintet_Command_V1_AssignmentMoved.protoMessageName,
    Quintet_Command_V1_IncidentOpened.protoMessageName,
    Quintet_Command_V1_IncidentClassified.protoMessageName,
    Quintet_Command_V1_IncidentMoved.protoMessageName,
  ]

  public init() {}

  /// On whose behalf the effects of an event are recorded.
  public static func provenance(of event: Quintet_Events_V1_Event) -> Provenance {
    Provenance(actor: "service/duty", cause: "event/\(event.id)", trace: event.trace)
  }

  /// Events of other types are passed over.
  /// - Throws: for a payload that cannot be read, or names something that is no id or state.
  public func apply(_ event: Quintet_Events_V1_Event, in writer: any DutyWriter) throws {
    let bytes = event.payload.value
    switch event.type {
    case Quintet_Command_V1_AssignmentMoved.protoMessageName:
      let moved = try Quintet_Command_V1_AssignmentMoved(serializedBytes: bytes)
      try UnitKeeping().follow(try Commitment(moved.assignment), in: writer)
      if let arrival = try DemandArrival(moved.assignment) {
        try DemandKeeping().follow(arrival, in: writer)
      }
    case Quintet_Command_V1_IncidentOpened.protoMessageName:
      let told = try Quintet_Command_V1_IncidentOpened(serializedBytes: bytes)
      try follow(told.incident, in: writer)
    case Quintet_Command_V1_IncidentClassified.protoMessageName:
      let told = try Quintet_Command_V1_IncidentClassified(serializedBytes: bytes)
      try follow(told.incident, in: writer)
    case Quintet_Command_V1_IncidentMoved.protoMessageName:
      let told = try Quintet_Command_V1_IncidentMoved(serializedBytes: bytes)
      try follow(told.incident, from: told.from, in: writer)
    default: break
    }
  }

  private func follow(
    _ incident: Quintet_Command_V1_Incident,
    from state: Quintet_Command_V1_IncidentState = .unspecified, in writer: any DutyWriter
  ) throws {
    try ResponsePlanning().follow(try KnownIncident(incident), in: writer)
    if let demand = try DemandIncident(incident, from: state) {
      try DemandKeeping().follow(demand, in: writer)
    }
  }
}

extension Commitment {
  fileprivate init(_ assignment: Quintet_Command_V1_Assignment) throws {
    self.init(
      assignmentID: try AssignmentID(parsing: assignment.id),
      unitID: try UnitID(parsing: assignment.unitID),
      incidentID: try IncidentID(parsing: assignment.incidentID),
      state: try CommitmentState(assignment.state))
  }
}

extension KnownIncident {
  fileprivate init(_ incident: Quintet_Command_V1_Incident) throws {
    let isOver: Set<Quintet_Command_V1_IncidentState> = [.closed, .cancelled, .merged]
    self.init(
      id: try IncidentID(parsing: incident.id),
      // A level that this version does not know is none from which units may be taken.
      level: (try? Check.incidentLevel(incident.level)) ?? nil,
      isOpen: !isOver.contains(incident.state), revision: Int(incident.etag) ?? 0)
  }
}

extension CommitmentState {
  fileprivate init(_ state: Quintet_Command_V1_AssignmentState) throws {
    switch state {
    case .assigned: self = .assigned
    case .dispatched: self = .dispatched
    case .acknowledged: self = .acknowledged
    case .enRoute: self = .enRoute
    case .onScene: self = .onScene
    case .cleared, .cancelled: self = .ended
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("assignment.state")
    }
  }
}
