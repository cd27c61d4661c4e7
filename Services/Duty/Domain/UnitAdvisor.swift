// Decides whom to send: the soonest who can go, and an answer to "why not that one?".
import Foundation
import Geography
import Identifiers

/// Proposes the soonest units by travel time.
public enum UnitAdvisor {
  /// Seconds that a position may be old.
  public static let fixAgeLimit: Double = 600
  /// Units passed over that are told at most.
  public static let passedOverLimit = 20

  /// The `limit` soonest that are on no incident, available, capable and have a fresh position;
  /// conditionally available ones only where those do not suffice.
  ///
  /// Judging for a moment in the past is normal (replays). Only the newest position is held, so a
  /// fix later than the moment judged for counts as of that moment: age 0.
  public static func recommend(
    _ wish: RecommendationWish, from roster: Roster
  ) -> UnitRecommendation {
    let estimator = roster.travel
    var search = estimator.search(to: wish.point)
    let chosen = choose(wish, from: roster, by: &search)
    return UnitRecommendation(
      point: wish.point, asOf: wish.asOf,
      units: chosen.compactMap { recommended($0, wish, turnout: estimator.turnout) },
      passedOver: passedOver(
        chosen: Set(chosen.map(\.member.unit.callSign)), wish, roster, by: &search,
        turnout: estimator.turnout),
      estimator: estimator.name)
  }

  /// Whom `recommend` proposes, without the words; soonest first.
  static func choose(
    _ wish: RecommendationWish, from roster: Roster, by search: inout any TravelSearch
  ) -> [Traveller] {
    func soonest(
      _ availability: Availability, limit: Int, _ search: inout any TravelSearch
    ) -> [Traveller] {
      roster.soonestFree(
        availability, with: wish.capabilities, to: wish.point, limit: limit, by: &search
      ) { unfitness(of: $0, for: wish) == nil }
    }
    let available = soonest(.available, limit: wish.limit, &search)
    guard available.count < wish.limit else { return available }
    return available
      + soonest(.conditionallyAvailable, limit: wish.limit - available.count, &search)
  }

  /// The first reason why a unit cannot be proposed; nil when it can.
  static func unfitness(
    of member: Roster.Member, for wish: RecommendationWish
  ) -> PassOverReason? {
    guard member.commitments.isEmpty else { return .assigned }
    guard member.unit.availability != .notAvailable else { return .notAvailable }
    guard wish.capabilities.allSatisfy(member.unit.capabilities.contains) else {
      return .notCapable
    }
    return isFresh(member, asOf: wish.asOf) ? nil : .positionStale
  }

  static func isFresh(_ member: Roster.Member, asOf time: Date) -> Bool {
    guard let position = member.position else { return false }
    return fixAge(position, asOf: time) <= fixAgeLimit
  }

  static func fixAge(_ position: UnitPosition, asOf time: Date) -> Double {
    max(0, time.timeIntervalSince(position.fixTime))
  }

  private static func recommended(
    _ traveller: Traveller, _ wish: RecommendationWish, turnout: Double
  ) -> RecommendedUnit? {
    let member = traveller.member
    guard let position = member.position else { return nil }
    let age = fixAge(position, asOf: wish.asOf)
    return RecommendedUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: traveller.metres,
      travelTime: turnout + traveller.travel.seconds, fixAge: age, point: position.coordinate,
      reason: AdvisorWords.recommended(
        traveller, turnout: turnout, fixAge: age,
        isConditional: member.unit.availability == .conditionallyAvailable))
  }

  private static func passedOver(
    chosen: Set<String>, _ wish: RecommendationWish, _ roster: Roster,
    by search: inout any TravelSearch, turnout: Double
  ) -> [PassedOverUnit] {
    // The chosen may all be among the nearest: ask for that many more.
    let near = roster.nearest(to: wish.point, limit: passedOverLimit + chosen.count)
      .filter { !chosen.contains($0.member.unit.callSign) }
      .prefix(passedOverLimit)
      .map { member, metres in
        let travel = member.position.map {
          search.estimate(from: $0.coordinate, by: member.unit.kind)
        }
        return passedOver(member, metres: metres, travel, wish, turnout: turnout)
      }
    let rest = roster.withoutPosition(limit: passedOverLimit - near.count)
      .map { passedOver($0, metres: nil, nil, wish, turnout: turnout) }
    return near + rest
  }

  private static func passedOver(
    _ member: Roster.Member, metres: Double?, _ travel: TravelEstimate?,
    _ wish: RecommendationWish, turnout: Double
  ) -> PassedOverUnit {
    let reason = unfitness(of: member, for: wish) ?? .farther
    return PassedOverUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: metres, reason: reason,
      detail: AdvisorWords.passedOver(
        member, reason: reason, asOf: wish.asOf, wanted: wish.capabilities,
        traveller: metres.flatMap { metres in
          travel.map { Traveller(member: member, metres: metres, travel: $0) }
        }, turnout: turnout))
  }
}
