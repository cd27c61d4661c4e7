// A store's file can be looked at from beside its owner, and one that is not sound is refused as it
// was found.
import Foundation
import Testing

@testable import Persistence

@Suite struct StoreFileTests {
  let folder = try! StoreFolder()
  let newer = Migration("test-0009-from-the-future", ["CREATE TABLE later (partition TEXT)"])

  @Test func aSnapshotStaysWhatItWasUntilItIsRenewed() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    try await database.write { try $0.insertThing("a") }
    let snapshot = try SQLiteSnapshot(path: folder.path)
    #expect(try snapshot.read { try $0.things() } == ["a"])
    let mark = try snapshot.commitMark()
    #expect(try snapshot.commitMark() == mark)
    try await database.write { try $0.insertThing("b") }
    #expect(try snapshot.commitMark() != mark)
    #expect(try snapshot.read { try $0.things() } == ["a"])
    try snapshot.copy(to: folder.path + ".copy")
    try snapshot.renew()
    #expect(try snapshot.read { try $0.things() } == ["a", "b"])
    let copy = try SQLiteSnapshot(path: folder.path + ".copy")
    #expect(try copy.read { try $0.things() } == ["a"])
  }

  /// Larger than SQLite's cache, so that pages are written before the first one is.
  @Test func theCopyOfALargeStoreHasPagesWithChecksums() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    try await database.write { tx in
      for index in 0..<5000 {
        try tx.insertThing("\(index) " + String(repeating: "长", count: 500), size: index)
      }
    }
    let path = folder.path + ".copy"
    try SQLiteSnapshot(path: folder.path).copy(to: path)
    let copy = try SQLiteSnapshot(path: path)
    #expect(try copy.damage() == [])
    #expect(try copy.read { try $0.things() }.count == 5000)
    try copy.close()
    var bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes[20] == 8)
    #expect(bytes.count > 8 << 20)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
    #expect(try SQLiteSnapshot(path: path).damage().count == 1)
  }

  @Test func aSnapshotCannotWrite() async throws {
    _ = try SQLite.open(path: folder.path, migrations: [.things])
    let snapshot = try SQLiteSnapshot(path: folder.path)
    #expect(throws: DatabaseError.self) { try snapshot.read { try $0.insertThing("a") } }
  }

  /// What an owner that was killed left in its log is seen, and the files stay as they are.
  @Test func aStoreThatWasNotClosedIsReadWithoutBeingChanged() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    try await database.write { try $0.insertThing("a") }
    let killed = try folder.copyAsAfterPowerCut()
    let before = try Self.bytes(killed.path)
    let snapshot = try SQLiteSnapshot(path: killed.path)
    #expect(try snapshot.read { try $0.things() } == ["a"])
    #expect(try snapshot.damage() == [])
    try snapshot.close()
    #expect(try Self.bytes(killed.path) == before)
  }

  @Test func aNewerStoreIsRefusedAndLeftAsItIs() async throws {
    try await SQLite.open(path: folder.path, migrations: [.things, newer]).close()
    let before = try Self.bytes(folder.path)
    let error = #expect(throws: DatabaseError.self) {
      try SQLite.open(path: folder.path, migrations: [.things])
    }
    guard case .newerSchema? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Self.bytes(folder.path) == before)
  }

  @Test(arguments: [true, false])
  func aDamagedStoreIsRefusedAndLeftAsItIs(wasKilled: Bool) async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    for index in 0..<2000 {
      try await database.write { try $0.insertThing("thing \(index)", size: index) }
    }
    if !wasKilled { try await database.close() }
    let damaged = wasKilled ? try folder.copyAsAfterPowerCut() : folder
    let file = try #require(FileHandle(forUpdatingAtPath: damaged.path))
    // The first page says what the file is; the second is the root of a table.
    try file.seek(toOffset: wasKilled ? 4096 : 0)
    try file.write(contentsOf: Data(repeating: 0x5a, count: 4096))
    try file.close()
    let before = try Self.bytes(damaged.path)
    let error = #expect(throws: DatabaseError.self) {
      try SQLite.open(path: damaged.path, migrations: [.things])
    }
    guard case .corrupt? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Self.bytes(damaged.path) == before)
  }

  private static func bytes(_ path: String) throws -> [Data] {
    try [path, path + "-wal"].map {
      FileManager.default.fileExists(atPath: $0) ? try Data(contentsOf: URL(filePath: $0)) : Data()
    }
  }
}
