// Writing rosters and seats, and their reading half passed through.
public import DutyDomain
public import Foundation
public import Identifiers
import Persistence

extension StoreWriter {
  public func save(_ period: OrgUnitPeriod) throws {
    let from: any ValueConvertible = period.from ?? Date(timeIntervalSince1970: 0)
    try tx.execute(
      """
      INSERT INTO org_unit_period (
        partition, org_unit_id, from_time, until_time, name, rank, parent_id, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (partition, org_unit_id, from_time) DO UPDATE SET
        until_time = excluded.until_time, name = excluded.name, rank = excluded.rank,
        parent_id = excluded.parent_id, record_time = excluded.record_time
      """,
      [
        partition, period.orgUnit.id, from, period.until, period.orgUnit.name,
        period.orgUnit.rank, period.orgUnit.parentID, now,
      ])
  }

  public func save(_ officer: Officer) throws {
    try tx.execute(
      """
      INSERT INTO officer (
        partition, number, name, actor, org_unit_id, qualifications, leave_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (partition, number) DO UPDATE SET
        name = excluded.name, actor = excluded.actor, org_unit_id = excluded.org_unit_id,
        qualifications = excluded.qualifications, leave_time = excluded.leave_time,
        record_time = excluded.record_time
      """,
      [
        partition, officer.number, officer.name, officer.actor, officer.orgUnitID,
        try Document.encode(officer.qualifications), officer.leaveTime, now,
      ])
  }

  public func save(_ seat: Seat) throws {
    try tx.execute(
      """
      INSERT INTO seat (
        partition, code, name, kind, role, org_unit_id, minimum_manning, qualifications,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, code) DO UPDATE SET
        name = excluded.name, kind = excluded.kind, role = excluded.role,
        org_unit_id = excluded.org_unit_id, minimum_manning = excluded.minimum_manning,
        qualifications = excluded.qualifications, record_time = excluded.record_time
      """,
      [
        partition, seat.code, seat.name, seat.kind, seat.role, seat.orgUnitID,
        seat.minimumManning, try Document.encode(seat.qualifications), now,
      ])
  }

  public func save(_ pattern: RosterPattern) throws {
    try tx.execute(
      """
      INSERT INTO roster_pattern (partition, code, document, record_time)
      VALUES ($1, $2, $3, $4)
      ON CONFLICT (partition, code) DO UPDATE SET
        document = excluded.document, record_time = excluded.record_time
      """, [partition, pattern.code, try Document.encode(pattern), now])
  }

  public func save(_ shift: RosterShift) throws {
    let plan = shift.plan
    try tx.execute(
      """
      INSERT INTO shift (
        partition, id, seat_code, pattern_code, turn_code, crew, start_time, end_time,
        minimum_rest_min, minimum_manning, missing_count, flag_time, change_time, revision,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT (partition, id) DO UPDATE SET
        missing_count = excluded.missing_count, flag_time = excluded.flag_time,
        change_time = excluded.change_time, revision = excluded.revision,
        record_time = excluded.record_time
      """,
      [
        partition, shift.id, plan.seatCode, plan.patternCode, plan.turnCode, plan.crew,
        plan.start, plan.end, plan.minimumRest, plan.minimumManning, plan.missing,
        shift.flagTime, shift.changeTime, shift.revision, now,
      ])
    for member in plan.members {
      try tx.execute(
        """
        INSERT INTO shift_officer (
          partition, shift_id, officer_number, standing, substitute, start_time, end_time)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (partition, shift_id, officer_number) DO UPDATE SET
          standing = excluded.standing, substitute = excluded.substitute
        """,
        [
          partition, shift.id, member.officer, member.standing, member.isSubstitute, plan.start,
          plan.end,
        ])
    }
  }

  public func remove(_ shifts: [ShiftID]) throws {
    for id in shifts {
      try tx.execute(
        "DELETE FROM shift_officer WHERE partition = $1 AND shift_id = $2", [partition, id])
      try tx.execute("DELETE FROM shift WHERE partition = $1 AND id = $2", [partition, id])
    }
  }

  public func save(_ swap: Swap) throws {
    try tx.execute(
      """
      INSERT INTO shift_swap (
        partition, id, state, officer_number, shift_id, other_officer_number, other_shift_id,
        ask_time, move_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, id) DO UPDATE SET
        state = excluded.state, move_time = excluded.move_time,
        record_time = excluded.record_time
      """,
      [
        partition, swap.id, swap.state, swap.officer, swap.shiftID, swap.other,
        swap.otherShiftID, swap.askTime, swap.moveTime, now,
      ])
  }

  public func save(_ leave: Leave) throws {
    try tx.execute(
      """
      INSERT INTO officer_leave (
        partition, id, state, officer_number, kind, start_time, end_time, ask_time, move_time,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, id) DO UPDATE SET
        state = excluded.state, move_time = excluded.move_time,
        record_time = excluded.record_time
      """,
      [
        partition, leave.id, leave.state, leave.officer, leave.kind, leave.start, leave.end,
        leave.askTime, leave.moveTime, now,
      ])
  }

  public func save(_ taking: SeatTaking) throws {
    try tx.execute(
      """
      INSERT INTO seat_taking (
        partition, id, seat_code, shift_id, officer_number, start_time, until_time, leave_time,
        revoked, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)
      ON CONFLICT (partition, id) DO UPDATE SET
        leave_time = excluded.leave_time, record_time = excluded.record_time
      """,
      [
        partition, taking.id, taking.seatCode, taking.shiftID, taking.officer, taking.start,
        taking.until, taking.leaveTime, now,
      ])
  }

  public func settleRevocation(of taking: SeatTakingID) throws {
    try tx.execute(
      "UPDATE seat_taking SET revoked = 1 WHERE partition = $1 AND id = $2", [partition, taking])
  }

  public func save(_ note: HandoverNote) throws {
    try tx.execute(
      """
      INSERT INTO handover_note (
        partition, id, seat_code, shift_id, shift_start_time, taking_id, officer_number, text,
        write_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, id) DO NOTHING
      """,
      [
        partition, note.id, note.seatCode, note.shiftID, note.shiftStart, note.takingID,
        note.officer, note.text, note.writeTime, now,
      ])
    for reading in note.readings {
      try tx.execute(
        """
        INSERT INTO handover_reading (partition, note_id, officer_number, shift_id, read_time)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partition, note_id, officer_number) DO NOTHING
        """, [partition, note.id, reading.officer, reading.shiftID, reading.time])
    }
  }
}

// MARK: - Reading

extension StoreWriter {
  public func orgUnitPeriods(of id: OrgUnitID) throws -> [OrgUnitPeriod] {
    try reader.orgUnitPeriods(of: id)
  }

  public func orgUnitPeriods(below id: OrgUnitID) throws -> [OrgUnitPeriod] {
    try reader.orgUnitPeriods(below: id)
  }

  public func orgUnits(
    asOf time: Date?, after code: String?, limit: Int
  ) throws -> [OrgUnitPeriod] {
    try reader.orgUnits(asOf: time, after: code, limit: limit)
  }

  public var reachesEverywhere: Bool { reader.reachesEverywhere }

  public func reaches(_ orgUnit: OrgUnitID) -> Bool { reader.reaches(orgUnit) }

  public func officer(number: String) throws -> Officer? { try reader.officer(number: number) }

  public func officer(actor: String) throws -> Officer? { try reader.officer(actor: actor) }

  public func officers(numbers: Set<String>) throws -> [Officer] {
    try reader.officers(numbers: numbers)
  }

  public func officers(after number: String?, limit: Int) throws -> [Officer] {
    try reader.officers(after: number, limit: limit)
  }

  public func seat(code: String) throws -> Seat? { try reader.seat(code: code) }

  public func seats() throws -> [Seat] { try reader.seats() }

  public func patterns() throws -> [RosterPattern] { try reader.patterns() }

  public func shift(_ id: ShiftID) throws -> RosterShift? { try reader.shift(id) }

  public func shifts(
    touching time: Range<Date>, seat: String?, onlyGaps: Bool, after key: TimeKey?, limit: Int
  ) throws -> [RosterShift] {
    try reader.shifts(touching: time, seat: seat, onlyGaps: onlyGaps, after: key, limit: limit)
  }

  public func shifts(
    ofAnyOf officers: Set<String>, touching time: Range<Date>
  ) throws -> [RosterShift] {
    try reader.shifts(ofAnyOf: officers, touching: time)
  }

  public func unflaggedGaps(
    beginningBy time: Date, now: Date, limit: Int
  ) throws -> [RosterShift] {
    try reader.unflaggedGaps(beginningBy: time, now: now, limit: limit)
  }

  public func swap(_ id: SwapID) throws -> Swap? { try reader.swap(id) }

  public func swaps(of actor: String, before key: TimeKey?, limit: Int) throws -> [Swap] {
    try reader.swaps(of: actor, before: key, limit: limit)
  }

  public func leave(_ id: LeaveID) throws -> Leave? { try reader.leave(id) }

  public func leaves(of actor: String, before key: TimeKey?, limit: Int) throws -> [Leave] {
    try reader.leaves(of: actor, before: key, limit: limit)
  }

  public func leaves(ofAnyOf officers: Set<String>, touching time: Range<Date>) throws -> [Leave] {
    try reader.leaves(ofAnyOf: officers, touching: time)
  }

  public func takings(heldAt time: Date) throws -> [SeatTaking] {
    try reader.takings(heldAt: time)
  }

  public func takings(of officer: String, heldAt time: Date) throws -> [SeatTaking] {
    try reader.takings(of: officer, heldAt: time)
  }

  public func takingsToRevoke(now: Date, limit: Int) throws -> [SeatTaking] {
    try reader.takingsToRevoke(now: now, limit: limit)
  }

  public func note(_ id: HandoverNoteID) throws -> HandoverNote? { try reader.note(id) }

  public func notes(
    ofSeat code: String, before key: TimeKey?, limit: Int
  ) throws -> [HandoverNote] {
    try reader.notes(ofSeat: code, before: key, limit: limit)
  }

  public func hasNote(of taking: SeatTakingID) throws -> Bool { try reader.hasNote(of: taking) }

  public func notes(
    ofSeat code: String, writtenByShiftsBeginning time: Range<Date>
  ) throws -> [HandoverNote] {
    try reader.notes(ofSeat: code, writtenByShiftsBeginning: time)
  }
}
