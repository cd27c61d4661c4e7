// After the day: the exercise's clock goes on with the wall's, and units stay in sight, so that whoever
// signs in finds clocks that run and somebody to send.
import Foundation
import Synchronization

extension DemoPlayer {
  /// Moves the clock second by second and keeps positions fresh, until cancelled. What one second
  /// refuses, such as while a service is restarted, is tried again in the next.
  func goOn() async throws {
    let began = ContinuousClock.now
    let evening = now
    while true {
      try await Task.sleep(for: .seconds(1))
      now = evening + began.duration(to: .now) / .seconds(1)
      let fixes = tracks.dueFixes(at: now)
      do {
        try await suite.report(fixes)
        try await suite.advanceClock(to: time)
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        continue
      }
    }
  }
}

/// Whether the day is over: Ctrl-C is then the way to leave, and no failure.
final class DemoEnd: Sendable {
  private let over = Mutex(false)

  var isOver: Bool { over.withLock { $0 } }

  func set() { over.withLock { $0 = true } }
}
