// Days as rosters count them: calendar days of Asia/Shanghai, which has been eight hours ahead of UTC
// without summer time since 1992. Plain arithmetic, so that the same plan gives the same shifts
// whatever tables of time zones a machine has.
public import Foundation

/// A calendar day of Asia/Shanghai, 2000-01-01 … 2099-12-31.
public struct RosterDay: Codable, Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let number: Int

  public static let first = RosterDay(number: 10_957)
  public static let last = RosterDay(number: 47_481)
  /// 2024-01-01, a Monday: day 0 of cycles that name none.
  public static let anchor = RosterDay(number: 19_723)

  /// For stores, which keep the number.
  public init(number: Int) { self.number = number }

  /// Reads `YYYY-MM-DD`; nil for anything else, and for days outside the range.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let year = Int(parts[0]),
      let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return nil }
    let number = Self.number(year, month, day)
    self.init(number: number)
    // The 30th of February would be some other day.
    guard Self.first <= self, self <= Self.last, description == text else { return nil }
  }

  /// The day that `time` falls on.
  public init(of time: Date) {
    number = Int(((time.timeIntervalSince1970 + Self.ahead) / 86_400).rounded(.down))
  }

  private static let ahead: Double = 8 * 3600

  /// Its midnight.
  public var start: Date { Date(timeIntervalSince1970: Double(number) * 86_400 - Self.ahead) }

  public func adding(_ days: Int) -> RosterDay { RosterDay(number: number + days) }

  public static func < (left: RosterDay, right: RosterDay) -> Bool { left.number < right.number }

  /// Days since 1970 of a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level
  /// date algorithms").
  private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let ofEra = year - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  public var description: String {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return String(format: "%04d-%02d-%02d", year, month, day)
  }
}
