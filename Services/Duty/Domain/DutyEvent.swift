// What duty tells the others: one case for each payload of its feed.
public import Identifiers

public enum DutyEvent: Sendable, Hashable {
  case orgUnitDefined(OrgUnit)
  case jurisdictionDefined(Jurisdiction)
  /// Without position and incidents: those are not duty's own decisions, and change meanwhile.
  case unitDefined(DutyUnit)
  /// `from` is the unit as it was; only the log wants it.
  case unitStatusSet(DutyUnit, from: DutyUnit)
  case recommendationMade(IncidentID, UnitRecommendation)
  case responsePlanSet(ResponsePlan)

  /// Id of the thing that changed.
  public var subject: String {
    switch self {
    case .orgUnitDefined(let orgUnit): orgUnit.id.description
    case .jurisdictionDefined(let jurisdiction): jurisdiction.id.description
    case .unitDefined(let unit), .unitStatusSet(let unit, _): unit.id.description
    case .recommendationMade(let incident, _): incident.description
    case .responsePlanSet(let plan): plan.id?.description ?? ""
    }
  }
}
