// Serves this service's log to whoever follows it: history in pages, then live. Nothing is kept
// for a reader; its cursor lives in its own store.
import Foundation
public import GRPCCore
public import Persistence
public import QuintetAPI
import ServiceLifecycle
import SwiftProtobuf

/// `quintet.events.v1.EventService` over one log.
public struct EventFeed: Quintet_Events_V1_EventService.SimpleServiceProtocol {
  static let maximumTypes = 64

  let log: EventLog
  let database: any Database
  let heartbeat: Duration

  /// - Parameter heartbeat: the longest silence on a stream, give or take a sixth.
  public init(log: EventLog, database: any Database, heartbeat: Duration = .seconds(5)) {
    self.log = log
    self.database = database
    self.heartbeat = heartbeat
  }

  public func watch(
    request: Quintet_Events_V1_WatchRequest,
    response: RPCWriter<Quintet_Events_V1_WatchResponse>,
    context: ServerContext
  ) async throws {
    try await streaming(context) { try await follow(request) { try await response.write($0) } }
  }

  public func readSnapshot(
    request: Quintet_Events_V1_ReadSnapshotRequest,
    response: RPCWriter<Quintet_Events_V1_ReadSnapshotResponse>,
    context: ServerContext
  ) async throws {
    try await streaming(context) { try await snapshot(request) { try await response.write($0) } }
  }

  /// gRPC does not cancel the handler when its caller leaves or the server drains: it only says so.
  /// A stream without an end would hold up the shutdown for ever.
  private func streaming(
    _ context: ServerContext, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cancelWhenGracefulShutdown(body) }
      group.addTask { try await context.cancellation.cancelled }
      defer { group.cancelAll() }
      do {
        try await group.next()
      } catch is CancellationError {
        // The stream was ended from outside; that is no failure of the feed.
      }
    }
  }

  public func getFeedStatus(
    request: Quintet_Events_V1_GetFeedStatusRequest, context: ServerContext
  ) async throws -> Quintet_Events_V1_GetFeedStatusResponse {
    try await status(request)
  }

  func status(
    _ request: Quintet_Events_V1_GetFeedStatusRequest
  ) async throws -> Quintet_Events_V1_GetFeedStatusResponse {
    try check(request.partition)
    return try await database.read { [log] tx in
      let subscriptions = try SubscriptionCursor.all(partition: log.partition, in: tx)
      return try Quintet_Events_V1_GetFeedStatusResponse.with { response in
        response.headSequence = UInt64(try log.head(in: tx))
        response.oldestSequence = UInt64(try log.oldest(in: tx))
        response.prunedThroughSequence = UInt64(try log.prunedThrough(in: tx))
        response.subscriptions = subscriptions
      }
    }
  }

  func check(_ partition: String, _ types: [String] = []) throws(FeedError) {
    guard !partition.isEmpty else { throw .partitionRequired }
    guard partition == log.partition else { throw .partitionUnknown }
    guard types.count <= Self.maximumTypes else { throw .tooManyTypes }
  }

  /// Sends until cancelled.
  /// - Throws: `FeedError`; `DatabaseError`; what `send` throws; `CancellationError`.
  func follow(
    _ request: Quintet_Events_V1_WatchRequest,
    send: @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws {
    try check(request.partition, request.types)
    guard var cursor = Int64(exactly: request.afterSequence) else {
      throw FeedError.sequenceAhead(head: try await database.read { [log] in try log.head(in: $0) })
    }
    // Listen before the first look, so that no commit falls between the two.
    let signals = Signals(commits: database.commits(), every: heartbeat / 4)
    defer { signals.stop() }
    var lastSent = ContinuousClock.now
    repeat {
      let before = cursor
      cursor = try await sendPages(after: cursor, types: request.types, send: send)
      if cursor > before {
        lastSent = .now
      } else if lastSent.duration(to: .now) >= heartbeat * 0.9 {
        // Nine tenths, because the clock's ticks are never exactly a quarter apart.
        try await send(Self.heartbeat(at: cursor))
        lastSent = .now
      }
    } while await signals.next()
    try Task.checkCancellation()
  }

  /// Sends what there is.
  /// - Returns: the sequence that the caller has been brought to.
  private func sendPages(
    after: Int64, types: [String],
    send: @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws -> Int64 {
    var cursor = after
    while true {
      try Task.checkCancellation()
      let page = try await database.read { [log, cursor] tx in
        try log.page(after: cursor, types: types, in: tx)
      }
      for event in page.events {
        try await send(.with { $0.event = event.message })
      }
      if page.reached > page.events.last?.sequence ?? cursor {
        // What was passed over is nothing to the reader, but its cursor may move.
        try await send(Self.heartbeat(at: page.reached))
      }
      cursor = page.reached
      if cursor >= page.head { return cursor }
    }
  }

  private static func heartbeat(at sequence: Int64) -> Quintet_Events_V1_WatchResponse {
    .with { response in
      response.heartbeat.sequence = UInt64(sequence)
      response.heartbeat.sendTime = timestamp(Date())
    }
  }
}
