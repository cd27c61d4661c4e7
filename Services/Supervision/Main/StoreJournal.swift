// What the RPC room asks of the store without knowing it: its log.

import EventLog
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
      return (
        events.map(JournalEntry.init), events.count == limit ? events.last?.sequence ?? head : head
      )
    }
  }
}

extension JournalEntry {
  fileprivate init(_ event: StoredEvent) {
    self.init(
      sequence: event.sequence, type: event.type, subject: event.subject, payload: event.payload,
      incidentID: event.incidentID)
  }
}
