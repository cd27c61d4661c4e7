// The schemas of a database as wholes: what a restore asks about and changes.
import CLibpq
import Foundation

/// One connection of somebody who looks after a database.
public final class PostgreSQLSchemas {
  private let connection: PostgreSQLConnection

  /// - Parameter purpose: names the connection to others, after `quintet-`.
  /// - Throws: `DatabaseError`.
  public init(url: String, purpose: String) throws {
    connection = PostgreSQLConnection(
      PostgreSQLAddress(url: url, schema: purpose, lockTimeout: 5))
    try connection.open()
  }

  /// True in `pg_stat_activity` of sessions of the suite that are connected to the same database,
  /// and of no others.
  public static let isOfSuite = """
    datname = current_database() AND application_name LIKE 'quintet-%' AND pid <> pg_backend_pid()
    """

  /// Names of the suite's other sessions on this database, such as `quintet-command`.
  public func otherSessions() throws -> [String] {
    try connection.run(
      """
      SELECT DISTINCT application_name AS name FROM pg_stat_activity
      WHERE \(Self.isOfSuite) ORDER BY 1
      """, []
    ).rows.map { try $0.get("name") }
  }

  /// Those of `schemas` that exist, and how many tables each holds.
  public func tableCounts(of schemas: [String]) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for schema in schemas {
      let rows = try connection.run(
        """
        SELECT (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r')
          AS tables
        FROM pg_namespace n WHERE n.nspname = $1
        """, [.text(schema)]
      ).rows
      if let row = rows.first { counts[schema] = try row.get("tables") }
    }
    return counts
  }

  /// Runs statements together: all or nothing.
  /// - Throws: `DatabaseError`.
  public func run(_ statements: String) throws {
    try connection.run(statements)
  }

  /// - Returns: the release of the server, such as 15.
  public func serverVersion() throws -> Int {
    try connection.run("SELECT current_setting('server_version_num') AS n", []).rows.first
      .flatMap { Int(try $0.get("n", as: String.self)) }.map { $0 / 10_000 } ?? 0
  }

  public func mayCreateDatabases() throws -> Bool {
    try connection.run(
      "SELECT (rolcreatedb OR rolsuper) AS may FROM pg_roles WHERE rolname = current_user", []
    ).rows.first?.get("may") ?? false
  }

  public func close() { connection.close() }
}

/// An address in its parts, for programs that are handed it in arguments, which all may read.
public struct PostgreSQLParts: Sendable {
  /// Keywords of libpq and their values.
  private var values: [String: String] = [:]

  /// - Throws: `DatabaseError.unavailable` when libpq cannot read it.
  public init(url: String) throws {
    var problem: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &problem) else {
      let words = problem.map { String(cString: $0) } ?? ""
      PQfreemem(problem)
      throw DatabaseError.unavailable(words.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
  }

  /// All of it, for libpq in this process.
  public var address: String { Self.text(values) }

  /// The address without its passwords.
  public var openAddress: String {
    Self.text(values.filter { $0.key != "password" && $0.key != "sslpassword" })
  }

  /// The address of another database of the same server.
  public func of(database name: String) -> PostgreSQLParts {
    var parts = self
    parts.values["dbname"] = name
    return parts
  }

  /// What libpq finds the password in.
  public var environment: [String: String] {
    values["password"].map { ["PGPASSWORD": $0] } ?? [:]
  }

  private static func text(_ values: [String: String]) -> String {
    values.sorted { $0.key < $1.key }.map { keyword, value in
      let escaped = value.replacingOccurrences(of: "\\", with: "\\\\")
        .replacingOccurrences(of: "'", with: "\\'")
      return "\(keyword)='\(escaped)'"
    }.joined(separator: " ")
  }
}
