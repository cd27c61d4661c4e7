// One transaction's worth of assessing: state now, events when it is flushed.

import Classification
import EventLog
public import Foundation
import Geography
public import Identifiers
public import IntelligenceDomain
import Persistence

/// Valid inside one transaction only. A class, because events are gathered while it is handed on.
public final class IntelligenceDatabaseWriter: IntelligenceWriter {
  public let now: Date
  let tx: any Transaction
  let partition: String
  private let log: EventLog
  private let provenance: Provenance
  private let shelf: RuleShelf
  private let encode: EventEncoding
  private var mint: IdentifierMint
  private var recorded: [(event: IntelligenceEvent, incident: IncidentID?, occurTime: Date)] = []

  init(
    tx: any Transaction, log: EventLog, provenance: Provenance, now: Date, rules: RuleShelf,
    encode: @escaping EventEncoding
  ) {
    self.tx = tx
    self.log = log
    self.partition = log.partition
    self.provenance = provenance
    self.now = now
    self.shelf = rules
    self.encode = encode
    self.mint = IdentifierMint(service: log.service, cause: provenance.stableCause, now: now)
  }

  var reader: DatabaseReader { DatabaseReader(tx: tx, partition: partition) }

  public func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag> { mint.next(tag) }

  public func record(_ event: IntelligenceEvent, incident: IncidentID?, occurTime: Date) {
    recorded.append((event, incident, occurTime))
  }

  /// Tells what was recorded. Call it last.
  public func flush() throws {
    let drafts = try recorded.map { item in
      let encoded = try encode(item.event)
      return EventDraft(
        type: encoded.type, subject: encoded.subject, incidentID: item.incident?.description,
        occurTime: item.occurTime, payload: encoded.payload)
    }
    recorded = []
    try log.append(drafts, provenance: provenance, mint: &mint, now: now, in: tx)
  }

  public func rules() throws -> AssessmentRules {
    try shelf.rules { try RuleReader(tx: tx, partition: partition).rules() }
  }

  public func assessment(of incident: IncidentID, now: Date) throws -> Assessment? {
    try reader.assessment(of: incident, now: now)
  }

  public func assessments(
    after cursor: AssessmentCursor?, limit: Int, repeatsOnly: Bool, now: Date
  ) throws -> [Assessment] {
    try reader.assessments(after: cursor, limit: limit, repeatsOnly: repeatsOnly, now: now)
  }

  public func count(source: String?) throws -> AssessmentCount {
    try reader.count(source: source)
  }

  public func incident(_ id: IncidentID) throws -> AssessedIncident? {
    try reader.incident(id)
  }

  public func hear(_ time: Date) throws {
    // Whole hours: the clock is written, and what expired deleted, once an hour and not per call.
    let hour = Date(
      timeIntervalSince1970: (time.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
    let moved = try tx.execute(
      """
      INSERT INTO heard_clock (partition, heard_time, record_time) VALUES ($1, $2, $3)
      ON CONFLICT (partition) DO UPDATE
      SET heard_time = excluded.heard_time, record_time = excluded.record_time
      WHERE excluded.heard_time > heard_clock.heard_time
      """, [partition, hour, now])
    if moved > 0 { try Retention(tx: tx, partition: partition).prune(hour) }
  }

  public func save(_ incident: AssessedIncident) throws {
    let assessment = incident.assessment
    try tx.execute(
      """
      INSERT INTO assessment (
        partition, incident_id, assessment_id, source, incident_class, latitude, longitude, words,
        is_located, station_id, station_name, beat_id, beat_name, suggested_class,
        suggested_level, suggested_by, found_repeat, occur_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
      ON CONFLICT (partition, incident_id) DO UPDATE SET
        incident_class = excluded.incident_class, latitude = excluded.latitude,
        longitude = excluded.longitude, words = excluded.words, is_located = excluded.is_located,
        station_id = excluded.station_id, station_name = excluded.station_name,
        beat_id = excluded.beat_id, beat_name = excluded.beat_name,
        suggested_class = excluded.suggested_class, suggested_level = excluded.suggested_level,
        suggested_by = excluded.suggested_by, found_repeat = excluded.found_repeat,
        occur_time = excluded.occur_time, record_time = excluded.record_time
      """,
      [
        partition, assessment.incident, assessment.id, incident.source,
        incident.incidentClass?.rawValue,
        incident.coordinate?.latitude, incident.coordinate?.longitude,
        try StoredJSON.encode(incident.words), assessment.jurisdiction != nil,
        assessment.jurisdiction?.station?.id, assessment.jurisdiction?.station?.name,
        assessment.jurisdiction?.beat?.id, assessment.jurisdiction?.beat?.name,
        assessment.kind?.incidentClass.rawValue, assessment.kind?.level.rawValue,
        try StoredJSON.encode(assessment.kind?.words ?? []), incident.foundRepeat,
        assessment.occurTime, assessment.recordTime,
      ])
    try saveFindings(assessment)
  }

  private func saveFindings(_ assessment: Assessment) throws {
    try tx.execute(
      "DELETE FROM repeat_finding WHERE partition = $1 AND incident_id = $2",
      [partition, assessment.incident])
    for finding in assessment.repeats {
      // One that had expired when it was made (a late call) would only wait to be deleted.
      try tx.execute(
        """
        INSERT INTO repeat_finding (
          partition, incident_id, link, call_count, evidence, rule, expire_time)
        SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (
          SELECT 1 FROM heard_clock WHERE partition = $1 AND heard_time >= $7)
        """,
        [
          partition, assessment.incident, finding.link.rawValue, finding.count,
          try StoredJSON.encode(finding.evidence.map(StoredEvidence.init)), finding.rule,
          finding.expireTime,
        ])
    }
  }

  public func save(_ orgUnit: OrgUnit) throws {
    try tx.execute(
      """
      INSERT INTO org_unit (partition, org_unit_id, name, org_rank, parent_id)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, org_unit_id) DO UPDATE SET
        name = excluded.name, org_rank = excluded.org_rank, parent_id = excluded.parent_id
      """, [partition, orgUnit.id, orgUnit.name, orgUnit.rank.rawValue, orgUnit.parent])
  }

  public func orgUnit(_ id: OrgUnitID) throws -> OrgUnit? {
    try tx.query(
      """
      SELECT org_unit_id, name, org_rank, parent_id FROM org_unit
      WHERE partition = $1 AND org_unit_id = $2
      """, [partition, id]
    ).first.map(Self.orgUnit)
  }

  static func orgUnit(_ row: Row) throws -> OrgUnit {
    OrgUnit(
      id: try row.get("org_unit_id"), name: try row.get("name"), rank: try row.value("org_rank"),
      parent: try row.get("parent_id"))
  }
}
