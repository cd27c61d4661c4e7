// A series of writes is answered together, once none of them is missing.
import Synchronization

/// Collects results that arrive one by one, and hands them over when none is missing.
final class Gathering<R: Sendable>: Sendable {
  private struct State {
    var results: [Result<R, any Error>?]
    var missing: Int
    var obstacle: (any Error)?
  }

  private let state: Mutex<State>
  private let finished: @Sendable ([Result<R, any Error>]) -> Void

  init(count: Int, finished: @escaping @Sendable ([Result<R, any Error>]) -> Void) {
    self.state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
    self.finished = finished
  }

  /// Why the store took nothing when it came to one of them: those after it are not tried, so that
  /// none is done before one that its caller will send again.
  var obstacle: (any Error)? { state.withLock { $0.obstacle } }

  func put(_ result: Result<R, any Error>, at index: Int) {
    let all = state.withLock { state -> [Result<R, any Error>]? in
      state.results[index] = result
      if case .failure(let error) = result, (error as? DatabaseError)?.isTransient == true {
        state.obstacle = state.obstacle ?? error
      }
      state.missing -= 1
      return state.missing == 0 ? state.results.compactMap { $0 } : nil
    }
    if let all { finished(all) }
  }
}
