// What pruning has left of the old events, for a consumer that begins. Nothing is copied for it: it
// reads the log itself in bounded pages, and each page makes sure that the log is still the one that
// the first page was taken from.
import Persistence
import QuintetAPI
import SwiftProtobuf

/// A stretch of the kept events.
struct SnapshotPage: Sendable {
  let events: [StoredEvent]
  /// Everything wanted up to here is in `events`.
  let reached: Int64
  /// Up to here the log was pruned.
  let bound: Int64
}

extension EventLog {
  /// Reads on from `after`.
  /// - Parameter bound: of the snapshot that was begun; nil for a new one.
  /// - Throws: `FeedError` while events are being removed, and when they were since the beginning;
  ///   `DatabaseError`.
  func snapshotPage(
    after: Int64, bound: Int64?, types: [String], in tx: any Transaction
  ) throws -> SnapshotPage {
    let state = try pruningState(in: tx)
    guard bound == nil || bound == state.prunedThrough else { throw FeedError.snapshotGone }
    guard state.isFinished else { throw FeedError.pruning }
    let last = state.prunedThrough
    // A filter that matches little must stay a short read; without one every page is full.
    let through = types.isEmpty ? last : min(last, after + FeedPage.scanLimit)
    let events = try events(
      after: after, through: through, types: types, limit: FeedPage.eventLimit, in: tx)
    let reached = events.count == FeedPage.eventLimit ? events.last?.sequence ?? through : through
    return SnapshotPage(events: events, reached: reached, bound: last)
  }
}

extension EventFeed {
  /// Sends the whole snapshot, or the rest of one.
  /// - Throws: `FeedError`; `DatabaseError`; what `send` throws; `CancellationError`.
  func snapshot(
    _ request: Quintet_Events_V1_ReadSnapshotRequest,
    send: @Sendable (Quintet_Events_V1_ReadSnapshotResponse) async throws -> Void
  ) async throws {
    try check(request.partition, request.types)
    var cursor = Int64(clamping: request.afterSequence)
    var bound = cursor == 0 ? nil : Int64(clamping: request.snapshotSequence)
    var isFirst = true
    while true {
      try Task.checkCancellation()
      let page = try await database.read { [log, cursor, bound] tx in
        try log.snapshotPage(after: cursor, bound: bound, types: request.types, in: tx)
      }
      if isFirst {
        try await send(.with { $0.start.sequence = UInt64(page.bound) })
        isFirst = false
      }
      for event in page.events { try await send(.with { $0.event = event.message }) }
      (cursor, bound) = (page.reached, page.bound)
      if cursor >= page.bound { break }
    }
    try await send(.with { $0.end.sequence = UInt64(bound ?? 0) })
  }
}
