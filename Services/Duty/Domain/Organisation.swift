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
  /// - Throws: `DutyError.orgUnitUnknown`, `.rankNotBelowParent`, `.orgUnitTimeBeforeLastChange`.
  public func put(_ command: PutOrgUnit, in writer: any DutyWriter) throws -> OrgUnitPeriod {
    let held = try writer.orgUnit(code: command.code)
    let last = try held.flatMap { try writer.orgUnitPeriods(of: $0.id).last }
    let orgUnit = OrgUnit(
      id: held?.id ?? writer.mint(OrgUnitTag.self), code: command.code, name: command.name,
      rank: command.rank, parentID: command.parentID)
    if let last, last.until == nil, last.orgUnit == orgUnit { return last }
    try require(notBefore: last, command.occurTime, of: orgUnit.id)
    try requireRanks(around: orgUnit, from: command.occurTime, in: writer)
    if var last, last.until == nil {
      last.until = command.occurTime
      try writer.save(last)
    }
    let period = OrgUnitPeriod(orgUnit: orgUnit, from: command.occurTime)
    try writer.save(orgUnit)
    try writer.save(period)
    writer.record(.orgUnitDefined(period), incident: nil, occurTime: command.occurTime)
    if last?.until != nil {
      // Founded anew, it answers for its areas again: the others have let them go.
      for areaClass in AreaClass.allCases {
        guard let area = try writer.jurisdiction(of: orgUnit.id, areaClass) else { continue }
        writer.record(.jurisdictionDefined(area), incident: nil, occurTime: command.occurTime)
      }
    }
    return period
  }

  /// Ends an organisation. One that has ended is answered as it is.
  /// - Throws: `DutyError.orgUnitUnknown`, `.orgUnitNotEmpty`, `.orgUnitTimeBeforeLastChange`.
  public func dissolve(
    _ id: OrgUnitID, at time: Date, in writer: any DutyWriter
  ) throws -> OrgUnitPeriod {
    guard var last = try writer.orgUnitPeriods(of: id).last else {
      throw DutyError.orgUnitUnknown(id, field: "org_unit_id")
    }
    guard last.until == nil else { return last }
    try require(notBefore: last, time, of: id)
    if let child = try writer.orgUnitPeriods(below: id).first(where: { $0.lasts(beyond: time) }) {
      throw DutyError.orgUnitNotEmpty(code: last.orgUnit.code, below: child.orgUnit.code)
    }
    last.until = time
    try writer.save(last)
    writer.record(.orgUnitDefined(last), incident: nil, occurTime: time)
    return last
  }

  /// Only the end of a history can be written on. A change at the very moment of the last takes its
  /// place.
  private func require(notBefore last: OrgUnitPeriod?, _ time: Date, of id: OrgUnitID) throws {
    guard let moment = last?.until ?? last?.from, time.isEarlier(than: moment) else { return }
    throw DutyError.orgUnitTimeBeforeLastChange(id, last: moment)
  }

  /// From `time` on, at every moment: strictly falling ranks can close no circle.
  private func requireRanks(
    around orgUnit: OrgUnit, from time: Date, in writer: any DutyWriter
  ) throws {
    if let parentID = orgUnit.parentID {
      // Lowered below what it was, it would seem to fit under itself.
      if parentID == orgUnit.id {
        throw DutyError.rankNotBelowParent(
          code: orgUnit.code, rank: orgUnit.rank, parentRank: orgUnit.rank)
      }
      let parents = try writer.orgUnitPeriods(of: parentID)
      guard let last = parents.last, last.until == nil else {
        throw DutyError.orgUnitUnknown(parentID, field: "parent_id")
      }
      for parent in parents where parent.lasts(beyond: time) {
        try require(orgUnit.rank, of: orgUnit.code, below: parent.orgUnit.rank)
      }
    }
    for child in try writer.orgUnitPeriods(below: orgUnit.id) where child.lasts(beyond: time) {
      try require(child.orgUnit.rank, of: child.orgUnit.code, below: orgUnit.rank)
    }
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
