// Old history goes; what a new consumer needs stays; and the log says where it can have holes.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct PruningTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func whatIsOldAndOverGoesAndTheRestStays(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    try await bureau.record("test.Opened", "a", incident: "a", at: 10)  // 1: over
    try await bureau.record("test.Opened", "b", incident: "b", at: 11)  // 2: open
    try await bureau.record("test.Defined", "x", at: 12)  // 3: followed by 5
    try await bureau.record("test.Moved", "unit", incident: "a", at: 13)  // 4: over
    try await bureau.record("test.Defined", "x", at: 14)  // 5: the newest at or below the bound
    try await bureau.record("test.Told", "topic", at: 15)  // 6: over
    try await bureau.record("test.Told", "directive", at: 16)  // 7: open
    try await bureau.record("test.Opened", "c", incident: "c", at: 17)  // 8: goes on below
    try await bureau.record("test.Defined", "y", at: 18)  // 9: the newest
    try await bureau.record("test.Moved", "c", incident: "c", at: 100)  // 10
    try await bureau.record("test.Defined", "x", at: 101)  // 11
    let outcome = try await bureau.prune(before: 50, open: ["b", "directive"])
    #expect(outcome == .init(prunedThrough: 9, removed: 4, kept: 5))
    #expect(try await bureau.keptSequences() == [2, 5, 7, 8, 9, 10, 11])
    // The feed goes on behind the bound, numbers included, and says what it cannot give.
    #expect(try await bureau.record("test.Told", "z", at: 102) == 12)
    #expect(try await bureau.follow(after: 9, count: 3).map(\.event.sequence) == [10, 11, 12])
    #expect(await reason { _ = try await bureau.follow(after: 8, count: 1) } == "HISTORY_PRUNED")
    let column = try await bureau.database.read { tx in
      try tx.query("SELECT pruned_through FROM event_head").map {
        try $0.get("pruned_through", as: Int64.self)
      }
    }
    #expect(column == [9])
  }

  @Test(arguments: Engine.allCases)
  func theSameAgainRemovesNothingAndALaterOneWhatIsOverBySince(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for incident in ["a", "b"] {
      try await bureau.record("test.Opened", incident, incident: incident, at: 10)
    }
    try await bureau.record("test.Told", "new", at: 100)
    #expect(
      try await bureau.prune(before: 50, open: ["a"])
        == .init(prunedThrough: 2, removed: 1, kept: 1))
    #expect(
      try await bureau.prune(before: 50) == .init(prunedThrough: 2, removed: 0, kept: 1))
    // Never back.
    #expect(
      try await bureau.prune(before: 5) == .init(prunedThrough: 2, removed: 0, kept: 1))
    try await bureau.record("test.Told", "newer", at: 200)
    #expect(
      try await bureau.prune(before: 150) == .init(prunedThrough: 3, removed: 2, kept: 0))
    #expect(try await bureau.keptSequences() == [4])
  }

  @Test(arguments: Engine.allCases)
  func nothingIsRemovedThatAReaderHasNotRead(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...5 { try await bureau.record("test.Told", "\(index)", at: Double(index)) }
    #expect(
      await reason { _ = try await bureau.prune(before: 4, readThrough: 2) } == "READER_BEHIND")
    #expect(try await bureau.keptSequences() == [1, 2, 3, 4, 5])
    #expect(try await bureau.follow(count: 5).count == 5)
    #expect(try await bureau.prune(before: 4, readThrough: 3).removed == 3)
  }

  @Test(arguments: Engine.allCases)
  func aMatterIsRemovedAsAWholeHoweverManyStepsTheLogTakes(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for round in 1...2 {
      for index in 1...300 {
        // Every third is told of again, when it is young.
        let at: Double = round == 2 && index.isMultiple(of: 3) ? 100 : 10
        guard round == 1 || at == 10 else { continue }
        try await bureau.record("test.Told", "\(index)", incident: "inc \(index)", at: at)
      }
    }
    for index in stride(from: 3, through: 300, by: 3) {
      try await bureau.record("test.Told", "\(index)", incident: "inc \(index)", at: 100)
    }
    let outcome = try await bureau.prune(before: 50)
    #expect(outcome == .init(prunedThrough: 500, removed: 400, kept: 100))
    let perIncident = try await bureau.database.read { tx in
      try tx.query("SELECT count(*) AS n FROM event GROUP BY incident_id").map {
        try $0.get("n", as: Int.self)
      }
    }
    #expect(perIncident == Array(repeating: 2, count: 100))
  }

  /// A clock that was set back: what was recorded young, and all that followed it, stays.
  @Test(arguments: Engine.allCases)
  func aBoundIsNeverBehindSomethingYoung(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for (index, at) in [10.0, 100, 20, 30].enumerated() {
      try await bureau.record("test.Told", "\(index)", at: at)
    }
    #expect(try await bureau.prune(before: 50).prunedThrough == 1)
    #expect(try await bureau.keptSequences() == [2, 3, 4])
  }

  @Test(arguments: Engine.allCases)
  func aPruningThatWasCutOffIsFinishedByTheNext(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    for index in 1...3 { try await bureau.record("test.Told", "\(index)", at: Double(index)) }
    // As a kill leaves it after the announcement.
    try await bureau.database.write { try bureau.log.announcePruning(through: 2, in: $0) }
    let feed = EventFeed(log: bureau.log, database: bureau.database)
    #expect(
      await reason { try await feed.snapshot(.with { $0.partition = "main" }) { _ in } }
        == "PRUNING")
    // The same bound, asked for by the same or a smaller horizon.
    #expect(
      try await bureau.prune(before: 1) == .init(prunedThrough: 2, removed: 2, kept: 0))
    try await feed.snapshot(.with { $0.partition = "main" }) { _ in }
  }
}
