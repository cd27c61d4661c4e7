// An acknowledgement means: durable. What is checked here is that nothing quietly weakens it.
import Foundation
import Testing

@testable import Persistence

@Suite struct DurabilityTests {
  let folder = try! StoreFolder()

  @Test func theWriterFlushesEveryCommit() async throws {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    let settings = try await database.write { tx in
      try ["synchronous", "journal_mode", "foreign_keys"].map { name in
        try #require(try tx.query("PRAGMA \(name)").first?.columns.first?.value)
      }
    }
    #expect(settings == [2, "wal", 1])
  }

  @Test func whatWasAcknowledgedIsFoundAfterAPowerCut() async throws {
    let engine = Engine.sqlite
    let database = try engine.open(folder, [.things])
    for index in 0..<20 { try await database.write { try $0.insertThing("thing \(index)") } }
    let copy = try folder.copyAsAfterPowerCut()
    let recovered = try engine.open(copy, [.things])
    #expect(try await recovered.read { try $0.things() }.count == 20)
  }

  @Test(arguments: Engine.allCases)
  func reopeningFindsAll(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    try await database.write { try $0.insertThing("a", size: 7) }
    try await database.close()
    if engine == .sqlite {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.folder.path)
      #expect(files == ["store.sqlite"])
    }
    let reopened = try engine.open(folder, [.things])
    #expect(try await reopened.read { try $0.things() } == ["a"])
  }

  @Test(arguments: Engine.allCases)
  func closingLetsQueuedWritesFinishAndRefusesNewOnes(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let writer = try await HeldWriter(database)
    let queued = Task { try await database.write { try $0.insertThing("queued") } }
    while try engine.waitingWrites(database) < 1 { await Task.yield() }
    let commits = database.commits()
    let closing = Task { try await database.close() }
    while true {
      do {
        _ = try await database.read { _ in true }
      } catch {
        break
      }
    }
    await #expect(throws: DatabaseError.closed) {
      try await database.write { try $0.insertThing("late") }
    }
    try await writer.letGo()
    try await queued.value
    try await closing.value
    // Ends, because the store is closed.
    for await _ in commits {}
    try await database.close()
    let reopened = try engine.open(folder, [.things])
    #expect(try await reopened.read { try $0.things() } == ["queued"])
  }

  @Test func aFileThatIsNoDatabaseIsRefused() throws {
    try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: folder.path))
    #expect(throws: DatabaseError.self) {
      try SQLite.open(path: folder.path, migrations: [.things])
    }
  }

  /// A write that the system refuses with anything but "disk full" leaves unknown bytes behind.
  @Test func aFailedWriteEndsTheProcessWithoutAnAcknowledgement() async {
    let result = await #expect(
      processExitsWith: .exitCode(70), observing: [\.standardErrorContent]
    ) {
      let folder = try StoreFolder()
      let database = try SQLite.open(path: folder.path, migrations: [.things])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 64 << 10, rlim_max: 64 << 10)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try await database.write { tx in
        try tx.execute(
          "INSERT INTO thing (partition, name) VALUES ('main', hex(zeroblob(200000)))")
      }
      FileHandle.standardError.write(Data("acknowledged".utf8))
    }
    let lastWords = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(lastWords.contains("the store cannot be written; ending the process"))
    #expect(!lastWords.contains("acknowledged"))
  }
}
