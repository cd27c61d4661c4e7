// Opens a SQLite store, and refuses to when it could not keep the promise that an acknowledged
// write survives a power cut.
import CheckedPages
import Foundation
import GRDB
import Logging

public enum SQLite {
  /// Opens or creates the store in the file at `path` and brings its schema up to date.
  /// Blocks; call it once, at start.
  /// - Throws: `DatabaseError`: `.newerSchema`, `.changedMigration`, `.notDurable`, `.corrupt` …
  public static func open(
    path: String, migrations: [Migration], options: StoreOptions = .init()
  ) throws -> any Database {
    var configuration = Configuration()
    configuration.label = "store." + URL(fileURLWithPath: path).lastPathComponent
    configuration.busyMode = .timeout(options.busyTimeout)
    configuration.maximumReaderCount = options.readers
    configuration.journalMode = .wal
    configuration.foreignKeysEnabled = true
    try WriteAheadLog.check(path + "-wal")
    try refuseUnsound(path, migrations)
    try checkPages(&configuration)
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      try pool.writeWithoutTransaction { db in
        try makeDurable(db)
        reportUncheckedPages(db, options)
        try migrate(db, migrations)
      }
      return SQLiteDatabase(pool: pool, options: options)
    } catch {
      throw DatabaseError.translating(error)
    }
  }

  /// A file that was not closed in order is checked before it is served, up to this many bytes; a
  /// larger one would keep its service from starting for longer than it takes others to give up on
  /// it, and is checked when it is backed up or verified.
  static let checkedAtStart: Int64 = 64 << 20

  /// Looks before anything is written, so that a file that is refused stays as it was found.
  /// - Throws: `DatabaseError.newerSchema`, `.changedMigration`, `.corrupt`.
  private static func refuseUnsound(_ path: String, _ migrations: [Migration]) throws {
    let size = fileSize(path)
    guard size > 0 else { return }
    let snapshot = try SQLiteSnapshot(path: path)
    _ = try snapshot.pending(migrations)
    // A store that was closed in order leaves no log.
    if fileSize(path + "-wal") > 0, size <= checkedAtStart,
      let finding = try snapshot.damage(checkingReferences: false).first
    {
      throw DatabaseError.corrupt(finding)
    }
    try snapshot.close()
  }

  private static func fileSize(_ path: String) -> Int64 {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
  }

  /// Verifies the pages of any store, and has those of a new one carry checksums.
  static func checkPages(_ configuration: inout Configuration) throws {
    guard checked_pages_register() == 0 else {
      throw DatabaseError.notDurable("the pages of the store cannot be checked")
    }
    configuration.prepareDatabase { db in
      // Nothing happens to a store that has pages already.
      guard !db.configuration.readonly else { return }
      let result = checked_pages_reserve(db.sqliteConnection.map(UnsafeMutableRawPointer.init))
      guard result == 0 else { throw GRDB.DatabaseError(resultCode: .init(rawValue: result)) }
    }
  }

  static func hasCheckedPages(_ db: GRDB.Database) -> Bool {
    checked_pages_are_on(db.sqliteConnection.map(UnsafeMutableRawPointer.init)) != 0
  }

  /// GRDB sets `synchronous = NORMAL` when it switches to WAL, silently undoing an earlier FULL;
  /// with NORMAL an acknowledged row can vanish in a power cut. So: afterwards, and read back.
  private static func makeDurable(_ db: GRDB.Database) throws {
    try db.execute(sql: "PRAGMA synchronous = FULL")
    // SQLite's own checkpoints keep their failures to themselves; GroupCommit makes them instead.
    try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
    // A log that grew under a slow reader gives its space back.
    try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
    let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
    let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode")
    let foreignKeys = try Int.fetchOne(db, sql: "PRAGMA foreign_keys")
    guard synchronous == 2, journal == "wal", foreignKeys == 1 else {
      throw DatabaseError.notDurable(
        "synchronous is \(synchronous ?? -1), journal_mode \(journal ?? "unknown"), "
          + "foreign_keys \(foreignKeys ?? -1); 2, wal and 1 are required")
    }
  }

  /// A store made before pages had checksums is served, and backed up, as it is.
  private static func reportUncheckedPages(_ db: GRDB.Database, _ options: StoreOptions) {
    if !hasCheckedPages(db) {
      options.logger?.warning("the pages of this store have no checksums")
    }
  }

  private static func migrate(_ db: GRDB.Database, _ migrations: [Migration]) throws {
    try db.execute(sql: Migrator.createTable)
    let pending = try Migrator.pending(migrations, in: SQLiteTransaction(db))
    for migration in pending {
      try db.inTransaction(.immediate) {
        try Migrator.apply(migration, now: Date(), in: SQLiteTransaction(db))
        return .commit
      }
    }
  }
}

extension DatabaseError {
  /// The engine's error in the port's words; any other error as it is.
  static func translating(_ error: any Error) -> any Error {
    guard let error = error as? GRDB.DatabaseError else { return error }
    let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.extendedResultCode {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
      return DatabaseError.unique(message)
    // The index of the log, which holds nothing that must last, found no room to grow.
    case .SQLITE_IOERR_SHMSIZE: return DatabaseError.full
    case .SQLITE_IOERR_DATA:
      return DatabaseError.corrupt("a page of the store does not match its checksum")
    case .SQLITE_CONSTRAINT_FOREIGNKEY: return DatabaseError.foreignKey(message)
    case .SQLITE_CONSTRAINT_CHECK, .SQLITE_CONSTRAINT_NOTNULL: return DatabaseError.check(message)
    default: break
    }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return DatabaseError.corrupt(message)
    case .SQLITE_FULL: return DatabaseError.full
    case .SQLITE_BUSY: return DatabaseError.busy
    case .SQLITE_IOERR:
      return DatabaseError.inputOutput("\(message) (\(error.extendedResultCode.rawValue))")
    default:
      let statement = error.sql.map { " in: \($0)" } ?? ""
      return DatabaseError.other("\(message) (\(error.extendedResultCode.rawValue))\(statement)")
    }
  }
}
