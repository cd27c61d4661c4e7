// The parts that people and systems play. What each may do is in the access table, not here.

/// A part played by a principal; one principal may play several.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
  case callTaker = "call-taker"
  case dispatcher
  case shiftLeader = "shift-leader"
  /// The command room of a station.
  case station
  case officer
  case analyst
  case opinionEditor = "opinion-editor"
  case supervisor
  case auditor
  case `operator`
  /// A system outside the bureau. The table may name one kind: `partner:bank`.
  case partner
  case volunteer
  /// Of the bureau's staff, on duty or not: may take the seat that the roster gives, and ask for
  /// swaps and leave.
  case member
  /// One of the suite's own processes. Nobody is given this role: it comes with a service's token.
  case service

  public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// What kind of partner a system belongs to.
public enum PartnerKind: String, Sendable, Hashable, CaseIterable {
  /// 12345
  case hotline
  /// Townships and departments
  case civic
  case bank
  case fire
  case ambulance
  /// Telecoms and other platforms that send records.
  case platform
}
