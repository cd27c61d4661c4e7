// Between those who read the services' streams and the one who writes to the page: each line is handed
// over by itself, so that whoever writes slowly makes the others wait, and nothing piles up.

import NIOCore
import Synchronization

/// One thing that a page is told.
struct LiveMessage: Sendable {
  /// Of the event; empty for the one that pages hear without a name.
  var event: String
  /// What the page calls the stream that it came from.
  var watch: String
  /// Where that stream can be taken up again; nil where it cannot.
  var sequence: Int64?
  /// JSON.
  var data: [UInt8]
}

/// Hands lines over, one at a time.
final class LivePipe: Sendable {
  enum Item: Sendable {
    case line(LiveMessage)
    /// Nothing has come for a while.
    case quiet
    /// There will be no more; nil when the streams ended by themselves.
    case end((any Error)?)
  }

  /// The page has gone.
  struct Closed: Error {}

  private struct Offer {
    let line: LiveMessage
    let giver: CheckedContinuation<Void, any Error>
  }

  private struct State {
    /// One at most of each stream: whoever offers waits.
    var offers: [Offer] = []
    var taker: CheckedContinuation<Item, Never>?
    var end: Result<Void, any Error>?
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Returns when the line was taken.
  ///
  /// - Throws: `Closed`.
  func put(_ line: LiveMessage) async throws {
    try await withCheckedThrowingContinuation { giver in
      let next = state.withLock { state -> Placed in
        if state.isClosed { return .refused }
        if let taker = state.taker {
          state.taker = nil
          return .given(to: taker)
        }
        state.offers.append(Offer(line: line, giver: giver))
        return .waiting
      }
      switch next {
      case .refused: giver.resume(throwing: Closed())
      case .given(let taker):
        taker.resume(returning: .line(line))
        giver.resume()
      case .waiting: break
      }
    }
  }

  private enum Placed {
    case refused
    case given(to: CheckedContinuation<Item, Never>)
    case waiting
  }

  /// No more lines will be put.
  func finish(_ error: (any Error)?) {
    let taker = state.withLock { state -> CheckedContinuation<Item, Never>? in
      guard state.end == nil else { return nil }
      state.end = if let error { .failure(error) } else { .success(()) }
      defer { state.taker = nil }
      return state.taker
    }
    taker?.resume(returning: .end(error))
  }

  /// The page takes no more: whoever waits to give is let go.
  func close() {
    let (offers, taker) = state.withLock { state in
      state.isClosed = true
      state.end = state.end ?? .failure(Closed())
      defer {
        state.offers = []
        state.taker = nil
      }
      return (state.offers, state.taker)
    }
    for offer in offers { offer.giver.resume(throwing: Closed()) }
    taker?.resume(returning: .end(Closed()))
  }

  /// The next line, or `quiet` when none comes in time. For one taker.
  func next(within limit: TimeAmount, on loop: any EventLoop) async -> Item {
    let timer = loop.scheduleTask(in: limit) { self.hush() }
    defer { timer.cancel() }
    return await withCheckedContinuation { taker in
      let (item, giver) = state.withLock {
        state -> (Item?, CheckedContinuation<Void, any Error>?) in
        if !state.offers.isEmpty {
          let offer = state.offers.removeFirst()
          return (.line(offer.line), offer.giver)
        }
        switch state.end {
        case .success: return (.end(nil), nil)
        case .failure(let error): return (.end(error), nil)
        case nil:
          state.taker = taker
          return (nil, nil)
        }
      }
      giver?.resume()
      if let item { taker.resume(returning: item) }
    }
  }

  private func hush() {
    let taker = state.withLock { state in
      defer { state.taker = nil }
      return state.taker
    }
    taker?.resume(returning: .quiet)
  }
}

/// How many live streams are open, in all and for each who has some.
final class LiveSeats: Sendable {
  private let each: Int
  private let all: Int
  private let taken = Mutex<[String: Int]>([:])

  init(each: Int, all: Int) {
    self.each = each
    self.all = all
  }

  /// - Returns: whether there was room; then `leave` must be called once.
  func take(_ actor: String) -> Bool {
    taken.withLock { taken in
      guard taken[actor, default: 0] < each, taken.values.reduce(0, +) < all else { return false }
      taken[actor, default: 0] += 1
      return true
    }
  }

  func leave(_ actor: String) {
    taken.withLock { taken in
      let left = (taken[actor] ?? 0) - 1
      taken[actor] = left > 0 ? left : nil
    }
  }
}
