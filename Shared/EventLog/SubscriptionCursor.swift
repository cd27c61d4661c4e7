// How far a neighbour's feed has been read, and which of its events were set aside. Both are kept
// in the same store as the effects, and change in the same transaction.
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

struct SubscriptionCursor: Sendable {
  let partition: String
  let source: String

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
        String(error.prefix(1000)), envelope, now,
      ])
  }

  static func all(
    partition: String, in tx: any Transaction
  ) throws -> [Quintet_Events_V1_SubscriptionStatus] {
    let rows = try tx.query(
      """
      SELECT source, cursor, (
        SELECT count(*) FROM parked_event
        WHERE parked_event.partition = subscription.partition
          AND parked_event.source = subscription.source) AS parked
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
