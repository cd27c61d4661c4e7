// Over the wire too, a reader that stops reading is read ahead for by what the connection may hold, and
// by no more.
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import ServiceHost

@Suite(.timeLimit(.minutes(2))) struct SlowReaderTests {
  /// 48 MB, where the windows of a stream hold 8.
  static let events = 6_000
  static let eventBytes = 8_192

  @Test func aClientThatStopsReadingIsNotReadAheadForWithoutBound() async throws {
    let folder = try TemporaryFolder()
    let database = try SQLite.open(
      path: "\(folder.path)/store.sqlite", migrations: EventLog.migrations)
    let log = EventLog(service: "test", partition: "main")
    for _ in 0..<Self.events / 100 { try await record(100, log, database) }
    let counting = CountingReads(database)
    try await withHost([EventFeed(log: log, database: counting)]) { running in
      let feed = Quintet_Events_V1_EventService.Client(wrapping: running.client)
      let seen = try await feed.watch(.with { $0.partition = "main" }) { response in
        var seen: [UInt64] = []
        for try await message in response.messages where message.event.sequence > 0 {
          seen.append(message.event.sequence)
          if seen.count == 1 {
            // Time for the feed to read on if nothing holds it, and for a writer, whom nobody holds.
            for _ in 0..<100 { try await record(1, log, database) }
            #expect(counting.pages > 0)
            #expect(counting.pages * 256 < Self.events * 3 / 4)
          }
          if seen.count == Self.events + 100 { break }
        }
        return seen
      }
      #expect(seen == (1...UInt64(Self.events + 100)).map { $0 })
    }
    try await database.close()
  }

  private func record(_ count: Int, _ log: EventLog, _ database: any Database) async throws {
    try await database.write { tx in
      var mint = IdentifierMint(
        service: "test", cause: "request/\(try log.head(in: tx))", now: .distantPast)
      let draft = EventDraft(
        type: "test.Made", subject: "s", incidentID: nil, occurTime: .distantPast,
        payload: Array(repeating: 7, count: Self.eventBytes))
      try log.append(
        Array(repeating: draft, count: count),
        provenance: Provenance(actor: "service/test", cause: "request/r", trace: ""),
        mint: &mint, now: .distantPast, in: tx)
    }
  }
}

/// Passes everything on, and counts the looks that a feed takes at the log.
private final class CountingReads: Database {
  private let base: any Database
  private let reads = Atomic(0)
  var pages: Int { reads.load(ordering: .sequentiallyConsistent) }

  init(_ base: any Database) { self.base = base }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    reads.add(1, ordering: .sequentiallyConsistent)
    return try await base.read(body)
  }

  func write<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    try await base.write(body)
  }

  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>] {
    await base.writeEach(bodies)
  }

  func commits() -> AsyncStream<Void> { base.commits() }

  func close() async throws { try await base.close() }
}
