// Follows one neighbour's feed for ever: connects, reads on from the cursor, hands what comes to
// the applier, and connects again when the stream breaks.
public import Foundation
import GRPCCore
public import Logging
public import Persistence
public import QuintetAPI
public import ServiceLifecycle

/// Where a neighbour's events come from: a gRPC client in service, anything in a test.
public protocol EventSource: Sendable {
  /// Calls `Watch` and hands over every response in order, one at a time, until the stream ends.
  /// - Throws: how the stream broke (an `RPCError`); what `receive` throws.
  func watch(
    partition: String, after: Int64, types: [String],
    _ receive: @escaping @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws
}

/// Applies each event of a neighbour exactly once: its effects and the cursor are one transaction.
///
/// Events that wait are applied together, up to 128 in a transaction; when one fails they are
/// redone one by one. An event that fails 5 times is set aside in `parked_event`, with an error
/// line, and passed over. What can pass by itself (a full disk, too many writes) is never set
/// aside but tried until it succeeds.
public struct Subscription: ServiceLifecycle.Service {
  static let inboxLimit = 1024

  private let types: [String]
  private let client: any EventSource
  private let logger: Logger
  private let database: any Database
  private let cursor: SubscriptionCursor
  private let applier: SubscriptionApplier

  /// - Parameters:
  ///   - source: the neighbour's name, such as `command`.
  ///   - types: full message names to ask for, at most 64; empty for all.
  ///   - service: who follows, for the log.
  ///   - apply: does the work of one event; it may be called again for the same event after it
  ///     threw, in another transaction. It must pass over an event of a type it does not handle.
  public init(
    source: String, types: [String], service: String, partition: String, database: any Database,
    client: any EventSource, logger: Logger, clock: @escaping @Sendable () -> Date,
    apply: @escaping @Sendable (Quintet_Events_V1_Event, any Transaction) throws -> Void
  ) {
    var logger = logger
    logger[metadataKey: "source"] = "\(source)"
    logger[metadataKey: "service"] = "\(service)"
    self.types = types
    self.client = client
    self.logger = logger
    self.database = database
    self.cursor = SubscriptionCursor(partition: partition, source: source)
    self.applier = SubscriptionApplier(
      cursor: cursor, database: database, logger: logger, clock: clock, apply: apply)
  }

  /// Runs until the task is cancelled or the service shuts down.
  /// - Throws: `DatabaseError` when the own store cannot be used at all.
  public func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await followForEver() }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }

  private func followForEver() async throws {
    let cursor = cursor
    try await Backoff.retryingTransient(logger) {
      try await database.write { try cursor.register(in: $0) }
    }
    var backoff = Backoff()
    var complaints = Complaints(logger: logger)
    while true {
      let start = try await Backoff.retryingTransient(logger) {
        try await database.read { try cursor.position(in: $0) }
      }
      let (received, failure) = try await session(from: start)
      try Task.checkCancellation()
      if received { backoff = Backoff() }
      complaints.report(failure, afterSuccess: received, cursor: start)
      try await backoff.pause()
    }
  }

  /// One stream, from its opening to its end.
  /// - Returns: whether anything came, and how the stream ended: nil for in good order.
  /// - Throws: when the own store gave up.
  private func session(from start: Int64) async throws -> (received: Bool, failure: (any Error)?) {
    let inbox = Inbox(limit: Self.inboxLimit, waking: SubscriptionApplier.idleCursorInterval)
    let partition = cursor.partition
    return try await withThrowingTaskGroup(of: SessionEnd.self) { group in
      group.addTask {
        defer { inbox.finish() }
        do {
          try await client.watch(partition: partition, after: start, types: types) {
            try await inbox.put($0)
          }
          return .stream(nil)
        } catch {
          return .stream(error)
        }
      }
      group.addTask {
        defer { inbox.close() }
        return .applied(try await applier.run(inbox))
      }
      var result: (received: Bool, failure: (any Error)?) = (false, nil)
      do {
        for try await end in group {
          switch end {
          case .stream(let error): result.failure = error
          case .applied(let received): result.received = received
          }
        }
      } catch {
        group.cancelAll()
        throw error
      }
      return result
    }
  }

  private enum SessionEnd: Sendable {
    case stream((any Error)?)
    case applied(Bool)
  }
}

/// Says once that a neighbour is gone, and keeps saying, once a minute, what will not mend itself.
private struct Complaints {
  let logger: Logger
  private var lastError: ContinuousClock.Instant?
  private var isDown = false

  init(logger: Logger) { self.logger = logger }

  mutating func report(_ failure: (any Error)?, afterSuccess: Bool, cursor: Int64) {
    if afterSuccess { isDown = false }
    if let error = failure as? RPCError, error.code == .outOfRange {
      if let lastError, lastError.duration(to: .now) < .seconds(60) { return }
      lastError = .now
      logger.error(
        "the neighbour's feed does not have what comes next; this needs an operator",
        metadata: ["cursor": "\(cursor)", "error": "\(error.message)"])
    } else if !isDown {
      isDown = true
      logger.info(
        "the neighbour's feed has ended; trying again until it is back",
        metadata: ["error": "\(failure.map { "\($0)" } ?? "none")"])
    }
  }
}
