// Between the network and the store: positions that arrive while a batch is written wait here.
// Bounded, so that a fast caller waits for a slow disk.
import QuintetAPI
import Synchronization

/// One producer, one consumer.
final class PositionInbox: Sendable {
  private struct State {
    var waiting: [Quintet_Duty_V1_ReportPositionsRequest] = []
    var finished = false
    var closed = false
  }

  private let limit: Int
  private let state = Mutex(State())
  /// Signals, not queues: one that nobody waited for is enough, however often it was given.
  private let arrived = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  private let room = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

  init(limit: Int) {
    self.limit = limit
  }

  /// Waits while the inbox is full.
  /// - Throws: `CancellationError`, also when nobody takes any more.
  func put(_ request: Quintet_Duty_V1_ReportPositionsRequest) async throws {
    while true {
      let isIn = try state.withLock { state in
        if state.closed { throw CancellationError() }
        guard state.waiting.count < limit else { return false }
        state.waiting.append(request)
        return true
      }
      if isIn { break }
      for await _ in room.stream { break }
      try Task.checkCancellation()
    }
    arrived.continuation.yield()
  }

  /// - Returns: what waits, at most `maximum`; nil when nothing does and nothing more will come.
  func take(_ maximum: Int) async -> [Quintet_Duty_V1_ReportPositionsRequest]? {
    while true {
      let (taken, isOver) = state.withLock { state in
        let taken = Array(state.waiting.prefix(maximum))
        state.waiting.removeFirst(taken.count)
        return (taken, state.finished)
      }
      if !taken.isEmpty {
        room.continuation.yield()
        return taken
      }
      // A cancelled wait returns at once, and would turn this into a busy loop.
      if isOver || Task.isCancelled { return nil }
      for await _ in arrived.stream { break }
    }
  }

  /// The producer has nothing more.
  func finish() {
    state.withLock { $0.finished = true }
    arrived.continuation.yield()
  }

  /// The consumer takes no more.
  func close() {
    state.withLock { $0.closed = true }
    room.continuation.yield()
  }
}
