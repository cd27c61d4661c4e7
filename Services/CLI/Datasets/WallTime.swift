// Times as the sample files write them: local, without a zone. They are read as if they were UTC,
// everywhere alike, so that intervals come out as in any other computation that does the same; only
// across a change to or from summer time would both be an hour off.
public import Foundation

/// `2016-12-31T00:01:04`, with `T` or a space, and with or without a fraction of a second.
public enum WallTime {
  /// - Returns: nil for anything else, for days that do not exist and for times with a zone.
  public static func parse(_ text: String) -> Date? {
    var text = text
    return text.withUTF8 { parse($0) }
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Date? {
    guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      year >= 1970, (1...12).contains(month), (1...days(month, year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let whole = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    guard bytes.count > 19 else { return Date(timeIntervalSince1970: Double(whole)) }
    guard bytes[19] == UInt8(ascii: "."), (21...26).contains(bytes.count),
      let fraction = number(bytes[20...])
    else { return nil }
    let scale = (20..<bytes.count).reduce(1.0) { scale, _ in scale * 10 }
    return Date(timeIntervalSince1970: Double(whole) + Double(fraction) / scale)
  }

  /// `2016-12-31 00:01:04`: the same wall time that was read.
  public static func format(_ time: Date) -> String {
    let total = Int(time.timeIntervalSince1970.rounded(.down))
    let (year, month, day) = civil(total >= 0 ? total / 86_400 : -((-total + 86_399) / 86_400))
    let rest = ((total % 86_400) + 86_400) % 86_400
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
      + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var value = 0
    for byte in digits {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of the proleptic Gregorian calendar, counted in years that begin in March, so that the
  /// leap day comes last.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
  }

  /// The inverse of `daysSince1970`.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}
