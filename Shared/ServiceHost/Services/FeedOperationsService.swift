// What an operator does about feeds, over the host's own store and subscriptions: only the process
// that holds them can apply a parked event or remove old ones.
import Access
import EventLog
import Foundation
import GRPCCore
import Logging
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

/// `quintet.operations.v1.FeedService`.
struct FeedOperationsService: Quintet_Operations_V1_FeedService.SimpleServiceProtocol {
  static let keepDays = 365...36_500
  static let openLimit = 20_000
  static let reasonLimit = 500

  private let parked: ParkedEvents
  private let pruning: FeedPruning
  private let subscriptions: [String: Subscription]
  private let logger: Logger
  private let clock: @Sendable () -> Date
  private let turn = Turn()

  /// - Parameter lastingTypes: see `FeedPruning`.
  init(
    log: EventLog, database: any Database, subscriptions: [Subscription],
    lastingTypes: Set<String>, logger: Logger, clock: @escaping @Sendable () -> Date
  ) {
    self.parked = ParkedEvents(database: database, partition: log.partition)
    self.pruning = FeedPruning(log: log, database: database, lastingTypes: lastingTypes)
    self.subscriptions = Dictionary(
      subscriptions.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
    self.logger = logger
    self.clock = clock
  }

  func listParkedEvents(
    request: Quintet_Operations_V1_ListParkedEventsRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_ListParkedEventsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let last = try PageToken.decode(request.pageToken, count: 2).map { keys in
      guard let sequence = Int64(keys[1]) else { throw PageToken.invalid }
      return (source: keys[0], sequence: sequence)
    }
    let found = try await parked.list(
      after: last, includingSkipped: request.includeSkipped, limit: size + 1)
    let page = AnswerSize.fitting(
      found.prefix(size).map(Quintet_Operations_V1_ParkedEvent.init))
    return .with { response in
      response.parkedEvents = page
      if page.count < found.count, let last = page.last {
        response.nextPageToken = PageToken.encode([last.source, "\(last.sequence)"])
      }
    }
  }

  func retryParkedEvent(
    request: Quintet_Operations_V1_RetryParkedEventRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_RetryParkedEventResponse {
    let (source, sequence) = try Self.place(request.source, request.sequence)
    guard let subscription = subscriptions[source] else { throw FeedError.sourceUnknown(source) }
    CallContext.current.notes["subject"] = "\(source)/\(sequence)"
    let still = try await subscription.retryParked(sequence)
    return .with { response in
      if let still { response.stillParked = Quintet_Operations_V1_ParkedEvent(still) }
    }
  }

  func skipParkedEvent(
    request: Quintet_Operations_V1_SkipParkedEventRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_SkipParkedEventResponse {
    let (source, sequence) = try Self.place(request.source, request.sequence)
    let reason = try Check.text(
      request.reason, field: "reason", max: Self.reasonLimit, required: true)
    let actor = CallContext.current.principal.actor
    let (event, isNew) = try await parked.skip(
      source, sequence, .init(actor: actor, reason: reason, time: clock()))
    CallContext.current.notes["subject"] = "\(source)/\(sequence) \(event.eventID)"
    if isNew {
      logger.notice(
        "a parked event was skipped by an operator",
        metadata: [
          "source": "\(source)", "sequence": "\(sequence)", "event": "\(event.eventID)",
          "type": "\(event.type)", "actor": "\(actor)", "reason": "\(reason)",
        ])
    }
    return .with { $0.parkedEvent = Quintet_Operations_V1_ParkedEvent(event) }
  }

  func pruneFeed(
    request: Quintet_Operations_V1_PruneFeedRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_PruneFeedResponse {
    guard request.keepDays != 0 else { throw Failure.required("keep_days") }
    let days = Double(
      try Check.count(request.keepDays, field: "keep_days", Self.keepDays, standard: 0))
    let ids = try Check.list(request.openIds, field: "open_ids", 0...Self.openLimit)
    let open = Set(try ids.map { try Check.code($0, field: "open_ids", max: 64, required: true) })
    guard turn.take() else {
      throw Failure(
        code: .resourceExhausted, reason: "OVERLOADED",
        message: "另一次清理正在进行。Another pruning is in progress.")
    }
    defer { turn.giveBack() }
    let outcome = try await pruning.run(
      before: clock().addingTimeInterval(-days * 86_400), open: open,
      readThrough: request.hasReadThroughSequence
        ? Int64(clamping: request.readThroughSequence) : nil)
    logger.notice(
      "old events were pruned",
      metadata: [
        "pruned_through": "\(outcome.prunedThrough)", "removed": "\(outcome.removed)",
        "kept": "\(outcome.kept)", "keep_days": "\(request.keepDays)",
        "actor": "\(CallContext.current.principal.actor)",
      ])
    return .with { response in
      response.prunedThroughSequence = UInt64(outcome.prunedThrough)
      response.removedCount = UInt64(outcome.removed)
      response.keptCount = UInt64(outcome.kept)
    }
  }

  private static func place(_ source: String, _ sequence: UInt64) throws -> (String, Int64) {
    let source = try Check.code(source, field: "source", max: 64, required: true)
    guard sequence > 0 else { throw Failure.required("sequence") }
    return (source, Int64(clamping: sequence))
  }
}

extension Quintet_Operations_V1_ParkedEvent {
  init(_ event: ParkedEvent) {
    self = .with { message in
      message.source = event.source
      message.sequence = UInt64(event.sequence)
      message.eventID = event.eventID
      message.type = event.type
      message.subject = event.subject
      message.incidentID = event.incidentID
      message.tries = UInt32(event.tries)
      message.error = event.error
      message.parkTime = Google_Protobuf_Timestamp(microsecondsOf: event.parkTime)
      if let skip = event.skip {
        message.skip.actor = skip.actor
        message.skip.reason = skip.reason
        message.skip.skipTime = Google_Protobuf_Timestamp(microsecondsOf: skip.time)
      }
    }
  }
}

/// Lets one caller at a time do what should not be done twice at once.
final class Turn: Sendable {
  private let taken = Atomic(false)
  func take() -> Bool { !taken.exchange(true, ordering: .acquiringAndReleasing) }
  func giveBack() { taken.store(false, ordering: .releasing) }
}
