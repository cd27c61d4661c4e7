// Asking twice does the work once.
import Foundation
import Identifiers
import Testing

@testable import Persistence

@Suite struct RequestLedgerTests {
  struct Answer: Codable, Equatable, Sendable { let name: String }

  let folder = try! StoreFolder()
  let key = RequestKey(id: "r-1", method: "/test.Service/Make", fingerprint: "aa")

  @Test(arguments: Engine.allCases)
  func theSameRequestGetsTheSameAnswerWithoutTheWork(engine: Engine) async throws {
    let database = try open(engine)
    let first = try await make("a", key, in: database)
    let second = try await make("b", key, in: database)
    #expect(first == Answer(name: "a"))
    #expect(second == first)
    #expect(try await database.read { try $0.things() } == ["a"])
  }

  @Test(arguments: Engine.allCases)
  func theSameIDForOtherContentIsRefused(engine: Engine) async throws {
    let database = try open(engine)
    _ = try await make("a", key, in: database)
    var otherContent = key
    otherContent.fingerprint = "bb"
    var otherMethod = key
    otherMethod.method = "/test.Service/Break"
    for other in [otherContent, otherMethod] {
      let error = await #expect(throws: RequestReused.self) {
        try await make("b", other, in: database)
      }
      #expect(error?.requestID == "r-1")
      #expect(error?.method == "/test.Service/Make")
    }
    #expect(try await database.read { try $0.things() } == ["a"])
  }

  @Test(arguments: Engine.allCases)
  func aRequestThatFailedMayBeTriedAgain(engine: Engine) async throws {
    let database = try open(engine)
    let key = key
    await #expect(throws: Refusal.self) {
      try await database.write { tx in
        try RequestLedger.once(key, partition: "main", now: .distantPast, in: tx) { () -> Int in
          try tx.insertThing("half")
          throw Refusal()
        }
      }
    }
    #expect(try await database.read { try $0.things() } == [])
    #expect(try await make("a", key, in: database) == Answer(name: "a"))
  }

  @Test(arguments: Engine.allCases)
  func partitionsDoNotShareRequests(engine: Engine) async throws {
    let database = try open(engine)
    _ = try await make("a", key, in: database)
    #expect(try await make("b", key, partition: "other", in: database) == Answer(name: "b"))
  }

  @Test(arguments: Engine.allCases)
  func repeatsThatMeetDoTheWorkOnce(engine: Engine) async throws {
    let database = try open(engine)
    let key = key
    let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
      for index in 0..<20 {
        group.addTask { try await make("thing \(index)", key, in: database) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(answers.map(\.name)).count == 1)
    #expect(try await database.read { try $0.things() }.count == 1)
  }

  private func open(_ engine: Engine) throws -> any Database {
    try engine.open(folder, [RequestLedger.migration, .things])
  }

  private func make(
    _ name: String, _ key: RequestKey, partition: String = "main", in database: any Database
  ) async throws -> Answer {
    try await database.write { tx in
      try RequestLedger.once(key, partition: partition, now: .distantPast, in: tx) {
        try tx.insertThing(name)
        return Answer(name: name)
      }
    }
  }
}
