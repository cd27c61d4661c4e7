// A store's file as it is at one moment, seen from beside the process that owns it. The connection is
// read-only: it neither writes nor empties the log, so the owner stays the only one that does.
import Foundation
import GRDB

/// A read-only look at the file of a SQLite store, whether or not a process has it open.
public final class SQLiteSnapshot: StoreSnapshot, Sendable {
  private let reader: DatabaseQueue
  /// Outside any transaction, so that it sees what is committed after the snapshot.
  private let probe: DatabaseQueue

  /// Opens the file. The moment is that of the first `read`, or of the last `renew`.
  /// - Throws: `DatabaseError`: `.corrupt` for what is no database, `.other` for what is not there.
  public init(path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    // The read transaction stays open from one call to the next.
    configuration.allowsUnsafeTransactions = true
    try SQLite.checkPages(&configuration)
    do {
      reader = try DatabaseQueue(path: path, configuration: configuration)
      probe = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw DatabaseError.translating(error)
    }
  }

  /// Changes with every commit of another connection; compare two answers of one snapshot.
  public func commitMark() throws -> Int {
    try translating {
      try probe.inDatabase { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }
  }

  /// Moves the snapshot to now.
  public func renew() throws {
    try translating {
      try reader.inDatabase { db in
        if db.isInsideTransaction { try db.rollback() }
        try Self.begin(db)
      }
    }
  }

  /// Runs `body` on the snapshot. What it is given is read-only.
  /// - Throws: what `body` throws; `DatabaseError`.
  public func read<R>(_ body: (any Transaction) throws -> R) throws -> R {
    try translating {
      try reader.inDatabase { db in
        if !db.isInsideTransaction { try Self.begin(db) }
        let tx = SQLiteTransaction(db)
        defer { tx.end() }
        return try body(tx)
      }
    }
  }

  /// Hands over the rows of a statement one by one, for those that are too many to be held at once.
  /// - Throws: what `body` throws; `DatabaseError`.
  public func forEachRow(
    _ sql: String, _ arguments: [any ValueConvertible], _ body: (Row) throws -> Void
  ) throws {
    try translating {
      try reader.inDatabase { db in
        if !db.isInsideTransaction { try Self.begin(db) }
        try SQLiteTransaction.forEachRow(db, sql, arguments, body)
      }
    }
  }

  /// Writes the snapshot to a new file: whole, durable, and without a log beside it.
  /// - Throws: `DatabaseError`, such as `.full`.
  public func copy(to path: String) throws {
    try translating {
      let isChecked = try reader.inDatabase { source in
        if !source.isInsideTransaction { try Self.begin(source) }
        return SQLite.hasCheckedPages(source)
      }
      var configuration = Configuration()
      if isChecked { try SQLite.checkPages(&configuration) }
      let target = try DatabaseQueue(path: path, configuration: configuration)
      try target.inDatabase { db in
        // The first page says whether all have checksums, and is written when others may have been
        // already: so it is made to say so before.
        if isChecked { try db.execute(sql: "CREATE TABLE begun (n)") }
        try reader.inDatabase { try $0.backup(to: db) }
      }
      try target.close()
      let copy = try DatabaseQueue(path: path)
      let mode = try copy.inDatabase {
        try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
      }
      try copy.close()
      guard mode == "delete" else {
        throw DatabaseError.other("the copy still has a log: journal_mode \(mode ?? "unknown")")
      }
    }
  }

  /// What SQLite itself finds wrong with the file's pages (`quick_check`) and, if these are sound,
  /// its references (`foreign_key_check`). Reads the whole file.
  /// - Returns: at most 20 findings; none for a sound file.
  public func damage(checkingReferences: Bool) throws -> [String] {
    do {
      return try read { tx in
        let pages = try tx.query("PRAGMA quick_check(20)").map {
          try $0.get("quick_check", as: String.self)
        }
        guard pages == ["ok"] else { return pages }
        guard checkingReferences else { return [] }
        return try tx.query("PRAGMA foreign_key_check").prefix(20).map { row in
          let table = try row.get("table", as: String.self)
          let parent = try row.get("parent", as: String.self)
          return "a row of \(table) refers to no row of \(parent)"
        }
      }
    } catch DatabaseError.corrupt(let message) {
      return [message]
    }
  }

  /// Looks through the log of a store for damage that SQLite would take for the log's end. Of a store
  /// that is in use the log may begin anew under the look, so what is found must be found three times.
  /// - Throws: `DatabaseError.corrupt`, `.inputOutput`.
  public static func checkLog(ofStore path: String) throws {
    for attempt in 1... {
      do {
        return try WriteAheadLog.check(path + "-wal")
      } catch {
        if attempt == 3 { throw error }
        usleep(50_000)
      }
    }
  }

  /// Lets go of the file.
  public func close() throws {
    try translating {
      try reader.inDatabase { if $0.isInsideTransaction { try $0.rollback() } }
      try reader.close()
      try probe.close()
    }
  }

  /// SQLite takes the snapshot at the first read of a transaction, not at its beginning.
  private static func begin(_ db: GRDB.Database) throws {
    try db.beginTransaction(.deferred)
    _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
  }

  private func translating<R>(_ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch {
      throw DatabaseError.translating(error)
    }
  }
}
