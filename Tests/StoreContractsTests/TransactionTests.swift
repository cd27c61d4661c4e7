// What a statement does with what it is given.
import Foundation
import Identifiers
import Testing

@testable import Persistence

@Suite struct TransactionTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func numberedParametersMeanTheirNumberWhateverTheirOrder(engine: Engine) async throws {
    let database = try engine.open(folder, [])
    let row = try await database.read { tx in
      try tx.query("SELECT $3 AS c, $1 AS a, $2 AS b, $1 AS again", ["one", "two", "three"])[0]
    }
    #expect(try row.get("a") == "one")
    #expect(try row.get("b") == "two")
    #expect(try row.get("c") == "three")
    #expect(try row.get("again") == "one")
  }

  @Test(arguments: Engine.allCases)
  func aMissingArgumentIsRefused(engine: Engine) async throws {
    let database = try engine.open(folder, [])
    await #expect(throws: DatabaseError.self) {
      try await database.read { tx in _ = try tx.query("SELECT $1 AS a, $2 AS b", ["one"]) }
    }
  }

  @Test(arguments: Engine.allCases)
  func valuesComeBackAsTheyWent(engine: Engine) async throws {
    enum Colour: String, ValueConvertible { case red }
    var mint = IdentifierMint(
      service: "test", cause: "request/1", now: .init(timeIntervalSince1970: 1))
    let id: IncidentID = mint.next()
    let moment = Date(timeIntervalSince1970: 1_483_142_400.123456)
    let database = try engine.open(folder, [])
    let row = try await database.read { tx in
      try tx.query(
        """
        SELECT $1 AS text, $2 AS int, $3 AS large, $4 AS real, $5 AS yes, $6 AS time, $7 AS bytes,
          $8 AS absent, $9 AS id, $10 AS colour
        """,
        [
          "中文 'quoted' 🚒", Int.min, UInt64.max, -0.1, true, moment, [UInt8](0...255),
          String?.none, id, Colour.red,
        ])[0]
    }
    #expect(try row.get("text") == "中文 'quoted' 🚒")
    #expect(try row.get("int") == Int.min)
    #expect(try row.get("large") == UInt64.max)
    #expect(try row.get("real") == -0.1)
    #expect(try row.get("yes") == true)
    #expect(try row.get("time", as: Value.self) == .integer(1_483_142_400_123_456))
    #expect(try row.get("time", as: Date.self).value == moment.value)
    #expect(try row.get("bytes") == [UInt8](0...255))
    #expect(try row.get("absent", as: String?.self) == nil)
    #expect(try row.get("id") == id)
    #expect(try row.get("colour") == Colour.red)
    #expect(row.columns.map(\.name).prefix(2) == ["text", "int"])
  }

  @Test(arguments: Engine.allCases)
  func aColumnOfAnotherKindIsNamedInTheError(engine: Engine) async throws {
    let database = try engine.open(folder, [])
    let row = try await database.read { tx in try tx.query("SELECT 'x' AS name, 2 AS flag")[0] }
    #expect(throws: DatabaseError.unexpectedValue("column name: a text does not read as Int64")) {
      try row.get("name", as: Int64.self)
    }
    #expect(throws: DatabaseError.self) { try row.get("flag", as: Bool.self) }
    #expect(throws: DatabaseError.self) { try row.get("missing", as: String.self) }
  }

  @Test(arguments: Engine.allCases)
  func brokenRulesOfTheSchemaHaveTheirOwnErrors(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    try await database.write { try $0.insertThing("a") }
    let unique = await failure { try await database.write { try $0.insertThing("a") } }
    let check = await failure { try await database.write { try $0.insertThing("b", size: -1) } }
    let foreign = await failure {
      try await database.write { tx in
        _ = try tx.execute("INSERT INTO part (partition, name, thing) VALUES ('main', 'p', 'none')")
      }
    }
    guard case .unique? = unique, case .check? = check, case .foreignKey? = foreign else {
      Issue.record("\(String(describing: [unique, check, foreign]))")
      return
    }
    #expect(try await database.read { try $0.things() } == ["a"])
  }

  @Test(arguments: Engine.allCases)
  func aReaderCannotWrite(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    await #expect(throws: DatabaseError.self) {
      try await database.read { try $0.insertThing("a") }
    }
    #expect(try await database.read { try $0.things() } == [])
  }

  @Test(arguments: Engine.allCases)
  func rowsChangedAreCounted(engine: Engine) async throws {
    let database = try engine.open(folder, [.things])
    let counts = try await database.write { tx in
      try tx.insertThing("a")
      try tx.insertThing("b")
      return [
        try tx.execute("UPDATE thing SET size = 1"),
        try tx.execute("DELETE FROM thing WHERE name = $1", ["nobody"]),
      ]
    }
    #expect(counts == [2, 0])
  }

  private func failure(_ body: () async throws -> Void) async -> DatabaseError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? DatabaseError
    }
  }
}
