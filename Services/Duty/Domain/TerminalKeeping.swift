// The commands about terminals, and what their reports do.
public import Foundation
public import Geography
public import Identifiers

/// Adds a terminal, or changes the one with this code.
public struct PutTerminal: Sendable, Hashable {
  public let code: String
  public let kind: TerminalKind
  public let unitID: UnitID?
  public let orgUnitID: OrgUnitID?
  public let place: Place?
  public let plateCode: String

  public init(
    code: String, kind: TerminalKind, unitID: UnitID?, orgUnitID: OrgUnitID?, place: Place?,
    plateCode: String
  ) {
    self.code = code
    self.kind = kind
    self.unitID = unitID
    self.orgUnitID = orgUnitID
    self.place = place
    self.plateCode = plateCode
  }
}

public struct TerminalKeeping: Sendable {
  public init() {}

  /// What changes nothing is answered and not told.
  /// - Throws: `DutyError.unitUnknown`, `.unitIsGroup`, `.orgUnitUnknown`, `.unitOutsideReach`.
  public func put(
    _ command: PutTerminal, in writer: any DutyWriter, now: Date
  ) throws -> TerminalView {
    if let unit = command.unitID {
      guard let view = try writer.unit(unit) else {
        throw DutyError.unitUnknown(unit.description)
      }
      guard !view.isGroup else { throw DutyError.unitIsGroup(unit) }
    }
    if let orgUnit = command.orgUnitID, try writer.orgUnit(orgUnit) == nil {
      throw DutyError.orgUnitUnknown(orgUnit, field: "org_unit_id")
    }
    let held = try writer.ownTerminal(code: command.code)
    let terminal = DutyTerminal(
      id: held?.terminal.id ?? writer.mint(TerminalTag.self), code: command.code,
      kind: command.kind, unitID: command.unitID, orgUnitID: command.orgUnitID,
      place: command.place, plateCode: command.plateCode)
    if let held, held.terminal == terminal { return held }
    try writer.save(terminal)
    writer.record(.terminalDefined(terminal), incident: nil, occurTime: now)
    return TerminalView(
      terminal: terminal, lastContact: held?.lastContact, lastSequence: held?.lastSequence ?? 0)
  }

  /// Does what one report says; one that is refused has done nothing.
  /// - Throws: `DutyError.terminalKind`, `.unitUnknown`, `.assignmentUnknown`,
  ///   `.timeBeforeLastChange`; the store's errors.
  public func take(
    _ report: TerminalReport, of terminal: DutyTerminal, in writer: any DutyWriter
  ) throws {
    switch report.content {
    case .unreadable: break
    case .press:
      guard terminal.kind == .pillar, let place = terminal.place else {
        throw DutyError.terminalKind(terminal.kind, field: "press")
      }
      writer.record(
        .alarmButtonPressed(terminal, place, sequence: report.sequence), incident: nil,
        occurTime: report.occurTime)
    case .position(let position):
      let unit = try unit(of: terminal, field: "position")
      switch try writer.keep(PositionReport(unitID: unit, position: position)) {
      case .unitUnknown: throw DutyError.unitUnknown(unit.description)
      case .unitIsGroup: throw DutyError.unitIsGroup(unit)
      case .accepted, .implausible, .superseded: break
      }
    case .status(let availability, let condition):
      let unit = try unit(of: terminal, field: "status")
      let command = SetUnitStatus(
        unitID: unit, etag: nil, availability: availability, condition: condition,
        occurTime: report.occurTime)
      _ = try UnitKeeping().setStatus(command, in: writer)
    case .step(let assignment, let step):
      let unit = try unit(of: terminal, field: "step")
      // Ended ones too: whoever was called off meanwhile is told so by command.
      guard let commitment = try writer.commitment(assignment), commitment.unitID == unit else {
        throw DutyError.assignmentUnknown(assignment)
      }
      writer.record(
        .assignmentStepReported(commitment, step), incident: commitment.incidentID,
        occurTime: report.occurTime)
    }
  }

  private func unit(of terminal: DutyTerminal, field: String) throws -> UnitID {
    guard let unit = terminal.unitID else {
      throw DutyError.terminalKind(terminal.kind, field: field)
    }
    return unit
  }
}
