// What is better than what, as one whole number: first as many units as there can be, earlier lines
// before later ones, then in time before late, key places covered before bare, nearer sources before
// farther ones (free, conditional, staging, reassigned), and last the sum of the travel times.

enum PlanCost {
  /// Each is more than the greatest sum, over 32 units, of all that comes after it.
  private static let seconds = 1 << 16
  private static let conditional = seconds << 5
  private static let staging = conditional << 5
  private static let reassigned = staging << 5
  static let bare = reassigned << 5
  private static let late = bare << 5
  private static let rank = late << 5
  private static let missing = rank << 9

  /// Key places counted at most: more do not make a choice worse.
  static let bareLimit = 31

  /// Of a slot that stays empty; that of a line further down costs less.
  static func empty(line: Int) -> Int { missing + (ResponseTerms.lineLimit - line) * rank }

  static func unit(_ source: PlannedSource, seconds time: Double, isLate: Bool) -> Int {
    // To the quarter of a second: no estimate is better.
    let quarters = Int(min(max(0, time), 16_383) * 4)
    let extra =
      switch source {
      case .free: 0
      case .conditional: conditional
      case .staging: staging
      case .reassigned: reassigned
      }
    return quarters + extra + (isLate ? late : 0)
  }
}
