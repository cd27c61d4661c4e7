// What duty tells of the organisation and its areas. Assessments made before are not made again:
// who answered for a point is judged by what was known when the call came.

import Foundation
import Geography
import Identifiers
public import IntelligenceDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct FromDuty: Sendable {
  /// What to ask duty's feed for.
  public static let types = [
    Quintet_Duty_V1_OrgUnitDefined.protoMessageName,
    Quintet_Duty_V1_JurisdictionDefined.protoMessageName,
  ]

  public init() {}

  /// - Throws: `Failure` for an event that breaks its contract; what the writer throws.
  public func apply(_ event: Quintet_Events_V1_Event, _ writer: any IntelligenceWriter) throws {
    let payload = event.payload.value
    switch event.type {
    case Quintet_Duty_V1_OrgUnitDefined.protoMessageName:
      let unit = try Quintet_Duty_V1_OrgUnitDefined(serializedBytes: payload).orgUnit
      let id: OrgUnitID = try Check.identifier(unit.id, field: "org_unit.id")
      try writer.save(
        OrgUnit(
          id: id, name: unit.name, rank: try Self.rank(unit.rank),
          parent: try Check.optionalIdentifier(unit.parentID, field: "org_unit.parent_id")))
      if unit.hasUntilTime { try writer.removeJurisdictions(of: id) }
    case Quintet_Duty_V1_JurisdictionDefined.protoMessageName:
      let told = try Quintet_Duty_V1_JurisdictionDefined(serializedBytes: payload).jurisdiction
      try writer.save(
        Jurisdiction(
          id: try Check.identifier(told.id, field: "jurisdiction.id"),
          orgUnit: OrgUnit(
            id: try Check.identifier(told.orgUnitID, field: "jurisdiction.org_unit_id"),
            name: told.orgUnitName, rank: try Self.rank(told.rank), parent: nil),
          area: try Check.polygon(told.area, field: "jurisdiction.area")))
    default: break
    }
  }

  private static func rank(_ rank: Quintet_Duty_V1_OrgRank) throws -> OrgRank {
    switch rank {
    case .city: .city
    case .county: .county
    case .station: .station
    case .beat: .beat
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("rank")
    }
  }
}
