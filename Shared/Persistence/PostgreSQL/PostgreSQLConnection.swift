// One connection to a PostgreSQL server through libpq. It blocks: it is only ever used on the store's
// own threads.
import CLibpq
import Foundation

/// Where a store lies on a server.
struct PostgreSQLAddress: Sendable {
  /// A `postgresql://` address, as libpq reads it.
  let url: String
  /// The schema of the one service whose store this is.
  let schema: String
  /// Seconds that a statement may wait for another's lock.
  let lockTimeout: Double
}

final class PostgreSQLConnection {
  private let address: PostgreSQLAddress
  private var handle: OpaquePointer?
  private var prepared: [StatementKey: String] = [:]

  /// A statement is prepared once for each series of types it is given.
  private struct StatementKey: Hashable {
    let sql: String
    let types: [Oid]
  }

  /// Beyond, all are given up and prepared anew.
  private static let preparedLimit = 1024

  init(_ address: PostgreSQLAddress) { self.address = address }

  deinit { PQfinish(handle) }

  func close() {
    PQfinish(handle)
    handle = nil
    prepared = [:]
  }

  /// Connects unless it is connected.
  /// - Throws: `DatabaseError.unavailable`.
  func open() throws {
    if let handle, PQstatus(handle) == CONNECTION_OK { return }
    close()
    let parameters = [
      ("dbname", address.url), ("connect_timeout", "5"), ("client_encoding", "UTF8"),
      ("fallback_application_name", "quintet-\(address.schema)"),
    ]
    handle = Self.connect(parameters)
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    guard PQstatus(handle) == CONNECTION_OK else {
      let reason = message()
      close()
      throw DatabaseError.unavailable(reason)
    }
    do {
      try run(settings)
    } catch {
      close()
      throw error
    }
  }

  /// A process that stops in the middle of a transaction must not keep the store from the others.
  private var settings: String {
    """
    SET search_path TO \(Self.quoted(address.schema));
    SET lock_timeout TO '\(Int(address.lockTimeout * 1000))ms';
    SET idle_in_transaction_session_timeout TO '3s';
    SET timezone TO 'UTC';
    SET bytea_output TO 'hex'
    """
  }

  private static func connect(_ parameters: [(String, String)]) -> OpaquePointer? {
    let keywords = parameters.map { strdup($0.0) }
    let values = parameters.map { strdup($0.1) }
    defer { for text in keywords + values { free(text) } }
    let endedKeywords = keywords.map { UnsafePointer($0) } + [nil]
    let endedValues = values.map { UnsafePointer($0) } + [nil]
    return PQconnectdbParams(endedKeywords, endedValues, 1)
  }

  var isInsideTransaction: Bool {
    PQtransactionStatus(handle) == PQTRANS_INTRANS || PQtransactionStatus(handle) == PQTRANS_INERROR
  }

  /// Runs statements without parameters, for their effect.
  /// - Throws: `DatabaseError`.
  func run(_ statements: String) throws {
    let result = PQexec(handle, statements)
    defer { PQclear(result) }
    try check(result, statements)
  }

  /// Begins a transaction, on a new connection if the old one turns out to be dead: nothing was done
  /// on it yet.
  /// - Throws: `DatabaseError`.
  func begin(_ statements: String) throws {
    try open()
    do {
      try run(statements)
    } catch DatabaseError.unavailable {
      close()
      try open()
      try run(statements)
    }
  }

  /// Never fails: a connection that cannot even do that is given up, and the server rolls back.
  func rollback() {
    do {
      if isInsideTransaction { try run("ROLLBACK") }
    } catch {
      close()
    }
  }

  /// Commits, and makes sure of it: of a transaction that had failed before, the server answers to a
  /// COMMIT that all is well, and rolls back.
  /// - Throws: `DatabaseError`.
  func commit() throws {
    let result = PQexec(handle, "COMMIT")
    defer { PQclear(result) }
    try check(result, "COMMIT")
    let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
    guard tag == "COMMIT" else {
      throw DatabaseError.other("the server answered \(tag) to a COMMIT")
    }
  }

  /// - Returns: the rows, and how many were changed.
  /// - Throws: `DatabaseError`.
  func run(_ sql: String, _ arguments: [Value]) throws -> (rows: [Row], changed: Int) {
    let bound = PostgreSQLArguments(arguments)
    let name = try statement(sql, types: bound.types)
    let result = bound.withPointers { values, lengths, formats in
      PQexecPrepared(handle, name, Int32(arguments.count), values, lengths, formats, 0)
    }
    defer { PQclear(result) }
    try check(result, sql)
    let changed = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    return (try PostgreSQLResult.rows(of: result), changed)
  }

  private func statement(_ sql: String, types: [Oid]) throws -> String {
    let key = StatementKey(sql: sql, types: types)
    if let name = prepared[key] { return name }
    if prepared.count >= Self.preparedLimit {
      try run("DEALLOCATE ALL")
      prepared = [:]
    }
    let name = "s\(prepared.count)"
    let result = PQprepare(handle, name, sql, Int32(types.count), types)
    defer { PQclear(result) }
    try check(result, sql)
    prepared[key] = name
    return name
  }

  private func check(_ result: OpaquePointer?, _ sql: String) throws {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return
    default: break
    }
    guard let result, PQstatus(handle) == CONNECTION_OK else {
      throw DatabaseError.unavailable(message())
    }
    let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
    let words = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
    throw DatabaseError.fromState(
      state ?? "", words.trimmingCharacters(in: .whitespacesAndNewlines), sql)
  }

  private func message() -> String {
    let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  static func quoted(_ name: String) -> String {
    "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}

extension DatabaseError {
  /// A server's error in the port's words.
  /// - Parameter state: SQLSTATE, PostgreSQL 15 documentation, appendix A.
  static func fromState(_ state: String, _ message: String, _ sql: String) -> DatabaseError {
    switch state {
    case "23505": .unique(message)
    case "23503": .foreignKey(message)
    case "23502", "23514": .check(message)
    case "40001", "40P01": .conflict
    case "53100": .full
    case "55P03": .busy
    case "XX001", "XX002": .corrupt(message)
    // Being shut down or started, or too many connections; what else ends a session.
    case "57P01", "57P02", "57P03", "53300", "25P03", "08000", "08003", "08006":
      .unavailable(message)
    default: .other("\(message) (\(state)) in: \(sql)")
    }
  }
}
