// What duty tells the figures: organisations, whose areas are whose, units and when they are on duty.
import Foundation
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

extension FromDuty {
  public static func activity(_ event: Quintet_Events_V1_Event) throws -> [ActivityFact] {
    switch event.type {
    case Quintet_Duty_V1_OrgUnitDefined.protoMessageName:
      return [
        .orgUnit(try orgUnit(event.decoded(Quintet_Duty_V1_OrgUnitDefined.self).orgUnit))
      ]
    case Quintet_Duty_V1_JurisdictionDefined.protoMessageName:
      let area = try event.decoded(Quintet_Duty_V1_JurisdictionDefined.self).jurisdiction
      return [
        .area(
          try Check.identifier(area.id, field: "jurisdiction.id"),
          of: try Check.identifier(area.orgUnitID, field: "jurisdiction.org_unit_id"))
      ]
    case Quintet_Duty_V1_UnitDefined.protoMessageName:
      return try unit(
        event.decoded(Quintet_Duty_V1_UnitDefined.self).unit, event.occurTime.microsecondDate)
    case Quintet_Duty_V1_UnitStatusSet.protoMessageName:
      return try unit(
        event.decoded(Quintet_Duty_V1_UnitStatusSet.self).unit, event.occurTime.microsecondDate)
    default: return []
    }
  }

  private static func orgUnit(_ orgUnit: Quintet_Duty_V1_OrgUnit) throws -> OrgUnitActivity {
    let rank: OrgUnitActivity.Rank
    switch orgUnit.rank {
    case .city: rank = .city
    case .county: rank = .county
    case .station: rank = .station
    case .beat: rank = .beat
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("org_unit.rank")
    }
    return OrgUnitActivity(
      id: try Check.identifier(orgUnit.id, field: "org_unit.id"), code: orgUnit.code,
      name: orgUnit.name, rank: rank,
      parent: try Check.optionalIdentifier(orgUnit.parentID, field: "org_unit.parent_id"))
  }

  private static func unit(
    _ unit: Quintet_Duty_V1_Unit, _ time: Date
  ) throws -> [ActivityFact] {
    let id = try Check.identifier(unit.id, field: "unit.id", as: UnitTag.self)
    guard unit.kind != .unspecified else { throw Failure.unspecified("unit.kind") }
    let known = UnitActivity(
      id: id, kind: kinds[unit.kind] ?? "other",
      orgUnit: try Check.optionalIdentifier(unit.orgUnitID, field: "unit.org_unit_id"))
    // What is no unit by itself has no time on duty of its own: it would count twice.
    guard kinds[unit.kind] != nil else { return [.unit(known)] }
    let isOff = unit.secondaryStatus == .offDuty || unit.secondaryStatus == .outOfService
    return [
      .unit(known), .unitStatus(UnitStatusActivity(unit: id, time: time, isOnDuty: !isOff)),
    ]
  }

  private static let kinds: [Quintet_Duty_V1_UnitKind: String] = [
    .car: "car", .motorcycle: "motorcycle", .foot: "foot", .drone: "drone",
    .helicopter: "helicopter", .boat: "boat", .volunteer: "volunteer", .partner: "partner",
    .guard: "guard", .commandCar: "command_car",
  ]
}
