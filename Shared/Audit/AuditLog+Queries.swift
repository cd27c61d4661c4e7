// What auditors ask: who did what, to which case or record, and when. Newest first.
public import Foundation
public import Persistence
public import QuintetAPI
import SwiftProtobuf

/// What entries are looked for by; everything that is given must hold.
public struct AuditQuery: Sendable, Hashable {
  /// `person/…` and the like: who acted, or for whom.
  public var actor: String?
  public var incidentID: String?
  /// Id of a record that was shown or changed.
  public var recordID: String?
  /// Not before.
  public var start: Date?
  /// Before.
  public var end: Date?
  /// Smaller indexes only; nil for all.
  public var before: Int64?

  public init(
    actor: String? = nil, incidentID: String? = nil, recordID: String? = nil, start: Date? = nil,
    end: Date? = nil, before: Int64? = nil
  ) {
    self.actor = actor
    self.incidentID = incidentID
    self.recordID = recordID
    self.start = start
    self.end = end
    self.before = before
  }
}

/// An entry as it is kept.
public struct StoredAuditEntry: Sendable, Hashable {
  /// From 0.
  public let index: Int64
  public let leafHash: MerkleTree.Hash
  /// Nil after the retention period.
  public let payload: [UInt8]?

  init(_ row: Row) throws {
    index = try row.get("n")
    leafHash = try row.get("leaf_hash")
    payload = try row.get("payload")
  }
}

extension AuditLog {
  /// The newest first, at most `limit`.
  /// - Throws: `DatabaseError`.
  public func entries(
    _ query: AuditQuery, limit: Int, in tx: any Transaction
  ) throws -> [(index: Int64, entry: Quintet_Audit_V1_AuditEntry)] {
    var arguments: [any ValueConvertible] = [
      partition, query.before ?? .max, query.start?.value ?? .integer(.min),
      query.end?.value ?? .integer(.max), limit,
    ]
    var tables = "audit_entry e"
    var conditions = ""
    let subjects = [query.recordID, query.incidentID, query.actor].compactMap(\.self)
    for (offset, subject) in subjects.enumerated() {
      arguments.append(subject)
      let place = "$\(arguments.count)"
      if offset == 0 {
        // The rarest of them leads the way.
        tables = "audit_subject s CROSS JOIN audit_entry e"
        conditions +=
          " AND s.partition = $1 AND s.subject = \(place) AND s.n < $2 AND s.n = e.n"
      } else {
        conditions += """
           AND EXISTS (SELECT 1 FROM audit_subject o
          WHERE o.partition = $1 AND o.subject = \(place) AND o.n = e.n)
          """
      }
    }
    return try tx.query(
      """
      SELECT e.n AS n, e.payload AS payload FROM \(tables)
      WHERE e.partition = $1 AND e.n < $2 AND e.time >= $3 AND e.time < $4\(conditions)
      ORDER BY \(subjects.isEmpty ? "e.n" : "s.n") DESC LIMIT $5
      """, arguments
    ).map { row in
      (
        try row.get("n"),
        try Quintet_Audit_V1_AuditEntry(serializedBytes: row.get("payload", as: [UInt8].self))
      )
    }
  }

  /// In order, from `first` to before `end`, at most `limit`.
  /// - Throws: `DatabaseError`.
  public func export(
    from first: Int64, to end: Int64, limit: Int, in tx: any Transaction
  ) throws -> [StoredAuditEntry] {
    try tx.query(
      """
      SELECT n, leaf_hash, payload FROM audit_entry
      WHERE partition = $1 AND n >= $2 AND n < $3 ORDER BY n LIMIT $4
      """, [partition, first, end, limit]
    ).map(StoredAuditEntry.init)
  }
}
