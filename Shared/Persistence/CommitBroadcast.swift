// Tells everybody who listens that something new is durable.
import Synchronization

final class CommitBroadcast: Sendable {
  private struct State {
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var next = 0
    var finished = false
  }

  private let state = Mutex(State())

  func subscribe() -> AsyncStream<Void> {
    // A listener needs to know that there was a commit, not how many.
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let key: Int? = state.withLock { state in
      guard !state.finished else { return nil }
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    guard let key else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.remove(key) }
    return stream
  }

  func announce() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
  }

  func finish() {
    let listeners = state.withLock { state in
      state.finished = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }

  private func remove(_ key: Int) {
    state.withLock { $0.listeners[key] = nil }
  }
}
