// The schema's history. Append-only: a shipped migration is never edited, a mistake is mended by
// the next one. The table schema_migration remembers what a file has been through.
import Foundation

/// One step of a schema.
public struct Migration: Sendable {
  /// Unique within a service, such as `command-0001-incident`.
  public let name: String
  /// Run in this order, together with the note that they ran, in one transaction.
  public let statements: [String]

  public init(_ name: String, _ statements: [String]) {
    self.name = name
    self.statements = statements
  }

  /// FNV-1a over the statements: guards against slips, not against malice.
  var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in statements.joined(separator: ";\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

enum Migrator {
  static let createTable = """
    CREATE TABLE IF NOT EXISTS schema_migration (
      name TEXT NOT NULL PRIMARY KEY,
      ordinal INTEGER NOT NULL UNIQUE,
      statements_hash TEXT NOT NULL,
      applied_time INTEGER NOT NULL
    )
    """

  /// Which of `migrations` a store still needs, given what it has been through.
  /// - Throws: `DatabaseError.newerSchema` for a step we do not know, `.changedMigration` for one
  ///   whose text differs from what was applied.
  static func pending(_ migrations: [Migration], in tx: any Transaction) throws -> [Migration] {
    var known: [String: Migration] = [:]
    for migration in migrations where known.updateValue(migration, forKey: migration.name) != nil {
      throw DatabaseError.other("two migrations are named \(migration.name)")
    }
    var applied: Set<String> = []
    for row in try tx.query("SELECT name, statements_hash FROM schema_migration ORDER BY ordinal") {
      let name = try row.get("name", as: String.self)
      guard let migration = known[name] else {
        throw DatabaseError.newerSchema(
          "The store has been through the migration \(name), which this version does not know: "
            + "it was written by a newer version. Start that one, or restore a backup.")
      }
      guard try row.get("statements_hash", as: String.self) == migration.fingerprint else {
        throw DatabaseError.changedMigration(
          "The migration \(name) was changed after it had been applied to this store.")
      }
      applied.insert(name)
    }
    return migrations.filter { !applied.contains($0.name) }
  }

  /// Runs one step. To be called in a transaction of its own.
  static func apply(_ migration: Migration, now: Date, in tx: any Transaction) throws {
    for statement in migration.statements {
      do {
        try tx.execute(statement)
      } catch let error as DatabaseError {
        throw DatabaseError.other("migration \(migration.name) failed: \(error)")
      }
    }
    try tx.execute(
      """
      INSERT INTO schema_migration (name, ordinal, statements_hash, applied_time)
      SELECT $1, coalesce(max(ordinal), 0) + 1, $2, $3 FROM schema_migration
      """, [migration.name, migration.fingerprint, now])
  }
}
