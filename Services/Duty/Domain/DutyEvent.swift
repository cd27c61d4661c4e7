// What duty tells the others: one case for each payload of its feed.
public import Foundation
public import Geography
public import Identifiers

public enum DutyEvent: Sendable, Hashable {
  case orgUnitDefined(OrgUnitPeriod)
  case jurisdictionDefined(Jurisdiction)
  /// Without position and incidents: those are not duty's own decisions, and change meanwhile.
  case unitDefined(DutyUnit)
  /// `from` is the unit as it was; only the log wants it.
  case unitStatusSet(DutyUnit, from: DutyUnit)
  case recommendationMade(IncidentID, UnitRecommendation)
  case responsePlanSet(ResponsePlan)
  case officerDefined(Officer)
  case seatDefined(Seat)
  case rosterPublished(PublishedRoster)
  case gapFlagged(RosterShift)
  case gapFilled(RosterShift)
  case swapMoved(Swap)
  case leaveMoved(Leave)
  case seatTaken(SeatTaking)
  case seatLeft(SeatTaking)
  case terminalDefined(DutyTerminal)
  /// Somebody calls for help at a pillar, which stands at the place.
  case alarmButtonPressed(DutyTerminal, Place, sequence: Int64)
  /// A unit says by its terminal what it did about an assignment; command decides.
  case assignmentStepReported(Commitment, ReportedStep)
  /// `from` is nil for one that was just suggested, `time` when it stood so.
  case deploymentMoved(Deployment, from: Deployment.Standing?, at: Date)
  case taskTemplateSet(TaskTemplate)
  case taskPlanSet(TaskPlan)
  case taskMoved(TaskMove)
  case taskWithdrawn(TaskWithdrawal)

  /// Id of the thing that changed.
  public var subject: String {
    switch self {
    case .orgUnitDefined(let period): period.orgUnit.id.description
    case .jurisdictionDefined(let jurisdiction): jurisdiction.id.description
    case .unitDefined(let unit), .unitStatusSet(let unit, _): unit.id.description
    case .recommendationMade(let incident, _): incident.description
    case .responsePlanSet(let plan): plan.id?.description ?? ""
    case .officerDefined(let officer): officer.number
    case .seatDefined(let seat): seat.code
    case .rosterPublished(let roster): roster.seatCode
    case .gapFlagged(let shift), .gapFilled(let shift): shift.id.description
    case .swapMoved(let swap): swap.id.description
    case .leaveMoved(let leave): leave.id.description
    case .seatTaken(let taking), .seatLeft(let taking): taking.id.description
    case .terminalDefined(let terminal), .alarmButtonPressed(let terminal, _, _):
      terminal.id.description
    case .deploymentMoved(let deployment, _, _): deployment.id.description
    case .assignmentStepReported(let commitment, _): commitment.assignmentID.description
    case .taskTemplateSet(let template): template.code
    case .taskPlanSet(let plan): plan.beat.description
    case .taskMoved(let move): move.task.id.description
    case .taskWithdrawn(let withdrawal): withdrawal.id.description
    }
  }
}
