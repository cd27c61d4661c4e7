// A store as it is at one moment, whichever engine keeps it: what a check and a backup read.
import Foundation

/// A read-only look at one store. One thread uses it at a time.
public protocol StoreSnapshot {
  /// Runs `body` on the snapshot. What it is given is read-only.
  /// - Throws: what `body` throws; `DatabaseError`.
  func read<R>(_ body: (any Transaction) throws -> R) throws -> R

  /// Hands over the rows of a statement one by one, for those that are too many to be held at once.
  /// - Throws: what `body` throws; `DatabaseError`.
  func forEachRow(
    _ sql: String, _ arguments: [any ValueConvertible], _ body: (Row) throws -> Void) throws

  /// What the engine itself finds wrong with what it keeps.
  /// - Returns: at most 20 findings; none for a sound store.
  func damage(checkingReferences: Bool) throws -> [String]

  func close() throws
}

extension StoreSnapshot {
  public func forEachRow(_ sql: String, _ body: (Row) throws -> Void) throws {
    try forEachRow(sql, [], body)
  }

  public func damage() throws -> [String] { try damage(checkingReferences: true) }

  /// The migrations the store still needs to be one of this version.
  /// - Throws: `DatabaseError.newerSchema`, `.changedMigration`.
  public func pending(_ migrations: [Migration]) throws -> [Migration] {
    try read { tx in
      guard try tx.tableNames().contains("schema_migration") else { return migrations }
      return try Migrator.pending(migrations, in: tx)
    }
  }

  /// Names of the migrations the store has been through, in order.
  public func appliedMigrations() throws -> [String] {
    try read { tx in
      try tx.query("SELECT name FROM schema_migration ORDER BY ordinal").map {
        try $0.get("name")
      }
    }
  }
}

/// Where the stores of a suite lie that are looked at as of one moment.
public enum StorePlace: Sendable, Hashable {
  /// `<service>.sqlite` in a folder, in which nothing is written meanwhile.
  case folder(String)
  /// A schema for each service on a server, as of the moment of an exported snapshot
  /// (`PostgreSQLSnapshot.identifier`), which is held open meanwhile.
  case server(url: String, snapshot: String)

  /// - Returns: nil when that service has no store there.
  /// - Throws: `DatabaseError`.
  public func snapshot(of service: String) throws -> (any StoreSnapshot)? {
    switch self {
    case .folder(let folder):
      let path = "\(folder)/\(service).sqlite"
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      return try SQLiteSnapshot(path: path)
    case .server(let url, let identifier):
      let snapshot = try PostgreSQLSnapshot(url: url, schema: service, identifier: identifier)
      guard try snapshot.read({ try $0.tableNames() }).contains("schema_migration") else {
        return nil
      }
      return snapshot
    }
  }
}
