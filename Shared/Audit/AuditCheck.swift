// Is a log what it was? Everything that can be computed is computed again from what the entries say:
// hashes, tree, head and index; and the roots must be those that were signed and carried away.
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

/// Where the store of a service is.
public enum AuditedStore: Sendable, Hashable {
  /// A file, whether or not a process has it open.
  case file(String)
  /// The schema of that service on a PostgreSQL server, as it is now.
  case server(url: String)

  fileprivate func snapshot(of service: String) throws -> (any StoreSnapshot)? {
    switch self {
    case .file(let path):
      FileManager.default.fileExists(atPath: path) ? try SQLiteSnapshot(path: path) : nil
    case .server(let url):
      try PostgreSQLSnapshot(url: url, schema: service)
    }
  }
}

/// Looks at the audit log of one service, without changing anything. The service may be running.
public struct AuditCheck: Sendable {
  static let tables = [
    "audit_head", "audit_entry", "audit_subject", "audit_node", "audit_checkpoint",
  ]

  let service: String
  /// Holds the exported checkpoints of all services.
  let directory: String

  public init(service: String, directory: String) {
    self.service = service
    self.directory = directory
  }

  /// One report for each partition that the store or the folder knows.
  public func reports(on store: AuditedStore) -> [AuditReport] {
    do {
      // First what was exported: all of it was in the store before.
      let exports = try exports()
      guard let snapshot = try store.snapshot(of: service) else {
        return exports.isEmpty ? [] : [lost("没有存储", "there is no store")]
      }
      defer { try? snapshot.close() }
      return try reports(on: snapshot, exports)
    } catch {
      return [lost("无法读取", "it cannot be read: \(error)")]
    }
  }

  private func lost(_ chinese: String, _ english: String) -> AuditReport {
    var report = AuditReport(log: service)
    report.find(chinese, english)
    return report
  }

  func reports(
    on snapshot: any StoreSnapshot, _ exports: [String: ExportedCheckpoints]
  ) throws -> [AuditReport] {
    let present = Set(try snapshot.read { try $0.tableNames() })
    guard Self.tables.allSatisfy(present.contains) else {
      guard exports.isEmpty else {
        return [lost("存储中没有审计日志的表", "the store lacks the tables of the audit log")]
      }
      var report = AuditReport(log: service)
      report.note("旧版结构，尚无审计日志", "older schema, without an audit log so far")
      return [report]
    }
    var partitions = Set(exports.keys)
    for table in Self.tables {
      let rows = try snapshot.read { try $0.query("SELECT DISTINCT partition FROM \(table)") }
      for row in rows { partitions.insert(try row.get("partition")) }
    }
    return try partitions.sorted().map { partition in
      try report(
        on: partition, snapshot,
        exports[partition]
          ?? ExportedCheckpoints(
            CheckpointFolder(directory: directory, service: service, partition: partition)))
    }
  }

  func exports() throws -> [String: ExportedCheckpoints] {
    guard FileManager.default.fileExists(atPath: directory) else { return [:] }
    var exports: [String: ExportedCheckpoints] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      guard name == service || name.hasPrefix("\(service)@") else { continue }
      let partition = name == service ? "main" : String(name.dropFirst(service.count + 1))
      exports[partition] = try ExportedCheckpoints(
        CheckpointFolder(directory: directory, service: service, partition: partition))
    }
    return exports
  }

  private func report(
    on partition: String, _ snapshot: any StoreSnapshot, _ exported: ExportedCheckpoints
  ) throws -> AuditReport {
    let log = AuditLog(service: service, partition: partition)
    var report = AuditReport(log: partition == "main" ? service : "\(service)@\(partition)")
    var checkpoints = CheckpointCheck(log: log, exported)
    try checkpoints.read(snapshot)
    var walk = AuditWalk(partition: partition, service: service, sizes: checkpoints.sizes)
    try walk.entries(snapshot)
    try walk.nodes(snapshot)
    try walk.head(snapshot)
    try walk.index(snapshot)
    walk.tell(&report)
    checkpoints.compare(size: walk.range.size, roots: walk.roots, &report)
    return report
  }
}

/// The log from its first entry to its last, computed again.
struct AuditWalk {
  let partition: String
  let service: String
  /// Of the trees whose roots are wanted.
  let sizes: Set<Int64>
  private(set) var range = CompactRange()
  private(set) var roots: [Int64: MerkleTree.Hash] = [:]
  private var nodes: [[Int64]: MerkleTree.Hash] = [:]
  /// For each entry: the sum of what it should be found by, less what it is found by. Which numbers
  /// stand for the texts is drawn anew for every look, so that nobody can make two sums agree.
  private var sums: [UInt64] = []
  private let salt = UInt64.random(in: .min ... .max)
  private var withoutContent: (count: Int64, last: Int64) = (0, -1)
  private var removedBelow: Int64 = 0

  private var gaps = Faults()
  private var changed = Faults()
  private var derived = Faults()
  private var emptied = Faults()
  private var strange = Faults()

  init(partition: String, service: String, sizes: Set<Int64>) {
    self.partition = partition
    self.service = service
    self.sizes = sizes
    roots[0] = MerkleTree.emptyRoot
  }

  mutating func entries(_ snapshot: any StoreSnapshot) throws {
    try snapshot.forEachRow(
      "SELECT n, leaf_hash, payload, time FROM audit_entry WHERE partition = $1 ORDER BY n",
      [partition]
    ) { row in
      let index = try row.get("n", as: Int64.self)
      if index != range.size {
        gaps.add(
          "第 \(range.size) 条缺失（其后是第 \(index) 条）",
          "entry \(range.size) is missing; entry \(index) follows")
      }
      let leafHash = try row.get("leaf_hash", as: [UInt8].self)
      var hash = leafHash
      var sum: UInt64 = 0
      if let payload = try row.get("payload", as: [UInt8]?.self) {
        hash = MerkleTree.leafHash(payload)
        if hash != leafHash {
          changed.add(
            "第 \(index) 条被改动：内容与哈希不符",
            "entry \(index) was changed: its content does not have its hash")
        }
        sum = look(at: payload, index, time: try row.get("time", as: Int64?.self))
      } else {
        withoutContent = (withoutContent.count + 1, index)
      }
      sums.append(sum)
      range.append(hash) { level, number, node in
        if level % AuditLog.levelStep == 0 { nodes[[Int64(level), number]] = node }
      }
      if sizes.contains(range.size) { roots[range.size] = range.root }
    }
    if withoutContent.last >= removedBelow {
      emptied.add(
        "第 \(withoutContent.last) 条没有内容，而日志未记录清理到此",
        "entry \(withoutContent.last) has no content, and the log records no removal that far")
    }
  }

  private mutating func look(at payload: [UInt8], _ index: Int64, time: Int64?) -> UInt64 {
    guard let entry = try? Quintet_Audit_V1_AuditEntry(serializedBytes: payload),
      entry.service == service, entry.microseconds == time
    else {
      changed.add(
        "第 \(index) 条被改动：内容无法读取，或与其时间列、所属服务不符",
        "entry \(index) was changed: it cannot be read, or is of another time or service")
      return 0
    }
    if entry.kind == .retention {
      removedBelow = max(removedBelow, min(index, Int64(clamping: entry.removedBelow)))
    }
    return AuditLog.indexed(entry).reduce(0) { $0 &+ number(of: $1) }
  }

  private func number(of subject: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(salt)
    hasher.combine(subject)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  mutating func nodes(_ snapshot: any StoreSnapshot) throws {
    var expected = nodes
    try snapshot.forEachRow(
      "SELECT level, n, hash FROM audit_node WHERE partition = $1 ORDER BY level, n", [partition]
    ) { row in
      let (level, number) = (
        try row.get("level", as: Int64.self), try row.get("n", as: Int64.self)
      )
      if expected.removeValue(forKey: [level, number]) != (try row.get("hash")) {
        addNode(level, number)
      }
    }
    for key in expected.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      addNode(key[0], key[1])
    }
  }

  private mutating func addNode(_ level: Int64, _ number: Int64) {
    guard (1..<63).contains(level), number >= 0, number < .max >> level - 1 else {
      return derived.add("有不可能的中间哈希", "there is a hash of an impossible subtree")
    }
    let (first, last) = (number << level, (number + 1) << level - 1)
    derived.add(
      "第 \(first)–\(last) 条与保存的子树哈希不符",
      "entries \(first) to \(last) do not have the subtree hash that is kept")
  }

  mutating func head(_ snapshot: any StoreSnapshot) throws {
    let rows = try snapshot.read {
      try $0.query("SELECT n, frontier FROM audit_head WHERE partition = $1", [partition])
    }
    let size = try rows.first?.get("n", as: Int64.self) ?? 0
    if size != range.size {
      gaps.add(
        "日志头记为 \(size) 条，实有 \(range.size) 条，从第 \(min(size, range.size)) 条起不符",
        "the head counts \(size) entries and there are \(range.size): wrong from entry "
          + "\(min(size, range.size)) on")
    } else if try rows.first?.get("frontier", as: [UInt8].self) ?? [] != range.bytes {
      derived.add(
        "全部 \(size) 条与日志头的哈希不符", "the \(size) entries do not have the hashes of the head")
    }
  }

  mutating func index(_ snapshot: any StoreSnapshot) throws {
    try snapshot.forEachRow(
      "SELECT subject, n FROM audit_subject WHERE partition = $1", [partition]
    ) { row in
      let index = try row.get("n", as: Int64.self)
      guard sums.indices.contains(Int(clamping: index)) else {
        return strange.add(
          "索引指向不存在的第 \(index) 条", "the index points to entry \(index), which is not there")
      }
      sums[Int(index)] &-= number(of: try row.get("subject"))
    }
    for (index, sum) in sums.enumerated() where sum != 0 {
      strange.add(
        "第 \(index) 条的索引与其内容不符", "entry \(index) is not indexed by what it says")
    }
  }

  func tell(_ report: inout AuditReport) {
    report.entries = range.size
    report.withoutContent = withoutContent.count
    for faults in [changed, gaps, emptied, derived, strange] { faults.tell(&report) }
  }
}
