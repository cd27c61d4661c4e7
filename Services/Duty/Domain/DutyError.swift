// Everything this domain refuses to do, with what a caller needs to know about it.
public import Foundation
public import Identifiers

public enum DutyError: Error, Sendable, Hashable {
  /// `field` names the request field that referred to it.
  case orgUnitUnknown(OrgUnitID, field: String)
  /// The rank would not be strictly below the parent's; `code` is the lower organisation's.
  case rankNotBelowParent(code: String, rank: OrgRank, parentRank: OrgRank)
  /// Others stand below it; `below` is the code of one.
  case orgUnitNotEmpty(code: String, below: String)
  case orgUnitTimeBeforeLastChange(OrgUnitID, last: Date)
  case unitUnknown(String)
  /// It belongs to others.
  case unitOutsideReach
  /// What is asked of it is its parts' matter.
  case unitIsGroup(UnitID)
  case unitNotAGroup(UnitID)
  /// There is none with this id.
  case groupUnknown(UnitID)
  case groupKindFixed(UnitID)
  case groupHasParts(UnitID)
  case groupOfAnotherOrgUnit(UnitID)
  case groupFull(UnitID)
  /// The case of a look-up has ended, or is not known.
  case caseNotOpen
  /// The unit was not sent to the incident for which it is looked up.
  case caseNotOfUnit
  /// Somebody else changed the unit since the caller read it.
  case unitChanged(UnitID)
  case timeBeforeLastChange(UnitID, last: Date)
  /// Not one edge of an imported network was good.
  case networkEmpty
  /// Somebody else changed the plan since the caller read it.
  case planChanged
  /// There is none for the level.
  case planUnknown
  /// By its code.
  case terminalUnknown(String)
  /// Another connection of the same terminal has taken over.
  case terminalSuperseded
  /// A terminal of this kind does not report that; `field` names it.
  case terminalKind(TerminalKind, field: String)
  /// There is none, or it is another unit's.
  case assignmentUnknown(AssignmentID)
}
