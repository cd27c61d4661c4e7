// The half of a subscription that touches the store: effects and cursor together.
import Foundation
import Logging
import Persistence
import QuintetAPI

struct SubscriptionApplier: Sendable {
  static let batchLimit = 128
  static let maximumTries = 5
  /// A cursor that moves by heartbeats alone is not worth more than one commit in this time.
  static let idleCursorInterval: Duration = .milliseconds(100)

  let cursor: SubscriptionCursor
  let database: any Database
  let logger: Logger
  let clock: @Sendable () -> Date
  let apply: @Sendable (Quintet_Events_V1_Event, any Transaction) throws -> Void

  /// Applies what the inbox holds until it is finished.
  /// - Returns: whether anything came.
  /// - Throws: `DatabaseError` that does not pass by itself; `CancellationError`.
  func run(_ inbox: Inbox) async throws -> Bool {
    var received = false
    var idleCursor: Int64?
    var lastMove = ContinuousClock.now - Self.idleCursorInterval
    while let responses = await inbox.take(Self.batchLimit) {
      received = received || !responses.isEmpty
      let batch = Batch(responses)
      if !batch.events.isEmpty {
        try await applyAll(batch)
        lastMove = .now
        idleCursor = nil
      } else if let reached = batch.reached {
        idleCursor = max(reached, idleCursor ?? 0)
      }
      if let reached = idleCursor, lastMove.duration(to: .now) >= Self.idleCursorInterval {
        try await move(to: reached)
        lastMove = .now
        idleCursor = nil
      }
    }
    return received
  }

  private struct Batch: Sendable {
    var events: [Quintet_Events_V1_Event] = []
    /// Where the cursor stands once all events are applied.
    var reached: Int64?

    init(_ responses: [Quintet_Events_V1_WatchResponse]) {
      for response in responses {
        switch response.item {
        case .event(let event):
          events.append(event)
          reach(event.sequence)
        case .heartbeat(let heartbeat): reach(heartbeat.sequence)
        case nil: break
        }
      }
    }

    init(_ event: Quintet_Events_V1_Event) {
      events = [event]
      reach(event.sequence)
    }

    private mutating func reach(_ sequence: UInt64) {
      reached = max(Int64(clamping: sequence), reached ?? 0)
    }
  }

  private func applyAll(_ batch: Batch) async throws {
    do {
      try await commit(batch)
    } catch let error where Self.isFailureOfEvents(error) {
      for event in batch.events { try await applyOne(event) }
      if let reached = batch.reached { try await move(to: reached) }
    }
  }

  private func applyOne(_ event: Quintet_Events_V1_Event) async throws {
    var backoff = Backoff()
    for attempt in 1... {
      do {
        return try await commit(Batch(event))
      } catch let error where Self.isFailureOfEvents(error) {
        guard attempt < Self.maximumTries else {
          return try await park(event, tries: attempt, error: error)
        }
        try await backoff.pause()
      }
    }
  }

  /// Effects and cursor, all or nothing. What was applied before is passed over: a stream may
  /// repeat what was received but not acknowledged before a crash.
  private func commit(_ batch: Batch) async throws {
    let (cursor, apply) = (cursor, apply)
    try await Backoff.retryingTransient(logger) {
      try await database.write { tx in
        let position = try cursor.position(in: tx)
        for event in batch.events where Int64(clamping: event.sequence) > position {
          try apply(event, tx)
        }
        if let reached = batch.reached { try cursor.move(to: reached, in: tx) }
      }
    }
  }

  private func move(to sequence: Int64) async throws {
    let cursor = cursor
    try await Backoff.retryingTransient(logger) {
      try await database.write { try cursor.move(to: sequence, in: $0) }
    }
  }

  private func park(_ event: Quintet_Events_V1_Event, tries: Int, error: any Error) async throws {
    let (cursor, now) = (cursor, clock())
    try await Backoff.retryingTransient(logger) {
      try await database.write { tx in
        try cursor.park(event, tries: tries, error: "\(error)", now: now, in: tx)
        try cursor.move(to: Int64(clamping: event.sequence), in: tx)
      }
    }
    logger.error(
      "an event could not be applied and was set aside",
      metadata: [
        "event": "\(event.id)", "type": "\(event.type)", "sequence": "\(event.sequence)",
        "incident": "\(event.incidentID)", "trace": "\(event.trace)", "tries": "\(tries)",
        "error": "\(error)",
      ])
  }

  /// Applies a parked event once more and forgets that it was parked, or counts one try more.
  /// - Returns: nil when it was applied; else the event as it stands now.
  /// - Throws: `FeedError` when it is not there to be tried; `DatabaseError` that is not its fault.
  func retryParked(_ sequence: Int64) async throws -> ParkedEvent? {
    let (cursor, apply) = (cursor, apply)
    do {
      let event = try await database.write { tx in
        let event = try cursor.takeParked(sequence, in: tx)
        try apply(event, tx)
        return event
      }
      logger.notice(
        "a parked event was applied",
        metadata: ["event": "\(event.id)", "type": "\(event.type)", "sequence": "\(sequence)"])
      return nil
    } catch let error where Self.isFailureOfEvents(error) && !Self.isRefusal(error) {
      let sentence = "\(error)"
      let parked = try await database.write { tx in
        try cursor.noteFailedRetry(sequence, error: sentence, in: tx)
      }
      logger.error(
        "a parked event failed again",
        metadata: [
          "event": "\(parked?.eventID ?? "")", "type": "\(parked?.type ?? "")",
          "sequence": "\(sequence)", "tries": "\(parked?.tries ?? 0)", "error": "\(sentence)",
        ])
      return parked
    }
  }

  /// Not tried at all, or not for a reason that lies in the event.
  private static func isRefusal(_ error: any Error) -> Bool {
    (error as? DatabaseError)?.isTransient ?? (error is FeedError)
  }

  /// A closed or damaged store is nobody's event: setting events aside would lose them all.
  private static func isFailureOfEvents(_ error: any Error) -> Bool {
    switch error {
    case is CancellationError: false
    case DatabaseError.closed, DatabaseError.corrupt, DatabaseError.inputOutput: false
    default: true
    }
  }
}
