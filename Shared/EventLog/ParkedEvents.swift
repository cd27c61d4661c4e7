// The events that could not be applied, as an operator sees them and decides about them.
public import Foundation
public import Persistence
import QuintetAPI
import SwiftProtobuf

/// An event that was set aside.
public struct ParkedEvent: Sendable, Hashable {
  /// Whose feed it came from.
  public let source: String
  public let sequence: Int64
  /// `evt_…`
  public let eventID: String
  public let type: String
  public let subject: String
  /// Empty when it belongs to no incident.
  public let incidentID: String
  public let tries: Int
  /// How it failed the last time, at most 1000 characters.
  public let error: String
  /// When it was set aside.
  public let parkTime: Date
  /// Nil while it waits for a decision.
  public let skip: Skip?

  /// The decision to give an event up.
  public struct Skip: Sendable, Hashable {
    public let actor: String
    public let reason: String
    public let time: Date

    public init(actor: String, reason: String, time: Date) {
      self.actor = actor
      self.reason = reason
      self.time = time
    }
  }

  init(_ row: Row) throws {
    let envelope = try Quintet_Events_V1_Event(
      serializedBytes: row.get("payload", as: [UInt8].self))
    source = try row.get("source")
    sequence = try row.get("sequence")
    eventID = try row.get("event_id")
    type = try row.get("type")
    subject = try row.get("subject")
    incidentID = envelope.incidentID
    tries = try row.get("tries")
    error = try row.get("error")
    parkTime = try row.get("record_time")
    skip = try row.get("skip_time", as: Date?.self).map { time in
      Skip(actor: try row.get("skip_actor"), reason: try row.get("skip_reason"), time: time)
    }
  }
}

/// What one service has set aside. Trying again is the subscription's: it knows how to apply.
public struct ParkedEvents: Sendable {
  private let database: any Database
  private let partition: String

  public init(database: any Database, partition: String) {
    self.database = database
    self.partition = partition
  }

  /// By source and sequence, from behind the one that is named.
  /// - Throws: `DatabaseError`.
  public func list(
    after last: (source: String, sequence: Int64)?, includingSkipped: Bool, limit: Int
  ) async throws -> [ParkedEvent] {
    let (partition, source, sequence) = (partition, last?.source ?? "", last?.sequence ?? 0)
    return try await database.read { tx in
      try tx.query(
        """
        SELECT * FROM parked_event
        WHERE partition = $1 AND (source > $2 OR (source = $2 AND sequence > $3))
          AND (skip_time IS NULL OR $4 = 1)
        ORDER BY source, sequence LIMIT $5
        """, [partition, source, sequence, includingSkipped, limit]
      ).map(ParkedEvent.init)
    }
  }

  /// Gives an event up. What was decided before stays: the same again changes nothing.
  /// - Returns: the event as it is kept, and whether it was decided now.
  /// - Throws: `FeedError` PARKED_EVENT_UNKNOWN, EVENT_SKIPPED; `DatabaseError`.
  public func skip(
    _ source: String, _ sequence: Int64, _ skip: ParkedEvent.Skip
  ) async throws -> (event: ParkedEvent, isNew: Bool) {
    let partition = partition
    return try await database.write { tx in
      let changed = try tx.execute(
        """
        UPDATE parked_event SET skip_actor = $4, skip_reason = $5, skip_time = $6
        WHERE partition = $1 AND source = $2 AND sequence = $3 AND skip_time IS NULL
        """, [partition, source, sequence, skip.actor, skip.reason, skip.time])
      guard
        let event = try SubscriptionCursor(partition: partition, source: source)
          .parked(sequence, in: tx)
      else { throw FeedError.parkedEventUnknown(source, sequence) }
      guard event.skip?.actor == skip.actor, event.skip?.reason == skip.reason else {
        throw FeedError.eventSkipped(source, sequence)
      }
      return (event, changed == 1)
    }
  }
}
