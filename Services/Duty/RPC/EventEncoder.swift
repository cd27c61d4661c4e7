// Duty's events as payloads of its feed. The store is given this function, and so needs no protobuf.
public import DutyDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

public enum EventEncoder {
  /// Payloads that say how a thing that lasts stands now: history that is pruned keeps the newest.
  public static let lastingTypes: Set<String> = [
    Quintet_Duty_V1_OrgUnitDefined.protoMessageName,
    Quintet_Duty_V1_JurisdictionDefined.protoMessageName,
    Quintet_Duty_V1_UnitDefined.protoMessageName,
    Quintet_Duty_V1_UnitStatusSet.protoMessageName,
    Quintet_Duty_V1_ResponsePlanSet.protoMessageName,
    Quintet_Duty_V1_OfficerDefined.protoMessageName,
    Quintet_Duty_V1_SeatDefined.protoMessageName,
    Quintet_Duty_V1_TerminalDefined.protoMessageName,
    Quintet_Duty_V1_TaskTemplateSet.protoMessageName,
    Quintet_Duty_V1_TaskPlanSet.protoMessageName,
  ]

  /// - Returns: the full name of the payload's message, and its bytes.
  public static func encode(_ event: DutyEvent) throws -> (type: String, payload: [UInt8]) {
    switch event {
    case .orgUnitDefined(let period):
      try serialized(
        Quintet_Duty_V1_OrgUnitDefined.with { $0.orgUnit = Quintet_Duty_V1_OrgUnit(period) })
    case .jurisdictionDefined(let jurisdiction):
      try serialized(
        Quintet_Duty_V1_JurisdictionDefined.with {
          $0.jurisdiction = Quintet_Duty_V1_Jurisdiction(jurisdiction)
        })
    case .unitDefined(let unit):
      try serialized(
        Quintet_Duty_V1_UnitDefined.with { $0.unit = Quintet_Duty_V1_Unit(UnitView(unit: unit)) })
    case .unitStatusSet(let unit, _):
      try serialized(
        Quintet_Duty_V1_UnitStatusSet.with { $0.unit = Quintet_Duty_V1_Unit(UnitView(unit: unit)) })
    case .recommendationMade(let incident, let recommendation):
      try serialized(
        Quintet_Duty_V1_RecommendationMade.with {
          $0.incidentID = incident.description
          $0.recommendation = Quintet_Type_V1_UnitRecommendation(recommendation)
        })
    case .responsePlanSet(let plan):
      try serialized(
        Quintet_Duty_V1_ResponsePlanSet.with { $0.plan = Quintet_Duty_V1_ResponsePlan(plan) })
    case .terminalDefined(let terminal):
      try serialized(
        Quintet_Duty_V1_TerminalDefined.with {
          $0.terminal = Quintet_Duty_V1_Terminal(TerminalView(terminal: terminal))
        })
    case .alarmButtonPressed(let terminal, let place, let sequence):
      try serialized(
        Quintet_Duty_V1_AlarmButtonPressed.with {
          $0.terminalCode = terminal.code
          $0.reportSequence = sequence
          $0.location = Quintet_Type_V1_Location(place)
          $0.plateCode = terminal.plateCode
        })
    case .assignmentStepReported(let commitment, let step):
      try serialized(
        Quintet_Duty_V1_AssignmentStepReported.with {
          $0.assignmentID = commitment.assignmentID.description
          $0.unitID = commitment.unitID.description
          $0.step = Quintet_Terminal_V1_Step(step)
        })
    case .deploymentMoved(let deployment, let from, let time):
      try serialized(
        Quintet_Duty_V1_DeploymentMoved.with {
          $0.deployment = Quintet_Duty_V1_Deployment(deployment, at: time, isBrief: true)
          if let from { $0.from = Quintet_Duty_V1_DeploymentState(from) }
        })
    default: try encodeRoster(event)
    }
  }

  private static func encodeRoster(
    _ event: DutyEvent
  ) throws -> (type: String, payload: [UInt8]) {
    switch event {
    case .officerDefined(let officer):
      try serialized(
        Quintet_Duty_V1_OfficerDefined.with {
          $0.officer = Quintet_Duty_V1_Officer(officer, isNamed: false)
        })
    case .seatDefined(let seat):
      try serialized(Quintet_Duty_V1_SeatDefined.with { $0.seat = Quintet_Duty_V1_Seat(seat) })
    case .rosterPublished(let roster):
      try serialized(
        Quintet_Duty_V1_RosterPublished.with {
          $0.seatCode = roster.seatCode
          $0.patternCode = roster.patternCode
          $0.fromDate = roster.first.description
          $0.toDate = roster.last.description
          $0.madeCount = Int32(roster.madeCount)
          $0.replacedCount = Int32(roster.replacedCount)
        })
    case .gapFlagged(let shift):
      try serialized(
        Quintet_Duty_V1_ShiftGapFlagged.with { $0.shift = Quintet_Duty_V1_Shift(shift) })
    case .gapFilled(let shift):
      try serialized(
        Quintet_Duty_V1_ShiftGapFilled.with { $0.shift = Quintet_Duty_V1_Shift(shift) })
    case .swapMoved(let swap):
      try serialized(Quintet_Duty_V1_SwapMoved.with { $0.swap = Quintet_Duty_V1_Swap(swap) })
    case .leaveMoved(let leave):
      try serialized(Quintet_Duty_V1_LeaveMoved.with { $0.leave = Quintet_Duty_V1_Leave(leave) })
    case .seatTaken(let taking):
      try serialized(
        Quintet_Duty_V1_SeatTaken.with { $0.taking = Quintet_Duty_V1_SeatTaking(taking) })
    case .seatLeft(let taking):
      try serialized(
        Quintet_Duty_V1_SeatLeft.with { $0.taking = Quintet_Duty_V1_SeatTaking(taking) })
    case .taskTemplateSet, .taskPlanSet, .taskMoved, .taskWithdrawn: try encodeTasks(event)
    case .orgUnitDefined, .jurisdictionDefined, .unitDefined, .unitStatusSet,
      .recommendationMade, .responsePlanSet, .terminalDefined, .alarmButtonPressed,
      .assignmentStepReported, .deploymentMoved:
      throw EventOfAnotherRoom()
    }
  }

  /// No event comes here but those of rosters and tasks.
  struct EventOfAnotherRoom: Error {}

  static func serialized<M: SwiftProtobuf.Message>(
    _ message: M
  ) throws -> (type: String, payload: [UInt8]) {
    (M.protoMessageName, try message.serializedBytes())
  }
}
