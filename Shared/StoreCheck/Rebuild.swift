// What a service keeps of its neighbours' events is made once more from their logs, up to where it
// has read them, and must come out the same.
import EventLog
import Foundation
import Persistence
import Retention

/// A table that rests on the neighbours' events alone.
public struct Projection: Sendable {
  let table: String
  let key: String
  let columns: [String]
  let isPruned: Bool
  let payloads: String?

  /// - Parameters:
  ///   - key: the column that is unique within a partition, a text.
  ///   - columns: those to compare; without what a clock, a counter or a rule of the day decides.
  ///   - isPruned: rows may have been deleted since, and are not missed.
  ///   - payloads: the column, besides those, of an event's payload, whose column `type` is one of
  ///     `columns`. What is personal in it may have been removed here or at the neighbour's.
  public init(
    _ table: String, key: String, columns: [String], isPruned: Bool = false,
    payloads: String? = nil
  ) {
    self.table = table
    self.key = key
    self.columns = columns
    self.isPruned = isPruned
    self.payloads = payloads
  }
}

struct Rebuild {
  static let batch = 128

  let check: StoreCheck
  let place: StorePlace
  let partition: String

  func compare(_ snapshot: any StoreSnapshot, _ report: inout CheckReport) async throws {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-verify-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: scratch) }
    let path = scratch.appendingPathComponent("\(check.service).sqlite").path
    let database = try SQLite.open(path: path, migrations: check.migrations)
    try await carry(snapshot, into: database)
    let log = EventLog(service: check.service, partition: partition)
    var isComplete = true
    for follower in try await check.followers(database, log) {
      let done = try await replay(follower, for: snapshot, into: database, &report)
      isComplete = isComplete && done
    }
    try await database.close()
    guard isComplete else { return }
    let rebuilt = try SQLiteSnapshot(path: path)
    for projection in check.projections {
      try compare(projection, snapshot, rebuilt, &report)
    }
    try rebuilt.close()
  }

  private func carry(_ snapshot: any StoreSnapshot, into database: any Database) async throws {
    let tables = try check.carrying.map { table in
      (table, try snapshot.read { try StoreDump.rows(of: table, in: $0) })
    }
    try await database.write { tx in
      // Rows come in no order: a row may refer to one that follows.
      try tx.execute("PRAGMA defer_foreign_keys = ON")
      for (table, rows) in tables {
        try tx.execute("DELETE FROM \(table)")
        for row in rows {
          let names = row.columns.map(\.name).joined(separator: ", ")
          let places = row.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
          try tx.execute(
            "INSERT INTO \(table) (\(names)) VALUES (\(places))", row.columns.map(\.value))
        }
      }
    }
  }

  /// - Returns: whether all that the service has read is still there to be read.
  private func replay(
    _ follower: Follower, for snapshot: any StoreSnapshot, into database: any Database,
    _ report: inout CheckReport
  ) async throws -> Bool {
    let source = follower.source
    let cursor =
      try snapshot.read { try FeedPositions(in: $0) }.cursors[partition]?[source] ?? 0
    guard cursor > 0 else { return true }
    guard let neighbour = try place.snapshot(of: source) else {
      report.add(
        "缺少 \(source) 的存储", "the store of \(source) is missing", ["read up to \(cursor)"])
      return false
    }
    let log = EventLog(service: source, partition: partition)
    let bounds = try neighbour.read { try EventNumbering.bounds(in: $0) }[partition]
    let head = bounds?.head ?? 0
    if cursor > head {
      report.add(
        "读取位置超过 \(source) 的最新事件", "has read further than \(source) goes",
        ["\(cursor), \(head)"])
    }
    guard bounds?.pruned ?? 0 == 0 else {
      report.note("\(source) 的历史已清理，未作重建比对", "history of \(source) was pruned: not rebuilt")
      return false
    }
    let parked = try parkedSequences(of: source, snapshot)
    var failures: [String] = []
    var after: Int64 = 0
    while true {
      let events = try neighbour.read {
        try log.events(after: after, types: follower.types, limit: Self.batch, in: $0)
      }.filter { $0.sequence <= cursor }
      guard let last = events.last else { break }
      after = last.sequence
      failures += try await apply(
        events.filter { !parked.contains($0.sequence) }, follower, into: database)
    }
    try neighbour.close()
    report.add(
      "\(source) 的事件无法重做", "events of \(source) cannot be applied again", failures)
    return true
  }

  private func parkedSequences(
    of source: String, _ snapshot: any StoreSnapshot
  ) throws -> Set<Int64> {
    try snapshot.read { tx in
      Set(
        try tx.query(
          "SELECT sequence FROM parked_event WHERE partition = $1 AND source = $2",
          [partition, source]
        ).map { try $0.get("sequence") })
    }
  }

  /// Together, or one by one where one of them fails.
  private func apply(
    _ events: [StoredEvent], _ follower: Follower, into database: any Database
  ) async throws -> [String] {
    do {
      try await database.write { tx in
        for event in events { try follower.apply(event.message, tx) }
      }
      return []
    } catch {
      var failures: [String] = []
      for event in events {
        do {
          try await database.write { try follower.apply(event.message, $0) }
        } catch {
          failures.append("\(event.sequence) \(event.type): \(error)")
        }
      }
      return failures
    }
  }

  private func compare(
    _ projection: Projection, _ kept: any StoreSnapshot, _ rebuilt: any StoreSnapshot,
    _ report: inout CheckReport
  ) throws {
    var expected = try rows(of: projection, in: rebuilt)
    var unexpected: [String] = []
    var other: [String] = []
    for (key, values) in try rows(of: projection, in: kept) {
      report.rows += 1
      guard let rebuiltValues = expected.removeValue(forKey: key) else {
        unexpected.append(key)
        continue
      }
      if values != rebuiltValues { other.append(key) }
    }
    if projection.payloads != nil { other += try differing(projection, kept, rebuilt) }
    let table = projection.table
    report.add(
      "\(table) 与重建结果不符", "\(table) is not what the neighbours' events make of it", other.sorted())
    report.add(
      "\(table) 有多余的行", "\(table) holds rows that no neighbour told of", unexpected.sorted())
    if projection.isPruned { return }
    report.add(
      "\(table) 缺行", "\(table) lacks rows that neighbours told of", expected.keys.sorted())
  }

  /// Payloads that are neither equal nor one the other without what is personal.
  private func differing(
    _ projection: Projection, _ kept: any StoreSnapshot, _ rebuilt: any StoreSnapshot
  ) throws -> [String] {
    let made = try payloads(of: projection, in: rebuilt)
    return try payloads(of: projection, in: kept).compactMap { key, here in
      guard let there = made[key], here.bytes != there.bytes, here.bytes != there.anonymised,
        here.anonymised != there.bytes
      else { return nil }
      return key
    }
  }

  private struct Payload {
    let bytes: [UInt8]
    let anonymised: [UInt8]
  }

  private func payloads(
    of projection: Projection, in snapshot: any StoreSnapshot
  ) throws -> [String: Payload] {
    var payloads: [String: Payload] = [:]
    try snapshot.forEachRow(
      """
      SELECT \(projection.key) AS key, type, \(projection.payloads ?? "") AS payload
      FROM \(projection.table) WHERE partition = $1
      """, [partition]
    ) { row in
      let bytes = try row.get("payload", as: [UInt8].self)
      payloads[try row.get("key")] = Payload(
        bytes: bytes,
        anonymised: PersonalContent.removed(from: bytes, type: try row.get("type")))
    }
    return payloads
  }

  private func rows(
    of projection: Projection, in snapshot: any StoreSnapshot
  ) throws -> [String: [Value]] {
    var rows: [String: [Value]] = [:]
    let columns = projection.columns.joined(separator: ", ")
    try snapshot.forEachRow(
      """
      SELECT \(projection.key) AS key, \(columns) FROM \(projection.table) WHERE partition = $1
      """, [partition]
    ) { row in
      rows[try row.get("key")] = row.columns.dropFirst().map(\.value)
    }
    return rows
  }
}
