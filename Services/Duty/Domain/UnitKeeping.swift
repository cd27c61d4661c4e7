// The commands about units: who they are, whether they can be sent, what Command has them do.
public import Foundation
public import Identifiers

/// Adds a unit, or changes the one with this call sign.
public struct PutUnit: Sendable, Hashable {
  public let callSign: String
  public let kind: UnitKind
  public let orgUnitID: OrgUnitID?
  public let groupID: UnitID?
  public let headcount: Int?
  public let capabilities: [String]
  public let occurTime: Date

  public init(
    callSign: String, kind: UnitKind, orgUnitID: OrgUnitID?, groupID: UnitID? = nil,
    headcount: Int? = nil, capabilities: [String], occurTime: Date
  ) {
    self.callSign = callSign
    self.kind = kind
    self.orgUnitID = orgUnitID
    self.groupID = groupID
    self.headcount = headcount
    self.capabilities = capabilities
    self.occurTime = occurTime
  }
}

/// Says whether a unit can be sent.
public struct SetUnitStatus: Sendable, Hashable {
  public let unitID: UnitID
  /// The unit's etag as the caller saw it; nil accepts any.
  public let etag: String?
  public let availability: Availability
  public let condition: UnitCondition?
  public let occurTime: Date

  public init(
    unitID: UnitID, etag: String?, availability: Availability, condition: UnitCondition?,
    occurTime: Date
  ) {
    self.unitID = unitID
    self.etag = etag
    self.availability = availability
    self.condition = condition
    self.occurTime = occurTime
  }
}

public struct UnitKeeping: Sendable {
  public init() {}

  /// What changes nothing is answered and not told, and the etag stays.
  /// - Throws: `DutyError.orgUnitUnknown`, `.unitOutsideReach`, those of `UnitGrouping`.
  public func put(_ command: PutUnit, in writer: any DutyWriter) throws -> UnitView {
    if let orgUnitID = command.orgUnitID, try writer.orgUnit(orgUnitID) == nil {
      throw DutyError.orgUnitUnknown(orgUnitID, field: "org_unit_id")
    }
    let held = try writer.ownUnit(callSign: command.callSign)
    try UnitGrouping().check(command, held: held, in: writer)
    guard let held else {
      let unit = DutyUnit(
        id: writer.mint(UnitTag.self), callSign: command.callSign, kind: command.kind,
        orgUnitID: command.orgUnitID, groupID: command.groupID, headcount: command.headcount,
        capabilities: command.capabilities)
      try writer.save(unit)
      writer.record(.unitDefined(unit), incident: nil, occurTime: command.occurTime)
      return UnitView(unit: unit)
    }
    var unit = held.unit
    unit.kind = command.kind
    unit.orgUnitID = command.orgUnitID
    unit.groupID = command.groupID
    unit.headcount = command.headcount
    unit.capabilities = Set(command.capabilities).sorted()
    guard unit != held.unit else { return held }
    unit.revision += 1
    try writer.save(unit)
    writer.record(.unitDefined(unit), incident: nil, occurTime: command.occurTime)
    return held.with(unit)
  }

  /// What changes nothing is answered and not told, and the etag stays.
  /// - Throws: `DutyError.unitUnknown`, `.unitIsGroup`, `.unitChanged`, `.timeBeforeLastChange`.
  public func setStatus(_ command: SetUnitStatus, in writer: any DutyWriter) throws -> UnitView {
    guard let held = try writer.unit(command.unitID) else {
      throw DutyError.unitUnknown(command.unitID.description)
    }
    guard !held.isGroup else { throw DutyError.unitIsGroup(held.unit.id) }
    var unit = held.unit
    if let etag = command.etag, etag != unit.etag { throw DutyError.unitChanged(unit.id) }
    // Times are kept to the microsecond; half of one absorbs the rounding of equal times.
    if let last = unit.statusTime, last.timeIntervalSince(command.occurTime) > 0.000_000_5 {
      throw DutyError.timeBeforeLastChange(unit.id, last: last)
    }
    guard unit.availability != command.availability || unit.condition != command.condition else {
      return held
    }
    unit.availability = command.availability
    unit.condition = command.condition
    unit.statusTime = command.occurTime
    unit.revision += 1
    try writer.save(unit)
    writer.record(
      .unitStatusSet(unit, from: held.unit), incident: nil, occurTime: command.occurTime)
    return held.with(unit)
  }

  /// Takes over where an assignment of Command's stands. Within one incident Command's feed is in
  /// order, and an assignment belongs to one incident, so the last word is the right one; nothing
  /// depends on how the events of different incidents interleave.
  public func follow(_ commitment: Commitment, in writer: any DutyWriter) throws {
    try writer.save(commitment)
  }

  public func put(_ model: TravelModel, in writer: any DutyWriter) throws -> TravelModel {
    try writer.save(model)
    return model
  }

  /// Keeps and tells what was recommended for an incident.
  public func keep(
    _ recommendation: UnitRecommendation, for incident: IncidentID, in writer: any DutyWriter
  ) throws -> UnitRecommendation {
    try writer.save(recommendation, id: writer.mint(RecommendationTag.self), for: incident)
    writer.record(
      .recommendationMade(incident, recommendation), incident: incident,
      occurTime: recommendation.asOf)
    return recommendation
  }
}
