// The reading side of a feed for tests: a store, a subscription on it, and sources to read from.
import Foundation
import GRPCCore
import Logging
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

struct Consumer: Sendable {
  typealias Apply = @Sendable (Quintet_Events_V1_Event, any Transaction) throws -> Void

  let database: any Database
  let log = EventLog(service: "supervision", partition: "main")
  let lines = Mailbox<String>()
  private let cursorRow = SubscriptionCursor(partition: "main", source: "command")

  init(_ engine: Engine, _ folder: StoreFolder) throws {
    database = try engine.open(folder, Bureau.migrations)
  }

  private var logger: Logger { Logger(label: "test") { _ in LineCollector(lines: lines) } }

  func subscription(
    _ source: any EventSource, types: [String] = [], apply: @escaping Apply
  ) -> Subscription {
    Subscription(
      source: "command", types: types, service: "supervision", partition: "main",
      database: database, client: source, logger: logger,
      clock: { Date(timeIntervalSince1970: 0) }, apply: apply)
  }

  func applier(apply: @escaping Apply) -> SubscriptionApplier {
    SubscriptionApplier(
      cursor: cursorRow, database: database, logger: logger,
      clock: { Date(timeIntervalSince1970: 0) }, apply: apply)
  }

  /// Runs a subscription until its cursor stands at `sequence`, then cancels it and waits for it.
  func running(
    _ source: any EventSource, types: [String] = [], until sequence: Int64,
    apply: @escaping Apply, meanwhile: () async throws -> Void = {}
  ) async throws {
    let commits = database.commits()
    let running = Task { try await subscription(source, types: types, apply: apply).run() }
    defer { running.cancel() }
    try await meanwhile()
    if try await cursor() < sequence {
      for await _ in commits where try await cursor() >= sequence { break }
    }
    #expect(try await cursor() == sequence)
    running.cancel()
    try await running.value
  }

  func register(at sequence: Int64 = 0) async throws {
    try await database.write { [cursorRow] tx in
      try cursorRow.register(in: tx)
      try cursorRow.move(to: sequence, in: tx)
    }
  }

  func cursor() async throws -> Int64 {
    try await database.read { [cursorRow] tx in try cursorRow.position(in: tx) }
  }

  func things() async throws -> [String] { try await database.read { try $0.things() } }

  func parkedCount() async throws -> Int {
    try await database.read { try $0.query("SELECT * FROM parked_event").count }
  }
}

extension Quintet_Events_V1_Event {
  static func numbered(_ sequence: UInt64) -> Self {
    .with { event in
      event.sequence = sequence
      event.id = "evt \(sequence)"
      event.type = "test.Made"
    }
  }
}

/// Streams as written down beforehand, one a call; afterwards a stream on which nothing comes. It
/// sends what the script says, whatever was asked for.
final class ScriptedSource: EventSource {
  struct Stream: Sendable {
    var events: ClosedRange<UInt64>?
    var heartbeats: [UInt64] = []
    var breaks: Bool
  }

  private let script: [Stream]
  private let calls = Mailbox<Int64>()
  var asked: [Int64] { calls.contents }

  init(_ script: [Stream]) { self.script = script }

  func watch(
    partition: String, after: Int64, types: [String],
    _ receive: @escaping @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws {
    calls.put(after)
    let number = asked.count
    if number <= script.count {
      let stream = script[number - 1]
      for sequence in stream.events.map(Array.init) ?? [] {
        try await receive(.with { $0.event = .numbered(sequence) })
      }
      for sequence in stream.heartbeats {
        try await receive(.with { $0.heartbeat.sequence = sequence })
      }
      if stream.breaks { throw RPCError(code: .unavailable, message: "the script breaks here") }
    }
    try await Task.sleep(for: .seconds(3600))
  }

  func readSnapshot(
    _ request: Quintet_Events_V1_ReadSnapshotRequest,
    _ receive: @escaping @Sendable (Quintet_Events_V1_ReadSnapshotResponse) async throws -> Void
  ) async throws {
    throw RPCError(code: .unimplemented, message: "the script has no snapshot")
  }
}

/// A feed in the same process, with errors as a client would see them.
struct FeedSource: EventSource {
  let feed: EventFeed
  /// The first snapshot breaks after so many messages.
  var breaksAfter: Int?
  let calls = Mailbox<Int64>()
  let snapshots = Mailbox<Quintet_Events_V1_ReadSnapshotRequest>()

  func watch(
    partition: String, after: Int64, types: [String],
    _ receive: @escaping @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws {
    calls.put(after)
    do {
      try await feed.follow(
        .following(partition: partition, after: after, types: types), send: receive)
    } catch let error as FeedError {
      throw RPCError(error)
    }
  }

  func readSnapshot(
    _ request: Quintet_Events_V1_ReadSnapshotRequest,
    _ receive: @escaping @Sendable (Quintet_Events_V1_ReadSnapshotResponse) async throws -> Void
  ) async throws {
    snapshots.put(request)
    let count = Mailbox<Void>()
    do {
      try await feed.snapshot(request) { response in
        if let limit = breaksAfter, snapshots.contents.count == 1, count.contents.count == limit {
          throw RPCError(code: .unavailable, message: "the source breaks here")
        }
        try await receive(response)
        count.put(())
      }
    } catch let error as FeedError {
      throw RPCError(error)
    }
  }
}

struct LineCollector: LogHandler {
  let lines: Mailbox<String>
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .trace

  init(lines: Mailbox<String>) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    lines.put("\(event.level) \(event.message) \(event.metadata ?? [:])")
  }
}
