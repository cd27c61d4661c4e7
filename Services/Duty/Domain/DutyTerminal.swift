// 终端: the devices that report for units, and the pillars at which people call for help.
public import Foundation
public import Geography
public import Identifiers

public enum TerminalKind: String, Codable, Sendable, Hashable, CaseIterable {
  case vehicle, handheld, pillar
}

/// A device as it is registered.
public struct DutyTerminal: Codable, Sendable, Hashable {
  public let id: TerminalID
  /// Its natural key, 1 … 64 characters; never changes. Its token bears it.
  public let code: String
  public var kind: TerminalKind
  /// The unit that carries it; nil for a pillar.
  public var unitID: UnitID?
  /// Who looks after a pillar.
  public var orgUnitID: OrgUnitID?
  /// Where a pillar stands, with a point; nil for all others.
  public var place: Place?
  /// The number on a pillar's plate; may be empty.
  public var plateCode: String

  public init(
    id: TerminalID, code: String, kind: TerminalKind, unitID: UnitID? = nil,
    orgUnitID: OrgUnitID? = nil, place: Place? = nil, plateCode: String = ""
  ) {
    self.id = id
    self.code = code
    self.kind = kind
    self.unitID = unitID
    self.orgUnitID = orgUnitID
    self.place = place
    self.plateCode = plateCode
  }
}

/// A terminal, and what was heard of it.
public struct TerminalView: Codable, Sendable, Hashable {
  public let terminal: DutyTerminal
  /// The last connection or report; nil when it was never heard.
  public let lastContact: Date?
  /// Of the last report that was taken; 0 when none was.
  public let lastSequence: Int64

  public init(terminal: DutyTerminal, lastContact: Date? = nil, lastSequence: Int64 = 0) {
    self.terminal = terminal
    self.lastContact = lastContact
    self.lastSequence = lastSequence
  }
}

/// The one connection of a terminal that counts: a later one has a greater epoch, and what still
/// comes by an earlier one is not taken.
public struct TerminalLink: Sendable, Hashable {
  public let terminal: DutyTerminal
  public let epoch: Int64
  /// Of the last report that was taken before.
  public let lastSequence: Int64

  public init(terminal: DutyTerminal, epoch: Int64, lastSequence: Int64) {
    self.terminal = terminal
    self.epoch = epoch
    self.lastSequence = lastSequence
  }
}

/// What a unit did about an assignment.
public enum ReportedStep: String, Sendable, Hashable, CaseIterable {
  case acknowledge, depart, arrive, clear
}

/// One report of a terminal.
public struct TerminalReport: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case position(UnitPosition)
    case step(AssignmentID, ReportedStep)
    case press
    case status(Availability, UnitCondition?)
    /// It could not be read, and has been refused already; its number is used up all the same.
    case unreadable
  }

  public let sequence: Int64
  public let occurTime: Date
  public let content: Content

  public init(sequence: Int64, occurTime: Date, content: Content) {
    self.sequence = sequence
    self.occurTime = occurTime
    self.content = content
  }
}

/// What became of a report.
public enum TerminalOutcome: Sendable, Hashable {
  case taken
  /// It, or a later one, was taken before: nothing happened.
  case repeated
  case refused(DutyError)
}
