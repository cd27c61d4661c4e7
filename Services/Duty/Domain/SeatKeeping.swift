// 席位: who sits where, and what is handed over. Only whoever the roster has on may take a seat, and
// only after reading what the shift before left; what the seat allows ends with the shift.
public import Foundation
public import Identifiers

/// What a taken seat allows, for whoever makes tokens.
public struct SeatAllowance: Codable, Sendable, Hashable {
  public let taking: SeatTaking
  /// `person/…`
  public let actor: String
  public let role: String
  /// Nil for the whole partition.
  public let area: OrgUnitID?
}

public struct SeatKeeping: Sendable {
  let actor: String
  let time: Date

  public init(actor: String, at time: Date) {
    self.actor = actor
    self.time = time
  }

  /// - Throws: `RosterError.seatUnknown`, `.notOfTheStaff`, `.notOnShiftOfSeat`, `.seatedElsewhere`,
  ///   `.handoverUnread`, `.breach` of qualification.
  public func take(_ code: String, in writer: any DutyWriter) throws -> SeatAllowance {
    let seat = try seat(code, in: writer)
    let officer = try writer.officer(calledBy: actor, at: time)
    let held = try writer.takings(of: officer.number, heldAt: time)
    if let other = held.first(where: { $0.seatCode != code }) {
      throw RosterError.seatedElsewhere(other.seatCode)
    }
    guard let shift = try shifts(of: officer.number, at: code, in: writer).first else {
      throw RosterError.notOnShiftOfSeat(code)
    }
    let missing = Set(seat.qualifications).subtracting(officer.qualifications).sorted()
    if !missing.isEmpty {
      throw RosterError.breach(
        .notQualified(missing: missing), officer: officer.number, start: shift.plan.start)
    }
    if let taking = held.first(where: { $0.shiftID == shift.id }) {
      return allowance(taking, officer, seat)
    }
    let unread = try notesBefore(shift, in: writer)
      .filter { $0.isOpen(for: officer.number, on: shift) }
    if !unread.isEmpty { throw RosterError.handoverUnread(unread.map(\.id)) }
    // From one shift to the next in the same seat: the first ends here.
    for taking in held { try end(taking, in: writer) }
    let taking = SeatTaking(
      id: writer.mint(SeatTakingTag.self), seatCode: code, shiftID: shift.id,
      officer: officer.number, start: time,
      until: shift.plan.end.addingTimeInterval(RosterRules.grace))
    try writer.save(taking)
    writer.record(.seatTaken(taking), incident: nil, occurTime: time)
    return allowance(taking, officer, seat)
  }

  /// - Throws: `RosterError.seatUnknown`, `.notOfTheStaff`, `.notSeated`, `.handoverRequired`.
  public func leave(_ code: String, in writer: any DutyWriter) throws -> SeatTaking {
    _ = try seat(code, in: writer)
    let taking = try ownTaking(of: code, in: writer)
    guard try writer.hasNote(of: taking.id) else { throw RosterError.handoverRequired }
    return try end(taking, in: writer)
  }

  @discardableResult
  private func end(_ taking: SeatTaking, in writer: any DutyWriter) throws -> SeatTaking {
    var taking = taking
    taking.leaveTime = time
    try writer.save(taking)
    writer.record(.seatLeft(taking), incident: nil, occurTime: time)
    return taking
  }

  // MARK: - Handover

  /// - Parameter text: empty when there is nothing to hand over.
  /// - Throws: `RosterError.seatUnknown`, `.notOfTheStaff`, `.notSeated`.
  public func write(
    _ text: String, at code: String, in writer: any DutyWriter
  ) throws -> HandoverNote {
    _ = try seat(code, in: writer)
    let taking = try ownTaking(of: code, in: writer)
    let start = try writer.shift(taking.shiftID)?.plan.start ?? taking.start
    let note = HandoverNote(
      id: writer.mint(HandoverNoteTag.self), seatCode: code, shiftID: taking.shiftID,
      shiftStart: start, takingID: taking.id, officer: taking.officer, text: text,
      writeTime: time)
    try writer.save(note)
    return note
  }

  /// - Throws: `RosterError.noteUnknown`, `.notOfTheStaff`, `.notOnShiftOfSeat`.
  public func read(_ id: HandoverNoteID, in writer: any DutyWriter) throws -> HandoverNote {
    guard var note = try writer.note(id) else { throw RosterError.noteUnknown(id) }
    let officer = try writer.officer(calledBy: actor, at: time)
    guard let shift = try shifts(of: officer.number, at: note.seatCode, in: writer).first else {
      throw RosterError.notOnShiftOfSeat(note.seatCode)
    }
    guard !note.readings.contains(where: { $0.officer == officer.number }) else { return note }
    note.readings.append(.init(officer: officer.number, shiftID: shift.id, time: time))
    try writer.save(note)
    return note
  }

  /// Whether the caller may read what is handed over at a seat by being on it.
  /// - Throws: `RosterError.notOfTheStaff`, `.notOnShiftOfSeat`.
  public func requireOnSeat(_ code: String, in reader: any DutyReader) throws {
    let officer = try reader.officer(calledBy: actor, at: time)
    if try shifts(of: officer.number, at: code, in: reader).isEmpty {
      throw RosterError.notOnShiftOfSeat(code)
    }
  }

  // MARK: - What they share

  private func seat(_ code: String, in reader: any RosterReader) throws -> Seat {
    guard let seat = try reader.seat(code: code) else {
      throw RosterError.seatUnknown(code, field: "seat_code")
    }
    return seat
  }

  private func ownTaking(of code: String, in reader: any RosterReader) throws -> SeatTaking {
    let officer = try reader.officer(calledBy: actor, at: time)
    guard
      let taking = try reader.takings(of: officer.number, heldAt: time)
        .first(where: { $0.seatCode == code })
    else { throw RosterError.notSeated(code) }
    return taking
  }

  /// Shifts of the seat that the officer is on, and that run or begin soon. The one that begins last
  /// comes first: whoever stays for a second shift takes the seat for that one.
  private func shifts(
    of officer: String, at code: String, in reader: any RosterReader
  ) throws -> [RosterShift] {
    let soon = time.addingTimeInterval(RosterRules.early)
    return try reader.shifts(ofAnyOf: [officer], touching: time..<soon.addingTimeInterval(0.001))
      .filter { $0.plan.seatCode == code && $0.plan.start <= soon && $0.plan.end > time }
      .sorted { $0.plan.start > $1.plan.start }
  }

  /// Notes that a shift may still have to read: a rotation does not take longer than a fortnight.
  private func notesBefore(
    _ shift: RosterShift, in reader: any RosterReader
  ) throws -> [HandoverNote] {
    let start = shift.plan.start
    return try reader.notes(
      ofSeat: shift.plan.seatCode,
      writtenByShiftsBeginning: start.addingTimeInterval(-14 * 86_400)..<start)
  }

  private func allowance(
    _ taking: SeatTaking, _ officer: Officer, _ seat: Seat
  ) -> SeatAllowance {
    SeatAllowance(taking: taking, actor: officer.actor, role: seat.role, area: seat.orgUnitID)
  }
}

/// Somebody in a seat.
public struct SeatHolder: Sendable, Hashable {
  public let taking: SeatTaking
  /// The name used at work.
  public let name: String
}

/// A seat at a moment.
public struct SeatView: Sendable, Hashable {
  public let seat: Seat
  public let holders: [SeatHolder]
  public let shifts: [RosterShift]

  /// All seats, by code, with who sits there and which shifts run.
  public static func all(at time: Date, in reader: any RosterReader) throws -> [SeatView] {
    let takings = try reader.takings(heldAt: time)
    let names = Dictionary(
      uniqueKeysWithValues: try reader.officers(numbers: Set(takings.map(\.officer)))
        .map { ($0.number, $0.name) })
    let shifts = Dictionary(
      grouping: try reader.shifts(
        touching: time..<time.addingTimeInterval(0.000_001), seat: nil, onlyGaps: false,
        after: nil, limit: .max), by: \.plan.seatCode)
    let bySeat = Dictionary(grouping: takings, by: \.seatCode)
    return try reader.seats().map { seat in
      SeatView(
        seat: seat,
        holders: (bySeat[seat.code] ?? []).map {
          SeatHolder(taking: $0, name: names[$0.officer] ?? $0.officer)
        },
        shifts: shifts[seat.code] ?? [])
    }
  }
}
