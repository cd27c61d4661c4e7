// People read incident numbers to each other over the radio; nobody reads out 26 characters. The
// number is for people: within a partition and day it counts from 1, and it keys nothing.

public import Foundation

/// `20161231-000123`: the day in China and the count of that day.
public enum IncidentNumber {
  /// - Parameters:
  ///   - day: `yyyymmdd` in Asia/Shanghai, as `day(of:)` writes it.
  ///   - sequence: from 1; written with at least six digits.
  public static func format(day: String, sequence: Int) -> String {
    day + "-" + padded(sequence, to: 6)
  }

  /// The day `yyyymmdd` in Asia/Shanghai at this time, in years 1 … 9999 (else the nearest end).
  ///
  /// Fixed arithmetic instead of a calendar: it is done for every incident, and Asia/Shanghai is
  /// UTC + 8 h throughout since its last daylight saving time ended on 1991-09-15 (IANA tz
  /// database, `asia`). Summer times between 1986 and 1991, and earlier, are not followed.
  public static func day(of time: Date) -> String {
    let local = ((time.timeIntervalSince1970 + 8 * 3600) / 86400).rounded(.down)
    let first = -719_162.0  // 0001-01-01
    let last = 2_932_896.0  // 9999-12-31
    let bounded = local.isNaN ? 0 : min(max(local, first), last)
    let (year, month, day) = civil(daysSince1970: Int(bounded))
    return padded(year, to: 4) + padded(month, to: 2) + padded(day, to: 2)
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years begin
  /// in March so that the leap day is the last, and 400 years (an era) are 146 097 days.
  private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468  // since 0000-03-01; not negative within day(of:)'s range
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
