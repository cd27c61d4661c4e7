// What the RPC room asks of the store without knowing it: its log.

import EventLog
import GRPCCore
import Persistence
import Wire

struct StoreJournal: FeedJournal {
  let database: any Database
  let log: EventLog

  func commits() -> AsyncStream<Void> { database.commits() }

  func head() async throws -> Int64 {
    try await database.read { [log] in try log.head(in: $0) }
  }

  func prunedThrough() async throws -> Int64 {
    try await database.read { [log] in try log.prunedThrough(in: $0) }
  }

  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) {
    try await database.read { [log] tx in
      let events = try log.events(after: after, types: types, limit: limit, in: tx)
      let head = try log.head(in: tx)
      let entries = events.map {
        JournalEntry(
          sequence: $0.sequence, type: $0.type, subject: $0.subject, payload: $0.payload,
          incidentID: $0.incidentID)
      }
      return (entries, events.count == limit ? events.last?.sequence ?? head : head)
    }
  }
}
