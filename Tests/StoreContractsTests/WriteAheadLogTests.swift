// The log of a SQLite store: written back as it grows, and damage in it told from a torn end.
import Foundation
import Testing

@testable import Persistence

@Suite struct WriteAheadLogTests {
  let folder = try! StoreFolder()

  private var log: URL { URL(fileURLWithPath: folder.path + "-wal") }

  private func size(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
  }

  /// A copy of a store that was killed after `count` commits.
  private func killed(after count: Int) async throws -> StoreFolder {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    for index in 0..<count { try await database.write { try $0.insertThing("thing \(index)") } }
    return try folder.copyAsAfterPowerCut()
  }

  private func spoil(_ copy: StoreFolder, _ change: (inout Data) -> Void) throws {
    let url = URL(fileURLWithPath: copy.path + "-wal")
    var data = try Data(contentsOf: url)
    change(&data)
    try data.write(to: url)
  }

  private func count(in copy: StoreFolder) async throws -> Int {
    let database = try SQLite.open(path: copy.path, migrations: [.things])
    return try await database.read { try $0.things() }.count
  }

  @Test func theLogIsWrittenBackAsItGrows() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    let filling = String(repeating: "x", count: 2000)
    for round in 0..<20 {
      let results = await database.writeEach(
        (0..<256).map { index in { try $0.insertThing("\(round) \(index) \(filling)") } })
      #expect(results.allSatisfy { $0.error == nil })
    }
    // What every thing takes twice, in its row and in its key, is in the file but for the last rounds.
    #expect(try size(log.path) < size(folder.path) / 2)
  }

  @Test func aWholeLogIsReadToItsEnd() async throws {
    #expect(try await count(in: killed(after: 50)) == 50)
  }

  @Test(arguments: [0, 9, 40, 60, 4_000, 20_000, 80_000])
  func aBitTurnedOverBeforeLaterCommitsIsRefused(place: Int) async throws {
    let copy = try await killed(after: 50)
    try spoil(copy) { $0[place] ^= 4 }
    let error = #expect(throws: DatabaseError.self) {
      try SQLite.open(path: copy.path, migrations: [.things])
    }
    guard case .corrupt(let sentence)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(sentence.contains(copy.path + "-wal"))
  }

  @Test(arguments: [1, 100, 4_119])
  func aTornEndIsNoDamage(missing: Int) async throws {
    let copy = try await killed(after: 50)
    try spoil(copy) { $0.removeLast(missing) }
    #expect(try await count(in: copy) == 49)
  }

  @Test func aLastCommitThatNeverReachedTheDiskIsNoDamage() async throws {
    let copy = try await killed(after: 50)
    try spoil(copy) { $0.replaceSubrange($0.count - 4_120..<$0.count, with: Data(count: 4_120)) }
    #expect(try await count(in: copy) == 49)
  }

  @Test func aLogOfWhichNothingReachedTheDiskIsNoDamage() async throws {
    let copy = try await killed(after: 3)
    try spoil(copy) { $0 = Data(count: $0.count) }
    try WriteAheadLog.check(copy.path + "-wal")
  }

  @Test func framesOfAnEarlierRoundAreNoDamage() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    for index in 0..<30 { try await database.write { try $0.insertThing("old \(index)") } }
    // So many that everything goes back into the file, and the next commit begins the log anew.
    let results = await database.writeEach(
      (0..<1_100).map { index in { try $0.insertThing("more \(index)") } })
    #expect(results.allSatisfy { $0.error == nil })
    let before = try Data(contentsOf: log)
    for index in 0..<3 { try await database.write { try $0.insertThing("new \(index)") } }
    let after = try Data(contentsOf: log)
    #expect(after.count == before.count && after != before, "the log has begun anew")
    let copy = try folder.copyAsAfterPowerCut()
    #expect(try await count(in: copy) == 1_133)
  }
}
