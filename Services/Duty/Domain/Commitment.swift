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
  /// Its own last one; nil when the unit never gave one.
  public let ownPosition: UnitPosition?
  /// Of a group, by call sign; nil for any other unit.
  public let parts: [UnitView]?

  private enum CodingKeys: String, CodingKey {
    case unit, commitments, parts
    // As answers were kept before there were groups.
    case ownPosition = "position"
  }

  /// - Parameters:
  ///   - commitments: those of this unit; ended ones are left out.
  ///   - parts: of a group.
  public init(
    unit: DutyUnit, commitments: [Commitment] = [], position: UnitPosition? = nil,
    parts: [UnitView] = []
  ) {
    self.unit = unit
    self.commitments = commitments.filter(\.state.isOpen)
    self.ownPosition = position
    self.parts = unit.kind == .group ? parts : nil
  }

  /// The same with what changed of the unit itself.
  func with(_ unit: DutyUnit) -> UnitView {
    UnitView(
      unit: unit, commitments: commitments, position: ownPosition, parts: parts ?? [])
  }

  /// The last one; of a group, that of the part which leads it.
  public var position: UnitPosition? { isGroup ? lead?.ownPosition : ownPosition }

  /// Not available while on any incident, else the unit's own word. Of a group: as far as its parts
  /// can be sent.
  public var availability: Availability {
    if isGroup { return groupAvailability }
    return commitments.isEmpty ? unit.availability : .notAvailable
  }

  /// That of the most advanced assignment, else the unit's own; nil for nothing in particular.
  public var activity: Activity? {
    if isGroup { return groupActivity }
    if let state = commitments.map(\.state).max() { return .committed(state) }
    return unit.condition.map(Activity.own)
  }

  /// Each once, in order; of a group, those of its parts.
  public var incidentIDs: [IncidentID] {
    let all = commitments + (parts ?? []).flatMap(\.commitments)
    return Set(all.map(\.incidentID)).sorted()
  }
}
