// The domain's changes as SQL, and its events gathered until the end of the transaction.
import Access
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import SupervisionDomain
import Territory

/// Writes within one transaction. A class, because the mint and the gathered events change while
/// use cases hold the writer as `any SupervisionWriter`.
final class StoreWriter: StoreReader, SupervisionWriter {
  private struct Gathered {
    let event: SupervisionEvent
    let incident: IncidentID?
    let occurTime: Date
    /// Nil for the provenance of this work.
    let provenance: Provenance?
  }

  private let log: EventLog
  private let provenance: Provenance
  let now: Date
  private let encode: @Sendable (SupervisionEvent) throws -> EncodedEvent
  private var idMint: IdentifierMint
  private var gathered: [Gathered] = []

  init(
    tx: any Transaction, log: EventLog, provenance: Provenance, reach: Reach, now: Date,
    encode: @escaping @Sendable (SupervisionEvent) throws -> EncodedEvent
  ) throws {
    self.log = log
    self.provenance = provenance
    self.now = now
    self.encode = encode
    self.idMint = IdentifierMint(
      service: log.service, cause: provenance.stableCause, now: now)
    try super.init(tx: tx, partition: log.partition, reach: reach)
  }

  var cause: String { provenance.cause }
  var trace: String { provenance.trace }

  func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag> { idMint.next(tag) }

  func insert(_ deadline: Deadline) throws {
    try tx.execute(
      """
      INSERT INTO deadline (\(Deadline.columns), partition, next_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19, $20, $21, $22)
      """, deadline.values + [partition, deadline.nextTime, now])
  }

  func update(_ deadline: Deadline) throws {
    try tx.execute(
      """
      UPDATE deadline SET state = $3, escalate_time = $4, stop_time = $5, next_time = $6,
        escalation_level = $7, record_time = $8
      WHERE partition = $1 AND deadline_id = $2
      """,
      [
        partition, deadline.id, deadline.state, deadline.escalateTime, deadline.stopTime,
        deadline.nextTime, deadline.escalationLevel, now,
      ])
  }

  func save(_ rule: Rule) throws {
    try tx.execute(
      """
      INSERT INTO rule (\(Rule.columns), partition) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (partition, code) DO UPDATE SET limit_s = excluded.limit_s,
        warn_before_s = excluded.warn_before_s, escalate_after_s = excluded.escalate_after_s,
        escalation_levels = excluded.escalation_levels
      """, rule.values + [partition])
  }

  func save(_ incident: FollowedIncident) throws {
    try tx.execute(
      """
      INSERT INTO followed_incident (
        partition, incident_id, latitude, longitude, responsible, return_count, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, incident_id) DO UPDATE SET latitude = excluded.latitude,
        longitude = excluded.longitude, responsible = excluded.responsible,
        return_count = excluded.return_count, record_time = excluded.record_time
      """,
      [
        partition, incident.id, incident.latitude, incident.longitude, incident.responsible,
        incident.returnCount, now,
      ])
  }

  func save(_ orgUnit: OrgUnitID, under parent: OrgUnitID?) throws {
    try Territory.save(orgUnit, under: parent, partition: partition, in: tx)
  }

  func save(_ unit: UnitID, of orgUnit: OrgUnitID?) throws {
    try Territory.save(unit, of: orgUnit, partition: partition, in: tx)
  }

  func save(_ area: Area) throws {
    let bounds = area.polygon.bounds
    try tx.execute(
      """
      INSERT INTO area (
        partition, jurisdiction_id, area_class, south, west, north, east, polygon, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, jurisdiction_id) DO UPDATE SET area_class = excluded.area_class,
        south = excluded.south, west = excluded.west, north = excluded.north,
        east = excluded.east, polygon = excluded.polygon, record_time = excluded.record_time
      WHERE area.area_class <> excluded.area_class OR area.polygon <> excluded.polygon
      """,
      [
        partition, area.id, area.areaClass, bounds.south, bounds.west, bounds.north, bounds.east,
        try Document.encode(area.polygon), now,
      ])
  }

  func insert(_ evaluation: Evaluation) throws {
    try tx.execute(
      """
      INSERT INTO evaluation (\(Evaluation.columns), partition, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, evaluation.values + [partition, now])
  }

  func save(_ state: ClockState) throws {
    try tx.execute(
      """
      INSERT INTO clock_state (partition, mode, exercise_time, record_time)
      VALUES ($1, $2, $3, $4)
      ON CONFLICT (partition) DO UPDATE SET mode = excluded.mode,
        exercise_time = excluded.exercise_time, record_time = excluded.record_time
      """, [partition, state.mode, state.exerciseTime, state.highestSeen])
  }

  func enqueue(_ call: OutgoingCall) throws {
    try tx.execute(
      """
      INSERT INTO outgoing_call (\(OutgoingCall.columns), partition, state, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', $11)
      """, call.values + [partition, now])
  }

  func settle(_ requestID: String, as state: OutgoingCall.State) throws {
    try tx.execute(
      """
      UPDATE outgoing_call SET state = $3, record_time = $4
      WHERE partition = $1 AND request_id = $2
      """, [partition, requestID, state, now])
  }

  /// Puts in what a store begins with and does not have yet.
  func seed() throws {
    for rule in Rule.defaults where try self.rule(rule.code) == nil { try save(rule) }
    for rule in FeedbackRule.defaults {
      try tx.execute(
        """
        INSERT INTO feedback_rule (partition, code, minimum_length, filler_words)
        VALUES ($1, $2, $3, $4) ON CONFLICT (partition, code) DO NOTHING
        """, [partition, rule.code, rule.minimumLength, try Document.encode(rule.fillerWords)])
    }
    try seedLookUpRules()
    try save(try clockState())
  }

  func record(_ event: SupervisionEvent, incident: IncidentID?, occurTime: Date) {
    gathered.append(
      Gathered(event: event, incident: incident, occurTime: occurTime, provenance: nil))
  }

  func record(_ firing: Firing) {
    let deadline = firing.deadline
    gathered.append(
      Gathered(
        event: .fired(firing), incident: deadline.incidentID, occurTime: firing.time,
        provenance: Provenance(
          actor: "service/\(log.service)",
          cause: "clock/\(deadline.id)/\(firing.step.occasion)", trace: deadline.trace)))
  }

  /// Writes the events into the log. The last thing to do in the transaction.
  /// - Returns: the lines that tell of them, to be written once they are durable.
  func flush() throws -> [LogLine] {
    var lines: [LogLine] = []
    var drafts: [EventDraft] = []
    let appendOwn = { (drafts: inout [EventDraft], writer: StoreWriter) in
      try writer.log.append(
        drafts, provenance: writer.provenance, mint: &writer.idMint, now: writer.now,
        in: writer.tx)
      drafts = []
    }
    for item in gathered {
      let encoded = try encode(item.event)
      let draft = EventDraft(
        type: encoded.type, subject: item.event.subject,
        incidentID: item.incident?.description, occurTime: item.occurTime,
        payload: encoded.payload)
      if let provenance = item.provenance {
        try appendOwn(&drafts, self)
        var mint = IdentifierMint(
          service: log.service, cause: provenance.stableCause, now: now)
        try log.append([draft], provenance: provenance, mint: &mint, now: now, in: tx)
      } else {
        drafts.append(draft)
      }
      lines.append(item.event.logLine(trace: (item.provenance ?? provenance).trace))
    }
    try appendOwn(&drafts, self)
    gathered = []
    return lines
  }
}
