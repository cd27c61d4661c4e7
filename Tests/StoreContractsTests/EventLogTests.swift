// What is recorded is what is read, in the order in which it was recorded. That nothing is lost
// between many writers and a reader is CommitOrderTests.
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
