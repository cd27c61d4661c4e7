// 周边警力: who is around a point, for the circle on the sand table.
public import Foundation
public import Geography

/// Which units around a point are asked for.
public struct NearbyWish: Sendable, Hashable {
  public let point: Coordinate
  /// Metres, 1 … 50 000.
  public let radius: Double
  /// Empty for all.
  public let kinds: Set<UnitKind>
  public let capabilities: [String]
  /// As it follows from their incidents; empty for all.
  public let availabilities: Set<Availability>
  /// The moment to judge for.
  public let asOf: Date

  public init(
    point: Coordinate, radius: Double = 500, kinds: Set<UnitKind> = [],
    capabilities: [String] = [], availabilities: Set<Availability> = [], asOf: Date
  ) {
    self.point = point
    self.radius = radius
    self.kinds = kinds
    self.capabilities = capabilities
    self.availabilities = availabilities
    self.asOf = asOf
  }
}

/// A unit near a point.
public struct NearbyUnit: Sendable, Hashable {
  public let view: UnitView
  /// Straight line.
  public let metres: Double
  /// Seconds from order to arrival.
  public let travelTime: Double
  public let canBeSent: Bool
  /// Why it can be sent or not, Chinese first.
  public let reason: String
}

extension UnitAdvisor {
  /// Nearest first, equally near ones by call sign.
  /// - Parameter isVisible: whether the caller may see the unit.
  public static func nearby(
    _ wish: NearbyWish, from roster: Roster, skip: Int, limit: Int,
    where isVisible: (DutyUnit) throws -> Bool
  ) rethrows -> [NearbyUnit] {
    let estimator = roster.travel
    var search = estimator.search(to: wish.point)
    let near = try roster.nearest(to: wish.point, within: wish.radius, limit: skip + limit) {
      try includes($0, wish) && isVisible($0.unit)
    }
    return near.dropFirst(skip).compactMap { member, metres in
      guard let origin = member.position?.coordinate else { return nil }
      let traveller = Traveller(
        member: member, metres: metres,
        travel: search.estimate(from: origin, by: member.unit.kind))
      return nearby(traveller, wish, turnout: estimator.turnout)
    }
  }

  private static func includes(_ member: Roster.Member, _ wish: NearbyWish) -> Bool {
    (wish.kinds.isEmpty || wish.kinds.contains(member.unit.kind))
      && wish.capabilities.allSatisfy(member.unit.capabilities.contains)
      && (wish.availabilities.isEmpty || wish.availabilities.contains(member.availability))
  }

  private static func nearby(
    _ traveller: Traveller, _ wish: NearbyWish, turnout: Double
  ) -> NearbyUnit {
    let member = traveller.member
    let unfit = unfitness(of: member, for: RecommendationWish(point: wish.point, asOf: wish.asOf))
    let age = member.position.map { fixAge($0, asOf: wish.asOf) } ?? 0
    return NearbyUnit(
      view: member.view, metres: traveller.metres,
      travelTime: turnout + traveller.travel.seconds, canBeSent: unfit == nil,
      reason: unfit.map {
        AdvisorWords.passedOver(
          member, reason: $0, asOf: wish.asOf, wanted: [], traveller: traveller, turnout: turnout)
      }
        ?? AdvisorWords.recommended(
          traveller, turnout: turnout, fixAge: age,
          isConditional: member.unit.availability == .conditionallyAvailable))
  }
}
