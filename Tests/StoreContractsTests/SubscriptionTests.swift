// What a neighbour tells is done once: not lost, not doubled, whatever breaks in between.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct SubscriptionTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func aStreamThatBreaksAndRepeatsIsAppliedOnce(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let source = ScriptedSource([
      .init(events: 1...3, breaks: true), .init(events: 1...5, breaks: true),
      .init(events: 2...8, breaks: false),
    ])
    try await consumer.running(source, until: 8) { event, tx in try tx.insertThing(event.id) }
    #expect(try await consumer.things() == (1...8).map { "evt \($0)" })
    #expect(source.asked == [0, 3, 5])
  }

  /// The effect and the cursor are one transaction: a crash leaves both or neither.
  @Test(arguments: Engine.allCases)
  func aCrashBetweenReceivingAndCommittingLosesAndDoublesNothing(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let source = ScriptedSource([.init(events: 1...6, breaks: false)])
    let crashing = consumer.subscription(source) { event, tx in
      try tx.insertThing(event.id)
      // The process dies here, with effects in the transaction and nothing committed.
      if event.sequence >= 4 { throw DatabaseError.closed }
    }
    await #expect(throws: DatabaseError.closed) { try await crashing.run() }
    let before = try await consumer.things()
    #expect(try await consumer.cursor() == Int64(before.count))
    #expect(before.count < 4)
    try await consumer.database.close()

    let restarted = try Consumer(engine, folder)
    let repeating = ScriptedSource([.init(events: 1...6, breaks: false)])
    try await restarted.running(repeating, until: 6) { event, tx in try tx.insertThing(event.id) }
    #expect(try await restarted.things() == (1...6).map { "evt \($0)" })
  }

  @Test(arguments: Engine.allCases)
  func anEventThatAlwaysFailsIsSetAsideAndTheRestGoesOn(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let source = ScriptedSource([.init(events: 1...6, breaks: false)])
    try await consumer.running(source, until: 6) { event, tx in
      try tx.insertThing(event.id)
      if event.sequence == 3 { throw Refusal() }
    }
    #expect(try await consumer.things() == [1, 2, 4, 5, 6].map { "evt \($0)" })
    let parked = try await consumer.database.read { tx in
      try tx.query("SELECT * FROM parked_event").map { row in
        (
          try row.get("sequence", as: Int.self), try row.get("tries", as: Int.self),
          try row.get("error", as: String.self),
          try Quintet_Events_V1_Event(serializedBytes: row.get("payload", as: [UInt8].self))
        )
      }
    }
    #expect(parked.map(\.0) == [3])
    #expect(parked.map(\.1) == [5])
    #expect(parked.map(\.2) == ["Refusal()"])
    #expect(parked.map(\.3) == [.numbered(3)])
    #expect(
      consumer.lines.contents.contains { $0.contains("set aside") && $0.contains("error") })
    let feed = EventFeed(log: consumer.log, database: consumer.database)
    let status = try await feed.status(.with { $0.partition = "main" })
    #expect(status.subscriptions.map(\.source) == ["command"])
    #expect(status.subscriptions.map(\.cursor) == [6])
    #expect(status.subscriptions.map(\.parkedCount) == [1])
  }

  @Test(arguments: Engine.allCases)
  func waitingEventsShareATransactionAndAreRedoneOneByOneWhenItFails(
    engine: Engine
  ) async throws {
    let consumer = try Consumer(engine, folder)
    let inbox = Inbox(limit: 100, waking: .seconds(60))
    for sequence in 1...4 { try await inbox.put(.with { $0.event = .numbered(UInt64(sequence)) }) }
    inbox.finish()
    let attempts = Mailbox<UInt64>()
    let applier = consumer.applier { event, tx in
      attempts.put(event.sequence)
      try tx.insertThing(event.id)
      if event.sequence == 3 && attempts.contents.count(where: { $0 == 3 }) < 3 { throw Refusal() }
    }
    try await consumer.register()
    #expect(try await applier.run(inbox))
    #expect(attempts.contents == [1, 2, 3, 1, 2, 3, 3, 4])
    #expect(try await consumer.things() == (1...4).map { "evt \($0)" })
    #expect(try await consumer.cursor() == 4)
    #expect(try await consumer.parkedCount() == 0)
  }

  @Test(arguments: Engine.allCases)
  func aFullDiskSetsNoEventAside(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let source = ScriptedSource([.init(events: 1...2, breaks: false)])
    let refusals = Mailbox<Void>()
    try await consumer.running(source, until: 2) { event, tx in
      if refusals.contents.count < SubscriptionApplier.maximumTries + 2 {
        refusals.put(())
        throw refusals.contents.count.isMultiple(of: 2)
          ? DatabaseError.full : DatabaseError.overloaded
      }
      try tx.insertThing(event.id)
    }
    #expect(try await consumer.things() == ["evt 1", "evt 2"])
    #expect(try await consumer.parkedCount() == 0)
  }

  @Test(arguments: Engine.allCases)
  func heartbeatsAloneMoveTheCursor(engine: Engine) async throws {
    let consumer = try Consumer(engine, folder)
    let source = ScriptedSource([.init(heartbeats: [30, 60, 90], breaks: false)])
    try await consumer.running(source, until: 90) { event, tx in try tx.insertThing(event.id) }
    #expect(try await consumer.things() == [])
  }

  @Test(arguments: Engine.allCases)
  func aRealFeedIsFollowedToItsEnd(engine: Engine) async throws {
    let producer = try Bureau(engine, try StoreFolder())
    for index in 1...300 {
      try await producer.make(
        "thing \(index)", type: index.isMultiple(of: 3) ? "test.Wanted" : "test.Other")
    }
    let consumer = try Consumer(engine, folder)
    let source = FeedSource(feed: EventFeed(log: producer.log, database: producer.database))
    try await consumer.running(source, types: ["test.Wanted"], until: 301) { event, tx in
      try tx.insertThing(event.subject)
    } meanwhile: {
      try await producer.make("last", type: "test.Other")
    }
    #expect(try await consumer.things().count == 100)
  }

  @Test(arguments: Engine.allCases)
  func aNeighbourThatDoesNotHaveWhatComesNextIsAnErrorLineAndTriedAgain(
    engine: Engine
  ) async throws {
    let producer = try Bureau(engine, try StoreFolder())
    let consumer = try Consumer(engine, folder)
    try await consumer.register(at: 7)
    let source = FeedSource(feed: EventFeed(log: producer.log, database: producer.database))
    try await consumer.running(source, until: 8) { event, tx in
      try tx.insertThing(event.id)
    } meanwhile: {
      while source.calls.contents.count < 3 {
        try Task.checkCancellation()
        await Task.yield()
      }
      for index in 1...8 { try await producer.make("thing \(index)") }
    }
    #expect(try await consumer.things().count == 1)
    let complaints = consumer.lines.contents.filter { $0.contains("does not have what comes next") }
    #expect(complaints.count == 1)
  }

  @Test func aFullInboxHoldsItsProducerBack() async throws {
    let inbox = Inbox(limit: 2, waking: .seconds(60))
    let sent = Mailbox<Int>()
    let producer = Task {
      for sequence in 1...5 {
        try await inbox.put(.with { $0.event = .numbered(UInt64(sequence)) })
        sent.put(sequence)
      }
      inbox.finish()
    }
    var taken: [UInt64] = []
    while let responses = await inbox.take(1) {
      taken += responses.map(\.event.sequence)
      // Two in the inbox, and those that were taken.
      #expect(sent.contents.count <= taken.count + 2)
    }
    try await producer.value
    #expect(taken == [1, 2, 3, 4, 5])
  }
}
