// 民警与席位: who can be rostered, and for what.
public import Foundation
public import Identifiers

/// A member of the staff.
public struct Officer: Codable, Sendable, Hashable {
  /// 警号, the natural key; never changes.
  public let number: String
  /// The name used at work.
  public var name: String
  /// Who they are in tokens, such as `person/zhang.wei`.
  public var actor: String
  public var orgUnitID: OrgUnitID
  /// Sorted, each once.
  public var qualifications: [String]
  /// No longer rostered from then on.
  public var leaveTime: Date?

  public init(
    number: String, name: String, actor: String, orgUnitID: OrgUnitID,
    qualifications: [String] = [], leaveTime: Date? = nil
  ) {
    self.number = number
    self.name = name
    self.actor = actor
    self.orgUnitID = orgUnitID
    self.qualifications = Set(qualifications).sorted()
    self.leaveTime = leaveTime
  }

  func isOfTheStaff(at time: Date) -> Bool { leaveTime.map { time.isEarlier(than: $0) } ?? true }
}

/// What a seat is for.
public enum SeatKind: String, Codable, Sendable, Hashable, CaseIterable {
  case bureauLeader = "bureau_leader"
  case dutyDirector = "duty_director"
  case shiftLeader = "shift_leader"
  case warning
  case jointOperations = "joint_operations"
  case callTaker = "call_taker"
  case dispatcher
}

/// A place of the hall.
public struct Seat: Codable, Sendable, Hashable {
  /// The natural key, and what tokens call it.
  public let code: String
  public var name: String
  public var kind: SeatKind
  /// Name of the role that it carries.
  public var role: String
  /// Whose affairs it has; nil for the whole partition.
  public var orgUnitID: OrgUnitID?
  /// How many must be on.
  public var minimumManning: Int
  /// Sorted, each once.
  public var qualifications: [String]

  public init(
    code: String, name: String, kind: SeatKind, role: String, orgUnitID: OrgUnitID? = nil,
    minimumManning: Int = 1, qualifications: [String] = []
  ) {
    self.code = code
    self.name = name
    self.kind = kind
    self.role = role
    self.orgUnitID = orgUnitID
    self.minimumManning = minimumManning
    self.qualifications = Set(qualifications).sorted()
  }

  /// How many seats there may be: who sits where fits one answer.
  public static let limit = 200
}

public struct StaffKeeping: Sendable {
  public init() {}

  /// What changes nothing is answered and not told.
  /// - Throws: `DutyError.orgUnitUnknown`, `.unitOutsideReach`; `RosterError.actorTaken`.
  public func put(
    _ officer: Officer, at time: Date, in writer: any DutyWriter
  ) throws -> Officer {
    guard try writer.orgUnit(officer.orgUnitID) != nil else {
      throw DutyError.orgUnitUnknown(officer.orgUnitID, field: "officer.org_unit_id")
    }
    let held = try writer.officer(number: officer.number)
    let concerned = [officer.orgUnitID] + (held.map { [$0.orgUnitID] } ?? [])
    guard concerned.allSatisfy(writer.reaches) else { throw DutyError.unitOutsideReach }
    if let other = try writer.officer(actor: officer.actor), other.number != officer.number {
      throw RosterError.actorTaken(officer.actor)
    }
    guard officer != held else { return officer }
    try writer.save(officer)
    writer.record(.officerDefined(officer), incident: nil, occurTime: time)
    return officer
  }

  /// What changes nothing is answered and not told.
  /// - Throws: `DutyError.orgUnitUnknown`; `RosterError.tooManySeats`.
  public func put(_ seat: Seat, at time: Date, in writer: any DutyWriter) throws -> Seat {
    if let orgUnitID = seat.orgUnitID, try writer.orgUnit(orgUnitID) == nil {
      throw DutyError.orgUnitUnknown(orgUnitID, field: "seat.org_unit_id")
    }
    let held = try writer.seat(code: seat.code)
    guard seat != held else { return seat }
    if held == nil, try writer.seats().count >= Seat.limit { throw RosterError.tooManySeats }
    try writer.save(seat)
    writer.record(.seatDefined(seat), incident: nil, occurTime: time)
    return seat
  }
}
