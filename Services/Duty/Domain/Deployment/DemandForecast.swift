// How much each call of the last weeks says about some hours to come: the nearer in age, weekday and
// hour, the more.
import Foundation

/// Weights of past calls for windows of hours.
///
/// A call counts by its age (halved every 14 days), by its weekday (half on another one) and by its
/// hour (in full within the window, less beside it, nothing 2 h away: a triangular kernel, as is usual
/// for smoothing event times; Silverman, "Density Estimation", 1986). Divided by the weights of all
/// days looked at, the weights add up to the number of calls expected in the window.
struct DemandForecast {
  static let halfLifeDays: Double = 14
  static let otherWeekday: Double = 0.5
  static let spreadHours: Double = 2

  /// The first day looked at, and the first no longer looked at.
  let first: RosterDay
  let end: RosterDay

  /// Calls expected of one past call.
  /// - Parameter window: 1 … 12 h.
  func weight(of time: Date, for window: Range<Date>) -> Double {
    let day = RosterDay(of: window.lowerBound)
    let own = RosterDay(of: time)
    guard first <= own, own < end else { return 0 }
    let nearness = max(0, 1 - Self.hours(from: time, to: window) / Self.spreadHours)
    guard nearness > 0 else { return 0 }
    let length = Self.length(window)
    // The kernel's two slopes together are as wide as one spread.
    return weight(of: own, for: day) * nearness * length / (length + Self.spreadHours)
      / days(for: day)
  }

  private func weight(of own: RosterDay, for day: RosterDay) -> Double {
    let age = Double(max(0, day.number - own.number))
    let isSame = (own.number - day.number) % 7 == 0
    return pow(0.5, age / Self.halfLifeDays) * (isSame ? 1 : Self.otherWeekday)
  }

  private func days(for day: RosterDay) -> Double {
    (first.number..<end.number).reduce(0) { $0 + weight(of: RosterDay(number: $1), for: day) }
  }

  /// Whether a call came in one of the window's hours of the day, on whichever day.
  static func isInHours(_ time: Date, of window: Range<Date>) -> Bool {
    hours(from: time, to: window) == 0
  }

  /// The moment of the window at the same time of day; its nearer end for one outside its hours.
  static func moment(of time: Date, in window: Range<Date>) -> Date {
    let after = ahead(of: time, window)
    if after < length(window) { return window.lowerBound.addingTimeInterval(after * 3600) }
    let isBefore = 24 - after <= after - length(window)
    return isBefore ? window.lowerBound : window.upperBound.addingTimeInterval(-1)
  }

  /// Hours of the day between a call and the window, whichever way is shorter; 0 within it.
  private static func hours(from time: Date, to window: Range<Date>) -> Double {
    let after = ahead(of: time, window)
    return after < length(window) ? 0 : min(after - length(window), 24 - after)
  }

  /// Hours of the day from the window's start, 0 ..< 24.
  private static func ahead(of time: Date, _ window: Range<Date>) -> Double {
    let hours = time.timeIntervalSince(window.lowerBound) / 3600
    return hours - 24 * (hours / 24).rounded(.down)
  }

  private static func length(_ window: Range<Date>) -> Double {
    window.upperBound.timeIntervalSince(window.lowerBound) / 3600
  }
}
