// How far a neighbour's feed has been read, and which of its events were set aside. Both are kept
// in the same store as the effects, and change in the same transaction.
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

struct SubscriptionCursor: Sendable {
  /// Characters of an error that are kept.
  private static let errorLimit = 1000

  let partition: String
  let source: String

  /// Where a subscription stands.
  struct Place: Sendable {
    /// Sequence up to which effects are committed.
    let cursor: Int64
    /// The bound of the snapshot that is being read.
    let snapshot: Int64?

    /// Nothing was applied yet.
    var isNew: Bool { cursor == 0 && snapshot == nil }
  }

  /// Makes the subscription known to the status of the feed before the first event.
  func register(in tx: any Transaction) throws {
    try tx.execute(
      """
      INSERT INTO subscription (partition, source, cursor) VALUES ($1, $2, 0)
      ON CONFLICT (partition, source) DO NOTHING
      """, [partition, source])
  }

  /// Sequence up to which effects are committed.
  func position(in tx: any Transaction) throws -> Int64 {
    try tx.query(
      "SELECT cursor FROM subscription WHERE partition = $1 AND source = $2", [partition, source]
    ).first?.get("cursor") ?? 0
  }

  func place(in tx: any Transaction) throws -> Place {
    let row = try tx.query(
      "SELECT cursor, snapshot_sequence FROM subscription WHERE partition = $1 AND source = $2",
      [partition, source]
    ).first
    return Place(
      cursor: try row?.get("cursor") ?? 0, snapshot: try row?.get("snapshot_sequence") ?? nil)
  }

  /// From here until `finishSnapshot` the cursor stands between events that have gaps.
  func beginSnapshot(_ bound: Int64, in tx: any Transaction) throws {
    try tx.execute(
      "UPDATE subscription SET snapshot_sequence = $3 WHERE partition = $1 AND source = $2",
      [partition, source, bound])
  }

  func finishSnapshot(_ bound: Int64, in tx: any Transaction) throws {
    try tx.execute(
      """
      UPDATE subscription
      SET cursor = CASE WHEN cursor < $3 THEN $3 ELSE cursor END, snapshot_sequence = NULL
      WHERE partition = $1 AND source = $2
      """, [partition, source, bound])
  }

  /// Never backwards.
  func move(to sequence: Int64, in tx: any Transaction) throws {
    try tx.execute(
      """
      UPDATE subscription SET cursor = $3
      WHERE partition = $1 AND source = $2 AND cursor < $3
      """, [partition, source, sequence])
  }

  func park(
    _ event: Quintet_Events_V1_Event, tries: Int, error: String, now: Date, in tx: any Transaction
  ) throws {
    let envelope: [UInt8] = try event.serializedBytes()
    try tx.execute(
      """
      INSERT INTO parked_event (
        partition, source, sequence, event_id, type, subject, tries, error, payload, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, source, sequence) DO NOTHING
      """,
      [
        partition, source, event.sequence, event.id, event.type, event.subject, tries,
        String(error.prefix(Self.errorLimit)), envelope, now,
      ])
  }

  func parked(_ sequence: Int64, in tx: any Transaction) throws -> ParkedEvent? {
    try tx.query(
      "SELECT * FROM parked_event WHERE partition = $1 AND source = $2 AND sequence = $3",
      [partition, source, sequence]
    ).first.map(ParkedEvent.init)
  }

  /// Removes the record of a parked event, in the transaction in which it is applied.
  /// - Throws: `FeedError` PARKED_EVENT_UNKNOWN, EVENT_SKIPPED; `DatabaseError`.
  func takeParked(_ sequence: Int64, in tx: any Transaction) throws -> Quintet_Events_V1_Event {
    let taken = try tx.query(
      """
      DELETE FROM parked_event
      WHERE partition = $1 AND source = $2 AND sequence = $3 AND skip_time IS NULL
      RETURNING payload
      """, [partition, source, sequence])
    guard let row = taken.first else {
      throw try parked(sequence, in: tx) == nil
        ? FeedError.parkedEventUnknown(source, sequence) : .eventSkipped(source, sequence)
    }
    return try Quintet_Events_V1_Event(serializedBytes: row.get("payload", as: [UInt8].self))
  }

  /// - Returns: the event as it stands now; nil when it is not parked any more.
  func noteFailedRetry(
    _ sequence: Int64, error: String, in tx: any Transaction
  ) throws -> ParkedEvent? {
    try tx.execute(
      """
      UPDATE parked_event SET tries = tries + 1, error = $4
      WHERE partition = $1 AND source = $2 AND sequence = $3 AND skip_time IS NULL
      """, [partition, source, sequence, String(error.prefix(Self.errorLimit))])
    return try parked(sequence, in: tx)
  }

  static func all(
    partition: String, in tx: any Transaction
  ) throws -> [Quintet_Events_V1_SubscriptionStatus] {
    let rows = try tx.query(
      """
      SELECT source, cursor, (
        SELECT count(*) FROM parked_event
        WHERE parked_event.partition = subscription.partition
          AND parked_event.source = subscription.source
          AND parked_event.skip_time IS NULL) AS parked
      FROM subscription WHERE partition = $1 ORDER BY source
      """, [partition])
    return try rows.map { row in
      try Quintet_Events_V1_SubscriptionStatus.with { status in
        status.source = try row.get("source")
        status.cursor = try row.get("cursor")
        status.parkedCount = try row.get("parked")
      }
    }
  }
}
