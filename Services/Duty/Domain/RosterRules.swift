// What must hold for an officer to stand in a shift, asked in the same way of a plan, a swap and a
// substitute.
public import Foundation

/// Why an officer may not stand in a shift.
public enum RosterBreach: Sendable, Hashable {
  case notQualified(missing: [String])
  /// On somewhere else in that time, from this moment on.
  case doubleShift(Date)
  /// Minutes between it and a neighbouring shift.
  case restTooShort(minutes: Int)
  case onLeave
}

public enum RosterRules {
  /// Seconds before a shift at which its seat may be taken.
  public static let early: TimeInterval = 30 * 60
  /// Seconds after a shift for which privileges last, to hand over.
  public static let grace: TimeInterval = 15 * 60
  /// Seconds before a shift at which a gap in it is flagged.
  public static let gapNotice: TimeInterval = 2 * 3600
  /// The longest rest that a pattern can promise, in seconds: how far around a shift to look.
  public static let longestRest: TimeInterval = 4320 * 60

  /// Everything that speaks against it, in a fixed order.
  /// - Parameters:
  ///   - others: shifts in which the officer is on, this one left out.
  ///   - leaves: approved ones of the officer.
  public static func breaches(
    of officer: Officer, in shift: PlannedShift, seat: Seat, others: [PlannedShift],
    leaves: [Leave]
  ) -> [RosterBreach] {
    var breaches: [RosterBreach] = []
    let missing = Set(seat.qualifications).subtracting(officer.qualifications).sorted()
    if !missing.isEmpty { breaches.append(.notQualified(missing: missing)) }
    if let other = others.filter({ overlap($0, shift) }).map(\.start).min() {
      breaches.append(.doubleShift(other))
    }
    let rests = others.filter { !overlap($0, shift) }.compactMap { other -> Int? in
      let gap =
        other.start < shift.start
        ? shift.start.timeIntervalSince(other.end) : other.start.timeIntervalSince(shift.end)
      let minutes = Int((gap / 60).rounded())
      return minutes < max(other.minimumRest, shift.minimumRest) ? minutes : nil
    }
    if let shortest = rests.min() { breaches.append(.restTooShort(minutes: shortest)) }
    if leaves.contains(where: { $0.start < shift.end && shift.start < $0.end }) {
      breaches.append(.onLeave)
    }
    return breaches
  }

  static func overlap(_ one: PlannedShift, _ other: PlannedShift) -> Bool {
    one.start < other.end && other.start < one.end
  }
}
