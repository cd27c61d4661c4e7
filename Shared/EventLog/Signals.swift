// Reasons to look again: a commit, or time gone by. Several at once are one.

/// Wakes its one listener.
struct Signals: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let sources: [Task<Void, Never>]

  /// - Parameters:
  ///   - commits: ends the signals when it ends.
  ///   - every: also wakes the listener at this interval.
  init(commits: AsyncStream<Void>? = nil, every interval: Duration? = nil) {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    var sources: [Task<Void, Never>] = []
    if let commits {
      sources.append(
        Task {
          for await _ in commits { continuation.yield() }
          continuation.finish()
        })
    }
    if let interval {
      sources.append(
        Task {
          while (try? await Task.sleep(for: interval)) != nil { continuation.yield() }
        })
    }
    self.stream = stream
    self.continuation = continuation
    self.sources = sources
  }

  func wake() { continuation.yield() }

  /// - Returns: false when there will be no more signals, or the task is cancelled.
  func next() async -> Bool {
    for await _ in stream { return !Task.isCancelled }
    return false
  }

  func stop() {
    continuation.finish()
    for source in sources { source.cancel() }
  }
}
