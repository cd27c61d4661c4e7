// The domain's store over the Database port: transactions, the request ledger, the event log and the
// roster in memory, put together.
public import Access
import Audit
public import DutyDomain
public import EventLog
public import Foundation
import Geography
public import Identifiers
public import Persistence

/// Turns an event into the full name and the bytes of its payload; comes from the room that speaks
/// protobuf.
public typealias EventEncoding =
  @Sendable (DutyEvent) throws -> (type: String, payload: [UInt8])

public struct DutyDatabaseStore: DutyStore {
  let database: any Database
  let log: EventLog
  let audit: AuditLog
  private let encode: EventEncoding
  private let roster: RosterMemory
  let committed: Observer

  /// Is told what happened once it is durable. A repeated request tells nothing again.
  public typealias Observer = @Sendable ([DutyEvent]) -> Void

  /// - Parameter log: names the service and partition of everything written here.
  public init(
    database: any Database, log: EventLog, encode: @escaping EventEncoding,
    committed: @escaping Observer = { _ in }
  ) {
    self.database = database
    self.log = log
    self.audit = AuditLog(beside: log)
    self.encode = encode
    self.committed = committed
    self.roster = RosterMemory(partition: log.partition)
  }

  /// All tables of this service, in the order in which they are made.
  public static let migrations =
    EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations + DutySchema.migrations

  public func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any DutyReader) throws -> R
  ) async throws -> R {
    let partition = log.partition
    return try await database.read {
      try body(StoreReader(tx: $0, partition: partition, reach: reach))
    }
  }

  public func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    let (result, events) = try await database.write { tx in
      var events: [DutyEvent] = []
      let result = try audit.once(request, provenance: provenance, now: now, in: tx) {
        let writer = try writer(in: tx, provenance: provenance, reach: reach, now: now)
        let result = try body(writer)
        events = try writer.flush()
        return result
      }
      return (result, events)
    }
    if !events.isEmpty { committed(events) }
    return result
  }

  public func write<R: Sendable>(
    provenance: Provenance, now: Date, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    let (result, events) = try await database.write { tx in
      let writer = try writer(in: tx, provenance: provenance, now: now)
      let result = try body(writer)
      return (result, try writer.flush())
    }
    if !events.isEmpty { committed(events) }
    return result
  }

  /// For effects of a neighbour's events, whose transaction belongs to the subscription.
  /// - Throws: `DatabaseError`.
  public func writer(
    in tx: any Transaction, provenance: Provenance, reach: Reach = .everywhere, now: Date
  ) throws -> StoreWriter {
    try StoreWriter(
      tx: tx, log: log, encode: encode, provenance: provenance, reach: reach, now: now)
  }

  public func report(
    _ positions: [PositionReport], within reach: Reach, now: Date
  ) async throws -> [PositionOutcome] {
    guard !positions.isEmpty else { return [] }
    let partition = log.partition
    return try await database.write { tx in
      let last = try RosterHead.advance(partition, by: positions.count, in: tx)
      let first = last - Int64(positions.count) + 1
      let reader = try StoreReader(tx: tx, partition: partition, reach: reach)
      return try positions.enumerated().map { offset, report in
        guard try reach.isEverywhere || reader.unit(report.unitID) != nil else {
          return .unitUnknown
        }
        return try PositionKeeping.keep(
          report, partition, sequence: first + Int64(offset), now: now, in: tx)
      }
    }
  }

  public func consult<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (Roster, any DutyReader) throws -> R
  ) async throws -> R {
    let partition = log.partition
    return try await database.read { tx in
      let reader = try StoreReader(tx: tx, partition: partition, reach: reach)
      return try roster.consult(in: tx) { try body($0, reader) }
    }
  }
}
