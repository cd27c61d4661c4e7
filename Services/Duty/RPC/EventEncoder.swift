// Duty's events as payloads of its feed. The store is given this function, and so needs no protobuf.
public import DutyDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf

public enum EventEncoder {
  /// Payloads that say how a thing that lasts stands now: history that is pruned keeps the newest.
  public static let lastingTypes: Set<String> = [
    Quintet_Duty_V1_OrgUnitDefined.protoMessageName,
    Quintet_Duty_V1_JurisdictionDefined.protoMessageName,
    Quintet_Duty_V1_UnitDefined.protoMessageName,
    Quintet_Duty_V1_UnitStatusSet.protoMessageName,
    Quintet_Duty_V1_ResponsePlanSet.protoMessageName,
  ]

  /// - Returns: the full name of the payload's message, and its bytes.
  public static func encode(_ event: DutyEvent) throws -> (type: String, payload: [UInt8]) {
    switch event {
    case .orgUnitDefined(let orgUnit):
      try serialized(
        Quintet_Duty_V1_OrgUnitDefined.with { $0.orgUnit = Quintet_Duty_V1_OrgUnit(orgUnit) })
    case .jurisdictionDefined(let jurisdiction):
      try serialized(
        Quintet_Duty_V1_JurisdictionDefined.with {
          $0.jurisdiction = Quintet_Duty_V1_Jurisdiction(jurisdiction)
        })
    case .unitDefined(let unit):
      try serialized(
        Quintet_Duty_V1_UnitDefined.with { $0.unit = Quintet_Duty_V1_Unit(UnitView(unit: unit)) })
    case .unitStatusSet(let unit, _):
      try serialized(
        Quintet_Duty_V1_UnitStatusSet.with { $0.unit = Quintet_Duty_V1_Unit(UnitView(unit: unit)) })
    case .recommendationMade(let incident, let recommendation):
      try serialized(
        Quintet_Duty_V1_RecommendationMade.with {
          $0.incidentID = incident.description
          $0.recommendation = Quintet_Type_V1_UnitRecommendation(recommendation)
        })
    case .responsePlanSet(let plan):
      try serialized(
        Quintet_Duty_V1_ResponsePlanSet.with { $0.plan = Quintet_Duty_V1_ResponsePlan(plan) })
    }
  }

  private static func serialized<M: SwiftProtobuf.Message>(
    _ message: M
  ) throws -> (type: String, payload: [UInt8]) {
    (M.protoMessageName, try message.serializedBytes())
  }
}
