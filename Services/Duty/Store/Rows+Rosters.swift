// Rows of rosters and seats, and the domain's structs.
public import DutyDomain
import Foundation
import Identifiers
public import Persistence

extension SeatKind: ValueConvertible {}
extension ShiftStanding: ValueConvertible {}
extension Swap.State: ValueConvertible {}
extension Leave.State: ValueConvertible {}
extension Leave.Kind: ValueConvertible {}

extension OrgUnitPeriod {
  /// Of `org_unit_period` as p joined with its `org_unit` as o.
  static let columns = "o.id, o.code, p.name, p.rank, p.parent_id, p.from_time, p.until_time"

  init(_ row: Row) throws {
    let from = try row.get("from_time", as: Int64.self)
    self.init(
      orgUnit: try OrgUnit(row), from: from == 0 ? nil : try row.get("from_time", as: Date.self),
      until: try row.get("until_time"))
  }
}

extension Officer {
  static let columns = "o.number, o.name, o.actor, o.org_unit_id, o.qualifications, o.leave_time"

  init(_ row: Row) throws {
    self.init(
      number: try row.get("number"), name: try row.get("name"), actor: try row.get("actor"),
      orgUnitID: try row.get("org_unit_id"),
      qualifications: try Document.decode(try row.get("qualifications")),
      leaveTime: try row.get("leave_time"))
  }
}

extension Seat {
  static let columns = "code, name, kind, role, org_unit_id, minimum_manning, qualifications"

  init(_ row: Row) throws {
    self.init(
      code: try row.get("code"), name: try row.get("name"), kind: try row.get("kind"),
      role: try row.get("role"), orgUnitID: try row.get("org_unit_id"),
      minimumManning: try row.get("minimum_manning"),
      qualifications: try Document.decode(try row.get("qualifications")))
  }
}

extension RosterShift {
  static let columns = """
    s.id, s.seat_code, s.pattern_code, s.turn_code, s.crew, s.start_time, s.end_time, \
    s.minimum_rest_min, s.minimum_manning, s.flag_time, s.change_time, s.revision
    """

  init(_ row: Row, members: [ShiftMember]) throws {
    self.init(
      id: try row.get("id"),
      plan: PlannedShift(
        seatCode: try row.get("seat_code"), patternCode: try row.get("pattern_code"),
        turnCode: try row.get("turn_code"), crew: try row.get("crew"),
        start: try row.get("start_time"), end: try row.get("end_time"),
        minimumRest: try row.get("minimum_rest_min"),
        minimumManning: try row.get("minimum_manning"), members: members),
      flagTime: try row.get("flag_time"), changeTime: try row.get("change_time"),
      revision: try row.get("revision"))
  }
}

extension ShiftMember {
  init(_ row: Row) throws {
    self.init(
      officer: try row.get("officer_number"), standing: try row.get("standing"),
      isSubstitute: try row.get("substitute"))
  }
}

extension Swap {
  static let columns = """
    s.id, s.state, s.officer_number, s.shift_id, s.other_officer_number, s.other_shift_id, \
    s.ask_time, s.move_time
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), state: try row.get("state"), officer: try row.get("officer_number"),
      shiftID: try row.get("shift_id"), other: try row.get("other_officer_number"),
      otherShiftID: try row.get("other_shift_id"), askTime: try row.get("ask_time"),
      moveTime: try row.get("move_time"))
  }
}

extension Leave {
  static let columns = """
    s.id, s.state, s.officer_number, s.kind, s.start_time, s.end_time, s.ask_time, s.move_time
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), state: try row.get("state"), officer: try row.get("officer_number"),
      kind: try row.get("kind"), start: try row.get("start_time"), end: try row.get("end_time"),
      askTime: try row.get("ask_time"), moveTime: try row.get("move_time"))
  }
}

extension SeatTaking {
  static let columns = """
    id, seat_code, shift_id, officer_number, start_time, until_time, leave_time
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), seatCode: try row.get("seat_code"), shiftID: try row.get("shift_id"),
      officer: try row.get("officer_number"), start: try row.get("start_time"),
      until: try row.get("until_time"), leaveTime: try row.get("leave_time"))
  }
}

extension HandoverNote {
  static let columns = """
    id, seat_code, shift_id, shift_start_time, taking_id, officer_number, text, write_time
    """

  init(_ row: Row, readings: [Reading]) throws {
    self.init(
      id: try row.get("id"), seatCode: try row.get("seat_code"), shiftID: try row.get("shift_id"),
      shiftStart: try row.get("shift_start_time"), takingID: try row.get("taking_id"),
      officer: try row.get("officer_number"), text: try row.get("text"),
      writeTime: try row.get("write_time"), readings: readings)
  }
}

extension HandoverNote.Reading {
  init(_ row: Row) throws {
    self.init(
      officer: try row.get("officer_number"), shiftID: try row.get("shift_id"),
      time: try row.get("read_time"))
  }
}
