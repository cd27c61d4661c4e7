// Two stores that depend on each other, in a folder of their own.
import Foundation
import Testing

@testable import Backup
@testable import EventLog
@testable import Persistence

final class Depot: Sendable {
  static let note = Migration(
    "test-0001-note",
    ["CREATE TABLE note (partition TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL)"])

  let folder: String
  let source: any Database
  let reader: any Database

  /// - Parameter names: `command` is the source, `duty` its reader.
  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-backup-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder + "/data", withIntermediateDirectories: true)
    let migrations = EventLog.migrations + [Self.note]
    source = try SQLite.open(path: folder + "/data/command.sqlite", migrations: migrations)
    reader = try SQLite.open(path: folder + "/data/duty.sqlite", migrations: migrations)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var stores: [String: String] {
    ["command": folder + "/data/command.sqlite", "duty": folder + "/data/duty.sqlite"]
  }

  var writer: BackupWriter {
    BackupWriter(
      stores: stores, others: ["phone.key": folder + "/data/phone.key"], patience: .seconds(10))
  }

  func backUp(to name: String = "backup", isSound: Bool = true) async throws -> Manifest {
    try await writer.write(to: "\(folder)/\(name)", now: Date(timeIntervalSince1970: 1e9)) { _, _ in
      isSound
    }.manifest
  }

  func restoration(of name: String = "backup", movesAside: Bool = false) -> Restoration {
    Restoration(
      backup: "\(folder)/\(name)", target: folder + "/new",
      marker: folder + "/new/restore-unfinished", movesAside: movesAside)
  }

  func restore(of name: String = "backup", movesAside: Bool = false) async throws -> String? {
    try await restoration(of: name, movesAside: movesAside)
      .run(services: ["command", "duty"], now: Date(timeIntervalSince1970: 2e9)) { _ in true }.aside
  }

  /// The source counts, then the reader says that it has heard: as a feed and its cursor.
  func step(_ n: Int) async throws {
    try await source.write { tx in
      try tx.execute(
        """
        INSERT INTO event_head (partition, n) VALUES ('main', $1)
        ON CONFLICT (partition) DO UPDATE SET n = excluded.n
        """, [n])
    }
    try await reader.write { tx in
      try tx.execute(
        """
        INSERT INTO subscription (partition, source, cursor) VALUES ('main', 'command', $1)
        ON CONFLICT (partition, source) DO UPDATE SET cursor = excluded.cursor
        """, [n])
    }
  }

  /// As `step`, for one who cannot wait otherwise.
  func stepNow(_ n: Int) throws {
    let isDone = DispatchSemaphore(value: 0)
    Task.detached { [self] in
      try await step(n)
      isDone.signal()
    }
    isDone.wait()
  }

  func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").sorted()
  }

  /// Changes one byte in the middle of a file.
  func flip(_ name: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    var data = try Data(contentsOf: url)
    data[data.count / 2] ^= 0x20
    try data.write(to: url)
  }
}
