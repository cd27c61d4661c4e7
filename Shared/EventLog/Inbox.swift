// Between the network and the store: what arrives while a transaction runs waits here and goes
// into the next one together. Bounded, so that a fast neighbour waits for a slow disk.
import QuintetAPI
import Synchronization

/// One producer, one consumer.
final class Inbox: Sendable {
  private struct State {
    var waiting: [Quintet_Events_V1_WatchResponse] = []
    var finished = false
  }

  private let limit: Int
  private let state = Mutex(State())
  private let arrived: Signals
  private let room = Signals()

  /// - Parameter waking: also lets the consumer look up, empty-handed, at this interval.
  init(limit: Int, waking interval: Duration) {
    self.limit = limit
    self.arrived = Signals(every: interval)
  }

  /// Waits while the inbox is full.
  /// - Throws: `CancellationError`, also when nobody reads the inbox any more.
  func put(_ response: Quintet_Events_V1_WatchResponse) async throws {
    while isFull {
      guard await room.next() else { throw CancellationError() }
    }
    state.withLock { $0.waiting.append(response) }
    arrived.wake()
  }

  /// - Returns: what is there, at most `maximum`, waiting once for something to come; empty when it
  ///   was woken for nothing; nil when it was emptied after `finish`, or the task is cancelled.
  func take(_ maximum: Int) async -> [Quintet_Events_V1_WatchResponse]? {
    if state.withLock({ $0.waiting.isEmpty && !$0.finished }) {
      _ = await arrived.next()
    }
    if Task.isCancelled { return nil }
    let taken: [Quintet_Events_V1_WatchResponse]? = state.withLock { state in
      if state.waiting.isEmpty && state.finished { return nil }
      let taken = Array(state.waiting.prefix(maximum))
      state.waiting.removeFirst(taken.count)
      return taken
    }
    room.wake()
    return taken
  }

  /// The producer has nothing more.
  func finish() {
    state.withLock { $0.finished = true }
    arrived.stop()
  }

  /// The consumer takes no more.
  func close() {
    arrived.stop()
    room.stop()
  }

  private var isFull: Bool { state.withLock { $0.waiting.count >= limit } }
}
