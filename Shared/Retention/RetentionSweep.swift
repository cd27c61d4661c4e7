// Goes through the kinds of a service and lets go what is past its period.
//
// Records are looked for beside the writer, a page at a time, and let go in short transactions, each
// record with all that goes with it and looked at once more there: whoever dispatches never waits
// for more than a few of them, and a sweep that is cut off has done whole records.
public import Audit
public import Foundation
public import Identifiers
public import Persistence
import QuintetAPI

/// How long a kind is kept.
public struct RetentionPeriod: Sendable, Hashable {
  public let kind: String
  public let name: String
  public let action: RetentionKind.Action
  public let days: Int
  /// The shortest that may be set.
  public let leastDays: Int
}

/// What a sweep did with one kind.
public struct RetentionResult: Sendable, Hashable {
  public let period: RetentionPeriod
  /// What ended before this is past its period.
  public let cutoff: Date
  /// Records that went, or would go.
  public let count: Int
}

/// Why nothing was swept.
public enum RetentionError: Error, Sendable {
  /// Nobody could say which incidents are not over.
  case openIncidentsUnknown(any Error)
  /// The store has no period for a kind.
  case periodMissing(String)
}

/// The sweep over one store.
public struct RetentionSweep: Sendable {
  /// Incidents that are not over.
  public typealias OpenIncidents = @Sendable () async throws -> Set<String>

  /// Records looked at in one read.
  static let pageSize = 500
  /// Records let go in one transaction; no more than one audit entry can name.
  static let batchSize = 20
  /// Audit entries that lose their content in one transaction.
  static let auditBatchSize: Int64 = 1000

  private let database: any Database
  private let audit: AuditLog
  private let kinds: [RetentionKind]
  private let openIncidents: OpenIncidents

  /// - Parameter openIncidents: asked once a sweep, and only for kinds that belong to incidents.
  /// - Parameter audit: the store's own; what goes is recorded in it.
  public init(
    database: any Database, audit: AuditLog, kinds: [RetentionKind],
    openIncidents: @escaping OpenIncidents
  ) {
    self.database = database
    self.audit = audit
    self.kinds = kinds
    self.openIncidents = openIncidents
  }

  private var partition: String { audit.partition }

  /// In the order of the kinds, and the audit log's own at the end.
  /// - Throws: `RetentionError`, `DatabaseError`.
  public func periods() async throws -> [RetentionPeriod] {
    try await database.read { [kinds, partition] tx in
      try (kinds.map { ($0.code, $0.name, $0.action) } + [Self.auditKind]).map {
        try Self.period(of: $0, partition, in: tx)
      }
    }
  }

  /// What an entry said goes; its hash stays, and with it every proof.
  private static let auditKind = (
    code: "audit_entry", name: "审计内容 contents of audit entries",
    action: RetentionKind.Action.anonymise
  )

  /// - Parameters:
  ///   - provenance: who asked for it, for the audit log.
  ///   - isDry: changes nothing, and counts what would go.
  /// - Throws: `RetentionError`, before anything was touched; `DatabaseError`; `CancellationError`.
  public func run(
    for provenance: Provenance, now: Date, isDry: Bool
  ) async throws -> [RetentionResult] {
    let periods = try await periods()
    var open: Set<String> = []
    if kinds.contains(where: { $0.incident != nil }) {
      do { open = try await openIncidents() } catch {
        throw RetentionError.openIncidentsUnknown(error)
      }
    }
    var results: [RetentionResult] = []
    for (index, period) in periods.enumerated() {
      let cutoff = now.addingTimeInterval(-86_400 * Double(period.days))
      let moment = Moment(cutoff: cutoff, now: now, provenance: provenance)
      let count =
        index < kinds.count
        ? try await sweep(kinds[index], moment, open: open, isDry: isDry)
        : try await sweepAudit(moment, isDry: isDry)
      results.append(RetentionResult(period: period, cutoff: cutoff, count: count))
    }
    return results
  }

  private struct Moment {
    let cutoff: Date
    let now: Date
    let provenance: Provenance
  }

  /// Entries go from the beginning of the log, in its order.
  private func sweepAudit(_ moment: Moment, isDry: Bool) async throws -> Int {
    let (first, end) = try await database.read { [partition] tx in
      let rows = try tx.query(
        """
        SELECT min(n) AS kept, min(CASE WHEN time >= $2 THEN n END) AS recent, max(n) + 1 AS size
        FROM audit_entry WHERE partition = $1 AND time IS NOT NULL
        """, [partition, moment.cutoff])
      let kept = try rows.first?.get("kept", as: Int64?.self) ?? 0
      let size = try rows.first?.get("size", as: Int64?.self) ?? 0
      return (kept, try rows.first?.get("recent", as: Int64?.self) ?? size)
    }
    var index = first
    while index < end, !isDry {
      try Task.checkCancellation()
      index = min(end, index + Self.auditBatchSize)
      try await database.write { [audit, index] tx in
        try audit.removeContent(
          before: index, provenance: moment.provenance, now: moment.now, in: tx)
      }
    }
    return Int(max(0, end - first))
  }

  private func sweep(
    _ kind: RetentionKind, _ moment: Moment, open: Set<String>, isDry: Bool
  ) async throws -> Int {
    var count = 0
    var last = ""
    var isAnnounced = isDry
    while true {
      try Task.checkCancellation()
      let page = try await database.read { [partition, last] tx in
        try Self.page(of: kind, partition, after: last, before: moment.cutoff, in: tx)
      }
      guard let reached = page.last?.key else { return count }
      last = reached
      let due = page.filter { $0.isDue && !open.contains($0.incident) }.map(\.key)
      if isDry || due.isEmpty {
        count += due.count
        continue
      }
      if !isAnnounced {
        try await announce(kind, moment.cutoff)
        isAnnounced = true
      }
      for start in stride(from: 0, to: due.count, by: Self.batchSize) {
        let batch = Array(due[start..<min(start + Self.batchSize, due.count)])
        count += try await release(batch, of: kind, moment)
      }
    }
  }

  /// Before anything goes, so that whoever verifies the store in between knows what may be gone.
  private func announce(_ kind: RetentionKind, _ cutoff: Date) async throws {
    try await database.write { [partition] tx in
      try tx.execute(
        """
        INSERT INTO retention_sweep (partition, kind, swept_through) VALUES ($1, $2, $3)
        ON CONFLICT (partition, kind) DO UPDATE SET swept_through = excluded.swept_through
        WHERE excluded.swept_through > retention_sweep.swept_through
        """, [partition, kind.code, cutoff])
    }
  }

  private func release(
    _ keys: [String], of kind: RetentionKind, _ moment: Moment
  ) async throws -> Int {
    try await database.write { [partition, audit] tx in
      var gone: [String] = []
      for key in keys {
        let found = try tx.query(
          """
          SELECT 1 AS found FROM \(kind.table)
          WHERE partition = $1 AND \(kind.key) = $3 AND (\(kind.condition))
          """, [partition, moment.cutoff, key])
        guard !found.isEmpty else { continue }
        try kind.release(
          .init(partition: partition, key: key, cutoff: moment.cutoff, now: moment.now), tx)
        gone.append(key)
      }
      if !gone.isEmpty {
        var entry = Quintet_Audit_V1_AuditEntry(
          kind: .change, moment.provenance, now: moment.now)
        entry.method = "quintet.operations.v1.RetentionService/RunRetention"
        entry.purpose = "retention/\(kind.code)"
        entry.add(subjects: gone)
        try audit.append(entry, in: tx)
      }
      return gone.count
    }
  }

  private struct Candidate {
    let key: String
    let incident: String
    let isDue: Bool
  }

  /// The next records, past their period or not: so a read is short whatever it finds.
  private static func page(
    of kind: RetentionKind, _ partition: String, after last: String, before cutoff: Date,
    in tx: any Transaction
  ) throws -> [Candidate] {
    try tx.query(
      """
      SELECT \(kind.key) AS retained_key, \(kind.incident ?? "''") AS retained_for,
        CASE WHEN \(kind.condition) THEN 1 ELSE 0 END AS is_due
      FROM \(kind.table) WHERE partition = $1 AND \(kind.key) > $3
      ORDER BY \(kind.key) LIMIT $4
      """, [partition, cutoff, last, pageSize]
    ).map { row in
      Candidate(
        key: try row.get("retained_key"),
        incident: try row.get("retained_for", as: String?.self) ?? "",
        isDue: try row.get("is_due", as: Int.self) == 1)
    }
  }

  private static func period(
    of kind: (code: String, name: String, action: RetentionKind.Action), _ partition: String,
    in tx: any Transaction
  ) throws -> RetentionPeriod {
    let rows = try tx.query(
      """
      SELECT days, least_days FROM retention_period
      WHERE kind = $2 AND (partition = $1 OR partition = '') ORDER BY partition DESC LIMIT 1
      """, [partition, kind.code])
    guard let row = rows.first else { throw RetentionError.periodMissing(kind.code) }
    return RetentionPeriod(
      kind: kind.code, name: kind.name, action: kind.action, days: try row.get("days"),
      leastDays: try row.get("least_days"))
  }
}
