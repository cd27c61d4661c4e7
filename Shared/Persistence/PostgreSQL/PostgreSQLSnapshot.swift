// A store on a server as it is at one moment. The moment has a name, by which other sessions,
// `pg_dump` among them, look at the same one.

/// A read-only look at one schema, in a transaction that stays open until `close`.
public final class PostgreSQLSnapshot: StoreSnapshot {
  /// Rows fetched at a time by `forEachRow`.
  private static let batch = 500

  private let connection: PostgreSQLConnection
  /// Names the moment for as long as this snapshot is open.
  public let identifier: String

  /// - Parameters:
  ///   - url: `postgresql://…`, as libpq reads it.
  ///   - schema: that of one service. It need not exist.
  ///   - identifier: the moment of a snapshot that is open, on the same database; now, when left out.
  /// - Throws: `DatabaseError`.
  public init(url: String, schema: String, identifier: String? = nil) throws {
    connection = PostgreSQLConnection(
      PostgreSQLAddress(url: url, schema: schema, lockTimeout: 5))
    try connection.open()
    // It waits for whoever looks at the same moment, for as long as a copy takes.
    try connection.run("SET idle_in_transaction_session_timeout TO 0")
    try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    if let identifier {
      // The server takes a literal only, no parameter.
      guard identifier.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || Self.isHexadecimal($0) }) else {
        throw DatabaseError.other("\(identifier) is no name of a snapshot")
      }
      try connection.run("SET TRANSACTION SNAPSHOT '\(identifier)'")
      self.identifier = identifier
    } else {
      self.identifier =
        try connection.run("SELECT pg_export_snapshot() AS name", []).rows.first?.get("name") ?? ""
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  public func read<R>(_ body: (any Transaction) throws -> R) throws -> R {
    let tx = PostgreSQLTransaction(connection)
    defer { tx.end() }
    return try body(tx)
  }

  public func forEachRow(
    _ sql: String, _ arguments: [any ValueConvertible], _ body: (Row) throws -> Void
  ) throws {
    _ = try connection.run("DECLARE look NO SCROLL CURSOR FOR \(sql)", arguments.map(\.value))
    while true {
      let rows = try connection.run("FETCH \(Self.batch) FROM look", []).rows
      for row in rows { try body(row) }
      if rows.count < Self.batch { break }
    }
    try connection.run("CLOSE look")
  }

  /// Pages are the server's to check, and no row without the one it refers to gets past it.
  public func damage(checkingReferences: Bool) throws -> [String] { [] }

  public func close() throws { connection.close() }
}
