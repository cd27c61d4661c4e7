// What the RPC room asks of the store without knowing it: its log, and what its refusals mean.

import CommandRPC
import EventLog
import GRPCCore
import Persistence
import Wire

struct StoreJournal: DirectiveJournal {
  let database: any Database
  let log: EventLog

  func commits() -> AsyncStream<Void> { database.commits() }

  func head() async throws -> Int64 {
    try await database.read { [log] in try log.head(in: $0) }
  }

  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) {
    try await database.read { [log] tx in
      let events = try log.events(after: after, types: types, limit: limit, in: tx)
      let head = try log.head(in: tx)
      let entries = events.map {
        JournalEntry(sequence: $0.sequence, type: $0.type, payload: $0.payload)
      }
      return (entries, events.count == limit ? events.last?.sequence ?? head : head)
    }
  }

  /// As the host answers unary calls, so that an item of a stream gets the same reason.
  @Sendable
  static func explain(_ error: any Error) -> Failure? {
    switch error {
    case let reused as RequestReused:
      Failure(
        code: .alreadyExists, reason: "REQUEST_ID_REUSED", field: "request_id",
        message: "该请求编号已用于其他内容（\(reused.method)）。"
          + "This request id was used before with other content, for \(reused.method).")
    case DatabaseError.overloaded:
      Failure(
        code: .resourceExhausted, reason: "OVERLOADED",
        message: "待写入的变更过多，请稍后重试。Too many changes are waiting to be written; send again later.")
    case DatabaseError.full:
      Failure(
        code: .resourceExhausted, reason: "STORE_FULL",
        message: "存储磁盘已满。The disk of the store is full.")
    default: nil
    }
  }
}
