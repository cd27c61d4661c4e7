// One mutation at work: it changes rows at once, and keeps its events back to the end.
import CommandDomain
import EventLog
import Foundation
import Identifiers
import Persistence

/// A class because the port's functions record and mint through it while use cases pass it along.
final class TransactionWriter: CommandWriter, StoreReader {
  let tx: any Transaction
  let log: EventLog
  let reached: ReachedThings
  private let provenance: Provenance
  private let now: Date
  private var mint: IdentifierMint
  private var recorded: [(event: CommandEvent, incident: IncidentID?, occurTime: Date)] = []

  init(
    tx: any Transaction, log: EventLog, reached: ReachedThings, provenance: Provenance, now: Date,
    mint: IdentifierMint
  ) {
    self.tx = tx
    self.log = log
    self.reached = reached
    self.provenance = provenance
    self.now = now
    self.mint = mint
  }

  var events: [CommandEvent] { recorded.map(\.event) }

  func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag> { mint.next(tag) }

  func record(_ event: CommandEvent, incident: IncidentID?, occurTime: Date) {
    recorded.append((event, incident, occurTime))
  }

  /// Appends what was recorded to the log. Last, because the log's counter row is shared by all.
  func flush(_ encode: CommandDatabaseStore.Encoder) throws {
    let drafts = try recorded.map { item in
      let encoded = try encode(item.event)
      return EventDraft(
        type: encoded.type, subject: encoded.subject, incidentID: item.incident?.description,
        occurTime: item.occurTime, payload: encoded.payload)
    }
    try log.append(drafts, provenance: provenance, mint: &mint, now: now, in: tx)
  }

  func nextIncidentNumber(day: String) throws -> Int {
    let rows = try tx.query(
      """
      INSERT INTO incident_counter (partition, day, number) VALUES ($1, $2, 1)
      ON CONFLICT (partition, day) DO UPDATE SET number = incident_counter.number + 1
      RETURNING number
      """, [partition, day])
    guard let number = try rows.first?.get("number", as: Int.self) else {
      throw DatabaseError.other("the incident counter gave no number")
    }
    return number
  }

  /// Runs an UPDATE of exactly one row.
  func change(_ sql: String, _ arguments: [any ValueConvertible]) throws {
    let changed = try tx.execute(sql, arguments)
    guard changed == 1 else {
      throw DatabaseError.other("\(changed) rows were changed where one was expected")
    }
  }
}
