// How long to wait before the next try.
import Logging
import Persistence

/// 20 ms, doubled each time up to 1 s.
struct Backoff: Sendable {
  private var next: Duration = .milliseconds(20)

  init() {}

  /// - Throws: `CancellationError`.
  mutating func pause() async throws {
    try await Task.sleep(for: next)
    next = min(next * 2, .seconds(1))
  }

  /// Tries until it works or fails for good, and says so at the first failure and every 60.
  static func retryingTransient<R: Sendable>(
    _ logger: Logger, _ body: () async throws -> R
  ) async throws -> R {
    var backoff = Backoff()
    var failures = 0
    while true {
      do {
        return try await body()
      } catch let error as DatabaseError where error.isTransient {
        if failures.isMultiple(of: 60) {
          logger.warning(
            "the store does not take a neighbour's events now; trying again",
            metadata: ["error": "\(error)"])
        }
        failures += 1
        try await backoff.pause()
      }
    }
  }
}
