// What was set aside is applied later or given up, by decision, and never both or half.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct ParkedEventTests {
  let folder = try! StoreFolder()

  /// Makes a thing of every event, and then fails on number 3 for as long as it is told to.
  private final class Fault: Sendable {
    private let error: Mutex<(any Error)?>
    init(_ error: any Error) { self.error = Mutex(error) }
    func become(_ next: (any Error)?) { error.withLock { $0 = next } }

    @Sendable func apply(_ event: Quintet_Events_V1_Event, _ tx: any Transaction) throws {
      try tx.insertThing(event.id)
      if event.sequence == 3, let error = error.withLock({ $0 }) { throw error }
    }
  }

  private struct OtherRefusal: Error {}

  private let script = ScriptedSource([.init(events: 1...6, breaks: false)])

  @Test(arguments: Engine.allCases)
  func aRetryAppliesTheEffectsAndForgetsTheEventTogether(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let fault = Fault(Refusal())
    try await consumer.running(script, until: 6, apply: fault.apply)
    let subscription = consumer.subscription(script, apply: fault.apply)
    fault.become(OtherRefusal())
    let still = try #require(try await subscription.retryParked(3))
    #expect((still.tries, still.error) == (6, "OtherRefusal()"))
    #expect(try await consumer.things() == [1, 2, 4, 5, 6].map { "evt \($0)" })
    #expect(try await consumer.parked() == [still])
    fault.become(nil)
    #expect(try await subscription.retryParked(3) == nil)
    #expect(try await consumer.things() == [1, 2, 4, 5, 6, 3].map { "evt \($0)" })
    #expect(try await consumer.parked() == [])
    #expect(try await consumer.cursor() == 6)
    #expect(await reason { _ = try await subscription.retryParked(3) } == "PARKED_EVENT_UNKNOWN")
    let lines = consumer.lines.contents
    #expect(lines.count { $0.contains("error a parked event failed again") } == 1)
    #expect(lines.count { $0.contains("notice a parked event was applied") } == 1)
  }

  @Test(arguments: Engine.allCases, [DatabaseError.full, .overloaded, .closed])
  func whatIsNotTheEventsFaultIsNoTry(engine: Engine, error: DatabaseError) async throws {
    let consumer = try Consumer(engine, folder)
    let fault = Fault(Refusal())
    try await consumer.running(script, until: 6, apply: fault.apply)
    let before = try await consumer.parked()
    fault.become(error)
    await #expect(throws: error) {
      try await consumer.subscription(script, apply: fault.apply).retryParked(3)
    }
    #expect(try await consumer.parked() == before)
    #expect(before.map(\.tries) == [5])
  }

  /// A parked event comes after those that followed it: an `apply` that keeps what is newer bears it.
  @Test(arguments: Engine.allCases)
  func aRetriedEventDoesNotUndoALaterOneAboutTheSameSubject(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let fault = Fault(Refusal())
    let apply: Consumer.Apply = { event, tx in
      // All events are about one thing, whose size is the number of the newest.
      try tx.execute(
        """
        INSERT INTO thing (partition, name, size) VALUES ('main', 'it', $1)
        ON CONFLICT (partition, name) DO UPDATE SET size = excluded.size
        WHERE thing.size < excluded.size
        """, [event.sequence])
      try fault.apply(event, tx)
    }
    try await consumer.running(script, until: 6, apply: apply)
    fault.become(nil)
    #expect(try await consumer.subscription(script, apply: apply).retryParked(3) == nil)
    let size = try await consumer.database.read { tx in
      try tx.query("SELECT size FROM thing WHERE name = 'it'").map {
        try $0.get("size", as: Int.self)
      }
    }
    #expect(size == [6])
    #expect(try await consumer.things().contains("evt 3"))
  }

  @Test(arguments: Engine.allCases)
  func aSkippedEventIsKeptWithWhoWhyAndWhenAndNeverApplied(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let fault = Fault(Refusal())
    try await consumer.running(script, until: 6, apply: fault.apply)
    fault.become(nil)
    let events = ParkedEvents(database: consumer.database, partition: "main")
    let decision = ParkedEvent.Skip(
      actor: "person/li", reason: "演练数据", time: Date(timeIntervalSince1970: 7))
    let first = try await events.skip("command", 3, decision)
    #expect(first.isNew)
    #expect(first.event.skip == decision)
    let later = ParkedEvent.Skip(
      actor: "person/li", reason: "演练数据", time: Date(timeIntervalSince1970: 9))
    let second = try await events.skip("command", 3, later)
    #expect(!second.isNew)
    #expect(second.event == first.event)
    let other = ParkedEvent.Skip(actor: "person/wu", reason: "演练数据", time: decision.time)
    #expect(await reason { _ = try await events.skip("command", 3, other) } == "EVENT_SKIPPED")
    #expect(
      await reason { _ = try await events.skip("command", 4, other) } == "PARKED_EVENT_UNKNOWN")
    let subscription = consumer.subscription(script, apply: fault.apply)
    #expect(await reason { _ = try await subscription.retryParked(3) } == "EVENT_SKIPPED")
    #expect(try await consumer.things().contains("evt 3") == false)
    #expect(try await consumer.parked() == [])
    #expect(try await events.list(after: nil, includingSkipped: true, limit: 9) == [first.event])
    let feed = EventFeed(log: consumer.log, database: consumer.database)
    let status = try await feed.status(.with { $0.partition = "main" })
    #expect(status.subscriptions.map(\.parkedCount) == [0])
  }

  @Test(arguments: Engine.allCases)
  func theListGoesOnBehindTheOneThatIsNamed(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    try await consumer.database.write { tx in
      for (source, sequence) in [("duty", 2), ("command", 9), ("command", 1)] {
        try SubscriptionCursor(partition: "main", source: source).park(
          .with {
            $0.sequence = UInt64(sequence)
            $0.incidentID = "inc \(sequence)"
          }, tries: 5, error: "e", now: .distantPast, in: tx)
      }
    }
    let events = ParkedEvents(database: consumer.database, partition: "main")
    let first = try await events.list(after: nil, includingSkipped: false, limit: 2)
    #expect(first.map(\.source) == ["command", "command"])
    #expect(first.map(\.sequence) == [1, 9])
    #expect(first.map(\.incidentID) == ["inc 1", "inc 9"])
    let rest = try await events.list(after: ("command", 9), includingSkipped: false, limit: 2)
    #expect(rest.map(\.source) == ["duty"])
  }
}

extension Consumer {
  func parked() async throws -> [ParkedEvent] {
    try await ParkedEvents(database: database, partition: "main")
      .list(after: nil, includingSkipped: false, limit: 100)
  }
}

/// The reason of a feed's refusal; nil when there was none.
func reason(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? FeedError)?.reason ?? "\(error)"
  }
}
