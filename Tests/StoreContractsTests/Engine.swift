// The contracts are promises of the port: every test names an engine, so that a second one is held
// to the same promises by being added here.
import Foundation
import Testing

@testable import Persistence

enum Engine: CaseIterable, Sendable {
  case sqlite, postgresql

  func open(
    _ store: StoreFolder, _ migrations: [Migration], options: StoreOptions = .init()
  ) throws -> any Database {
    switch self {
    case .sqlite: try SQLite.open(path: store.path, migrations: migrations, options: options)
    case .postgresql:
      try PostgreSQL.open(
        url: TestServer.shared.get(), schema: store.folder.lastPathComponent,
        migrations: migrations, options: options)
    }
  }

  /// How many writes wait behind the one that runs.
  func waitingWrites(_ database: any Database) throws -> Int {
    switch self {
    case .sqlite: try #require(database as? SQLiteDatabase).waitingWrites
    case .postgresql: try #require(database as? PostgreSQLDatabase).waitingWrites
    }
  }
}

/// A folder for one store, removed with the last reference to it.
final class StoreFolder: Sendable {
  let folder: URL
  var path: String { folder.appendingPathComponent("store.sqlite").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// The files as a power cut would leave them: nothing closed, nothing tidied.
  func copyAsAfterPowerCut() throws -> StoreFolder {
    let copy = try StoreFolder()
    for name in ["store.sqlite", "store.sqlite-wal"] {
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent(name), to: copy.folder.appendingPathComponent(name))
    }
    return copy
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

extension Migration {
  static let things = Migration(
    "test-0001-things",
    [
      """
      CREATE TABLE thing (
        partition TEXT NOT NULL,
        name TEXT NOT NULL,
        number INTEGER NOT NULL DEFAULT 0,
        size INTEGER CHECK (size >= 0),
        PRIMARY KEY (partition, name)
      )
      """,
      """
      CREATE TABLE part (
        partition TEXT NOT NULL,
        name TEXT NOT NULL,
        thing TEXT NOT NULL,
        PRIMARY KEY (partition, name),
        FOREIGN KEY (partition, thing) REFERENCES thing (partition, name)
          DEFERRABLE INITIALLY DEFERRED
      )
      """,
    ])
}

extension Transaction {
  func insertThing(_ name: String, size: Int? = nil) throws {
    try execute(
      """
      INSERT INTO thing (partition, name, number, size)
      SELECT 'main', $1, coalesce(max(number), 0) + 1, $2 FROM thing
      """, [name, size])
  }

  func things() throws -> [String] {
    try query("SELECT name FROM thing ORDER BY number").map { try $0.get("name") }
  }
}

/// An error of the code under a closure's roof.
struct Refusal: Error, Equatable {}

/// Holds the writer inside a transaction until it is let go, so that others queue up behind it.
struct HeldWriter {
  private let gate = DispatchSemaphore(value: 0)
  private let holder: Task<Void, any Error>

  init(_ database: any Database) async throws {
    let (entered, continuation) = AsyncStream<Void>.makeStream()
    let gate = gate
    holder = Task {
      try await database.write { _ in
        continuation.yield()
        gate.wait()
      }
    }
    for await _ in entered { break }
  }

  func letGo() async throws {
    gate.signal()
    try await holder.value
  }
}

/// Queues the bodies one behind the other, in this order, while the writer is held; then lets go.
/// - Returns: how each ended.
func writeInOneGroup(
  _ engine: Engine, _ database: any Database,
  _ bodies: [@Sendable (any Transaction) throws -> Void]
) async throws -> [Result<Void, any Error>] {
  let writer = try await HeldWriter(database)
  var tasks: [Task<Void, any Error>] = []
  for body in bodies {
    tasks.append(Task { try await database.write(body) })
    while try engine.waitingWrites(database) < tasks.count { await Task.yield() }
  }
  try await writer.letGo()
  var results: [Result<Void, any Error>] = []
  for task in tasks { results.append(await task.result) }
  return results
}

extension Result {
  var error: (any Error)? {
    if case .failure(let error) = self { error } else { nil }
  }
}
