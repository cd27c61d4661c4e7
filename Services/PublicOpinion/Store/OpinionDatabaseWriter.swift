// One transaction's worth of changes: state now, events when it is flushed.

import EventLog
public import Foundation
public import Identifiers
import Persistence
public import PublicOpinionDomain

/// Valid inside one transaction only. A class, because events are gathered while it is handed on.
public final class OpinionDatabaseWriter: OpinionWriter {
  let tx: any Transaction
  let partition: String
  private let log: EventLog
  private let provenance: Provenance
  let recordTime: Date
  private let encode: EventEncoding
  private var mint: IdentifierMint
  private var recorded: [(event: OpinionEvent, incident: IncidentID?, occurTime: Date)] = []

  init(
    tx: any Transaction, log: EventLog, provenance: Provenance, now: Date,
    encode: @escaping EventEncoding
  ) {
    self.tx = tx
    self.log = log
    self.partition = log.partition
    self.provenance = provenance
    self.recordTime = now
    self.encode = encode
    self.mint = IdentifierMint(service: log.service, cause: provenance.stableCause, now: now)
  }

  private var reader: DatabaseReader { DatabaseReader(tx: tx, partition: partition) }

  public func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag> { mint.next(tag) }

  public func record(_ event: OpinionEvent, incident: IncidentID?, occurTime: Date) {
    recorded.append((event, incident, occurTime))
  }

  /// Tells what was recorded. Call it last.
  /// - Returns: the same.
  @discardableResult
  public func flush() throws -> [OpinionEvent] {
    let drafts = try recorded.map { item in
      let encoded = try encode(item.event)
      return EventDraft(
        type: encoded.type, subject: encoded.subject, incidentID: item.incident?.description,
        occurTime: item.occurTime, payload: encoded.payload)
    }
    let events = recorded.map(\.event)
    recorded = []
    try log.append(drafts, provenance: provenance, mint: &mint, now: recordTime, in: tx)
    return events
  }

  public func topic(_ id: TopicID) throws -> Topic? { try reader.topic(id) }

  public func items(of topic: TopicID, limit: Int) throws -> [OpinionItem] {
    try reader.items(of: topic, limit: limit)
  }

  public func topics(after cursor: TopicCursor?, limit: Int) throws -> [Topic] {
    try reader.topics(after: cursor, limit: limit)
  }

  public func statement(_ id: StatementID) throws -> Statement? { try reader.statement(id) }

  public func statements(
    _ filter: StatementFilter, before: StatementID?, limit: Int
  ) throws -> [Statement] {
    try reader.statements(filter, before: before, limit: limit)
  }

  public func rule() throws -> GatheringRule {
    let rows = try tx.query(
      """
      SELECT threshold, window_s FROM gathering_rule WHERE partition IN ('', $1)
      ORDER BY partition DESC LIMIT 1
      """, [partition])
    guard let row = rows.first else {
      throw DatabaseError.unexpectedValue("there is no rule for gathering texts")
    }
    return GatheringRule(
      threshold: try row.get("threshold"), windowSeconds: try row.get("window_s"))
  }

  public func save(_ topic: Topic) throws {
    try tx.execute(
      """
      UPDATE topic SET revision = $3, item_count = $4, first_time = $5, last_time = $6,
        incident_id = $7, tie_time = $8, response = $9, response_time = $10, record_time = $11
      WHERE partition = $1 AND topic_id = $2
      """,
      [
        partition, topic.id, topic.revision, topic.itemCount, topic.firstTime, topic.lastTime,
        topic.incident, topic.tieTime, topic.response, topic.responseTime, recordTime,
      ])
  }

  public func save(_ item: OpinionItem) throws {
    try tx.execute(
      """
      INSERT INTO opinion_item (
        partition, item_id, topic_id, source, text, publish_time, attributes, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      [
        partition, item.id, item.topic, item.source.rawValue, item.text, item.publishTime,
        try StoredAttributes.encode(item.attributes), recordTime,
      ])
  }

  public func isKnown(_ incident: IncidentID) throws -> Bool {
    try !tx.query(
      "SELECT 1 AS found FROM known_incident WHERE partition = $1 AND incident_id = $2",
      [partition, incident]
    ).isEmpty
  }

  public func know(_ incident: IncidentID, since occurTime: Date) throws {
    try tx.execute(
      """
      INSERT INTO known_incident (partition, incident_id, occur_time) VALUES ($1, $2, $3)
      ON CONFLICT (partition, incident_id) DO NOTHING
      """, [partition, incident, occurTime])
  }
}
