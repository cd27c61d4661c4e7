// Opens a store on a PostgreSQL server, and refuses to when the server would not keep the promise
// that an acknowledged write survives a power cut.
import Foundation

public enum PostgreSQL {
  /// Opens or creates the schema of one service and brings it up to date. Blocks; call it once, at
  /// start. Any number of processes may do so at the same time.
  /// - Parameters:
  ///   - url: `postgresql://…`, as libpq reads it.
  ///   - schema: holds this store's tables alone; made if it is missing.
  /// - Throws: `DatabaseError`: `.unavailable`, `.newerSchema`, `.changedMigration`, `.notDurable` …
  public static func open(
    url: String, schema: String, migrations: [Migration], options: StoreOptions = .init()
  ) throws -> any Database {
    let address = PostgreSQLAddress(url: url, schema: schema, lockTimeout: options.busyTimeout)
    let connection = SharedConnection(address)
    try connection.use { connection in
      try connection.open()
      try checkPromises(connection)
      try prepare(connection, schema)
      try migrate(connection, migrations)
    }
    return PostgreSQLDatabase(address, connection: connection, options: options)
  }

  private static func checkPromises(_ connection: PostgreSQLConnection) throws {
    func setting(_ name: String) throws -> String {
      try connection.run("SELECT current_setting($1) AS setting", [.text(name)]).rows.first?
        .get("setting") ?? ""
    }
    let (fsync, commit) = try (setting("fsync"), setting("synchronous_commit"))
    guard fsync == "on", commit != "off" else {
      throw DatabaseError.notDurable(
        "fsync is \(fsync) and synchronous_commit \(commit) on the server; "
          + "on, and anything but off, are required")
    }
    let encoding = try setting("server_encoding")
    guard encoding == "UTF8" else {
      throw DatabaseError.other("the database is encoded in \(encoding); UTF8 is required")
    }
  }

  /// Two processes that start together may both find a thing missing; one of them makes it.
  private static func prepare(_ connection: PostgreSQLConnection, _ schema: String) throws {
    let statements = [
      "CREATE SCHEMA IF NOT EXISTS \(PostgreSQLConnection.quoted(schema))",
      PostgreSQLDialect.translating(Migrator.createTable), PostgreSQLSession.createTurn,
    ]
    for statement in statements {
      do {
        try connection.run(statement)
      } catch DatabaseError.unique {
        try connection.run(statement)
      }
    }
  }

  /// All or nothing, and one process at a time.
  private static func migrate(
    _ connection: PostgreSQLConnection, _ migrations: [Migration]
  ) throws {
    let session = PostgreSQLSession(connection: connection)
    try session.begin()
    do {
      let tx = PostgreSQLTransaction(connection)
      defer { tx.end() }
      for migration in try Migrator.pending(migrations, in: tx) {
        try Migrator.apply(migration, now: Date(), in: tx)
      }
      try session.commit()
    } catch {
      session.rollback()
      throw error
    }
  }
}
