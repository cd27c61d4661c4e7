// What only a server can do to a store: cut its connections, and be shared by several processes.
import EventLog
import Foundation
import Identifiers
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct PostgreSQLTests {
  let folder = try! StoreFolder()
  let log = EventLog(service: "test", partition: "main")

  private func open() throws -> any Database {
    try Engine.postgresql.open(folder, EventLog.migrations + [.things])
  }

  @Test func aCutConnectionFailsWhatItCarriedAndNothingElse() async throws {
    let database = try open()
    try await database.write { try $0.insertThing("before") }
    let error = await #expect(throws: DatabaseError.self) {
      try await database.write { tx in
        try tx.insertThing("half")
        _ = try tx.query("SELECT pg_terminate_backend(pg_backend_pid()) AS done")
      }
    }
    guard case .unavailable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try await database.write { try $0.insertThing("after") }
    await #expect(throws: DatabaseError.self) {
      try await database.read { tx in
        _ = try tx.query("SELECT pg_terminate_backend(pg_backend_pid()) AS done")
      }
    }
    #expect(try await database.read { try $0.things() } == ["before", "after"])
  }

  /// Numbers would have gaps or repeats, and a reader would pass over events, if two processes did
  /// not write in turn.
  @Test func twoProcessesNumberTheirEventsInOneOrder() async throws {
    let databases = try [open(), open()]
    let total = 200
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<total {
        group.addTask { [log] in
          _ = try? await databases[index % 2].write { tx in
            var mint = IdentifierMint(service: "test", cause: "request/\(index)", now: Date())
            try tx.insertThing("thing \(index)")
            try log.append(
              [
                EventDraft(
                  type: "test.Made", subject: "thing \(index)", incidentID: nil,
                  occurTime: Date(), payload: [])
              ],
              provenance: Provenance(actor: "service/test", cause: "request/\(index)", trace: ""),
              mint: &mint, now: Date(), in: tx)
            // One in twenty is undone after it had its number.
            if index % 20 == 7 { throw Refusal() }
          }
        }
      }
      try await group.waitForAll()
    }
    let (subjects, things) = try await databases[0].read { [log] tx in
      let events = try log.events(after: 0, types: [], limit: 1000, in: tx)
      #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
      return (events.map(\.subject), try tx.things())
    }
    #expect(subjects.count == total - total / 20)
    // In the order of their commits, which is the order in which the rows were numbered.
    #expect(subjects == things)
  }

  @Test func anotherProcesssCommitIsNoticed() async throws {
    let (reader, writer) = (try open(), try open())
    var commits = reader.commits().makeAsyncIterator()
    // The first look announces what is there.
    await commits.next()
    try await writer.write { try $0.insertThing("a") }
    await commits.next()
    #expect(try await reader.read { try $0.things() } == ["a"])
    try await reader.close()
  }

  /// As a process that was stopped in the middle of its transaction would.
  @Test func whoFallsAsleepOverTheTurnLosesIt() async throws {
    let (sleeper, other) = (try open(), try open())
    let held = try await HeldWriter(sleeper)
    try await other.write { try $0.insertThing("a") }
    let error = await #expect(throws: DatabaseError.self) { try await held.letGo() }
    guard case .unavailable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try await sleeper.write { try $0.insertThing("b") }
    #expect(try await other.read { try $0.things() } == ["a", "b"])
  }

  @Test func aServerThatDoesNotKeepPromisesIsRefused() throws {
    let url = try TestServer.shared.get()
    let careless = url + "&options=-c%20synchronous_commit%3Doff"
    let error = #expect(throws: DatabaseError.self) {
      try PostgreSQL.open(url: careless, schema: "careless", migrations: [])
    }
    guard case .notDurable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aServerThatIsNotThereIsUnavailable() throws {
    let error = #expect(throws: DatabaseError.self) {
      try PostgreSQL.open(
        url: "postgresql://nobody@/none?host=\(folder.folder.path)", schema: "x", migrations: [])
    }
    guard case .unavailable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// The server cannot keep it; cut short, it would be another text.
  @Test func aTextWithAZeroInItIsRefusedAndNotCutShort() async throws {
    let database = try open()
    await #expect(throws: DatabaseError.self) {
      try await database.write { try $0.insertThing("a\u{0}b") }
    }
    #expect(try await database.read { try $0.things() } == [])
  }
}
