// A backup is whole, of one moment, and believed only while its sums hold.
import EventLog
import Foundation
import Testing

@testable import Backup
@testable import Persistence

@Suite struct BackupTests {
  let depot = try! Depot()

  /// Both stores move on between the first snapshot and the second, three times.
  @Test func snapshotsThatWritersCameBetweenAreTakenAgain() async throws {
    try await depot.step(1)
    var taken = 0
    let agreed = try AgreedSnapshots.take(of: depot.stores, patience: .seconds(10)) { snapshot in
      taken += 1
      if taken <= 6, taken.isMultiple(of: 2) { try depot.stepNow(taken) }
      try snapshot.renew()
    }
    #expect(agreed.tries == 4)
    #expect(agreed.positions["command"]?.heads == ["main": 6])
    #expect(agreed.positions["duty"]?.cursors == ["main": ["command": 6]])
  }

  @Test func storesThatAreNeverAtRestAreNotCopied() async throws {
    var taken = 0
    #expect(throws: BackupError.noQuietMoment(seconds: 0)) {
      try AgreedSnapshots.take(of: depot.stores, patience: .milliseconds(50)) { snapshot in
        try snapshot.renew()
        taken += 1
        try depot.stepNow(taken)
      }
    }
  }

  @Test func theStoresOfABackupAgreeWhileBothAreWritten() async throws {
    let writing = Task { [depot] in
      var n = 0
      while !Task.isCancelled {
        n += 1
        try await depot.step(n)
      }
    }
    var seen: Set<Int64> = []
    while seen.count < 100 {
      let agreed = try AgreedSnapshots.take(of: depot.stores, patience: .seconds(10))
      #expect(FeedPositions.contradictions(among: agreed.positions) == [])
      seen.insert(agreed.positions["command"]?.heads["main"] ?? 0)
      try agreed.close()
    }
    writing.cancel()
    try await writing.value
  }

  @Test func aReaderThatIsAheadIsNamed() {
    let stores = [
      "command": FeedPositions(heads: ["main": 7], cursors: ["main": ["duty": 3]]),
      "duty": FeedPositions(heads: ["main": 3], cursors: ["main": ["command": 8]]),
    ]
    let found = FeedPositions.contradictions(among: stores)
    #expect(found == ["duty has read command up to 8, which goes up to 7"])
  }

  @Test func whatWasCommittedIsInTheCopyAndTheStoreGoesOn() async throws {
    try await depot.step(5)
    let manifest = try await depot.backUp()
    try await depot.step(6)
    #expect(manifest.stores.map(\.service) == ["command", "duty"])
    #expect(manifest.stores[0].positions.heads == ["main": 5])
    #expect(manifest.stores[1].positions.cursors == ["main": ["command": 5]])
    #expect(manifest.stores[0].migrations.last == "test-0001-note")
    #expect(try BackupReader.check(depot.folder + "/backup") == manifest)
    // No log beside the copies, and nothing of the making.
    #expect(
      try depot.files(in: "backup")
        == ["command.sqlite", "duty.sqlite", "manifest.json", "manifest.json.sha256"])
    #expect(try depot.files(in: "") == ["backup", "data"])
  }

  @Test func aFolderThatIsInUseIsLeftAlone() async throws {
    _ = try await depot.backUp()
    await #expect(throws: BackupError.folderInUse(depot.folder + "/backup")) {
      try await depot.backUp()
    }
    try FileManager.default.createDirectory(
      atPath: depot.folder + "/empty", withIntermediateDirectories: true)
    _ = try await depot.backUp(to: "empty")
  }

  @Test func copiesThatDoNotStandTheCheckLeaveNothing() async throws {
    await #expect(throws: BackupError.unsound(depot.folder + "/backup")) {
      try await depot.backUp(isSound: false)
    }
    #expect(try depot.files(in: "") == ["data"])
  }

  @Test(arguments: ["command.sqlite", "duty.sqlite", "manifest.json", "phone.key"])
  func aFlippedByteIsFound(name: String) async throws {
    try Data("secret".utf8).write(to: URL(fileURLWithPath: depot.folder + "/data/phone.key"))
    _ = try await depot.backUp()
    try depot.flip("backup/\(name)")
    await #expect(throws: BackupError.altered(file: name)) { try await depot.restore() }
    #expect(!FileManager.default.fileExists(atPath: depot.folder + "/new"))
  }

  @Test func aFileCutShortOrMissingIsFound() async throws {
    _ = try await depot.backUp()
    let path = depot.folder + "/backup/duty.sqlite"
    #expect(truncate(path, 4096) == 0)
    #expect(throws: BackupError.altered(file: "duty.sqlite")) {
      try BackupReader.check(depot.folder + "/backup")
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: BackupError.altered(file: "duty.sqlite")) {
      try BackupReader.check(depot.folder + "/backup")
    }
    try FileManager.default.removeItem(atPath: depot.folder + "/backup/manifest.json")
    #expect(throws: BackupError.notABackup(depot.folder + "/backup")) {
      try BackupReader.check(depot.folder + "/backup")
    }
  }

  @Test func aNewerFormatIsRefusedByItsNumber() async throws {
    #expect(throws: BackupError.newerFormat(2)) {
      try Manifest(decoding: Data(#"{"format": 2, "shape": "unheard of"}"#.utf8))
    }
  }

  @Test func aRestoredStoreHoldsWhatTheBackupHeld() async throws {
    try await depot.step(5)
    _ = try await depot.backUp()
    try await depot.step(9)
    #expect(try await depot.restore() == nil)
    #expect(try depot.files(in: "new") == ["command.sqlite", "duty.sqlite"])
    let store = try SQLite.open(
      path: depot.folder + "/new/command.sqlite", migrations: EventLog.migrations + [Depot.note])
    #expect(try await store.read { try FeedPositions(in: $0) }.heads == ["main": 5])
    try await store.close()
  }

  @Test func storesThatAreThereAreRefusedOrPutAside() async throws {
    _ = try await depot.backUp()
    _ = try await depot.restore()
    let error = await #expect(throws: BackupError.self) { try await depot.restore() }
    guard case .targetHolds(_, let files)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(files == ["command.sqlite", "duty.sqlite"])
    let aside = try #require(try await depot.restore(movesAside: true))
    #expect(try FileManager.default.contentsOfDirectory(atPath: aside).sorted() == files)
    #expect(try depot.files(in: "new").count == 3)
  }

  @Test func aRestoreThatIsGivenUpChangesNothing() async throws {
    _ = try await depot.backUp()
    // What one that was cut off had left.
    try FileManager.default.createDirectory(
      atPath: depot.folder + "/new/restoring-1", withIntermediateDirectories: true)
    await #expect(throws: BackupError.unsound(depot.folder + "/backup")) {
      try await depot.restoration().run(services: ["command", "duty"], now: Date()) { _ in false }
    }
    #expect(try depot.files(in: "new") == [])
  }
}
