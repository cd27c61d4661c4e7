// The store of command over the Database port: state, events and the answer to a repeated request
// go into one transaction.
public import Access
import Audit
public import CommandDomain
public import EventLog
public import Foundation
public import Identifiers
public import Persistence

public struct CommandDatabaseStore: CommandStore {
  /// Turns a fact into what the log keeps; from the RPC room, which knows protobuf.
  public typealias Encoder = @Sendable (CommandEvent) throws -> EncodedEvent
  /// Is told what happened once it is durable: in order within one write, in any order between
  /// writes that ran at once (compare revisions). A repeated request tells nothing again.
  public typealias Observer = @Sendable ([CommandEvent]) -> Void

  private let database: any Database
  private let log: EventLog
  private let audit: AuditLog
  private let encode: Encoder
  private let committed: Observer

  public init(
    database: any Database, log: EventLog, encode: @escaping Encoder,
    committed: @escaping Observer = { _ in }
  ) {
    self.database = database
    self.log = log
    self.audit = AuditLog(beside: log)
    self.encode = encode
    self.committed = committed
  }

  public func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any CommandReader) throws -> R
  ) async throws -> R {
    try await database.read { [log] tx in
      let reached = try ReachedThings(reach, partition: log.partition, in: tx)
      return try body(TransactionReader(tx: tx, log: log, reached: reached))
    }
  }

  public func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any CommandWriter) throws -> R
  ) async throws -> R {
    let outcome = try await database.write(
      job((key: request, provenance: provenance, reach: reach, body: body), now: now))
    return tell(outcome)
  }

  public func writeEach<R: Codable & Sendable>(
    _ requests: [CommandRequest<R>], now: Date
  ) async -> [Result<R, any Error>] {
    await database.writeEach(requests.map { job($0, now: now) }).map { result in
      result.map(tell)
    }
  }

  /// Runs `body` inside somebody else's transaction, with its events. For subscriptions, whose own
  /// cursor makes sure that it happens once. The observer is not told.
  /// - Throws: what `body` throws; `DatabaseError`. Let it leave the transaction.
  public func perform<R>(
    in tx: any Transaction, provenance: Provenance, now: Date,
    _ body: (any CommandWriter) throws -> R
  ) throws -> R {
    let writer = try writer(in: tx, provenance: provenance, reach: .everywhere, now: now)
    let result = try body(writer)
    try writer.flush(encode)
    return result
  }

  private typealias Outcome<R> = (answer: R, events: [CommandEvent])

  private func job<R: Codable & Sendable>(
    _ request: CommandRequest<R>, now: Date
  ) -> @Sendable (any Transaction) throws -> Outcome<R> {
    { tx in
      var events: [CommandEvent] = []
      let answer = try audit.once(
        request.key, provenance: request.provenance, now: now, in: tx
      ) {
        let writer = try writer(
          in: tx, provenance: request.provenance, reach: request.reach, now: now)
        let answer = try request.body(writer)
        try writer.flush(encode)
        events = writer.events
        return answer
      }
      return (answer, events)
    }
  }

  private func tell<R>(_ outcome: Outcome<R>) -> R {
    if !outcome.events.isEmpty { committed(outcome.events) }
    return outcome.answer
  }

  private func writer(
    in tx: any Transaction, provenance: Provenance, reach: Reach, now: Date
  ) throws -> TransactionWriter {
    TransactionWriter(
      tx: tx, log: log, reached: try ReachedThings(reach, partition: log.partition, in: tx),
      provenance: provenance, now: now,
      mint: IdentifierMint(service: log.service, cause: provenance.stableCause, now: now))
  }
}
