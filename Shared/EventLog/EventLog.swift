// What a service tells the others, written in the transaction that changed its state.
//
// The number of an event comes from a counter row, not from a sequence of the engine: the row is
// locked until commit, so numbers follow commit order and a rollback leaves no gap. A reader that
// has seen n has seen everything up to n.
public import Foundation
public import Identifiers
public import Persistence

/// The log of one service in one jurisdiction partition.
public struct EventLog: Sendable {
  public let service: String
  public let partition: String

  public init(service: String, partition: String) {
    self.service = service
    self.partition = partition
  }

  /// Records `drafts` in their order. Call it last in the transaction: from here to the commit
  /// nobody else can record.
  /// - Throws: `DatabaseError`.
  @discardableResult
  public func append(
    _ drafts: [EventDraft], provenance: Provenance, mint: inout IdentifierMint, now: Date,
    in tx: any Transaction
  ) throws -> [StoredEvent] {
    guard !drafts.isEmpty else { return [] }
    let rows = try tx.query(
      """
      INSERT INTO event_head (partition, n) VALUES ($1, $2)
      ON CONFLICT (partition) DO UPDATE SET n = event_head.n + excluded.n
      RETURNING n
      """, [partition, drafts.count])
    guard let head = try rows.first?.get("n", as: Int64.self) else {
      throw DatabaseError.other("the event counter gave no number")
    }
    var stored: [StoredEvent] = []
    for (offset, draft) in drafts.enumerated() {
      let event = StoredEvent(
        partition: partition, sequence: head - Int64(drafts.count - 1 - offset),
        id: mint.next(EventTag.self).description, type: draft.type, subject: draft.subject,
        incidentID: draft.incidentID, occurTime: draft.occurTime, recordTime: now,
        actor: provenance.actor, cause: provenance.cause, trace: provenance.trace,
        payload: draft.payload, service: service)
      try insert(event, in: tx)
      stored.append(event)
    }
    return stored
  }

  func insert(_ event: StoredEvent, in tx: any Transaction) throws {
    try tx.execute(
      """
      INSERT INTO event (\(StoredEvent.columns))
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      """,
      [
        event.partition, event.sequence, event.id, event.type, event.subject, event.incidentID,
        event.occurTime, event.recordTime, event.actor, event.cause, event.trace, event.service,
        event.payload,
      ])
  }

  /// Events with a sequence greater than `after`, in order, at most `limit`.
  /// - Parameter types: full message names; empty for all.
  /// - Throws: `DatabaseError`.
  public func events(
    after: Int64, types: [String], limit: Int, in tx: any Transaction
  ) throws -> [StoredEvent] {
    try events(after: after, through: .max, types: types, limit: limit, in: tx)
  }

  func events(
    after: Int64, through: Int64, types: [String], limit: Int, in tx: any Transaction
  ) throws -> [StoredEvent] {
    let wanted = types.indices.map { "$\($0 + 5)" }.joined(separator: ", ")
    let filter = types.isEmpty ? "" : " AND type IN (\(wanted))"
    let rows = try tx.query(
      """
      SELECT \(StoredEvent.columns) FROM event
      WHERE partition = $1 AND sequence > $2 AND sequence <= $3\(filter)
      ORDER BY sequence LIMIT $4
      """, [partition, after, through, limit] + types)
    return try rows.map(StoredEvent.init)
  }

  /// The timeline of one incident as this service recorded it, in order.
  /// - Throws: `DatabaseError`.
  public func events(ofIncident incidentID: String, in tx: any Transaction) throws -> [StoredEvent]
  {
    let rows = try tx.query(
      """
      SELECT \(StoredEvent.columns) FROM event
      WHERE partition = $1 AND incident_id = $2
      ORDER BY sequence
      """, [partition, incidentID])
    return try rows.map(StoredEvent.init)
  }

  /// What the events after a sequence are about, in order, at most `limit` of them.
  /// - Throws: `DatabaseError`.
  public func mentions(
    after: Int64, limit: Int, in tx: any Transaction
  ) throws -> [(subject: String, incidentID: String?)] {
    try tx.query(
      """
      SELECT subject, incident_id FROM event WHERE partition = $1 AND sequence > $2
      ORDER BY sequence LIMIT $3
      """, [partition, after, limit]
    ).map { (try $0.get("subject"), try $0.get("incident_id")) }
  }

  /// Sequence of the newest event ever recorded, 0 if there is none.
  public func head(in tx: any Transaction) throws -> Int64 {
    try tx.query("SELECT n FROM event_head WHERE partition = $1", [partition]).first?.get("n") ?? 0
  }

  /// Sequence up to which old events may have been removed, 0 if none ever were.
  public func prunedThrough(in tx: any Transaction) throws -> Int64 {
    try tx.query(
      "SELECT pruned_through FROM event_head WHERE partition = $1", [partition]
    ).first?.get("pruned_through") ?? 0
  }

  /// Sequence of the oldest event still kept, 0 if there is none.
  public func oldest(in tx: any Transaction) throws -> Int64 {
    let rows = try tx.query(
      "SELECT min(sequence) AS oldest FROM event WHERE partition = $1", [partition])
    return try rows.first?.get("oldest", as: Int64?.self) ?? 0
  }
}
