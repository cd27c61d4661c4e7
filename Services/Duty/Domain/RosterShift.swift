// 班次: a seat, a time, and who is on. What is missing follows from it and is never told otherwise.
public import Foundation
public import Identifiers

/// How an officer stands to a shift.
public enum ShiftStanding: String, Codable, Sendable, Hashable, CaseIterable {
  case on
  case leave
  case swapped
}

/// An officer of a shift.
public struct ShiftMember: Codable, Sendable, Hashable {
  public let officer: String
  public var standing: ShiftStanding
  /// Put there by name, not by the pattern.
  public var isSubstitute: Bool

  public init(officer: String, standing: ShiftStanding = .on, isSubstitute: Bool = false) {
    self.officer = officer
    self.standing = standing
    self.isSubstitute = isSubstitute
  }
}

/// A shift before it is one: as a plan gives it.
public struct PlannedShift: Codable, Sendable, Hashable {
  public let seatCode: String
  public let patternCode: String
  public let turnCode: String
  public let crew: String
  public let start: Date
  public let end: Date
  /// Minutes of rest that its pattern promises.
  public let minimumRest: Int
  public let minimumManning: Int
  /// By number, each officer once.
  public var members: [ShiftMember]

  public init(
    seatCode: String, patternCode: String, turnCode: String, crew: String, start: Date, end: Date,
    minimumRest: Int, minimumManning: Int, members: [ShiftMember]
  ) {
    self.seatCode = seatCode
    self.patternCode = patternCode
    self.turnCode = turnCode
    self.crew = crew
    self.start = start
    self.end = end
    self.minimumRest = minimumRest
    self.minimumManning = minimumManning
    self.members = members.sorted { $0.officer < $1.officer }
  }

  public var missing: Int { max(0, minimumManning - members.count { $0.standing == .on }) }

  func isOn(_ officer: String) -> Bool {
    members.contains { $0.officer == officer && $0.standing == .on }
  }

  mutating func put(_ member: ShiftMember) {
    members.removeAll { $0.officer == member.officer }
    members.append(member)
    members.sort { $0.officer < $1.officer }
  }
}

/// A published shift.
public struct RosterShift: Codable, Sendable, Hashable {
  public let id: ShiftID
  public var plan: PlannedShift
  /// When its gap was flagged; nil while it is not.
  public var flagTime: Date?
  /// When who is on last changed.
  public var changeTime: Date
  /// Counts changes, from 1.
  public var revision: Int

  public init(
    id: ShiftID, plan: PlannedShift, flagTime: Date? = nil, changeTime: Date, revision: Int = 1
  ) {
    self.id = id
    self.plan = plan
    self.flagTime = flagTime
    self.changeTime = changeTime
    self.revision = revision
  }
}

/// An officer away for a time.
public struct Leave: Codable, Sendable, Hashable {
  public enum State: String, Codable, Sendable, Hashable, CaseIterable {
    case asked, approved, refused
  }

  public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
    case annual, compensatory, training, errand, other
  }

  public let id: LeaveID
  public var state: State
  public let officer: String
  public let kind: Kind
  public let start: Date
  public let end: Date
  public let askTime: Date
  public var moveTime: Date

  public init(
    id: LeaveID, state: State, officer: String, kind: Kind, start: Date, end: Date, askTime: Date,
    moveTime: Date
  ) {
    self.id = id
    self.state = state
    self.officer = officer
    self.kind = kind
    self.start = start
    self.end = end
    self.askTime = askTime
    self.moveTime = moveTime
  }
}

/// One officer's shift for another's.
public struct Swap: Codable, Sendable, Hashable {
  public enum State: String, Codable, Sendable, Hashable, CaseIterable {
    case asked, accepted, declined, withdrawn, approved, refused
  }

  public let id: SwapID
  public var state: State
  public let officer: String
  public let shiftID: ShiftID
  public let other: String
  /// Nil when nothing is taken in return.
  public let otherShiftID: ShiftID?
  public let askTime: Date
  public var moveTime: Date

  public init(
    id: SwapID, state: State, officer: String, shiftID: ShiftID, other: String,
    otherShiftID: ShiftID?, askTime: Date, moveTime: Date
  ) {
    self.id = id
    self.state = state
    self.officer = officer
    self.shiftID = shiftID
    self.other = other
    self.otherShiftID = otherShiftID
    self.askTime = askTime
    self.moveTime = moveTime
  }
}
