// A series of writes is answered together, once none of them is missing.
import Synchronization

/// Collects results that arrive one by one, and hands them over when none is missing.
final class Gathering<R: Sendable>: Sendable {
  private struct State {
    var results: [Result<R, any Error>?]
    var missing: Int
  }

  private let state: Mutex<State>
  private let finished: @Sendable ([Result<R, any Error>]) -> Void

  init(count: Int, finished: @escaping @Sendable ([Result<R, any Error>]) -> Void) {
    self.state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
    self.finished = finished
  }

  func put(_ result: Result<R, any Error>, at index: Int) {
    let all = state.withLock { state -> [Result<R, any Error>]? in
      state.results[index] = result
      state.missing -= 1
      return state.missing == 0 ? state.results.compactMap { $0 } : nil
    }
    if let all { finished(all) }
  }
}
