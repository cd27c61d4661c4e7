// `quintet-duty verify-store`: what duty's events say of its rows, and which rows are command's word.
import ArgumentParser
import DutyRPC
import DutyStore
import Foundation
import QuintetAPI
import StoreCheck
import Wire

struct VerifyStore: AsyncParsableCommand {
  static let configuration = StoreCheck.configuration

  @OptionGroup var options: StoreCheckOptions

  func run() async throws {
    try await StoreCheck(
      service: "duty", migrations: DutyDatabaseStore.migrations,
      stated: [
        StatedTable("org_unit", key: "id", value: "code || '/' || rank || '/' || name"),
        StatedTable("jurisdiction", key: "id", value: "org_unit_id || '/' || area_class"),
        StatedTable(
          "response_plan", key: "id", value: "incident_class || '/' || level || '/' || revision"),
        StatedTable(
          "unit", key: "id",
          value: """
            call_sign || '/' || kind || '/' || coalesce(org_unit_id, '') || '/' \
            || CASE WHEN kind = 'group' THEN '' ELSE availability END \
            || '/' || coalesce(condition, 'unspecified') || '/' || coalesce(group_id, '') \
            || '/' || coalesce(headcount, 0)
            """),
        StatedTable("officer", key: "number", value: "org_unit_id || '/' || qualifications"),
        StatedTable("seat", key: "code", value: "role || '/' || kind || '/' || minimum_manning"),
        StatedTable(
          "seat_taking", key: "id",
          value: """
            seat_code || '/' || officer_number || '/' \
            || CASE WHEN leave_time IS NULL THEN 'held' ELSE 'left' END
            """, retained: "shift"),
        StatedTable("shift_swap", key: "id", value: "state || '/' || shift_id", retained: "shift"),
        StatedTable(
          "officer_leave", key: "id", value: "state || '/' || officer_number",
          retained: "officer_leave"),
        StatedTable(
          "deployment", key: "id", value: "state || '/' || revision", retained: "deployment"),
        StatedTable(
          "task", key: "id",
          value: "beat_id || '/' || state || '/' || due_time", retained: "task"),
        StatedTable(
          "terminal", key: "id",
          value: "code || '/' || kind || '/' || coalesce(unit_id, '') || '/' || plate_code"),
      ],
      claims: Self.claims,
      projections: [
        Projection(
          "unit_commitment", key: "assignment_id", columns: ["unit_id", "incident_id", "state"]),
        Projection(
          "known_incident", key: "incident_id", columns: ["level", "is_open", "revision"]),
        Projection(
          "demand_incident", key: "incident_id",
          columns: ["incident_class", "receive_time", "exclusion", "revision"], isPruned: true),
        Projection(
          "demand_arrival", key: "incident_id", columns: ["order_time", "arrive_time"],
          isPruned: true),
      ]
    ) { database, log in
      let store = DutyDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
      return DutyFollowers(store: store, clock: { Date() }).all
    }.run(options)
  }

  @Sendable
  private static func claims(_ message: Any) -> [Claim] {
    switch message {
    case let told as Quintet_Duty_V1_OrgUnitDefined:
      let unit = told.orgUnit
      return [Claim("org_unit", unit.id, "\(unit.code)/\(spelled(unit.rank))/\(unit.name)")]
    case let told as Quintet_Duty_V1_JurisdictionDefined:
      let area = told.jurisdiction
      return [Claim("jurisdiction", area.id, "\(area.orgUnitID)/\(spelled(area.areaClass))")]
    case let told as Quintet_Duty_V1_ResponsePlanSet:
      let plan = told.plan
      let word = plan.incidentClass == .unspecified ? "" : spelled(plan.incidentClass)
      return [
        Claim("response_plan", plan.id, "\(word)/\(plan.level.rawValue)/\(plan.etag)")
      ]
    case let told as Quintet_Duty_V1_TerminalDefined:
      let words = [
        told.terminal.code, spelled(told.terminal.kind), told.terminal.unitID,
        told.terminal.plateCode,
      ]
      return [Claim("terminal", told.terminal.id, words.joined(separator: "/"))]
    case let told as Quintet_Duty_V1_UnitDefined: return [claim(told.unit)]
    case let told as Quintet_Duty_V1_UnitStatusSet: return [claim(told.unit)]
    case let told as Quintet_Duty_V1_OfficerDefined:
      let officer = told.officer
      let held = officer.qualifications.map { "\"\($0)\"" }.joined(separator: ",")
      return [Claim("officer", officer.number, "\(officer.orgUnitID)/[\(held)]")]
    case let told as Quintet_Duty_V1_SeatDefined:
      let seat = told.seat
      return [
        Claim("seat", seat.code, "\(seat.role)/\(spelled(seat.kind))/\(seat.minimumManning)")
      ]
    case let told as Quintet_Duty_V1_TaskWithdrawn: return [Claim(gone: "task", told.taskID)]
    case let told as Quintet_Duty_V1_TaskMoved:
      let due = Int64((told.dueTime.microsecondDate.timeIntervalSince1970 * 1_000_000).rounded())
      return [Claim("task", told.taskID, "\(told.beatID)/\(spelled(told.state))/\(due)")]
    case let told as Quintet_Duty_V1_SeatTaken: return [claim(told.taking)]
    case let told as Quintet_Duty_V1_SeatLeft: return [claim(told.taking)]
    case let told as Quintet_Duty_V1_SwapMoved:
      return [Claim("shift_swap", told.swap.id, "\(spelled(told.swap.state))/\(told.swap.shiftID)")]
    case let told as Quintet_Duty_V1_DeploymentMoved:
      let deployment = told.deployment
      // Kept as accepted: that its hours are over is computed.
      let state = deployment.state == .ended ? "accepted" : spelled(deployment.state)
      return [Claim("deployment", deployment.id, "\(state)/\(deployment.etag)")]
    case let told as Quintet_Duty_V1_LeaveMoved:
      let leave = told.leave
      return [
        Claim("officer_leave", leave.id, "\(spelled(leave.state))/\(leave.officerNumber)")
      ]
    default: return []
    }
  }

  private static func claim(_ taking: Quintet_Duty_V1_SeatTaking) -> Claim {
    let stands = taking.hasLeaveTime ? "left" : "held"
    return Claim("seat_taking", taking.id, "\(taking.seatCode)/\(taking.officerNumber)/\(stands)")
  }

  private static func claim(_ unit: Quintet_Duty_V1_Unit) -> Claim {
    // A group has none of its own: it follows from the parts, which events are without.
    let availability = unit.kind == .group ? "" : spelled(unit.availability)
    let words = [
      unit.callSign, spelled(unit.kind), unit.orgUnitID, availability,
      spelled(unit.secondaryStatus), unit.groupID, String(unit.headcount),
    ]
    return Claim("unit", unit.id, words.joined(separator: "/"))
  }
}
