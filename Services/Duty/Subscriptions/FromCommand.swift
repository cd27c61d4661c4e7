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
  public static let types = [Quintet_Command_V1_AssignmentMoved.protoMessageName]

  public init() {}

  /// On whose behalf the effects of an event are recorded.
  public static func provenance(of event: Quintet_Events_V1_Event) -> Provenance {
    Provenance(actor: "service/duty", cause: "event/\(event.id)", trace: event.trace)
  }

  /// Events of other types are passed over.
  /// - Throws: for a payload that cannot be read, or names something that is no id or state.
  public func apply(_ event: Quintet_Events_V1_Event, in writer: any DutyWriter) throws {
    guard Self.types.contains(event.type) else { return }
    let moved = try Quintet_Command_V1_AssignmentMoved(serializedBytes: event.payload.value)
    try UnitKeeping().follow(try Commitment(moved.assignment), in: writer)
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
