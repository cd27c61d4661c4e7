// Decides whom to send: the nearest who can go, and an answer to "why not that one?".
import Foundation
import Geography
import Identifiers

/// Proposes the nearest units by travel time. Travel time grows with distance, so the nearest by
/// distance are the nearest by time.
public enum UnitAdvisor {
  /// Seconds that a position may be old.
  public static let fixAgeLimit: Double = 600
  /// Units passed over that are told at most.
  public static let passedOverLimit = 20

  /// The `limit` nearest that are on no incident, available, capable and have a fresh position;
  /// conditionally available ones only where those do not suffice.
  ///
  /// Judging for a moment in the past is normal (replays). Only the newest position is held, so a
  /// fix later than the moment judged for counts as of that moment: age 0.
  public static func recommend(
    _ wish: RecommendationWish, from roster: Roster
  ) -> UnitRecommendation {
    var chosen = nearestFit(.available, wish, limit: wish.limit, roster)
    if chosen.count < wish.limit {
      let missing = wish.limit - chosen.count
      chosen += nearestFit(.conditionallyAvailable, wish, limit: missing, roster)
    }
    let model = roster.travelModel
    return UnitRecommendation(
      point: wish.point, asOf: wish.asOf,
      units: chosen.compactMap { recommended($0.member, metres: $0.metres, wish, model) },
      passedOver: passedOver(chosen: Set(chosen.map(\.member.unit.callSign)), wish, roster),
      estimator: model.estimator)
  }

  private static func nearestFit(
    _ availability: Availability, _ wish: RecommendationWish, limit: Int, _ roster: Roster
  ) -> [(member: Roster.Member, metres: Double)] {
    roster.nearestFree(
      availability, with: wish.capabilities, to: wish.point, limit: limit
    ) { unfitness(of: $0, for: wish) == nil }
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
    guard let position = member.position, fixAge(position, wish) <= fixAgeLimit else {
      return .positionStale
    }
    return nil
  }

  static func fixAge(_ position: UnitPosition, _ wish: RecommendationWish) -> Double {
    max(0, wish.asOf.timeIntervalSince(position.fixTime))
  }

  private static func recommended(
    _ member: Roster.Member, metres: Double, _ wish: RecommendationWish, _ model: TravelModel
  ) -> RecommendedUnit? {
    guard let position = member.position else { return nil }
    let seconds = model.seconds(metres: metres)
    let age = fixAge(position, wish)
    return RecommendedUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: metres, travelTime: seconds,
      fixAge: age, point: position.coordinate,
      reason: AdvisorWords.recommended(
        metres: metres, seconds: seconds, fixAge: age,
        isConditional: member.unit.availability == .conditionallyAvailable))
  }

  private static func passedOver(
    chosen: Set<String>, _ wish: RecommendationWish, _ roster: Roster
  ) -> [PassedOverUnit] {
    // The chosen may all be among the nearest: ask for that many more.
    let near = roster.nearest(to: wish.point, limit: passedOverLimit + chosen.count)
      .filter { !chosen.contains($0.member.unit.callSign) }
      .prefix(passedOverLimit)
      .map { passedOver($0.member, metres: $0.metres, wish, roster.travelModel) }
    let rest = roster.withoutPosition(limit: passedOverLimit - near.count)
      .map { passedOver($0, metres: nil, wish, roster.travelModel) }
    return near + rest
  }

  private static func passedOver(
    _ member: Roster.Member, metres: Double?, _ wish: RecommendationWish, _ model: TravelModel
  ) -> PassedOverUnit {
    let reason = unfitness(of: member, for: wish) ?? .farther
    return PassedOverUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: metres, reason: reason,
      detail: AdvisorWords.passedOver(member, reason: reason, metres: metres, wish, model))
  }
}
