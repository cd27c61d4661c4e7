// The Transaction port over one PostgreSQL connection.

final class PostgreSQLTransaction: EngineTransaction {
  /// Nil once the closure has returned.
  private var connection: PostgreSQLConnection?
  private(set) var failure: DatabaseError?
  private(set) var mayHaveWritten = false

  init(_ connection: PostgreSQLConnection) { self.connection = connection }

  func end() { connection = nil }

  func execute(_ sql: String, _ arguments: [any ValueConvertible]) throws -> Int {
    try perform(sql, arguments).changed
  }

  func query(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row] {
    try perform(sql, arguments).rows
  }

  func tableNames() throws -> [String] {
    try query(
      """
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1
      """, []
    ).map { try $0.get("name", as: String.self) }.sorted()
  }

  private func perform(
    _ sql: String, _ arguments: [any ValueConvertible]
  ) throws -> (rows: [Row], changed: Int) {
    guard let connection else {
      throw DatabaseError.other("a transaction was used after its closure had returned")
    }
    if !isReadOnly(sql) { mayHaveWritten = true }
    do {
      return try connection.run(PostgreSQLDialect.translating(sql), arguments.map(\.value))
    } catch let error as DatabaseError {
      failure = failure ?? error
      throw error
    }
  }
}
