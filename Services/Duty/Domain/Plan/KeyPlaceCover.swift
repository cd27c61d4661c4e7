// Which key places would keep nobody who reaches them in time, if some units went.
import Foundation
import Geography
import Identifiers

struct KeyPlaceCover {
  private let places: [KeyPlace]
  private let roster: Roster
  private let asOf: Date
  private let estimator: any TravelEstimator
  private var searches: [Int: any TravelSearch] = [:]
  /// Kinds that patrol, and so stand for a place.
  static let kinds: Set<UnitKind> = [.car, .motorcycle, .foot]
  private var target: Double { AreaClass.keyPlace.drivingSeconds }

  init(_ wish: PlanWish, _ roster: Roster) {
    places = wish.keyPlaces
    self.roster = roster
    asOf = wish.asOf
    estimator = roster.travel
  }

  func name(of place: Int) -> String { places[place].name }

  /// - Parameter leaving: units that would go, by call sign; only the free ones stand for a place.
  /// - Returns: by place, the units that stand for it now, all of which would go.
  mutating func bare(
    without leaving: [String: Traveller]
  ) -> [(place: Int, keepers: [String])] {
    guard !leaving.isEmpty else { return [] }
    return places.indices.compactMap { place in
      keepers(of: place, leaving).map { (place, $0) }
    }
  }

  /// Nil when somebody stays, or nobody was there.
  private mutating func keepers(of place: Int, _ leaving: [String: Traveller]) -> [String]? {
    let point = places[place].point
    var search = searches[place] ?? estimator.search(to: point)
    defer { searches[place] = search }
    // The least time grows in proportion with the distance.
    let metres = target / search.leastSeconds(metres: 1, kinds: Self.kinds)
    let isNear = leaving.values.contains { traveller in
      guard let position = traveller.member.position else { return false }
      return position.coordinate.distance(to: point) <= metres
    }
    guard isNear else { return nil }
    var keepers: [String] = []
    for (member, _) in roster.within(metres: metres, of: point)
    where Self.stands(member, asOf: asOf) {
      guard let origin = member.position?.coordinate,
        search.estimate(from: origin, by: member.unit.kind).seconds <= target
      else { continue }
      guard leaving[member.unit.callSign] != nil else { return nil }
      keepers.append(member.unit.callSign)
    }
    return keepers.isEmpty ? nil : keepers.sorted()
  }

  /// Whether a unit patrols and is free.
  static func stands(_ member: Roster.Member, asOf time: Date) -> Bool {
    kinds.contains(member.unit.kind) && member.commitments.isEmpty
      && member.unit.availability == .available && UnitAdvisor.isFresh(member, asOf: time)
  }
}
