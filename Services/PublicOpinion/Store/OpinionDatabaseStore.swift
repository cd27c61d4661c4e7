// Public opinion's store on the Database port.

import Audit
public import EventLog
public import Foundation
public import Identifiers
public import Persistence
public import PublicOpinionDomain

/// Turns an event into its payload; comes from the room that speaks protobuf.
public typealias EventEncoding =
  @Sendable (OpinionEvent) throws -> (type: String, subject: String, payload: [UInt8])

public struct OpinionDatabaseStore: OpinionStore {
  private let database: any Database
  private let log: EventLog
  private let audit: AuditLog
  private let encode: EventEncoding
  private let committed: Observer

  /// Is told what happened once it is durable. A repeated request tells nothing again.
  public typealias Observer = @Sendable ([OpinionEvent]) -> Void

  /// All tables of this service, in the order in which they are made.
  public static let migrations =
    EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations
    + PublicOpinionSchema.migrations

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
  }

  public func read<R: Sendable>(
    _ body: @escaping @Sendable (any OpinionReader) throws -> R
  ) async throws -> R {
    try await database.read { [partition = log.partition] tx in
      try body(DatabaseReader(tx: tx, partition: partition))
    }
  }

  public func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, now: Date,
    _ body: @escaping @Sendable (any OpinionWriter) throws -> R
  ) async throws -> R {
    let (result, events) = try await database.write { tx in
      var events: [OpinionEvent] = []
      let result = try audit.once(request, provenance: provenance, now: now, in: tx) {
        let writer = writer(in: tx, provenance: provenance, now: now)
        let result = try body(writer)
        events = try writer.flush()
        return result
      }
      return (result, events)
    }
    if !events.isEmpty { committed(events) }
    return result
  }

  /// A writer for work that an event caused; what it recorded is told by `flush`, which comes last.
  public func writer(
    in tx: any Transaction, provenance: Provenance, now: Date
  ) -> OpinionDatabaseWriter {
    OpinionDatabaseWriter(tx: tx, log: log, provenance: provenance, now: now, encode: encode)
  }
}
