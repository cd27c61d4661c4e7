// Every call asks for the nearest few of all units. Asking the store for thousands of rows each time
// would be slow, so the units stand in memory, with indexes of where they are; the store keeps this
// up to date from what is durable.
public import Classification
import Geography
public import Identifiers

/// All units, their last positions and their open commitments. A value: it knows nothing of stores.
public struct Roster: Sendable {
  /// A unit's place in `members`, and its name: where two units are equally near, an index orders
  /// them by their keys' descriptions, and ids differ between two runs of the same causes.
  struct Seat: Hashable, CustomStringConvertible {
    let number: Int
    let callSign: String

    var description: String { callSign }
    static func == (left: Seat, right: Seat) -> Bool { left.number == right.number }
    func hash(into hasher: inout Hasher) { hasher.combine(number) }
  }

  /// One unit as the advisor judges it.
  struct Member {
    var unit: DutyUnit
    var position: UnitPosition?
    /// The open ones, most advanced first; empty when the unit is on no incident.
    var commitments: [Commitment] = []
    /// Where it is found while it is free.
    var pools: Set<Pool> = []
    /// Version of the roster at which it changed last, its position aside, and moved last.
    var changed = 0
    var moved = 0

    /// As it follows from its incidents.
    var availability: Availability { commitments.isEmpty ? unit.availability : .notAvailable }

    var view: UnitView { UnitView(unit: unit, commitments: commitments, position: position) }
  }

  /// Units that are free to go, by their own word and by one capability (or any: nil).
  struct Pool: Hashable {
    let availability: Availability
    let capability: String?
  }

  /// Counts changes of units, their positions and commitments.
  public private(set) var version = 0
  private var members: [Member] = []
  private var seats: [UnitID: Seat] = [:]
  /// Of units that are not known yet, too.
  private var commitments: [UnitID: [AssignmentID: Commitment]] = [:]
  private var everyone = PointIndex<Seat>(cellMetres: 500)
  /// So that neither a storm, when hardly anyone is free, nor a rare capability makes the search go
  /// through all units.
  private var free: [Pool: PointIndex<Seat>] = [:]
  private var withoutPosition: Set<Int> = []
  /// Every kind that there ever was.
  private(set) var kinds: Set<UnitKind> = []
  /// Of incidents that are open, as far as it is known.
  private var levels: [IncidentID: IncidentLevel] = [:]

  public var travelModel = TravelModel.initial
  /// Nil while there is none.
  public var roads: RoadNetwork?

  /// How travel times are estimated now.
  public var travel: any TravelEstimator {
    roads.map { RoadTravel(network: $0, model: travelModel) } ?? travelModel
  }

  public init() {}

  /// Number of units.
  public var count: Int { members.count }

  /// Adds a unit, or takes over what changed of it. A group is no more than its parts.
  public mutating func put(_ unit: DutyUnit) {
    guard unit.kind != .group else { return }
    kinds.insert(unit.kind)
    if let seat = seats[unit.id] {
      change(seat) { $0.unit = unit }
    } else {
      let seat = Seat(number: members.count, callSign: unit.callSign)
      seats[unit.id] = seat
      version += 1
      var member = Member(unit: unit, commitments: openCommitments(of: unit.id))
      member.changed = version
      members.append(member)
      withoutPosition.insert(seat.number)
    }
  }

  /// The newest position of a unit; of one that is not known it is not kept.
  public mutating func put(_ position: UnitPosition, of unit: UnitID) {
    guard let seat = seats[unit] else { return }
    withoutPosition.remove(seat.number)
    everyone.set(seat, at: position.coordinate)
    guard members[seat.number].position != nil else {
      return change(seat, isMove: true) { $0.position = position }
    }
    // Whoever moves is as free as before: thousands do, every second.
    version += 1
    members[seat.number].moved = version
    members[seat.number].position = position
    for pool in members[seat.number].pools { free[pool]?.set(seat, at: position.coordinate) }
  }

  /// Where a unit was is no longer known; nothing happens when it never was.
  public mutating func removePosition(of unit: UnitID) {
    guard let seat = seats[unit], members[seat.number].position != nil else { return }
    change(seat) { $0.position = nil }
    everyone.remove(seat)
    withoutPosition.insert(seat.number)
  }

  /// Where an assignment stands; may come before the unit itself.
  public mutating func put(_ commitment: Commitment) {
    let unit = commitment.unitID
    let open = commitment.state.isOpen ? commitment : nil
    commitments[unit, default: [:]][commitment.assignmentID] = open
    if commitments[unit]?.isEmpty == true { commitments[unit] = nil }
    guard let seat = seats[unit] else { return }
    let all = openCommitments(of: unit)
    change(seat) { $0.commitments = all }
  }

  private func openCommitments(of unit: UnitID) -> [Commitment] {
    commitments[unit].map {
      $0.values.sorted { ($1.state, $0.assignmentID) < ($0.state, $1.assignmentID) }
    } ?? []
  }

  /// How grave an incident is; nil when it is over, or not known to be of any level.
  public mutating func put(_ level: IncidentLevel?, of incident: IncidentID) {
    levels[incident] = level
  }

  func level(of incident: IncidentID) -> IncidentLevel? { levels[incident] }

  func forEachMember(_ body: (_ index: Int, Member) -> Void) {
    for (index, member) in members.enumerated() { body(index, member) }
  }

  private mutating func change(
    _ seat: Seat, isMove: Bool = false, _ body: (inout Member) -> Void
  ) {
    let before = members[seat.number].pools
    body(&members[seat.number])
    version += 1
    if isMove {
      members[seat.number].moved = version
    } else {
      members[seat.number].changed = version
    }
    let after = Self.pools(of: members[seat.number])
    members[seat.number].pools = after
    for pool in before.subtracting(after) {
      free[pool]?.remove(seat)
      if free[pool]?.count == 0 { free[pool] = nil }
    }
    guard let coordinate = members[seat.number].position?.coordinate else { return }
    for pool in after {
      free[pool, default: PointIndex(cellMetres: 500)].set(seat, at: coordinate)
    }
  }

  private static func pools(of member: Member) -> Set<Pool> {
    let availability = member.unit.availability
    guard member.position != nil, member.commitments.isEmpty, availability != .notAvailable
    else { return [] }
    let named = member.unit.capabilities.map { Pool(availability: availability, capability: $0) }
    return Set(named + [Pool(availability: availability, capability: nil)])
  }
}

// MARK: - What the advisor asks

extension Roster {
  /// Members with a position, nearest first, equally near ones by call sign.
  func nearest(to point: Coordinate, limit: Int) -> [(member: Member, metres: Double)] {
    everyone.nearest(to: point, limit: limit).map { (members[$0.key.number], $0.distance) }
  }

  /// The same, among those on no incident whose own word is `availability`. Of `capabilities` only
  /// one is sure to be held: the caller judges.
  func nearestFree(
    _ availability: Availability, with capabilities: [String], to point: Coordinate, limit: Int,
    where isIncluded: (Member) -> Bool
  ) -> [(member: Member, metres: Double)] {
    let names = capabilities.isEmpty ? [nil] : capabilities.map(String?.some)
    let indexes = names.map { free[Pool(availability: availability, capability: $0)] }
    // A capability that nobody who is free holds has no index.
    guard !indexes.contains(where: { $0 == nil }),
      let rarest = indexes.compactMap({ $0 }).min(by: { $0.count < $1.count })
    else { return [] }
    return rarest.nearest(to: point, limit: limit) { isIncluded(members[$0.number]) }
      .map { (members[$0.key.number], $0.distance) }
  }

  /// Those that are accepted, by call sign.
  func members(where isIncluded: (Member) -> Bool) -> [Member] {
    members.filter(isIncluded).sorted { $0.unit.callSign < $1.unit.callSign }
  }

  /// Members that are accepted, at most this many metres away, nearest first, ties by call sign.
  func nearest(
    to point: Coordinate, within metres: Double, limit: Int,
    where isIncluded: (Member) throws -> Bool
  ) rethrows -> [(member: Member, metres: Double)] {
    try everyone.nearest(to: point, limit: limit, within: metres) {
      try isIncluded(members[$0.number])
    }.map { (members[$0.key.number], $0.distance) }
  }

  /// Members with a position at most this many metres away, nearest first, ties by call sign.
  func within(metres: Double, of point: Coordinate) -> [(member: Member, metres: Double)] {
    everyone.within(metres: metres, of: point).map { (members[$0.key.number], $0.distance) }
  }

  /// Of the free, as in `nearestFree`, the `limit` soonest there; equally soon ones nearest first,
  /// then by call sign.
  func soonestFree(
    _ availability: Availability, with capabilities: [String], to point: Coordinate, limit: Int,
    by search: inout any TravelSearch, where isIncluded: (Member) -> Bool
  ) -> [Traveller] {
    soonest(limit: limit, by: &search) {
      nearestFree(
        availability, with: capabilities, to: point, limit: $0, where: isIncluded)
    }
  }

  /// The same among all that are accepted.
  func soonest(
    to point: Coordinate, limit: Int, by search: inout any TravelSearch,
    where isIncluded: (Member) -> Bool
  ) -> [Traveller] {
    soonest(limit: limit, by: &search) { count in
      everyone.nearest(to: point, limit: count) { isIncluded(members[$0.number]) }
        .map { (members[$0.key.number], $0.distance) }
    }
  }

  /// Units are looked at by distance, until no farther one can be sooner.
  private func soonest(
    limit: Int, by search: inout any TravelSearch,
    _ nearest: (Int) -> [(member: Member, metres: Double)]
  ) -> [Traveller] {
    var count = limit
    var known: [Traveller] = []
    while limit > 0 {
      let near = nearest(count)
      for (member, metres) in near.dropFirst(known.count) {
        guard let origin = member.position?.coordinate else { continue }
        known.append(
          Traveller(
            member: member, metres: metres,
            travel: search.estimate(from: origin, by: member.unit.kind)))
      }
      let best = known.sorted(by: Traveller.comesFirst).prefix(limit)
      guard near.count == count, let last = near.last else { return Array(best) }
      let least = search.leastSeconds(metres: last.metres, kinds: kinds)
      if let worst = best.last, worst.travel.seconds <= least { return Array(best) }
      count *= 2
    }
    return []
  }

  /// Members that never gave a position, by call sign.
  func withoutPosition(limit: Int) -> [Member] {
    guard limit > 0 else { return [] }
    return withoutPosition.map { members[$0] }.sorted { $0.unit.callSign < $1.unit.callSign }
      .prefix(limit).map { $0 }
  }
}

/// Somebody who might come, and how long that takes.
struct Traveller {
  let member: Roster.Member
  /// Straight line.
  let metres: Double
  let travel: TravelEstimate

  static func comesFirst(_ left: Traveller, _ right: Traveller) -> Bool {
    (left.travel.seconds, left.metres, left.member.unit.callSign)
      < (right.travel.seconds, right.metres, right.member.unit.callSign)
  }
}

extension Roster {
  /// The last one of a unit; nil when it never gave one.
  func position(of unit: UnitID) -> Coordinate? {
    seats[unit].flatMap { members[$0.number].position?.coordinate }
  }
}
