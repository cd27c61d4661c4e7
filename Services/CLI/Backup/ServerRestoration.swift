// Brings a backup back onto a PostgreSQL server: all schemas in one transaction, so that a server has
// either what it had or all of the backup.
public import Foundation
import Persistence

/// One restore onto a server. The caller holds the locks of its own suite; sessions of others are
/// looked for.
public struct ServerRestoration: Sendable {
  let backup: String
  let url: String
  let folder: String
  let marker: String
  let movesAside: Bool

  /// - Parameters:
  ///   - folder: the data folder, which exists, for what is not on the server.
  ///   - marker: a path in it. While a file lies there, no service opens a store.
  ///   - movesAside: schemas that are there already are given another name.
  public init(backup: String, url: String, folder: String, marker: String, movesAside: Bool) {
    self.backup = backup
    self.url = url
    self.folder = folder
    self.marker = marker
    self.movesAside = movesAside
  }

  /// - Parameters:
  ///   - services: all that may have a schema in the database.
  ///   - check: asks whether stores are sound; false takes the restore back.
  /// - Returns: the backup's manifest, and the names that what was there was given.
  /// - Throws: `BackupError`; what `check` throws. All is as it was then.
  public func run(
    services: [String], now: Date, check: (StoresToCheck) async throws -> Bool
  ) async throws -> (manifest: Manifest, aside: [String]) {
    let manifest = try BackupReader.check(backup, engine: .postgresql)
    let tools = try await PostgreSQLTools(url: url)
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    let suffix = "before_restore_\(now.formatted(style).lowercased())"
    let counts = try await whatIsThere(services)
    let used = services.filter { counts[$0, default: 0] > 0 }
    let files = try otherFiles(manifest)
    guard used.isEmpty && files.inTheWay.isEmpty || movesAside else {
      throw BackupError.serverHolds(used + files.inTheWay)
    }
    let wasUnfinished = FileManager.default.fileExists(atPath: marker)
    if !wasUnfinished {
      try BackupFiles.write(Data("\(backup)\n".utf8), to: marker)
      try BackupFiles.flush(folder)
    }
    do {
      let empty = counts.keys.filter { counts[$0] == 0 }
      try await tools.load(
        manifest.stores.map { "\(backup)/\($0.file.name)" },
        before: used.flatMap { Self.settingAside($0, as: "\($0)_\(suffix)") }
          + empty.map { "DROP SCHEMA \"\($0)\";" },
        after: [Self.refusingSessions])
      try await takeBackUnlessSound(manifest, used, suffix, check)
    } catch {
      if !wasUnfinished { unlink(marker) }
      throw error
    }
    for name in files.inTheWay {
      try BackupFiles.rename("\(folder)/\(name)", to: "\(folder)/\(name).\(suffix)")
    }
    for file in files.missing {
      try BackupFiles.copy("\(backup)/\(file.name)", to: "\(folder)/\(file.name)")
    }
    guard unlink(marker) == 0 else { throw BackupError.altered(file: marker) }
    try BackupFiles.flush(folder)
    return (manifest, used.map { "\($0)_\(suffix)" } + files.inTheWay.map { "\($0).\(suffix)" })
  }

  private func takeBackUnlessSound(
    _ manifest: Manifest, _ used: [String], _ suffix: String,
    _ check: (StoresToCheck) async throws -> Bool
  ) async throws {
    let services = manifest.stores.map(\.service)
    var failure: any Error = BackupError.unsound(backup)
    do {
      let stores = try ServerStores(url: url, services: services)
      defer { stores.close() }
      if try await check(stores.toCheck) { return }
    } catch {
      failure = error
    }
    try inWordsOfBackup {
      let schemas = try PostgreSQLSchemas(url: url, purpose: "restore")
      try schemas.run(
        (services.map { "DROP SCHEMA \"\($0)\" CASCADE" }
          + used.map { "ALTER SCHEMA \"\($0)_\(suffix)\" RENAME TO \"\($0)\"" })
          .joined(separator: ";"))
      schemas.close()
    }
    throw failure
  }

  /// Whoever would write into the schema meanwhile waits, and then writes into the new one.
  private static func settingAside(_ schema: String, as name: String) -> [String] {
    [
      "SET lock_timeout TO '10s';",
      """
      DO $$ BEGIN IF to_regclass('"\(schema)".writer_turn') IS NOT NULL THEN
      LOCK TABLE "\(schema)".writer_turn IN ACCESS EXCLUSIVE MODE; END IF; END $$;
      """,
      "ALTER SCHEMA \"\(schema)\" RENAME TO \"\(name)\";",
    ]
  }

  private static let refusingSessions = """
    DO $$ BEGIN IF EXISTS (SELECT FROM pg_stat_activity WHERE \(PostgreSQLSchemas.isOfSuite)) THEN
    RAISE EXCEPTION 'a process of the suite was started meanwhile'; END IF; END $$;
    """

  /// - Returns: schema → number of its tables, of those of `services` that exist.
  private func whatIsThere(_ services: [String]) async throws -> [String: Int] {
    // Sessions that were ended just now may still be listed for a moment.
    for attempt in 1... {
      let (sessions, counts) = try inWordsOfBackup {
        let schemas = try PostgreSQLSchemas(url: url, purpose: "restore")
        defer { schemas.close() }
        return (try schemas.otherSessions(), try schemas.tableCounts(of: services))
      }
      if sessions.isEmpty { return counts }
      guard attempt < 10 else { throw BackupError.serverInUse(sessions) }
      try await Task.sleep(for: .milliseconds(200))
    }
    return [:]
  }

  private func otherFiles(
    _ manifest: Manifest
  ) throws -> (missing: [Manifest.File], inTheWay: [String]) {
    let missing = manifest.others.filter { file in
      (try? BackupFiles.measure("\(folder)/\(file.name)", as: file.name)) != file
    }
    let inTheWay = missing.map(\.name).filter {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
    return (missing, inTheWay)
  }

  /// Brings a backup back into a database made for it, lets `check` look at it there, and drops that.
  /// - Returns: nil when whoever `url` names may not create a database: then only sums and contents
  ///   of the dumps were checked.
  public static func rehearse(
    _ backup: String, url: String, check: (StoresToCheck) async throws -> Bool
  ) async throws -> Bool? {
    let manifest = try BackupReader.check(backup, engine: .postgresql)
    let tools = try await PostgreSQLTools(url: url)
    for store in manifest.stores { try await tools.list("\(backup)/\(store.file.name)") }
    let name = "quintet_verify_\(UUID().uuidString.prefix(8).lowercased())"
    let isMade = try inWordsOfBackup {
      let schemas = try PostgreSQLSchemas(url: url, purpose: "verify")
      defer { schemas.close() }
      guard try schemas.mayCreateDatabases() else { return false }
      try schemas.run("CREATE DATABASE \"\(name)\" TEMPLATE template0 ENCODING 'UTF8'")
      return true
    }
    guard isMade else { return nil }
    let result: Result<Bool, any Error>
    do {
      try await tools.load(
        manifest.stores.map { "\(backup)/\($0.file.name)" }, before: [], after: [],
        database: name)
      let stores = try ServerStores(
        url: try PostgreSQLParts(url: url).of(database: name).address,
        services: manifest.stores.map(\.service))
      defer { stores.close() }
      result = .success(try await check(stores.toCheck))
    } catch {
      result = .failure(error)
    }
    try inWordsOfBackup {
      let schemas = try PostgreSQLSchemas(url: url, purpose: "verify")
      try schemas.run("DROP DATABASE \"\(name)\" WITH (FORCE)")
      schemas.close()
    }
    return try result.get()
  }
}

private func inWordsOfBackup<R>(_ body: () throws -> R) throws -> R {
  do {
    return try body()
  } catch let error as DatabaseError {
    throw BackupError.server(problem: "\(error)")
  }
}
