// The commands that shape the organisation: who there is, and who answers for which area.
public import Foundation
public import Geography
public import Identifiers

/// Adds an organisation, or changes the one that has this code.
public struct PutOrgUnit: Sendable, Hashable {
  public let code: String
  public let name: String
  public let rank: OrgRank
  public let parentID: OrgUnitID?
  public let occurTime: Date

  public init(code: String, name: String, rank: OrgRank, parentID: OrgUnitID?, occurTime: Date) {
    self.code = code
    self.name = name
    self.rank = rank
    self.parentID = parentID
    self.occurTime = occurTime
  }
}

/// Sets the area of one class that an organisation answers for.
public struct PutJurisdiction: Sendable, Hashable {
  public let orgUnitID: OrgUnitID
  public let areaClass: AreaClass
  public let area: Polygon
  public let occurTime: Date

  public init(orgUnitID: OrgUnitID, areaClass: AreaClass, area: Polygon, occurTime: Date) {
    self.orgUnitID = orgUnitID
    self.areaClass = areaClass
    self.area = area
    self.occurTime = occurTime
  }
}

public struct Organisation: Sendable {
  public init() {}

  /// What changes nothing is answered and not told.
  /// - Throws: `DutyError.orgUnitUnknown`, `.rankNotBelowParent`.
  public func put(_ command: PutOrgUnit, in writer: any DutyWriter) throws -> OrgUnit {
    let held = try writer.orgUnit(code: command.code)
    if let parentID = command.parentID {
      guard let parent = try writer.orgUnit(parentID) else {
        throw DutyError.orgUnitUnknown(parentID, field: "parent_id")
      }
      try require(command.rank, of: command.code, below: parent.rank)
    }
    if let held, let child = try writer.highestChild(of: held.id) {
      try require(child.rank, of: child.code, below: command.rank)
    }
    let orgUnit = OrgUnit(
      id: held?.id ?? writer.mint(OrgUnitTag.self), code: command.code, name: command.name,
      rank: command.rank, parentID: command.parentID)
    guard orgUnit != held else { return orgUnit }
    try writer.save(orgUnit)
    writer.record(.orgUnitDefined(orgUnit), incident: nil, occurTime: command.occurTime)
    return orgUnit
  }

  private func require(_ rank: OrgRank, of code: String, below parentRank: OrgRank) throws {
    guard rank < parentRank else {
      throw DutyError.rankNotBelowParent(code: code, rank: rank, parentRank: parentRank)
    }
  }

  /// What changes nothing is answered and not told.
  /// - Throws: `DutyError.orgUnitUnknown`.
  public func put(_ command: PutJurisdiction, in writer: any DutyWriter) throws -> Jurisdiction {
    guard let orgUnit = try writer.orgUnit(command.orgUnitID) else {
      throw DutyError.orgUnitUnknown(command.orgUnitID, field: "org_unit_id")
    }
    let held = try writer.jurisdiction(of: orgUnit.id, command.areaClass)
    let jurisdiction = Jurisdiction(
      id: held?.id ?? writer.mint(JurisdictionTag.self), orgUnit: orgUnit,
      areaClass: command.areaClass, area: command.area)
    guard jurisdiction != held else { return jurisdiction }
    try writer.save(jurisdiction)
    writer.record(.jurisdictionDefined(jurisdiction), incident: nil, occurTime: command.occurTime)
    return jurisdiction
  }

  /// Who answers for a point: smallest rank first.
  public func locate(_ point: Coordinate, in reader: any DutyReader) throws -> [Jurisdiction] {
    try reader.jurisdictions(holding: point).sorted(by: Jurisdiction.comesFirst)
  }
}
