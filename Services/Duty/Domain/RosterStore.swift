// What rosters and seats need of a store, beside the rest of duty's.
public import Foundation
public import Identifiers

/// Where a page of shifts, swaps, leaves or notes ended.
public struct TimeKey: Sendable, Hashable {
  public let time: Date
  public let id: String

  public init(time: Date, id: String) {
    self.time = time
    self.id = id
  }
}

/// Somebody's time in a seat.
public struct SeatTaking: Codable, Sendable, Hashable {
  public let id: SeatTakingID
  public let seatCode: String
  public let shiftID: ShiftID
  public let officer: String
  public let start: Date
  /// Privileges end then at the latest.
  public var until: Date
  public var leaveTime: Date?

  public init(
    id: SeatTakingID, seatCode: String, shiftID: ShiftID, officer: String, start: Date,
    until: Date, leaveTime: Date? = nil
  ) {
    self.id = id
    self.seatCode = seatCode
    self.shiftID = shiftID
    self.officer = officer
    self.start = start
    self.until = until
    self.leaveTime = leaveTime
  }

  /// Whether the seat is held at this moment.
  public func holds(at time: Date) -> Bool {
    start <= time && time < until && (leaveTime.map { time < $0 } ?? true)
  }
}

/// What one shift tells the next.
public struct HandoverNote: Codable, Sendable, Hashable {
  public struct Reading: Codable, Sendable, Hashable {
    public let officer: String
    public let shiftID: ShiftID
    public let time: Date

    public init(officer: String, shiftID: ShiftID, time: Date) {
      self.officer = officer
      self.shiftID = shiftID
      self.time = time
    }
  }

  public let id: HandoverNoteID
  public let seatCode: String
  public let shiftID: ShiftID
  /// Start of that shift.
  public let shiftStart: Date
  public let takingID: SeatTakingID
  public let officer: String
  /// Empty when there is nothing to hand over.
  public let text: String
  public let writeTime: Date
  public var readings: [Reading]

  public init(
    id: HandoverNoteID, seatCode: String, shiftID: ShiftID, shiftStart: Date,
    takingID: SeatTakingID, officer: String, text: String, writeTime: Date,
    readings: [Reading] = []
  ) {
    self.id = id
    self.seatCode = seatCode
    self.shiftID = shiftID
    self.shiftStart = shiftStart
    self.takingID = takingID
    self.officer = officer
    self.text = text
    self.writeTime = writeTime
    self.readings = readings
  }

  /// Whether an officer coming with `shift` has to read it: notes of earlier shifts that no shift
  /// before theirs has taken over, and they themselves have not read.
  public func isOpen(for officer: String, on shift: RosterShift) -> Bool {
    guard !text.isEmpty, shiftID != shift.id, shiftStart < shift.plan.start else { return false }
    return readings.allSatisfy { $0.shiftID == shift.id && $0.officer != officer }
  }
}

/// Reads within one transaction. Seats and shifts are known to all of the staff, as the organisation
/// is; officers, swaps and leaves are cut to what the caller may see.
public protocol RosterReader {
  /// Whether everything is the caller's affair.
  var reachesEverywhere: Bool { get }
  /// Whether an organisation's affairs are the caller's.
  func reaches(_ orgUnit: OrgUnitID) -> Bool

  /// Whosever it is.
  func officer(number: String) throws -> Officer?
  /// Whosever it is.
  func officer(actor: String) throws -> Officer?
  /// All of these that there are.
  func officers(numbers: Set<String>) throws -> [Officer]
  /// By number, those after `number`.
  func officers(after number: String?, limit: Int) throws -> [Officer]
  func seat(code: String) throws -> Seat?
  /// By code; `Seat.limit` at most.
  func seats() throws -> [Seat]
  /// Those that were put, by code.
  func patterns() throws -> [RosterPattern]

  func shift(_ id: ShiftID) throws -> RosterShift?
  /// Those that touch the time, by start and id, after `key`.
  func shifts(
    touching time: Range<Date>, seat: String?, onlyGaps: Bool, after key: TimeKey?, limit: Int
  ) throws -> [RosterShift]
  /// Those that touch the time and in which one of the officers is on; by start.
  func shifts(ofAnyOf officers: Set<String>, touching time: Range<Date>) throws -> [RosterShift]
  /// Not yet flagged, short of somebody, begin by `time` and have not ended at `now`; by start.
  func unflaggedGaps(beginningBy time: Date, now: Date, limit: Int) throws -> [RosterShift]

  func swap(_ id: SwapID) throws -> Swap?
  /// Newest first, before `key`; those of officers whom the caller reaches, and the caller's own.
  func swaps(of actor: String, before key: TimeKey?, limit: Int) throws -> [Swap]
  func leave(_ id: LeaveID) throws -> Leave?
  func leaves(of actor: String, before key: TimeKey?, limit: Int) throws -> [Leave]
  /// Approved ones that touch the time.
  func leaves(ofAnyOf officers: Set<String>, touching time: Range<Date>) throws -> [Leave]

  /// Those held at the moment, by seat and start.
  func takings(heldAt time: Date) throws -> [SeatTaking]
  func takings(of officer: String, heldAt time: Date) throws -> [SeatTaking]
  /// Left before their end, and not yet refused everywhere.
  func takingsToRevoke(now: Date, limit: Int) throws -> [SeatTaking]

  func note(_ id: HandoverNoteID) throws -> HandoverNote?
  /// Newest first, before `key`.
  func notes(ofSeat code: String, before key: TimeKey?, limit: Int) throws -> [HandoverNote]
  /// Whether this taking has written one, if only to say that there is nothing.
  func hasNote(of taking: SeatTakingID) throws -> Bool
  /// With a text, of shifts that began within `time`; oldest first.
  func notes(ofSeat code: String, writtenByShiftsBeginning time: Range<Date>) throws
    -> [HandoverNote]
}

/// Changes within one transaction.
public protocol RosterWriter: RosterReader {
  func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag>
  func save(_ officer: Officer) throws
  func save(_ seat: Seat) throws
  func save(_ pattern: RosterPattern) throws
  /// With all its members.
  func save(_ shift: RosterShift) throws
  func remove(_ shifts: [ShiftID]) throws
  func save(_ swap: Swap) throws
  func save(_ leave: Leave) throws
  func save(_ taking: SeatTaking) throws
  /// The token of a taking is refused everywhere now.
  func settleRevocation(of taking: SeatTakingID) throws
  /// A new note, or new readings of one.
  func save(_ note: HandoverNote) throws
  /// To be told on the feed, in the order of the calls, once the transaction is committed.
  func record(_ event: DutyEvent, incident: IncidentID?, occurTime: Date)
}

extension RosterReader {
  /// A seat of the whole partition is the affair of whoever sees all of it.
  func reaches(_ seat: Seat) -> Bool { seat.orgUnitID.map(reaches) ?? reachesEverywhere }

  /// The pattern of this code: as it was put, or as it comes with the suite.
  func pattern(code: String) throws -> RosterPattern? {
    try allPatterns().first { $0.code == code }
  }

  /// By code.
  public func allPatterns() throws -> [RosterPattern] {
    let put = try patterns()
    let standard = RosterPattern.standard.filter { own in !put.contains { $0.code == own.code } }
    return (put + standard).sorted { $0.code < $1.code }
  }
}
