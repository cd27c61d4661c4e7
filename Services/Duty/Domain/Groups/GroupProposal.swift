// What sending a whole group means: its free parts, each with its reason; and why the others stay.
public import Foundation
public import Geography
import Identifiers

extension UnitAdvisor {
  /// Every part is told of: proposed, soonest first, or passed over, by call sign.
  public static func propose(
    _ group: UnitView, to point: Coordinate, asOf: Date, by estimator: any TravelEstimator
  ) -> UnitRecommendation {
    let wish = RecommendationWish(point: point, asOf: asOf)
    var search = estimator.search(to: point)
    var going: [(traveller: Traveller, isWithGroup: Bool)] = []
    var staying: [PassedOverUnit] = []
    for part in group.parts ?? [] {
      let (member, isWithGroup) = placed(part, with: group, asOf: asOf)
      let traveller = member.position.map { position in
        Traveller(
          member: member, metres: position.coordinate.distance(to: point),
          travel: search.estimate(from: position.coordinate, by: member.unit.kind))
      }
      if let reason = unfitness(of: member, for: wish) {
        staying.append(
          PassedOverUnit(
            unitID: member.unit.id, callSign: member.unit.callSign, metres: traveller?.metres,
            reason: reason,
            detail: AdvisorWords.passedOver(
              member, reason: reason, asOf: asOf, wanted: [], traveller: traveller,
              turnout: estimator.turnout)))
      } else if let traveller {
        going.append((traveller, isWithGroup))
      }
    }
    return UnitRecommendation(
      point: point, asOf: asOf,
      units: going.sorted { Traveller.comesFirst($0.traveller, $1.traveller) }.compactMap {
        part($0.traveller, of: group, isWithGroup: $0.isWithGroup, asOf: asOf, estimator.turnout)
      },
      passedOver: staying.sorted { $0.callSign < $1.callSign }, estimator: estimator.name)
  }

  /// A part that has not said where it is for some time is taken to be with its group.
  private static func placed(
    _ part: UnitView, with group: UnitView, asOf: Date
  ) -> (member: Roster.Member, isWithGroup: Bool) {
    var member = Roster.Member(
      unit: part.unit, position: part.position,
      commitments: part.commitments.sorted {
        ($1.state, $0.assignmentID) < ($0.state, $1.assignmentID)
      })
    guard !isFresh(member, asOf: asOf), let place = group.lead?.position,
      fixAge(place, asOf: asOf) <= fixAgeLimit
    else { return (member, false) }
    member.position = place
    return (member, true)
  }

  private static func part(
    _ traveller: Traveller, of group: UnitView, isWithGroup: Bool, asOf: Date, _ turnout: Double
  ) -> RecommendedUnit? {
    let member = traveller.member
    guard let position = member.position else { return nil }
    let age = fixAge(position, asOf: asOf)
    let sign = group.unit.callSign
    return RecommendedUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: traveller.metres,
      travelTime: turnout + traveller.travel.seconds, fixAge: age, point: position.coordinate,
      reason: (isWithGroup
        ? "随 \(sign) 出动，按编组位置：With \(sign), from where the group is: "
        : "随 \(sign) 出动：With \(sign): ")
        + AdvisorWords.recommended(
          traveller, turnout: turnout, fixAge: age,
          isConditional: member.unit.availability == .conditionallyAvailable))
  }
}
