// 换班、请假、顶班: what changes a roster once it is published. Whoever asks and whoever answers is who
// the token names; nobody decides about themselves.
public import Foundation
public import Identifiers

public struct RosterChanges: Sendable {
  /// Who acts, as tokens name them.
  let actor: String
  let time: Date

  public init(actor: String, at time: Date) {
    self.actor = actor
    self.time = time
  }

  // MARK: - Swaps

  /// - Throws: `RosterError.notOfTheStaff`, `.shiftUnknown`, `.officerUnknown`, `.ownAffair`, and the
  ///   rules.
  public func askSwap(
    of shiftID: ShiftID, with other: String, for otherShiftID: ShiftID?, in writer: any DutyWriter
  ) throws -> Swap {
    _ = try shift(shiftID, field: "shift_id", in: writer)
    let asker = try caller(in: writer)
    guard let asked = try writer.officer(number: other) else {
      throw RosterError.officerUnknown(other, field: "officer_number")
    }
    guard asked.number != asker.number else { throw RosterError.ownAffair(asker.number) }
    let swap = Swap(
      id: writer.mint(SwapTag.self), state: .asked, officer: asker.number, shiftID: shiftID,
      other: asked.number, otherShiftID: otherShiftID, askTime: time, moveTime: time)
    _ = try exchange(swap, in: writer)
    try keep(swap, in: writer)
    return swap
  }

  /// The one who was asked says yes or no; the one who asked takes it back.
  /// - Throws: `RosterError.swapUnknown`, `.moveNotAllowed`.
  public func answer(
    _ id: SwapID, accepting: Bool, in writer: any DutyWriter
  ) throws -> Swap {
    guard let swap = try writer.swap(id) else { throw RosterError.swapUnknown(id) }
    let me = try caller(in: writer).number
    guard swap.officer == me || swap.other == me else { throw RosterError.swapUnknown(id) }
    if swap.other == me {
      return try move(swap, to: accepting ? .accepted : .declined, from: [.asked], in: writer)
    }
    guard !accepting else {
      throw RosterError.moveNotAllowed(from: swap.state.rawValue, to: Swap.State.accepted.rawValue)
    }
    return try move(swap, to: .withdrawn, from: [.asked, .accepted], in: writer)
  }

  /// - Throws: `RosterError.swapUnknown`, `.ownAffair`, `.moveNotAllowed`, and the rules.
  public func decide(
    _ id: SwapID, approving: Bool, in writer: any DutyWriter
  ) throws -> Swap {
    guard let swap = try writer.swap(id), try reaches(swap.officer, in: writer) else {
      throw RosterError.swapUnknown(id)
    }
    try requireOther(than: [swap.officer, swap.other], in: writer)
    guard approving else { return try move(swap, to: .refused, from: [.accepted], in: writer) }
    let moved = try move(swap, to: .approved, from: [.accepted], in: writer)
    for shift in try exchange(swap, in: writer) { try change(shift, in: writer) }
    return moved
  }

  private func move(
    _ swap: Swap, to state: Swap.State, from allowed: Set<Swap.State>, in writer: any DutyWriter
  ) throws -> Swap {
    guard allowed.contains(swap.state) else {
      throw RosterError.moveNotAllowed(from: swap.state.rawValue, to: state.rawValue)
    }
    var swap = swap
    swap.state = state
    swap.moveTime = time
    try keep(swap, in: writer)
    return swap
  }

  private func keep(_ swap: Swap, in writer: any DutyWriter) throws {
    try writer.save(swap)
    writer.record(.swapMoved(swap), incident: nil, occurTime: time)
  }

  /// The shifts as they will be. Both sides are judged as if the other had happened already.
  private func exchange(_ swap: Swap, in writer: any DutyWriter) throws -> [RosterShift] {
    var given = try shift(swap.shiftID, field: "shift_id", in: writer)
    let leaving = Set([swap.shiftID] + (swap.otherShiftID.map { [$0] } ?? []))
    try replace(swap.officer, by: swap.other, in: &given, leaving: leaving, writer)
    guard let otherID = swap.otherShiftID else { return [given] }
    var taken = try shift(otherID, field: "other_shift_id", in: writer)
    try replace(swap.other, by: swap.officer, in: &taken, leaving: leaving, writer)
    return [given, taken]
  }

  private func replace(
    _ old: String, by new: String, in shift: inout RosterShift, leaving: Set<ShiftID>,
    _ writer: any DutyWriter
  ) throws {
    guard shift.plan.isOn(old) else { throw RosterError.notOnShift(old, shift.id) }
    guard shift.plan.start > time else { throw RosterError.shiftBegun(shift.id) }
    guard !shift.plan.isOn(new) else { throw RosterError.alreadyOnShift(new, shift.id) }
    try requireFit(new, for: shift, leaving: leaving, tired: false, in: writer)
    shift.plan.put(ShiftMember(officer: old, standing: .swapped))
    shift.plan.put(ShiftMember(officer: new))
  }

  // MARK: - Leave

  /// - Throws: `RosterError.notOfTheStaff`.
  public func askLeave(
    _ kind: Leave.Kind, from start: Date, until end: Date, in writer: any DutyWriter
  ) throws -> Leave {
    let officer = try caller(in: writer)
    let leave = Leave(
      id: writer.mint(LeaveTag.self), state: .asked, officer: officer.number, kind: kind,
      start: start, end: end, askTime: time, moveTime: time)
    try writer.save(leave)
    writer.record(.leaveMoved(leave), incident: nil, occurTime: time)
    return leave
  }

  /// - Returns: the leave, and how many shifts have a gap that had none.
  /// - Throws: `RosterError.leaveUnknown`, `.ownAffair`, `.moveNotAllowed`.
  public func decideLeave(
    _ id: LeaveID, approving: Bool, in writer: any DutyWriter
  ) throws -> DecidedLeave {
    guard var leave = try writer.leave(id), try reaches(leave.officer, in: writer) else {
      throw RosterError.leaveUnknown(id)
    }
    try requireOther(than: [leave.officer], in: writer)
    let state: Leave.State = approving ? .approved : .refused
    guard leave.state == .asked else {
      throw RosterError.moveNotAllowed(from: leave.state.rawValue, to: state.rawValue)
    }
    leave.state = state
    leave.moveTime = time
    try writer.save(leave)
    writer.record(.leaveMoved(leave), incident: nil, occurTime: time)
    guard approving else { return DecidedLeave(leave: leave, gapCount: 0) }
    var gaps = 0
    for var shift in try writer.shifts(
      ofAnyOf: [leave.officer], touching: leave.start..<leave.end) where shift.plan.start > time
    {
      let before = shift.plan.missing
      shift.plan.put(ShiftMember(officer: leave.officer, standing: .leave))
      try change(shift, in: writer)
      if before == 0, shift.plan.missing > 0 { gaps += 1 }
    }
    return DecidedLeave(leave: leave, gapCount: gaps)
  }

  // MARK: - Substitutes

  /// - Throws: `RosterError.shiftUnknown`, `.officerUnknown`, `.shiftEnded`, `.alreadyOnShift`,
  ///   `.ownAffair`, `.breach` of any rule but that of rest; `DutyError.unitOutsideReach`.
  public func nameSubstitute(
    _ number: String, for id: ShiftID, in writer: any DutyWriter
  ) throws -> RosterShift {
    var shift = try shift(id, field: "shift_id", in: writer)
    guard try writer.seat(code: shift.plan.seatCode).map(writer.reaches) == true else {
      throw DutyError.unitOutsideReach
    }
    try requireOther(than: [number], in: writer)
    guard shift.plan.end > time else { throw RosterError.shiftEnded(id) }
    guard !shift.plan.isOn(number) else { throw RosterError.alreadyOnShift(number, id) }
    try requireFit(number, for: shift, leaving: [id], tired: true, in: writer)
    shift.plan.put(ShiftMember(officer: number, isSubstitute: true))
    return try change(shift, in: writer)
  }

  // MARK: - What they share

  private func caller(in reader: any RosterReader) throws -> Officer {
    try reader.officer(calledBy: actor, at: time)
  }

  private func shift(
    _ id: ShiftID, field: String, in reader: any RosterReader
  ) throws -> RosterShift {
    guard let shift = try reader.shift(id) else {
      throw RosterError.shiftUnknown(id.description, field: field)
    }
    return shift
  }

  private func reaches(_ number: String, in reader: any RosterReader) throws -> Bool {
    try reader.officer(number: number).map { reader.reaches($0.orgUnitID) } ?? false
  }

  private func requireOther(than concerned: [String], in reader: any RosterReader) throws {
    if let me = try reader.officer(actor: actor)?.number, concerned.contains(me) {
      throw RosterError.ownAffair(me)
    }
  }

  /// - Parameter tired: whether too short a rest is passed over.
  private func requireFit(
    _ number: String, for shift: RosterShift, leaving: Set<ShiftID>, tired: Bool,
    in reader: any RosterReader
  ) throws {
    guard let officer = try reader.officer(number: number),
      officer.isOfTheStaff(at: shift.plan.start)
    else { throw RosterError.officerUnknown(number, field: "officer_number") }
    guard let seat = try reader.seat(code: shift.plan.seatCode) else {
      throw RosterError.seatUnknown(shift.plan.seatCode, field: "shift_id")
    }
    let around =
      shift.plan.start.addingTimeInterval(
        -RosterRules.longestRest)..<shift.plan.end
      .addingTimeInterval(RosterRules.longestRest)
    let others = try reader.shifts(ofAnyOf: [number], touching: around)
      .filter { !leaving.contains($0.id) }.map(\.plan)
    let breach = RosterRules.breaches(
      of: officer, in: shift.plan, seat: seat, others: others,
      leaves: try reader.leaves(ofAnyOf: [number], touching: around)
    ).first { breach in
      if case .restTooShort = breach { return !tired }
      return true
    }
    if let breach { throw RosterError.breach(breach, officer: number, start: shift.plan.start) }
  }

  /// Who is on has changed. A gap that is filled is no longer flagged, and told to be.
  @discardableResult
  private func change(_ shift: RosterShift, in writer: any DutyWriter) throws -> RosterShift {
    var shift = shift
    shift.changeTime = time
    shift.revision += 1
    let isFilled = shift.flagTime != nil && shift.plan.missing == 0
    if isFilled { shift.flagTime = nil }
    try writer.save(shift)
    if isFilled { writer.record(.gapFilled(shift), incident: nil, occurTime: time) }
    return shift
  }
}

/// Leave that was decided, and what it did.
public struct DecidedLeave: Codable, Sendable, Hashable {
  public let leave: Leave
  /// Shifts with a gap that had none.
  public let gapCount: Int
}

extension RosterReader {
  /// The officer that a token names.
  /// - Throws: `RosterError.notOfTheStaff`.
  func officer(calledBy actor: String, at time: Date) throws -> Officer {
    guard let officer = try officer(actor: actor), officer.isOfTheStaff(at: time) else {
      throw RosterError.notOfTheStaff(actor)
    }
    return officer
  }
}

/// 缺岗预警: what the passing of time does to rosters.
public enum GapNotice {
  /// Flags one shift, unless that was done, or the gap was filled, meanwhile. The moment told is the
  /// one at which it was due, whenever it is noticed.
  public static func flag(_ id: ShiftID, in writer: any DutyWriter) throws {
    guard var shift = try writer.shift(id), shift.flagTime == nil, shift.plan.missing > 0 else {
      return
    }
    let due = max(
      shift.plan.start.addingTimeInterval(-RosterRules.gapNotice), shift.changeTime)
    shift.flagTime = due
    try writer.save(shift)
    writer.record(.gapFlagged(shift), incident: nil, occurTime: due)
  }
}
