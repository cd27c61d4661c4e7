// Follows one neighbour's feed for ever: connects, reads on from the cursor, hands what comes to
// the applier, and connects again when the stream breaks. One that begins where the old history was
// pruned reads what is left of it first.
public import Foundation
import GRPCCore
public import Logging
public import Persistence
public import QuintetAPI
public import ServiceLifecycle
import SwiftProtobuf
import Synchronization

/// Where a neighbour's events come from: a gRPC client in service, anything in a test.
public protocol EventSource: Sendable {
  /// Calls `Watch` and hands over every response in order, one at a time, until the stream ends.
  /// - Throws: how the stream broke (an `RPCError`); what `receive` throws.
  func watch(
    partition: String, after: Int64, types: [String],
    _ receive: @escaping @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws

  /// Calls `ReadSnapshot` and hands over every response in order, one at a time.
  /// - Throws: as `watch`.
  func readSnapshot(
    _ request: Quintet_Events_V1_ReadSnapshotRequest,
    _ receive: @escaping @Sendable (Quintet_Events_V1_ReadSnapshotResponse) async throws -> Void
  ) async throws
}

/// Applies each event of a neighbour exactly once: its effects and the cursor are one transaction.
///
/// Events that wait are applied together, up to 128 in a transaction; when one fails they are
/// redone one by one. An event that fails 5 times is set aside in `parked_event`, with an error
/// line, and passed over. What can pass by itself (a full disk, too many writes) is never set
/// aside but tried until it succeeds.
///
/// A parked event that is tried again comes after events that followed it, also about the same
/// subject: `apply` must bear that.
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

  /// The neighbour's name, such as `command`.
  public var source: String { cursor.source }

  /// Applies a parked event once more, its effects and its removal from the list in one transaction.
  /// - Returns: nil when it was applied; else the event as it stands now, with one try more.
  /// - Throws: `FeedError` PARKED_EVENT_UNKNOWN, EVENT_SKIPPED; `DatabaseError` that is not the
  ///   event's fault.
  public func retryParked(_ sequence: Int64) async throws -> ParkedEvent? {
    try await applier.retryParked(sequence)
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
      let place = try await Backoff.retryingTransient(logger) {
        try await database.read { try cursor.place(in: $0) }
      }
      var end = try await place.snapshot == nil ? follow(from: place) : readSnapshot(from: place)
      // A cursor of 0 is ahead of nobody: what is missing was pruned.
      if place.isNew, (end.failure as? RPCError)?.code == .outOfRange {
        end = try await readSnapshot(from: place)
      }
      try Task.checkCancellation()
      if end.received { backoff = Backoff() }
      complaints.report(end.failure, afterSuccess: end.received, cursor: place.cursor)
      try await backoff.pause()
    }
  }

  private func follow(from place: SubscriptionCursor.Place) async throws -> SessionEnd {
    let (client, partition, types) = (client, cursor.partition, types)
    return try await session { inbox in
      try await client.watch(partition: partition, after: place.cursor, types: types) {
        try await inbox.put($0)
      }
    }
  }

  /// Reads what is left of the old history, from the beginning or from where it broke off. Its events
  /// are applied like any others; the cursor goes to the end of the pruned stretch when all are.
  private func readSnapshot(from place: SubscriptionCursor.Place) async throws -> SessionEnd {
    let (client, cursor, database, logger) = (client, cursor, database, logger)
    let request = Quintet_Events_V1_ReadSnapshotRequest.with { request in
      request.partition = cursor.partition
      request.types = types
      request.afterSequence = UInt64(max(0, place.cursor))
      request.snapshotSequence = UInt64(max(0, place.snapshot ?? 0))
    }
    let bound = Mutex<Int64?>(nil)
    let end = try await session { inbox in
      try await client.readSnapshot(request) { response in
        switch response.item {
        case .start(let start):
          let sequence = Int64(clamping: start.sequence)
          try await database.write { try cursor.beginSnapshot(sequence, in: $0) }
          logger.info(
            "the neighbour's old history is pruned; reading its snapshot",
            metadata: ["cursor": "\(place.cursor)", "snapshot": "\(sequence)"])
        case .event(let event): try await inbox.put(.with { $0.event = event })
        case .end(let end): bound.withLock { $0 = Int64(clamping: end.sequence) }
        case nil: break
        }
      }
    }
    if end.failure == nil, let sequence = bound.withLock({ $0 }) {
      try await Backoff.retryingTransient(logger) {
        try await database.write { try cursor.finishSnapshot(sequence, in: $0) }
      }
      logger.info(
        "the neighbour's snapshot was read; following its feed from there",
        metadata: ["snapshot": "\(sequence)"])
    }
    return end
  }

  /// One stream, from its opening to its end.
  /// - Throws: when the own store gave up.
  private func session(
    _ read: @escaping @Sendable (Inbox) async throws -> Void
  ) async throws -> SessionEnd {
    let inbox = Inbox(limit: Self.inboxLimit, waking: SubscriptionApplier.idleCursorInterval)
    return try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        defer { inbox.finish() }
        do {
          try await read(inbox)
          return .stream(nil)
        } catch {
          return .stream(error)
        }
      }
      group.addTask {
        defer { inbox.close() }
        return .applied(try await applier.run(inbox))
      }
      var end = SessionEnd()
      do {
        for try await part in group {
          switch part {
          case .stream(let error): end.failure = error
          case .applied(let received): end.received = received
          }
        }
      } catch {
        group.cancelAll()
        throw error
      }
      return end
    }
  }

  private struct SessionEnd {
    /// Whether anything came.
    var received = false
    /// How the stream ended: nil for in good order.
    var failure: (any Error)?
  }

  private enum Part: Sendable {
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
