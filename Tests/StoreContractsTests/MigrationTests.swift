// A store remembers what it has been through, and is opened only by those who know all of it.
import Testing

@testable import Persistence

@Suite struct MigrationTests {
  let folder = try! StoreFolder()
  let second = Migration("test-0002-colour", ["ALTER TABLE thing ADD COLUMN colour TEXT"])

  @Test(arguments: Engine.allCases)
  func newStepsAreAppliedOnceAndKeepWhatIsThere(engine: Engine) async throws {
    var database = try engine.open(folder, [.things])
    try await database.write { try $0.insertThing("a") }
    try await database.close()
    for _ in 0..<2 {
      database = try engine.open(folder, [.things, second])
      let names = try await database.read { tx in
        #expect(try tx.query("SELECT name, colour FROM thing").count == 1)
        return try tx.query("SELECT name FROM schema_migration ORDER BY ordinal")
          .map { try $0.get("name", as: String.self) }
      }
      #expect(names == ["test-0001-things", "test-0002-colour"])
      try await database.close()
    }
  }

  /// Lists are put together from several rooms, each of which appends to its own.
  @Test(arguments: Engine.allCases)
  func aNewStepMayStandBeforeAnOldOneInTheList(engine: Engine) async throws {
    try await engine.open(folder, [.things]).close()
    let other = Migration("other-0001", ["CREATE TABLE other (partition TEXT NOT NULL)"])
    let database = try engine.open(folder, [other, .things])
    #expect(try await database.read { try $0.tableNames() }.contains("other"))
  }

  @Test(arguments: Engine.allCases)
  func aStoreFromANewerVersionIsRefusedWithASentence(engine: Engine) async throws {
    try await engine.open(folder, [.things, second]).close()
    let error = #expect(throws: DatabaseError.self) { try engine.open(folder, [.things]) }
    guard case .newerSchema(let sentence)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(sentence.contains("test-0002-colour"))
    #expect(sentence.contains("newer version"))
  }

  @Test(arguments: Engine.allCases)
  func anEditedStepIsRefused(engine: Engine) async throws {
    try await engine.open(folder, [.things, second]).close()
    let edited = Migration(second.name, ["ALTER TABLE thing ADD COLUMN colour INTEGER"])
    let error = #expect(throws: DatabaseError.self) { try engine.open(folder, [.things, edited]) }
    guard case .changedMigration? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: Engine.allCases)
  func aStepThatFailsLeavesNothing(engine: Engine) async throws {
    let broken = Migration("test-0002", ["CREATE TABLE half (partition TEXT)", "CREATE NONSENSE"])
    #expect(throws: DatabaseError.self) { try engine.open(folder, [.things, broken]) }
    let database = try engine.open(folder, [.things])
    let tables = try await database.read { try $0.tableNames() }
    #expect(!tables.contains("half"))
    #expect(tables.contains("thing"))
  }

  @Test(arguments: Engine.allCases)
  func twoStepsOfOneNameAreRefused(engine: Engine) {
    #expect(throws: DatabaseError.self) { try engine.open(folder, [.things, .things]) }
  }
}
