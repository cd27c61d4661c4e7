// The domain's store port over a database: state, events and answers in one transaction.
public import Access
import Audit
public import EventLog
public import Foundation
public import Identifiers
public import Persistence
public import SupervisionDomain

public struct SupervisionDatabaseStore: SupervisionStore {
  private let database: any Database
  private let log: EventLog
  private let audit: AuditLog
  private let encode: @Sendable (SupervisionEvent) throws -> EncodedEvent
  private let report: LogReport

  /// - Parameters:
  ///   - encode: makes the payload of an event; the RPC room's.
  ///   - report: gets a line for every event, once it is durable.
  public init(
    database: any Database, log: EventLog,
    encode: @escaping @Sendable (SupervisionEvent) throws -> EncodedEvent,
    report: @escaping LogReport
  ) {
    self.database = database
    self.log = log
    self.audit = AuditLog(beside: log)
    self.encode = encode
    self.report = report
  }

  /// Puts in the rules that a new store begins with. To be called once, before anything else.
  public func prepare(now: Date) async throws {
    try await database.write { tx in try writer(in: tx, ownProvenance, .everywhere, now).seed() }
  }

  public func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any SupervisionReader) throws -> R
  ) async throws -> R {
    let partition = log.partition
    return try await database.read { tx in
      try body(StoreReader(tx: tx, partition: partition, reach: reach))
    }
  }

  public func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any SupervisionWriter) throws -> R
  ) async throws -> R {
    let (result, lines) = try await database.write { tx in
      var lines: [LogLine] = []
      let result = try audit.once(request, provenance: provenance, now: now, in: tx) {
        let writer = try writer(in: tx, provenance, reach, now)
        let result = try body(writer)
        lines = try writer.flush()
        return result
      }
      return (result, lines)
    }
    lines.forEach(report)
    return result
  }

  public func write<R: Sendable>(
    now: Date, _ body: @escaping @Sendable (any SupervisionWriter) throws -> R
  ) async throws -> R {
    let (result, lines) = try await database.write { tx in
      let writer = try writer(in: tx, ownProvenance, .everywhere, now)
      let result = try body(writer)
      return (result, try writer.flush())
    }
    lines.forEach(report)
    return result
  }

  /// For subscriptions, whose transaction is not ours: does `body` and records its events.
  ///
  /// The lines are written at once; should the transaction fail, they are written again with its
  /// repetition.
  public func apply(
    in tx: any Transaction, provenance: Provenance, now: Date,
    _ body: (any SupervisionWriter) throws -> Void
  ) throws {
    let writer = try writer(in: tx, provenance, .everywhere, now)
    try body(writer)
    try writer.flush().forEach(report)
  }

  public func changes() -> AsyncStream<Void> { database.commits() }

  /// Nothing rests on this work but what time brought about, which names its own cause.
  private var ownProvenance: Provenance {
    Provenance(actor: "service/\(log.service)", cause: "service/\(log.service)", trace: "")
  }

  private func writer(
    in tx: any Transaction, _ provenance: Provenance, _ reach: Reach, _ now: Date
  ) throws -> StoreWriter {
    try StoreWriter(
      tx: tx, log: log, provenance: provenance, reach: reach, now: now, encode: encode)
  }
}
