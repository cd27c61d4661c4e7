// A caller's number is shown so that a call-taker recognises it, and never whole: what is stored
// for comparing is a keyed hash, made where the number comes in.

public enum PhoneMask {
  private static let hiddenAtLeast = 4
  private static let shownAtEnd = 4
  private static let shownAtStart = 3

  /// `13812345678` → `138****5678`. The first three and the last four digits stay; at least four
  /// are hidden, at the cost of the start first, then of the end; short numbers are hidden whole.
  /// A leading + stays, anything else that is no digit is left out.
  public static func mask(_ number: String) -> String {
    let digits = number.filter { ("0"..."9").contains($0) }
    let showable = max(0, digits.count - hiddenAtLeast)
    let end = min(shownAtEnd, showable)
    let start = min(shownAtStart, showable - end)
    let hidden = String(repeating: "*", count: digits.count - start - end)
    return (number.hasPrefix("+") ? "+" : "") + digits.prefix(start) + hidden + digits.suffix(end)
  }
}
