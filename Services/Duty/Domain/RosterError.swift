// Everything that rosters and seats refuse, with what a caller needs to know about it.
public import Foundation
public import Identifiers

public enum RosterError: Error, Sendable, Hashable {
  case officerUnknown(String, field: String)
  case seatUnknown(String, field: String)
  case patternUnknown(String, field: String)
  case shiftUnknown(String, field: String)
  case swapUnknown(SwapID)
  case leaveUnknown(LeaveID)
  case noteUnknown(HandoverNoteID)
  /// Another officer is known by this name in tokens.
  case actorTaken(String)
  case tooManySeats
  case patternOverlaps(String)
  case crewsMismatch(given: Int, wanted: Int)
  case officerRepeated(String, field: String)
  /// The caller is no officer.
  case notOfTheStaff(String)
  /// The caller is not on a shift of the seat at this time.
  case notOnShiftOfSeat(String)
  /// The officer is not on the shift that was named.
  case notOnShift(String, ShiftID)
  case alreadyOnShift(String, ShiftID)
  case shiftBegun(ShiftID)
  case shiftEnded(ShiftID)
  case breach(RosterBreach, officer: String, start: Date)
  /// Nobody decides about themselves.
  case ownAffair(String)
  case moveNotAllowed(from: String, to: String)
  case handoverUnread([HandoverNoteID])
  case handoverRequired
  case notSeated(String)
  case seatedElsewhere(String)
  case timeBeforeLastChange(Date)
}
