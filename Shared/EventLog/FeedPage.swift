// One bounded step through the log: what a feed reads between two looks at the world.
import Persistence

/// A stretch of the log.
struct FeedPage: Sendable {
  /// At most this many events are read at once.
  static let eventLimit = 256
  /// And at most this many are looked at, so that a filter that matches little stays a short read.
  static let scanLimit: Int64 = 4096

  let events: [StoredEvent]
  /// Everything wanted up to here is in `events`.
  let reached: Int64
  /// Sequence of the newest event when the page was read.
  let head: Int64
}

extension EventLog {
  /// Reads on from `after`.
  /// - Throws: `FeedError` when the log does not have what comes next; `DatabaseError`.
  func page(after: Int64, types: [String], in tx: any Transaction) throws -> FeedPage {
    let head = try head(in: tx)
    guard after <= head else { throw FeedError.sequenceAhead(head: head) }
    guard after < head else { return FeedPage(events: [], reached: after, head: head) }
    let pruned = try prunedThrough(in: tx)
    guard after >= pruned else { throw FeedError.historyPruned(through: pruned) }
    let through = min(head, after + FeedPage.scanLimit)
    let events = try events(
      after: after, through: through, types: types, limit: FeedPage.eventLimit, in: tx)
    // A full page may have stopped short of `through`.
    let reached = events.count == FeedPage.eventLimit ? events.last?.sequence ?? through : through
    return FeedPage(events: events, reached: reached, head: head)
  }
}
