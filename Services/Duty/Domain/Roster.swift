// Every call asks for the nearest few of all units. Asking the store for thousands of rows each time
// would be slow, so the units stand in memory, with an index of where they are; the store keeps this
// up to date from what is durable.
import Geography
public import Identifiers

/// All units, their last positions and their open commitments. A value: it knows nothing of stores.
public struct Roster: Sendable {
  /// Keyed by call sign, not id: where two units are equally near, the index orders them by their
  /// keys, and ids differ between two runs of the same causes.
  private var units: [String: DutyUnit] = [:]
  private var callSigns: [UnitID: String] = [:]
  private var positions: [UnitID: UnitPosition] = [:]
  private var commitments: [UnitID: [AssignmentID: CommitmentState]] = [:]
  private var index = PointIndex<String>(cellMetres: 500)
  private var withoutPosition: Set<String> = []

  public var travelModel = TravelModel.initial

  public init() {}

  /// Number of units.
  public var count: Int { units.count }

  /// Adds a unit, or takes over what changed of it.
  public mutating func put(_ unit: DutyUnit) {
    units[unit.callSign] = unit
    callSigns[unit.id] = unit.callSign
    place(unit.id)
  }

  /// The newest position of a unit; may come before the unit itself.
  public mutating func put(_ position: UnitPosition, of unit: UnitID) {
    positions[unit] = position
    place(unit)
  }

  /// Where an assignment stands; may come before the unit itself.
  public mutating func put(_ commitment: Commitment) {
    let open = commitment.state.isOpen ? commitment.state : nil
    commitments[commitment.unitID, default: [:]][commitment.assignmentID] = open
    if commitments[commitment.unitID]?.isEmpty == true { commitments[commitment.unitID] = nil }
  }

  private mutating func place(_ unit: UnitID) {
    guard let callSign = callSigns[unit] else { return }
    if let position = positions[unit] {
      withoutPosition.remove(callSign)
      index.set(callSign, at: position.coordinate)
    } else {
      withoutPosition.insert(callSign)
    }
  }
}

// MARK: - What the advisor asks

extension Roster {
  /// One unit as the advisor judges it.
  struct Member {
    let unit: DutyUnit
    let position: UnitPosition?
    /// Most advanced first; empty when the unit is on no incident.
    let commitments: [CommitmentState]
  }

  func member(_ callSign: String) -> Member? {
    guard let unit = units[callSign] else { return nil }
    let states = commitments[unit.id].map { $0.values.sorted(by: >) } ?? []
    return Member(unit: unit, position: positions[unit.id], commitments: states)
  }

  /// Members with a position, nearest first, equally near ones by call sign.
  func nearest(
    to point: Coordinate, limit: Int, where isIncluded: (Member) -> Bool
  ) -> [(member: Member, metres: Double)] {
    index.nearest(to: point, limit: limit) { member($0).map(isIncluded) ?? false }
      .compactMap { found in member(found.key).map { ($0, found.distance) } }
  }

  /// Members that never gave a position, by call sign.
  func withoutPosition(limit: Int) -> [Member] {
    guard limit > 0 else { return [] }
    return withoutPosition.sorted().prefix(limit).compactMap(member)
  }
}
