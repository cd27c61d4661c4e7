// Who comes late to a pruned feed begins with what was kept of it, once, and goes on from there.
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct SnapshotTests {
  let folder = try! StoreFolder()

  /// Numbers 1 to 600: every incident has two events, 300 apart; the even incidents are open.
  private func producer(_ engine: Engine) async throws -> (Bureau, FeedSource) {
    let bureau = try Bureau(engine, try StoreFolder())
    for round in 0..<2 {
      for index in 1...300 {
        try await bureau.record(
          round == 0 ? "test.Opened" : "test.Moved", "\(index)", incident: "inc \(index)", at: 10)
      }
    }
    try await bureau.record("test.Opened", "young", incident: "young", at: 100)
    return (bureau, FeedSource(feed: EventFeed(log: bureau.log, database: bureau.database)))
  }

  private let open = Set((1...150).map { "inc \($0 * 2)" })
  private let kept = (1...600).filter { $0.isMultiple(of: 2) }.map { "evt \($0)" }

  /// Keeps a thing for each event, which refuses to be kept twice.
  private let apply: Consumer.Apply = { event, tx in try tx.insertThing("evt \(event.sequence)") }

  @Test(arguments: Engine.allCases)
  func aNewConsumerReadsWhatWasKeptAndThenWhatIsNew(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    #expect(try await bureau.prune(before: 50, open: open).kept == 300)
    let consumer = try Consumer(engine, folder)
    try await consumer.running(source, until: 602, apply: apply) {
      try await bureau.record("test.Moved", "young", incident: "young", at: 101)
    }
    #expect(try await consumer.things() == kept + ["evt 601", "evt 602"])
    #expect(source.calls.contents == [0, 600])
    #expect(source.snapshots.contents.map(\.afterSequence) == [0])
    let lines = consumer.lines.contents
    #expect(lines.count { $0.contains("reading its snapshot") } == 1)
    #expect(lines.count { $0.contains("snapshot was read") } == 1)
    #expect(!lines.contains { $0.hasPrefix("error") })
  }

  /// For what is open, to begin late is as good as to have been there from the beginning.
  @Test(arguments: Engine.allCases)
  func theStateOfWhatIsOpenIsThatOfAConsumerThatWasThereAllAlong(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    let apply: Consumer.Apply = { event, tx in
      try tx.execute(
        """
        INSERT INTO thing (partition, name, size) VALUES ('main', $1, 1)
        ON CONFLICT (partition, name) DO UPDATE SET size = thing.size + 1
        """, [event.incidentID])
    }
    let early = try Consumer(engine, folder)
    try await early.running(source, until: 601, apply: apply)
    _ = try await bureau.prune(before: 50, open: open)
    let elsewhere = try StoreFolder()
    let late = try Consumer(engine, elsewhere)
    try await late.running(source, until: 601, apply: apply)
    let all = try await early.sizes()
    #expect(all.count == 301)
    #expect(try await late.sizes() == all.filter { open.contains($0.key) || $0.key == "young" })
    withExtendedLifetime(elsewhere) {}
  }

  @Test(arguments: Engine.allCases)
  func onlyTheTypesThatWereAskedForAreRead(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    let consumer = try Consumer(engine, folder)
    try await consumer.running(source, types: ["test.Moved"], until: 601, apply: apply)
    #expect(try await consumer.things() == kept.filter { Int($0.dropFirst(4)) ?? 0 > 300 })
  }

  @Test(arguments: Engine.allCases, [1, 2, 130, 300])
  func aSnapshotThatBreaksOffIsTakenUpWithoutDoubling(engine: Engine, after: Int) async throws {
    var (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    source.breaksAfter = after
    let consumer = try Consumer(engine, folder)
    try await consumer.running(source, until: 601, apply: apply)
    #expect(try await consumer.things() == kept + ["evt 601"])
    let asked = source.snapshots.contents
    // The start is a message too.
    #expect(asked.map(\.afterSequence) == [0, UInt64(after - 1) * 2])
    #expect(asked.last?.snapshotSequence == 600)
  }

  @Test(arguments: Engine.allCases)
  func aProcessKilledInTheMiddleGoesOnWhereItsStoreStands(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    let consumer = try Consumer(engine, folder)
    let crashing = consumer.subscription(source) { event, tx in
      try tx.insertThing("evt \(event.sequence)")
      // The process dies here, with effects in the transaction and nothing committed.
      if event.sequence >= 400 { throw DatabaseError.closed }
    }
    await #expect(throws: DatabaseError.closed) { try await crashing.run() }
    let before = try await consumer.things()
    #expect(before.count < 200)
    try await consumer.database.close()
    let restarted = try Consumer(engine, folder)
    try await restarted.running(source, until: 601, apply: apply)
    #expect(try await restarted.things() == kept + ["evt 601"])
  }

  @Test(arguments: Engine.allCases)
  func whatCannotBeAppliedOfASnapshotIsParkedLikeAnythingElse(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    let consumer = try Consumer(engine, folder)
    try await consumer.running(source, until: 601) { event, tx in
      if event.sequence == 44 { throw Refusal() }
      try tx.insertThing("evt \(event.sequence)")
    }
    #expect(try await consumer.parked().map(\.sequence) == [44])
    #expect(try await consumer.things().count == 300)
  }

  /// What was read and what is left belong to two different histories: only an operator can help.
  @Test(arguments: Engine.allCases)
  func aSnapshotOfAHistoryPrunedAgainSinceIsRefused(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    let consumer = try Consumer(engine, folder)
    try await consumer.database.write { tx in
      let cursor = SubscriptionCursor(partition: "main", source: "command")
      try cursor.register(in: tx)
      try cursor.beginSnapshot(600, in: tx)
      try cursor.move(to: 100, in: tx)
    }
    try await bureau.record("test.Told", "new", at: 300)
    _ = try await bureau.prune(before: 200)
    let task = Task { try await consumer.subscription(source, apply: apply).run() }
    while source.snapshots.contents.count < 3 {
      try Task.checkCancellation()
      await Task.yield()
    }
    task.cancel()
    try await task.value
    #expect(try await consumer.things() == [])
    #expect(try await consumer.cursor() == 100)
    #expect(source.calls.contents == [])
    #expect(
      consumer.lines.contents.count {
        $0.contains("does not have what comes next") && $0.contains("SNAPSHOT_GONE")
      } == 1)
  }

  @Test(arguments: Engine.allCases)
  func anOldConsumerThatFellBehindIsNotGivenASnapshot(engine: Engine) async throws {
    let (bureau, source) = try await producer(engine)
    _ = try await bureau.prune(before: 50, open: open)
    let consumer = try Consumer(engine, folder)
    try await consumer.register(at: 599)
    let task = Task { try await consumer.subscription(source, apply: apply).run() }
    while source.calls.contents.count < 3 {
      try Task.checkCancellation()
      await Task.yield()
    }
    task.cancel()
    try await task.value
    #expect(source.snapshots.contents.isEmpty)
    #expect(try await consumer.things() == [])
    #expect(
      consumer.lines.contents.count {
        $0.contains("does not have what comes next") && $0.contains("HISTORY_PRUNED")
      } == 1)
  }

  @Test(arguments: Engine.allCases)
  func aLogThatWasNeverPrunedHasAnEmptySnapshot(engine: Engine) async throws {
    let (bureau, _) = try await producer(engine)
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    let received = Mailbox<Quintet_Events_V1_ReadSnapshotResponse>()
    try await feed.snapshot(.with { $0.partition = "main" }) { received.put($0) }
    #expect(
      received.contents == [
        .with { $0.start.sequence = 0 }, .with { $0.end.sequence = 0 },
      ])
    #expect(await reason { try await feed.snapshot(.init()) { _ in } } == "PARTITION_REQUIRED")
    #expect(
      await reason { try await feed.snapshot(.with { $0.partition = "no" }) { _ in } }
        == "PARTITION_UNKNOWN")
  }
}

extension Consumer {
  fileprivate func sizes() async throws -> [String: Int] {
    try await database.read { tx in
      Dictionary(
        uniqueKeysWithValues: try tx.query("SELECT name, size FROM thing").map {
          (try $0.get("name", as: String.self), try $0.get("size", as: Int.self))
        })
    }
  }
}
