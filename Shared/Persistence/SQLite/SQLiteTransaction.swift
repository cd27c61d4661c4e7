// The Transaction port over one GRDB connection.
import Foundation
import GRDB

final class SQLiteTransaction: EngineTransaction {
  /// Nil once the closure has returned.
  private var connection: GRDB.Database?
  private(set) var failure: DatabaseError?
  private(set) var mayHaveWritten = false

  init(_ connection: GRDB.Database) {
    self.connection = connection
  }

  func end() { connection = nil }

  func execute(_ sql: String, _ arguments: [any ValueConvertible]) throws -> Int {
    mayHaveWritten = true
    return try translatingErrors { db in
      let statement = try db.cachedStatement(sql: sql)
      try statement.execute(arguments: Self.named(arguments))
      return db.changesCount
    }
  }

  func query(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row] {
    if !isReadOnly(sql) { mayHaveWritten = true }
    return try translatingErrors { db in
      var rows: [Row] = []
      try Self.forEachRow(db, sql, arguments) { rows.append($0) }
      return rows
    }
  }

  func tableNames() throws -> [String] {
    try query(
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name
      """, []
    ).map { try $0.get("name") }
  }

  static func forEachRow(
    _ db: GRDB.Database, _ sql: String, _ arguments: [any ValueConvertible],
    _ body: (Row) throws -> Void
  ) throws {
    let statement = try db.cachedStatement(sql: sql)
    let cursor = try GRDB.Row.fetchCursor(statement, arguments: named(arguments))
    let names = Array(statement.columnNames)
    while let row = try cursor.next() {
      try body(Row(names: names, values: row.databaseValues.map(value)))
    }
  }

  private func translatingErrors<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
    guard let connection else {
      throw DatabaseError.other("a transaction was used after its closure had returned")
    }
    do {
      return try body(connection)
    } catch {
      let translated = DatabaseError.translating(error)
      failure = failure ?? translated as? DatabaseError
      throw translated
    }
  }

  /// To SQLite `$1` is a name, not a number: parameters are counted in the order in which they
  /// first occur. So they are bound by name.
  private static func named(_ arguments: [any ValueConvertible]) -> StatementArguments {
    var named: [String: (any DatabaseValueConvertible)?] = [:]
    named.reserveCapacity(arguments.count)
    for (index, argument) in arguments.enumerated() {
      named[String(index + 1)] = databaseValue(argument.value)
    }
    return StatementArguments(named)
  }

  private static func databaseValue(_ value: Value) -> DatabaseValue {
    switch value {
    case .null: .null
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    case .blob(let bytes): Data(bytes).databaseValue
    }
  }

  private static func value(_ value: DatabaseValue) -> Value {
    switch value.storage {
    case .null: .null
    case .int64(let number): .integer(number)
    case .double(let number): .real(number)
    case .string(let text): .text(text)
    case .blob(let data): .blob([UInt8](data))
    }
  }
}
