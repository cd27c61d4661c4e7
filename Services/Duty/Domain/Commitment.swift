// What a unit is doing on incidents, as Command's assignments tell it.
public import Identifiers

/// Where an assignment of a unit stands, least advanced first.
public enum CommitmentState: String, Codable, Sendable, Hashable, CaseIterable, Comparable {
  case assigned, dispatched, acknowledged
  case enRoute = "en_route"
  case onScene = "on_scene"
  /// Cleared or called off: the unit is free of it.
  case ended

  public var isOpen: Bool { self != .ended }

  private var progress: Int {
    switch self {
    case .ended: -1
    case .assigned: 0
    case .dispatched: 1
    case .acknowledged: 2
    case .enRoute: 3
    case .onScene: 4
    }
  }

  public static func < (left: CommitmentState, right: CommitmentState) -> Bool {
    left.progress < right.progress
  }
}

/// One assignment of a unit to an incident. The unit may be one that is not known here (yet).
public struct Commitment: Codable, Sendable, Hashable {
  public let assignmentID: AssignmentID
  public let unitID: UnitID
  public let incidentID: IncidentID
  public var state: CommitmentState

  public init(
    assignmentID: AssignmentID, unitID: UnitID, incidentID: IncidentID, state: CommitmentState
  ) {
    self.assignmentID = assignmentID
    self.unitID = unitID
    self.incidentID = incidentID
    self.state = state
  }
}

/// A unit with all that is known of it.
public struct UnitView: Codable, Sendable, Hashable {
  /// What a unit is doing, beside its availability.
  public enum Activity: Sendable, Hashable {
    case committed(CommitmentState)
    case own(UnitCondition)
  }

  public let unit: DutyUnit
  /// The open ones.
  public let commitments: [Commitment]
  /// The last one; nil when the unit never gave one.
  public let position: UnitPosition?

  /// - Parameter commitments: those of this unit; ended ones are left out.
  public init(unit: DutyUnit, commitments: [Commitment] = [], position: UnitPosition? = nil) {
    self.unit = unit
    self.commitments = commitments.filter(\.state.isOpen)
    self.position = position
  }

  /// Not available while on any incident, else the unit's own word.
  public var availability: Availability {
    commitments.isEmpty ? unit.availability : .notAvailable
  }

  /// That of the most advanced assignment, else the unit's own; nil for nothing in particular.
  public var activity: Activity? {
    if let state = commitments.map(\.state).max() { return .committed(state) }
    return unit.condition.map(Activity.own)
  }

  /// Each once, in order.
  public var incidentIDs: [IncidentID] { Set(commitments.map(\.incidentID)).sorted() }
}
