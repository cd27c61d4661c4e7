// The writing half of the repository. What it is told to record goes to the log at the end of the
// transaction, because from the first event to the commit nobody else can record.
import Access
public import DutyDomain
import EventLog
public import Foundation
public import Geography
public import Identifiers
import Persistence

/// One mutation. A class because minting and recording add up over the calls of one transaction;
/// it does not leave that transaction's closure.
public final class StoreWriter: DutyWriter {
  let reader: StoreReader
  private let log: EventLog
  private let encode: EventEncoding
  private let provenance: Provenance
  let now: Date
  private var mint: IdentifierMint
  private var drafts: [EventDraft] = []
  private var events: [DutyEvent] = []
  var tx: any Transaction { reader.tx }
  var partition: String { reader.partition }

  init(
    tx: any Transaction, log: EventLog, encode: @escaping EventEncoding, provenance: Provenance,
    reach: Reach, now: Date
  ) throws {
    self.reader = try StoreReader(tx: tx, partition: log.partition, reach: reach)
    self.log = log
    self.encode = encode
    self.provenance = provenance
    self.now = now
    self.mint = IdentifierMint(service: log.service, cause: provenance.stableCause, now: now)
    self.failure = nil
  }

  /// The first event that could not be encoded: told by `flush`, which fails the transaction.
  private var failure: (any Error)?

  /// Appends what was recorded. Call it last.
  /// - Returns: what that was.
  @discardableResult
  public func flush() throws -> [DutyEvent] {
    if let failure { throw failure }
    try log.append(drafts, provenance: provenance, mint: &mint, now: now, in: tx)
    return events
  }

  public func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag> { mint.next(tag) }

  public func record(_ event: DutyEvent, incident: IncidentID?, occurTime: Date) {
    do {
      let encoded = try encode(event)
      events.append(event)
      drafts.append(
        EventDraft(
          type: encoded.type, subject: event.subject, incidentID: incident?.description,
          occurTime: occurTime, payload: encoded.payload))
    } catch {
      failure = failure ?? error
    }
  }

  public func save(_ orgUnit: OrgUnit) throws {
    try tx.execute(
      """
      INSERT INTO org_unit (partition, id, code, name, rank, parent_id, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, id) DO UPDATE SET
        name = excluded.name, rank = excluded.rank, parent_id = excluded.parent_id,
        record_time = excluded.record_time
      """,
      [
        partition, orgUnit.id, orgUnit.code, orgUnit.name, orgUnit.rank, orgUnit.parentID, now,
      ])
  }

  public func save(_ jurisdiction: Jurisdiction) throws {
    let (area, bounds) = (jurisdiction.area, jurisdiction.area.bounds)
    try tx.execute(
      """
      INSERT INTO jurisdiction (
        partition, id, org_unit_id, area_class, area, corner_count, south, west, north, east,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      ON CONFLICT (partition, id) DO UPDATE SET
        area = excluded.area, corner_count = excluded.corner_count, south = excluded.south,
        west = excluded.west, north = excluded.north, east = excluded.east,
        record_time = excluded.record_time
      """,
      [
        partition, jurisdiction.id, jurisdiction.orgUnit.id, jurisdiction.areaClass,
        try Document.encode(area), area.corners.count, bounds.south, bounds.west, bounds.north,
        bounds.east, now,
      ])
  }

  public func ownUnit(callSign: String) throws -> UnitView? {
    guard let held = try reader.anyUnit(callSign: callSign) else { return nil }
    guard reader.reaches(held.unit) else { throw DutyError.unitOutsideReach }
    return held
  }

  public func save(_ unit: DutyUnit) throws {
    guard reader.reaches(unit) else { throw DutyError.unitOutsideReach }
    try tx.execute(
      """
      INSERT INTO unit (
        partition, id, call_sign, kind, org_unit_id, capabilities, availability, condition,
        status_time, revision, sequence, record_time, group_id, headcount)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      ON CONFLICT (partition, id) DO UPDATE SET
        kind = excluded.kind, org_unit_id = excluded.org_unit_id,
        capabilities = excluded.capabilities, availability = excluded.availability,
        condition = excluded.condition, status_time = excluded.status_time,
        revision = excluded.revision, sequence = excluded.sequence,
        record_time = excluded.record_time, group_id = excluded.group_id,
        headcount = excluded.headcount
      """,
      [
        partition, unit.id, unit.callSign, unit.kind, unit.orgUnitID,
        try Document.encode(unit.capabilities), unit.availability, unit.condition,
        unit.statusTime, unit.revision, try RosterHead.advance(partition, in: tx), now,
        unit.groupID, unit.headcount,
      ])
  }

  /// An assignment is one unit's and one incident's for good: only its state changes, and only
  /// forwards. An event that was parked and is applied late must not take it back.
  public func save(_ commitment: Commitment) throws {
    try tx.execute(
      """
      INSERT INTO unit_commitment (
        partition, assignment_id, unit_id, incident_id, state, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, assignment_id) DO UPDATE SET
        state = excluded.state, sequence = excluded.sequence, record_time = excluded.record_time
      WHERE \(Self.progress("excluded")) > \(Self.progress("unit_commitment"))
      """,
      [
        partition, commitment.assignmentID, commitment.unitID, commitment.incidentID,
        commitment.state, try RosterHead.advance(partition, in: tx), now,
      ])
  }

  private static func progress(_ row: String) -> String {
    """
    CASE \(row).state WHEN 'assigned' THEN 0 WHEN 'dispatched' THEN 1 WHEN 'acknowledged' THEN 2
      WHEN 'en_route' THEN 3 WHEN 'on_scene' THEN 4 ELSE 5 END
    """
  }

  public func save(_ model: TravelModel) throws {
    try tx.execute(
      """
      INSERT INTO travel_model (
        partition, detour_factor, speed_mps, turnout_s, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (partition) DO UPDATE SET
        detour_factor = excluded.detour_factor, speed_mps = excluded.speed_mps,
        turnout_s = excluded.turnout_s, sequence = excluded.sequence,
        record_time = excluded.record_time
      """,
      [
        partition, model.detourFactor, model.speed, model.turnout,
        try RosterHead.advance(partition, in: tx), now,
      ])
  }

  public func save(
    _ recommendation: UnitRecommendation, id: RecommendationID, for incident: IncidentID
  ) throws {
    try tx.execute(
      """
      INSERT INTO recommendation (
        partition, id, incident_id, as_of_time, document, record_time)
      VALUES ($1, $2, $3, $4, $5, $6)
      """,
      [
        partition, id, incident, recommendation.asOf, try Document.encode(recommendation), now,
      ])
  }
}

// MARK: - Reading

extension StoreWriter {
  public func orgUnit(_ id: OrgUnitID) throws -> OrgUnit? { try reader.orgUnit(id) }

  public func orgUnit(code: String) throws -> OrgUnit? { try reader.orgUnit(code: code) }

  public func jurisdiction(
    of orgUnit: OrgUnitID, _ areaClass: AreaClass
  ) throws -> Jurisdiction? {
    try reader.jurisdiction(of: orgUnit, areaClass)
  }

  public func jurisdictions(after key: JurisdictionKey?, limit: Int) throws -> JurisdictionPage {
    try reader.jurisdictions(after: key, limit: limit)
  }

  public func jurisdictions(holding point: Coordinate) throws -> [Jurisdiction] {
    try reader.jurisdictions(holding: point)
  }

  public func unit(_ id: UnitID) throws -> UnitView? { try reader.unit(id) }

  public func unit(callSign: String) throws -> UnitView? { try reader.unit(callSign: callSign) }

  public func units(after callSign: String?, limit: Int) throws -> [UnitView] {
    try reader.units(after: callSign, limit: limit)
  }
}
