// Whether the machine's clock can be believed. A clock that leaps ahead (a wrong time server, a wrong
// battery) would fire every deadline at once, and what has been told cannot be taken back. The
// monotonic clock is the witness: it knows how much time has really gone by.
import Foundation

/// Compares two clocks at every look.
///
/// The rule: when the wall clock is more than 30 s ahead of what the monotonic clock allows for, it
/// is not believed; time goes on from where it was, by the monotonic clock. When the leap has stood
/// for 60 s of monotonic time it is believed. A restart believes what it finds. A clock set back is
/// believed at once: whoever compares with the highest time seen fires nothing twice.
struct ClockWatch: Sendable {
  /// Seconds ahead that are believed at once.
  static let tolerance: TimeInterval = 30
  /// Seconds of monotonic time after which a leap is believed.
  static let confirmation: TimeInterval = 60

  /// What an operator should know.
  enum Notice: Sendable, Hashable {
    /// The clock leapt ahead by so many seconds and is not believed.
    case held(ahead: Int)
    /// The leap has stood long enough.
    case confirmed
    /// The clock came back by itself.
    case withdrawn
    /// The clock was set back by so many seconds.
    case setBack(Int)
  }

  private var believed: (wall: Date, monotonic: TimeInterval)
  private var doubt: (since: TimeInterval, ahead: TimeInterval)?

  /// - Parameter monotonic: seconds since any fixed moment, never set.
  init(wall: Date, monotonic: TimeInterval) {
    believed = (wall, monotonic)
  }

  /// - Returns: the time to go by, and a notice when something changed.
  mutating func look(
    wall: Date, monotonic: TimeInterval
  ) -> (time: Date, notice: Notice?) {
    let expected = believed.wall.addingTimeInterval(monotonic - believed.monotonic)
    let ahead = wall.timeIntervalSince(expected)
    guard ahead > Self.tolerance else {
      let wasHeld = doubt != nil
      believe(wall, monotonic)
      if ahead < -Self.tolerance { return (wall, .setBack(Int(-ahead))) }
      return (wall, wasHeld ? .withdrawn : nil)
    }
    guard let doubt, abs(doubt.ahead - ahead) <= Self.tolerance else {
      self.doubt = (monotonic, ahead)
      return (expected, .held(ahead: Int(ahead)))
    }
    guard monotonic - doubt.since >= Self.confirmation else { return (expected, nil) }
    believe(wall, monotonic)
    return (wall, .confirmed)
  }

  private mutating func believe(_ wall: Date, _ monotonic: TimeInterval) {
    believed = (wall, monotonic)
    doubt = nil
  }
}
