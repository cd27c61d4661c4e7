// Who looked at what and changed what, as the leaves of a Merkle tree. An entry is appended in the
// transaction that makes the change; its number comes from the head row, which is locked until the
// commit, so that numbers follow the order of commits and a rollback leaves no gap.
public import EventLog
public import Foundation
public import Identifiers
public import Persistence
public import QuintetAPI
import SwiftProtobuf

/// The audit log of one service in one jurisdiction partition.
public struct AuditLog: Sendable {
  /// Records that one entry names at most.
  static let subjectLimit = 32
  /// Roots of subtrees of 256, 65 536 … leaves are kept, so that a proof reads few rows.
  static let levelStep = 8

  public let service: String
  public let partition: String

  public init(service: String, partition: String) {
    self.service = service
    self.partition = partition
  }

  /// The log that stands beside an event log.
  public init(beside log: EventLog) {
    self.init(service: log.service, partition: log.partition)
  }

  /// The first line of its checkpoints, and the name of the key that signs them.
  public var origin: String { "\(service).quintet/\(partition)" }

  /// - Returns: the entry's index, from 0.
  /// - Throws: `DatabaseError`.
  @discardableResult
  public func append(_ entry: Quintet_Audit_V1_AuditEntry, in tx: any Transaction) throws -> Int64 {
    var entry = entry
    entry.service = service
    let payload: [UInt8] = try entry.serializedBytes()
    let leafHash = MerkleTree.leafHash(payload)
    var range = try head(in: tx)
    let index = range.size
    var nodes: [(level: Int, index: Int64, hash: MerkleTree.Hash)] = []
    range.append(leafHash) { level, index, hash in
      if level % Self.levelStep == 0 { nodes.append((level, index, hash)) }
    }
    try tx.execute(
      """
      INSERT INTO audit_head (partition, n, frontier) VALUES ($1, $2, $3)
      ON CONFLICT (partition) DO UPDATE SET n = excluded.n, frontier = excluded.frontier
      """, [partition, range.size, range.bytes])
    try tx.execute(
      """
      INSERT INTO audit_entry (partition, n, leaf_hash, payload, time) VALUES ($1, $2, $3, $4, $5)
      """, [partition, index, leafHash, payload, entry.microseconds])
    let subjects = Self.indexed(entry)
    let rows = subjects.indices.map { "($1, $2, $\($0 + 3))" }.joined(separator: ", ")
    if !subjects.isEmpty {
      try tx.execute(
        "INSERT INTO audit_subject (partition, n, subject) VALUES \(rows)",
        [partition, index] + subjects)
    }
    for node in nodes {
      try tx.execute(
        "INSERT INTO audit_node (partition, level, n, hash) VALUES ($1, $2, $3, $4)",
        [partition, node.level, node.index, node.hash])
    }
    return index
  }

  /// `RequestLedger.once`, with an entry for what is done; a repeat does nothing, and has none.
  ///
  /// The entry names the events that `body` appends.
  /// - Throws: `RequestReused`; what `body` throws; `DatabaseError`.
  public func once<R: Codable>(
    _ key: RequestKey, provenance: Provenance, now: Date, in tx: any Transaction,
    _ body: () throws -> R
  ) throws -> R {
    try RequestLedger.once(key, partition: partition, now: now, in: tx) {
      let events = EventLog(service: service, partition: partition)
      let before = try events.head(in: tx)
      let result = try body()
      var entry = Quintet_Audit_V1_AuditEntry(kind: .change, provenance, now: now)
      entry.method = key.method.hasPrefix("/") ? String(key.method.dropFirst()) : key.method
      entry.requestID = key.id
      let after = try events.head(in: tx)
      if after > before {
        entry.firstEventSequence = UInt64(before + 1)
        entry.lastEventSequence = UInt64(after)
        entry.name(try events.mentions(after: before, limit: 4 * Self.subjectLimit, in: tx))
      }
      try append(entry, in: tx)
      return result
    }
  }

  /// The tree so far.
  /// - Throws: `DatabaseError`.
  public func head(in tx: any Transaction) throws -> CompactRange {
    let rows = try tx.query(
      "SELECT n, frontier FROM audit_head WHERE partition = $1", [partition])
    guard let row = rows.first else { return CompactRange() }
    guard let range = CompactRange(size: try row.get("n"), bytes: try row.get("frontier")) else {
      throw DatabaseError.unexpectedValue("the head of the audit log is not one")
    }
    return range
  }

  /// Takes the content out of all entries before `index`, and records that. Their hashes stay, so
  /// that the tree and its proofs do.
  /// - Throws: `DatabaseError`.
  public func removeContent(
    before index: Int64, provenance: Provenance, now: Date, in tx: any Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE audit_entry SET payload = NULL, time = NULL
      WHERE partition = $1 AND n < $2 AND time IS NOT NULL
      """, [partition, index])
    try tx.execute(
      "DELETE FROM audit_subject WHERE partition = $1 AND n < $2", [partition, index])
    var entry = Quintet_Audit_V1_AuditEntry(kind: .retention, provenance, now: now)
    entry.removedBelow = UInt64(max(0, index))
    try append(entry, in: tx)
  }

  /// What an entry can be found by, each once.
  static func indexed(_ entry: Quintet_Audit_V1_AuditEntry) -> [String] {
    Set([entry.actor, entry.onBehalfOf, entry.incidentID] + entry.subjects)
      .subtracting([""]).sorted()
  }
}

extension Quintet_Audit_V1_AuditEntry {
  /// An entry of what was done, without what it was done to.
  public init(kind: Kind, _ provenance: Provenance, now: Date) {
    self.init()
    self.kind = kind
    actor = provenance.actor
    onBehalfOf = provenance.onBehalfOf
    origin = provenance.origin
    trace = provenance.trace
    resultCode = "OK"
    set(time: now)
  }

  /// To the microsecond, as stores keep times.
  public mutating func set(time now: Date) {
    let total = Int64((now.timeIntervalSince1970 * 1_000_000).rounded())
    let seconds = Int64((Double(total) / 1_000_000).rounded(.down))
    time = .with {
      $0.seconds = seconds
      $0.nanos = Int32(total - seconds * 1_000_000) * 1000
    }
  }

  /// Since 1970.
  var microseconds: Int64 { time.seconds * 1_000_000 + Int64(time.nanos / 1000) }

  /// Names what events are about: the one incident, if it is one, and the records.
  mutating func name(_ mentions: [(subject: String, incidentID: String?)]) {
    let incidents = Set(mentions.compactMap(\.incidentID))
    if incidents.count == 1, let only = incidents.first { incidentID = only }
    let all = incidents.count > 1 ? mentions.compactMap(\.incidentID) : []
    add(subjects: mentions.map(\.subject) + all)
  }

  /// Names records, each once, as many as there is room for.
  public mutating func add(subjects more: [String]) {
    for subject in more
    where subject != incidentID && !subject.isEmpty && !subjects.contains(subject)
      && subjects.count < AuditLog.subjectLimit
    {
      subjects.append(subject)
    }
  }
}
