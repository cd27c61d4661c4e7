// A feed gives what was asked for, and says plainly when it cannot.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct EventFeedTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func historyIsSentFromTheCursorOnAndThenWhatIsNew(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...600 { try await bureau.make("thing \(index)") }
    async let followed = bureau.follow(after: 40, count: 561)
    try await bureau.make("new")
    #expect(try await followed.filter(\.isEvent).map(\.event.sequence) == (41...601).map { $0 })
  }

  @Test(arguments: Engine.allCases)
  func heartbeatsMoveTheCursorPastTypesNobodyAskedFor(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    try await bureau.make("wanted", type: "test.Wanted")
    for index in 0..<20 { try await bureau.make("other \(index)", type: "test.Other") }
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    let received = Mailbox<Quintet_Events_V1_WatchResponse>()
    await #expect(throws: Enough.self) {
      try await feed.follow(.following(types: ["test.Wanted"])) { response in
        received.put(response)
        if !response.isEvent { throw Enough() }
      }
    }
    #expect(received.contents.map(\.isEvent) == [true, false])
    #expect(received.contents.last?.heartbeat.sequence == 21)
  }

  @Test(arguments: Engine.allCases)
  func silenceIsBrokenByHeartbeats(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    try await bureau.make("a")
    let feed = EventFeed(log: bureau.log, database: bureau.database, heartbeat: .milliseconds(20))
    let received = Mailbox<Quintet_Events_V1_WatchResponse>()
    await #expect(throws: Enough.self) {
      try await feed.follow(.following(after: 1)) { response in
        received.put(response)
        if received.contents.count == 3 { throw Enough() }
      }
    }
    #expect(received.contents.map(\.heartbeat.sequence) == [1, 1, 1])
  }

  @Test(arguments: Engine.allCases)
  func aPageIsBoundedInEventsAndInWhatItLooksAt(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...300 { try await bureau.make("thing \(index)") }
    let log = bureau.log
    let page = try await bureau.database.read { try log.page(after: 0, types: [], in: $0) }
    #expect(page.events.count == FeedPage.eventLimit)
    #expect(page.reached == 256)
    #expect(page.head == 300)
    let rest = try await bureau.database.read { try log.page(after: 256, types: [], in: $0) }
    #expect(rest.reached == 300)
    let filtered = try await bureau.database.read { tx in
      try log.page(after: 0, types: ["test.Nothing"], in: tx)
    }
    #expect(filtered.events.isEmpty)
    #expect(filtered.reached == 300)
    // More than one scan's worth: the page stops where looking further would take long.
    try await bureau.database.write { try $0.execute("UPDATE event_head SET n = 9000") }
    let wide = try await bureau.database.read { tx in
      try log.page(after: 0, types: ["test.Nothing"], in: tx)
    }
    #expect(wide.reached == FeedPage.scanLimit)
  }

  @Test(arguments: Engine.allCases)
  func whatTheLogDoesNotHaveIsAnErrorAndNotSilence(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...5 { try await bureau.make("thing \(index)") }
    #expect(await refusal(bureau, .following(partition: "")) == "PARTITION_REQUIRED")
    #expect(await refusal(bureau, .following(partition: "elsewhere")) == "PARTITION_UNKNOWN")
    let many = (0...64).map { "test.T\($0)" }
    #expect(await refusal(bureau, .following(types: many)) == "TOO_MANY_TYPES")
    #expect(await refusal(bureau, .following(after: 6)) == "SEQUENCE_AHEAD")
    var beyond = Quintet_Events_V1_WatchRequest.following()
    beyond.afterSequence = .max
    #expect(await refusal(bureau, beyond) == "SEQUENCE_AHEAD")
    try await bureau.database.write { try bureau.log.announcePruning(through: 3, in: $0) }
    #expect(await refusal(bureau, .following(after: 2)) == "HISTORY_PRUNED")
    #expect(try await bureau.follow(after: 3, count: 2).count == 2)
  }

  @Test(arguments: Engine.allCases)
  func theStatusNamesHeadAndOldestAndRefusesOtherPartitions(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    let empty = try await feed.status(.with { $0.partition = "main" })
    #expect((empty.headSequence, empty.oldestSequence) == (0, 0))
    for index in 1...3 { try await bureau.make("thing \(index)") }
    try await bureau.database.write { tx in
      try bureau.log.announcePruning(through: 2, in: tx)
      try tx.execute("DELETE FROM event WHERE sequence = 1")
    }
    let status = try await feed.status(.with { $0.partition = "main" })
    #expect((status.headSequence, status.oldestSequence) == (3, 2))
    #expect(status.prunedThroughSequence == 2)
    let error = await #expect(throws: FeedError.self) {
      try await feed.status(.with { $0.partition = "elsewhere" })
    }
    #expect(error?.reason == "PARTITION_UNKNOWN")
  }

  @Test(arguments: Engine.allCases)
  func aStreamEndsWithItsTask(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    try await bureau.make("a")
    let (started, continuation) = AsyncStream<Void>.makeStream()
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    let stream = Task { try await feed.follow(.following()) { _ in continuation.yield() } }
    for await _ in started { break }
    stream.cancel()
    await #expect(throws: CancellationError.self) { try await stream.value }
  }

  private func refusal(
    _ bureau: Bureau, _ request: Quintet_Events_V1_WatchRequest
  ) async -> String? {
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    do {
      try await feed.follow(request) { _ in throw Enough() }
      return nil
    } catch {
      return (error as? FeedError)?.reason
    }
  }
}
