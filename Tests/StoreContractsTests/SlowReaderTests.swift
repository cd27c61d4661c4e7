// A reader that stops reading costs one page, and nobody else's time.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct SlowReaderTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func aReaderThatStopsHoldsUpNoWriterAndIsReadAheadForByOnePage(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...300 { try await bureau.make("thing \(index)") }
    let counting = CountingDatabase(bureau.database)
    let feed = EventFeed(log: bureau.log, database: counting)
    let received = Mailbox<Int64>()
    let (stopped, stop) = AsyncStream<Void>.makeStream()
    let (resumed, resume) = AsyncStream<Void>.makeStream()
    let total = 300 + 32 * 40
    let reader = Task {
      try await feed.follow(.following()) { response in
        guard response.isEvent else { return }
        received.put(Int64(response.event.sequence))
        if received.contents.count == 1 {
          stop.finish()
          for await _ in resumed {}
        }
        // What was read from the store and not yet taken by the reader.
        #expect(counting.eventsRead - received.contents.count < FeedPage.eventLimit)
        if received.contents.count == total { throw Enough() }
      }
    }
    for await _ in stopped {}
    // The reader stands still: were a writer to wait for it, this would never end.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<32 {
        group.addTask {
          for round in 0..<40 { try await bureau.make("late \(writer) \(round)") }
        }
      }
      try await group.waitForAll()
    }
    #expect(counting.eventsRead == FeedPage.eventLimit)
    #expect(received.contents.count == 1)
    resume.finish()
    await #expect(throws: Enough.self) { try await reader.value }
    #expect(received.contents == (1...Int64(total)).map { $0 })
  }
}

/// Passes everything on, and counts the events that a feed was given.
final class CountingDatabase: Database {
  private let base: any Database
  private let events = Atomic(0)
  var eventsRead: Int { events.load(ordering: .sequentiallyConsistent) }

  init(_ base: any Database) { self.base = base }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    let result = try await base.read(body)
    if let page = result as? FeedPage {
      events.add(page.events.count, ordering: .sequentiallyConsistent)
    }
    return result
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
