// Numbers of events follow commits, without gaps: whoever has seen n has seen everything up to n.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct EventLogTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func noWriterLosesAnEventAndAReaderSeesThemInOrderWithoutGaps(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let (writers, rounds) = (32, 40)
    let kept = writers * rounds * 19 / 20
    async let followed = bureau.follow(count: kept)
    let recorded = try await withThrowingTaskGroup(of: [StoredEvent].self) { group in
      for writer in 0..<writers {
        group.addTask {
          var events: [StoredEvent] = []
          for round in 0..<rounds {
            // One in twenty is undone after its event got a number.
            let isUndone = (writer * rounds + round).isMultiple(of: 20)
            let event = try? await bureau.make("thing \(writer) \(round)") {
              if isUndone { throw Refusal() }
            }
            if let event { events.append(event) }
          }
          return events
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let seen = try await followed.filter(\.isEvent).map(\.event)
    #expect(recorded.count == kept)
    #expect(seen.map(\.sequence) == (1...UInt64(kept)).map { $0 })
    let bySequence = recorded.sorted { $0.sequence < $1.sequence }
    #expect(seen.map(\.id) == bySequence.map(\.id))
    #expect(try await bureau.database.read { try $0.things().count } == kept)
  }

  @Test(arguments: Engine.allCases)
  func anEventGoesOverTheWireAsItWasRecorded(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let moment = Date(timeIntervalSince1970: -1.25)
    let message = try await bureau.make("a", at: moment, payload: "{\"x\":1}").message
    #expect(message.sequence == 1)
    #expect(message.partition == "main")
    #expect(message.service == "command")
    #expect(message.actor == "person/zhang")
    #expect(message.cause == "request/a")
    #expect(message.payload.typeURL == "type.googleapis.com/test.Made")
    #expect(message.payload.value == Data("{\"x\":1}".utf8))
    #expect(message.recordTime.seconds == -2)
    #expect(message.recordTime.nanos == 750_000_000)
    #expect(EventID(message.id) != nil)
    let kept = try await bureau.database.read { [log = bureau.log] tx in
      try log.events(ofIncident: message.incidentID, in: tx)
    }
    #expect(kept.map(\.message) == [message])
  }

  @Test(arguments: Engine.allCases)
  func severalEventsOfOneTransactionKeepTheirOrder(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    try await bureau.make("before")
    let log = bureau.log
    let types = ["test.A", "test.B", "test.C"]
    let stored = try await bureau.database.write { tx in
      var mint = IdentifierMint(service: "command", cause: "request/x", now: .distantPast)
      let drafts = types.map {
        EventDraft(
          type: $0, subject: "s", incidentID: nil, occurTime: .distantPast, payload: [])
      }
      return try log.append(
        drafts, provenance: Provenance(actor: "service/x", cause: "request/x", trace: ""),
        mint: &mint, now: .distantPast, in: tx)
    }
    #expect(stored.map(\.sequence) == [2, 3, 4])
    let read = try await bureau.database.read { tx in
      try log.events(after: 1, types: [], limit: 10, in: tx)
    }
    #expect(read.map(\.type) == types)
    #expect(Set(read.map(\.id)).count == 3)
    let some = try await bureau.database.read { tx in
      try log.events(after: 0, types: ["test.C", "test.A"], limit: 10, in: tx).map(\.type)
    }
    #expect(some == ["test.A", "test.C"])
  }
}
