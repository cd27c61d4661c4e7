// 一屏: clocks as screens follow them.
import Access
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Logging
import Persistence
import QuintetAPI
import SupervisionDomain
import SupervisionStore
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import SupervisionRPC

/// As Main reads the log.
private struct BenchJournal: FeedJournal {
  let bench: Bench

  func commits() -> AsyncStream<Void> { bench.database.commits() }

  func head() async throws -> Int64 {
    try await bench.database.read { [log = bench.log] in try log.head(in: $0) }
  }

  func prunedThrough() async throws -> Int64 {
    try await bench.database.read { [log = bench.log] in try log.prunedThrough(in: $0) }
  }

  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) {
    try await bench.database.read { [log = bench.log] tx in
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

/// A screen: what it is told, put together.
private final class Screen: RPCWriterProtocol {
  typealias Element = Quintet_Supervision_V1_WatchClocksResponse

  struct Enough: Error {}

  struct Shown: Sendable {
    var clocks: [String: Quintet_Supervision_V1_Deadline] = [:]
    var sequence: Int64 = 0
    var isInSnapshot = false
    var snapshots = 0
  }

  private let shown = Mutex(Shown())
  private let target: Int64

  /// - Parameter target: the screen is switched off once everything up to it was told.
  init(until target: Int64, from before: Shown = .init()) {
    self.target = target
    shown.withLock { $0 = before }
  }

  var now: Shown { shown.withLock { $0 } }

  func write(_ message: Element) async throws {
    try shown.withLock { shown in
      if message.isSnapshot, !shown.isInSnapshot { shown.clocks = [:] }
      shown.isInSnapshot = message.isSnapshot && !message.isSnapshotEnd
      if message.isSnapshotEnd { shown.snapshots += 1 }
      for id in message.removedIds { shown.clocks[id] = nil }
      for clock in message.clocks { shown.clocks[clock.id] = clock }
      if message.sequence > 0 {
        #expect(message.sequence >= shown.sequence)
        shown.sequence = message.sequence
      }
      if shown.sequence >= target { throw Enough() }
    }
  }

  func write(contentsOf messages: some Sequence<Element>) async throws {
    for message in messages { try await write(message) }
  }
}

@Suite struct ClockBoardTests {
  private static let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

  /// Follows until everything recorded so far has been told.
  private static func follow(
    _ bench: Bench, _ board: ClockBoard, withRunning: Bool, from before: Screen.Shown = .init()
  ) async throws -> Screen.Shown {
    let head = try await BenchJournal(bench: bench).head()
    let screen = Screen(until: head, from: before)
    let service = ClockBoardService(board: board)
    do {
      try await called(Quintet_Supervision_V1_ClockBoardService.Method.WatchClocks.descriptor) {
        try await service.watchClocks(
          request: .with {
            $0.afterSequence = before.sequence
            $0.withRunning = withRunning
          }, response: RPCWriter(wrapping: screen), context: $0)
      }
    } catch is Screen.Enough {}
    return screen.now
  }

  private static func wanted(_ bench: Bench, withRunning: Bool) async throws
    -> [String: Quintet_Supervision_V1_Deadline]
  {
    let states: Set<DeadlineState> =
      withRunning ? [.running, .warned, .overdue] : [.warned, .overdue]
    let all = try await bench.allDeadlines().filter { states.contains($0.state) }
    return Dictionary(
      uniqueKeysWithValues: all.map {
        ($0.id.description, Quintet_Supervision_V1_Deadline($0))
      })
  }

  @Test(arguments: [true, false]) func aScreenThatComesAndGoesShowsWhatHolds(
    withRunning: Bool
  ) async throws {
    try await Bench.with { bench in
      try await bench.startExercise()
      let facts = WalkTests.inOrder(try WalkTests.happenings(5))
      let board = ClockBoard(
        store: bench.store, journal: BenchJournal(bench: bench), logger: Self.quiet,
        heartbeat: .milliseconds(20))
      let running = Task { try await board.run() }
      var shown = Screen.Shown()
      for part in 0..<4 {
        let some = facts[(facts.count * part / 4)..<(facts.count * (part + 1) / 4)]
        try await bench.play(some)
        try await bench.advance(to: try #require(some.last).time)
        shown = try await Self.follow(bench, board, withRunning: withRunning, from: shown)
        #expect(try await Self.wanted(bench, withRunning: withRunning) == shown.clocks)
      }
      #expect(shown.snapshots >= 1)
      running.cancel()
      _ = try await running.value
    }
  }

  @Test func aNegativeSequenceIsRefused() async throws {
    try await Bench.with { bench in
      let board = ClockBoard(
        store: bench.store, journal: BenchJournal(bench: bench), logger: Self.quiet)
      await #expect(throws: Failure.self) {
        _ = try await Self.follow(
          bench, board, withRunning: true, from: .init(sequence: -1))
      }
    }
  }
}
