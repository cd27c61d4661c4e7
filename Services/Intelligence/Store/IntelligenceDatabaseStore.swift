// Intelligence's store on the Database port.

public import Access
import Audit
public import EventLog
public import Foundation
public import Identifiers
public import IntelligenceDomain
public import Persistence
import Synchronization
import Territory

/// Turns an event into its payload; comes from the room that speaks protobuf.
public typealias EventEncoding =
  @Sendable (IntelligenceEvent) throws -> (type: String, subject: String, payload: [UInt8])

public struct IntelligenceDatabaseStore: IntelligenceStore {
  let database: any Database
  let log: EventLog
  let encode: EventEncoding
  let audit: AuditLog
  private let rules = RuleShelf()

  /// All tables of this service, in the order in which they are made.
  public static let migrations =
    EventLog.migrations + AuditLog.migrations + IntelligenceSchema.migrations + [
      RequestLedger.migration
    ]

  /// - Parameter log: names the service and partition of everything written here.
  public init(database: any Database, log: EventLog, encode: @escaping EventEncoding) {
    self.database = database
    self.log = log
    self.encode = encode
    self.audit = AuditLog(beside: log)
  }

  public func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any IntelligenceReader) throws -> R
  ) async throws -> R {
    try await database.read { [partition = log.partition] tx in
      let reached = try ReachedPlaces(
        reach, .init(orgUnits: "org_unit", orgUnitID: "org_unit_id", units: nil),
        partition: partition, in: tx)
      return try body(DatabaseReader(tx: tx, partition: partition, reached: reached))
    }
  }

  /// A writer for work that an event caused; what it recorded is told by `flush`, which comes last.
  public func writer(
    in tx: any Transaction, provenance: Provenance, now: Date
  ) -> IntelligenceDatabaseWriter {
    IntelligenceDatabaseWriter(
      tx: tx, log: log, provenance: provenance, now: now, rules: rules, encode: encode)
  }

  /// Deletes what has expired, also while nothing is heard from command.
  public func prune(now: Date) async throws {
    try await database.write { [partition = log.partition] tx in
      let reader = DatabaseReader(tx: tx, partition: partition)
      if let heard = try reader.heardTime(now: now) {
        try Retention(tx: tx, partition: partition).prune(heard)
      }
    }
  }
}

/// Rules are read once: they change by migrations or by an operator's hand while nobody runs.
final class RuleShelf: Sendable {
  private let rules = Mutex<AssessmentRules?>(nil)

  func rules(_ load: () throws -> AssessmentRules) throws -> AssessmentRules {
    if let known = rules.withLock({ $0 }) { return known }
    let loaded = try load()
    rules.withLock { $0 = loaded }
    return loaded
  }
}

/// What is deleted when, in the feed's time.
struct Retention {
  /// Longest reach of any rule (`repeat_rule` allows no more); an older call can tell nothing.
  static let callSeconds: Double = 7_776_000

  let tx: any Transaction
  let partition: String

  func prune(_ heard: Date) throws {
    try tx.execute(
      "DELETE FROM repeat_finding WHERE partition = $1 AND expire_time <= $2", [partition, heard])
    let reach = heard.addingTimeInterval(-Self.callSeconds)
    try tx.execute(
      "DELETE FROM known_call WHERE partition = $1 AND (receive_time / 3600000000) < $2",
      [partition, Int64((reach.timeIntervalSince1970 / 3600).rounded(.down))])
  }
}
