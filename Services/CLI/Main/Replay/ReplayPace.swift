// How fast simulated time passes.
import ArgumentParser
import Foundation
import Synchronization

/// `--speed`: simulated seconds per real second, or as fast as the suite takes it.
enum ReplaySpeed: ExpressibleByArgument, Sendable {
  case max
  case times(Double)

  init?(argument: String) {
    if argument == "max" {
      self = .max
    } else if let factor = Double(argument), factor > 0, factor.isFinite {
      self = .times(factor)
    } else {
      return nil
    }
  }
}

/// Holds a replay back so that simulated time does not pass faster than it should.
final class ReplayPace: Sendable {
  private let speed: ReplaySpeed
  private let anchor = Mutex<(simulated: Date, real: ContinuousClock.Instant)?>(nil)

  init(_ speed: ReplaySpeed) {
    self.speed = speed
  }

  /// A window of about a real second, so that things happen when they should and not an hour's at
  /// once; whole simulated seconds.
  var windowSeconds: Double {
    switch speed {
    case .max: .infinity
    case .times(let factor): Swift.max(1, factor.rounded())
    }
  }

  /// Real time runs from here.
  func begin(at simulated: Date?) {
    guard let simulated else { return }
    anchor.withLock { $0 = (simulated, .now) }
  }

  /// - Throws: `Interrupted`.
  func wait(until simulated: Date, _ interruption: Interruption) async throws {
    guard case .times(let factor) = speed, let anchor = anchor.withLock({ $0 }) else { return }
    let seconds = simulated.timeIntervalSince(anchor.simulated) / factor
    let due = anchor.real.advanced(by: .seconds(seconds))
    while ContinuousClock.now < due {
      try interruption.check()
      let left = ContinuousClock.now.duration(to: due)
      try await Task.sleep(for: Swift.min(left, .milliseconds(200)))
    }
  }
}
