// Between a stream's reader and its writer: what a caller sends while a transaction runs waits
// here and goes into the next one together. Bounded in number and size, so that a caller who sends
// faster than the disk writes is held back by gRPC's flow control.

import Synchronization

/// One producer, one consumer.
final class ItemIntake<Item: Sendable>: Sendable {
  private struct State {
    var waiting: [(item: Item, size: Int)] = []
    /// Taken and not answered yet, beside what waits.
    var count = 0
    var size = 0
    var isClosed = false
    var producer: CheckedContinuation<Void, Never>?
    var consumer: CheckedContinuation<Void, Never>?
  }

  private let countLimit: Int
  private let sizeLimit: Int
  private let state = Mutex(State())

  init(countLimit: Int, sizeLimit: Int) {
    self.countLimit = countLimit
    self.sizeLimit = sizeLimit
  }

  /// Waits for room. One item larger than the limit is let in alone.
  /// - Returns: false when the consumer takes no more.
  func put(_ item: Item, size: Int) async -> Bool {
    await wait(.producer) { [countLimit, sizeLimit] state in
      state.isClosed || state.count == 0
        || (state.count < countLimit && state.size + size <= sizeLimit)
    }
    let (accepted, consumer) = state.withLock { state in
      guard !state.isClosed else { return (false, nil as CheckedContinuation<Void, Never>?) }
      state.waiting.append((item, size))
      state.count += 1
      state.size += size
      return (true, state.consumer.take())
    }
    consumer?.resume()
    return accepted
  }

  /// Waits for something to come.
  /// - Returns: at most `maximum` items and their size; nil when all were taken after `close`.
  func take(_ maximum: Int) async -> (items: [Item], size: Int)? {
    await wait(.consumer) { !$0.waiting.isEmpty || $0.isClosed }
    return state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let taken = state.waiting.prefix(maximum)
      state.waiting.removeFirst(taken.count)
      return (taken.map(\.item), taken.reduce(0) { $0 + $1.size })
    }
  }

  /// Makes room: the items were answered.
  func answered(_ count: Int, size: Int) {
    let producer = state.withLock { state in
      state.count -= count
      state.size -= size
      return state.producer.take()
    }
    producer?.resume()
  }

  /// Nothing more is put; what waits can still be taken.
  func close() {
    let (producer, consumer) = state.withLock { state in
      state.isClosed = true
      return (state.producer.take(), state.consumer.take())
    }
    producer?.resume()
    consumer?.resume()
  }

  private func wait(
    _ side: Side, until isDone: @escaping @Sendable (State) -> Bool
  ) async {
    while state.withLock({ !isDone($0) }) {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          if isDone(state) { return true }
          switch side {
          case .producer: state.producer = continuation
          case .consumer: state.consumer = continuation
          }
          return false
        }
        if isDone { continuation.resume() }
      }
    }
  }

  private enum Side {
    case producer, consumer
  }
}
