// The stores of a suite on a PostgreSQL server, as of one moment: an exported snapshot, at which
// every session looks that is told its name (Docs/decisions/0009).
public import EventLog
import Foundation
import Persistence

/// Stores on a server, held at one moment until `close`. The suite goes on meanwhile.
public final class ServerStores {
  let url: String
  private let holder: PostgreSQLSnapshot
  /// Services that have a store there, in order.
  public let present: [String]
  public let positions: [String: FeedPositions]
  let migrations: [String: [String]]

  /// - Throws: `BackupError.uncopied`, with the server's words.
  public init(url: String, services: [String]) throws {
    do {
      self.url = url
      holder = try PostgreSQLSnapshot(url: url, schema: "backup")
      let place = StorePlace.server(url: url, snapshot: holder.identifier)
      var positions: [String: FeedPositions] = [:]
      var migrations: [String: [String]] = [:]
      for service in services {
        guard let store = try place.snapshot(of: service) else { continue }
        positions[service] = try store.read { try FeedPositions(in: $0) }
        migrations[service] = try store.appliedMigrations()
        try store.close()
      }
      self.positions = positions
      self.migrations = migrations
      present = positions.keys.sorted()
    } catch let error as DatabaseError {
      throw BackupError.server(problem: "\(error)")
    }
  }

  public var toCheck: StoresToCheck { StoresToCheck(url: url, snapshot: holder.identifier) }

  /// Writes `<service>.pgdump` for each store.
  func copy(to draft: String) async throws -> [Manifest.Store] {
    let tools = try await PostgreSQLTools(url: url)
    var records: [Manifest.Store] = []
    for service in present {
      let name = "\(service).pgdump"
      let path = "\(draft)/\(name)"
      try await tools.dump(schema: service, snapshot: holder.identifier, to: path)
      guard chmod(path, 0o600) == 0 else { throw BackupError.altered(file: path) }
      try BackupFiles.flush(path)
      try await tools.list(path)
      records.append(
        Manifest.Store(
          service: service, engine: .postgresql, file: try BackupFiles.measure(path, as: name),
          migrations: migrations[service] ?? [],
          positions: positions[service] ?? FeedPositions(heads: [:], cursors: [:])))
    }
    return records
  }

  public func close() { try? holder.close() }
}
