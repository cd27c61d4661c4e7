// Writes share a commit, and notice nothing of each other.
import Foundation
import Synchronization
import Testing

@testable import Persistence

@Suite struct GroupCommitTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func writesRunInTheOrderInWhichTheyWereQueued(engine: Engine) async throws {
    let database = try engine.open(folder, [.things], options: .init(groupLimit: 7))
    let names = (0..<40).map { "thing \($0)" }
    _ = try await writeInOneGroup(
      engine, database, names.map { name in { try $0.insertThing(name) } })
    #expect(try await database.read { try $0.things() } == names)
  }

  @Test(arguments: Engine.allCases)
  func aSeriesKeepsItsOrderAndEachOfItStandsOrFallsAlone(engine: Engine) async throws {
    struct Refused: Error {}
    let database = try engine.open(folder, [.things], options: .init(groupLimit: 7))
    let bodies: [@Sendable (any Transaction) throws -> Int] = (0..<40).map { number in
      { tx in
        try tx.insertThing("thing \(number)")
        if number % 5 == 3 { throw Refused() }
        return number
      }
    }
    let results = await database.writeEach(bodies)
    #expect(results.map { try? $0.get() } == (0..<40).map { $0 % 5 == 3 ? nil : $0 })
    let kept = (0..<40).filter { $0 % 5 != 3 }.map { "thing \($0)" }
    #expect(try await database.read { try $0.things() } == kept)
    #expect(await database.writeEach([@Sendable (any Transaction) throws -> Int]()).isEmpty)
  }

  /// What is sent again must not come after its own successors.
  @Test func nothingOfASeriesOvertakesWhatFoundNoRoom() async throws {
    let database = try Engine.sqlite.open(folder, [.things], options: .init(groupLimit: 1))
    let pages = try await database.read { tx in
      try tx.query("PRAGMA page_count")[0].get("page_count", as: Int.self)
    }
    try await database.write { tx in _ = try tx.query("PRAGMA max_page_count = \(pages + 2)") }
    let big = String(repeating: "x", count: 40_000)
    let bodies: [@Sendable (any Transaction) throws -> Void] = [
      { try $0.insertThing("first") }, { try $0.insertThing(big) }, { try $0.insertThing("small") },
    ]
    let results = await database.writeEach(bodies)
    #expect(results.map { $0.error as? DatabaseError } == [nil, .full, .full])
    #expect(try await database.read { try $0.things() } == ["first"])
  }

  @Test(arguments: Engine.allCases)
  func writesThatWaitTogetherAreOneTransaction(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let seenFromOutside = Mailbox<Int>()
    let results = try await writeInOneGroup(
      engine, database,
      [
        { try $0.insertThing("a") },
        { tx in
          // Both have run, neither is committed: a reader sees nothing yet.
          try tx.insertThing("b")
          seenFromOutside.put(waitFor: { try await database.read { try $0.things().count } })
        },
        { try $0.insertThing("c") },
      ])
    #expect(results.allSatisfy { $0.error == nil })
    #expect(seenFromOutside.contents == [0])
    #expect(try await database.read { try $0.things() } == ["a", "b", "c"])
  }

  @Test(arguments: Engine.allCases)
  func aFailedWriteIsUndoneAloneAndGetsItsOwnError(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let results = try await writeInOneGroup(
      engine, database,
      [
        { try $0.insertThing("a") },
        {
          try $0.insertThing("b")
          throw Refusal()
        },
        { try $0.insertThing("a") },
        {
          try $0.insertThing("c")
          // A statement that failed cannot be passed over: all of the write is undone.
          do {
            try $0.insertThing("c")
            Issue.record("a name was taken twice")
          } catch is DatabaseError {}
        },
      ])
    #expect(results[0].error == nil)
    #expect(results[1].error as? Refusal == Refusal())
    guard case .unique? = results[2].error as? DatabaseError else {
      Issue.record("\(results[2])")
      return
    }
    guard case .unique? = results[3].error as? DatabaseError else {
      Issue.record("\(results[3])")
      return
    }
    #expect(try await database.read { try $0.things() } == ["a"])
  }

  /// A refusal that changed nothing costs the others nothing; only what must be taken back from among
  /// their changes has the group run again.
  @Test(arguments: Engine.allCases)
  func aGroupIsRunAgainOnlyForAWriteThatFailsAfterAChange(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    for (changes, runs) in [(false, 1), (true, 2)] {
      let counted = Mutex(0)
      let results = try await writeInOneGroup(
        engine, database,
        [
          { tx in
            counted.withLock { $0 += 1 }
            try tx.insertThing("before \(changes)")
          },
          { tx in
            _ = try tx.things()
            if changes { try tx.insertThing("taken back") }
            throw Refusal()
          },
          { try $0.insertThing("after \(changes)") },
        ])
      #expect(results.map { $0.error is Refusal } == [false, true, false])
      #expect(counted.withLock { $0 } == runs)
    }
    let kept = ["before false", "after false", "before true", "after true"]
    #expect(try await database.read { try $0.things() } == kept)
  }

  /// A deferred foreign key is checked by the commit, which is everybody's.
  @Test(arguments: Engine.allCases)
  func aWriteThatSpoilsTheCommitDoesNotSpoilItForOthers(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let results = try await writeInOneGroup(
      engine, database,
      [
        { try $0.insertThing("a") },
        { tx in
          try tx.execute("INSERT INTO part (partition, name, thing) VALUES ('main', 'p', 'none')")
        },
        { try $0.insertThing("b") },
      ])
    #expect(results[0].error == nil)
    guard case .foreignKey? = results[1].error as? DatabaseError else {
      Issue.record("\(results[1])")
      return
    }
    #expect(results[2].error == nil)
    #expect(try await database.read { try $0.things() } == ["a", "b"])
  }

  @Test(arguments: Engine.allCases)
  func tooManyWaitingWritesAreRefusedAtOnce(engine: Engine) async throws {
    let database = try engine.open(folder, [.things], options: .init(queueLimit: 3))
    let writer = try await HeldWriter(database)
    let queued = (0..<3).map { index in
      Task { try await database.write { try $0.insertThing("thing \(index)") } }
    }
    while try engine.waitingWrites(database) < 3 { await Task.yield() }
    await #expect(throws: DatabaseError.overloaded) {
      try await database.write { try $0.insertThing("one too many") }
    }
    try await writer.letGo()
    for task in queued { try await task.value }
    try await database.write { try $0.insertThing("later") }
    let things = try await database.read { try $0.things() }
    #expect(Set(things) == ["thing 0", "thing 1", "thing 2", "later"])
  }

  @Test func aFullDiskFailsTheGroupAndPassesAgain() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    try await database.write { tx in
      let pages = try tx.query("PRAGMA page_count")[0].get("page_count", as: Int.self)
      _ = try tx.query("PRAGMA max_page_count = \(pages + 2)")
    }
    let large: @Sendable (any Transaction) throws -> Void = { tx in
      try tx.execute("INSERT INTO thing (partition, name) VALUES ('main', hex(zeroblob(50000)))")
    }
    let results = try await writeInOneGroup(
      .sqlite, database, [{ try $0.insertThing("a") }, large, { try $0.insertThing("b") }])
    #expect(results.map { $0.error as? DatabaseError } == [.full, .full, .full])
    #expect(try await database.read { try $0.things() } == [])
    try await database.write { tx in _ = try tx.query("PRAGMA max_page_count = 1000000") }
    try await database.write(large)
    try await database.write { try $0.insertThing("a") }
    #expect(try await database.read { try $0.things() }.count == 2)
  }

  @Test(arguments: Engine.allCases)
  func everyListenerHearsOfADurableCommit(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let streams = [database.commits(), database.commits()]
    try await database.write { try $0.insertThing("a") }
    for stream in streams {
      for await _ in stream {
        #expect(try await database.read { try $0.things() } == ["a"])
        break
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aTransactionIsOfNoUseAfterItsClosure(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    // The port does not make a transaction Sendable; this is the mistake it has to survive.
    nonisolated(unsafe) var escaped: (any Transaction)?
    try await database.write { escaped = $0 }
    let transaction = try #require(escaped)
    #expect(throws: DatabaseError.self) { try transaction.insertThing("a") }
  }
}

/// Lets a synchronous closure wait for an asynchronous answer on another thread.
final class Mailbox<Element: Sendable>: Sendable {
  private let state = DispatchQueue(label: "mailbox")
  nonisolated(unsafe) private var elements: [Element] = []

  var contents: [Element] { state.sync { elements } }

  func put(waitFor body: @escaping @Sendable () async throws -> Element) {
    let done = DispatchSemaphore(value: 0)
    Task {
      defer { done.signal() }
      let element = try await body()
      put(element)
    }
    done.wait()
  }

  func put(_ element: Element) { state.sync { elements.append(element) } }
}
