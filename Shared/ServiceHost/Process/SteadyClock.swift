// The time that a process goes by. A machine's clock that leaps ahead must not fire every deadline, nor
// stamp what happens meanwhile with a time that will be taken back; so every service asks here, and all
// of them hold the same leap for as long.
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// The machine's clock, as far as the monotonic clock vouches for it.
final class SteadyClock: Sendable {
  private let watch: Mutex<ClockWatch>
  private let wall: @Sendable () -> Date
  private let monotonic: @Sendable () -> TimeInterval
  private let report: @Sendable (ClockWatch.Notice) -> Void

  /// Believes the clock as it is now.
  /// - Parameters:
  ///   - monotonic: seconds since any fixed moment; never set, and not stopped while asleep.
  ///   - report: told of each notice once, by whoever asked for the time.
  init(
    wall: @escaping @Sendable () -> Date,
    monotonic: @escaping @Sendable () -> TimeInterval = SteadyClock.secondsSinceStart,
    report: @escaping @Sendable (ClockWatch.Notice) -> Void
  ) {
    self.wall = wall
    self.monotonic = monotonic
    self.report = report
    watch = Mutex(ClockWatch(wall: wall(), monotonic: monotonic()))
  }

  /// The time that can be believed.
  func now() -> Date {
    let (time, notice) = watch.withLock { $0.look(wall: wall(), monotonic: monotonic()) }
    if let notice { report(notice) }
    return time
  }

  private static let start = ContinuousClock.now

  static func secondsSinceStart() -> TimeInterval {
    let elapsed = start.duration(to: .now).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
  }
}

/// Looks at the clock every second, so that a leap is noticed, and begins to be doubted, in all
/// processes at about the same time, however little they have to do.
struct ClockKeeping: ServiceLifecycle.Service, CustomStringConvertible {
  let clock: @Sendable () -> Date

  var description: String { "clock" }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown {
        while true {
          try await Task.sleep(for: .seconds(1))
          _ = clock()
        }
      }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }
}

extension Logger {
  func report(_ notice: ClockWatch.Notice) {
    switch notice {
    case .held(let ahead):
      error(
        "the clock leapt ahead and is not believed; time goes on by the monotonic clock",
        metadata: [
          "ahead_s": .stringConvertible(ahead),
          "believed_after_s": .stringConvertible(Int(ClockWatch.confirmation)),
        ])
    case .confirmed: warning("the clock's leap has stood and is believed now")
    case .withdrawn: info("the clock has come back")
    case .setBack(let seconds):
      error("the clock was set back", metadata: ["seconds": .stringConvertible(seconds)])
    }
  }
}
