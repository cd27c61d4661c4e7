// `quintet-supervision verify-store`: what its events say of deadlines and evaluations, and which rows
// are its neighbours' word.
//
// Deadlines are not made anew: they rest on the rules and the clock of their day. Their events tell.
import ArgumentParser
import Foundation
import QuintetAPI
import StoreCheck
import SupervisionRPC
import SupervisionStore

struct VerifyStore: AsyncParsableCommand {
  static let configuration = StoreCheck.configuration

  @OptionGroup var options: StoreCheckOptions

  func run() async throws {
    try await StoreCheck(
      service: "supervision", migrations: SupervisionSchema.all,
      stated: [
        StatedTable(
          "deadline", key: "deadline_id",
          value: "rule_code || '/' || subject || '/' || state || '/' || escalation_level",
          retained: "deadline"),
        StatedTable(
          "evaluation", key: "evaluation_id",
          value: """
            incident_id || '/' || met_count || '/' || missed_count || '/' || excluded_count
            """),
        StatedTable(
          "look_up_finding", key: "finding_id",
          value: "actor || '/' || concern || '/' || state || '/' || revision",
          retained: "look_up_finding"),
      ],
      claims: Self.claims,
      projections: [
        Projection(
          "area", key: "jurisdiction_id",
          columns: ["area_class", "south", "west", "north", "east", "polygon"]),
        Projection(
          "followed_incident", key: "incident_id",
          columns: ["latitude", "longitude", "responsible", "return_count"]),
        Projection(
          "look_up", key: "service || '/' || entry_index",
          columns: [
            "actor", "areas", "method", "purpose", "case_id", "person_key", "result_code",
            "result_reason", "is_many_persons", "is_own_family_name", "is_outside_area",
            "is_outside_shift", "is_refused", "occur_time",
          ], isPruned: true),
        Projection(
          "activity_incident", key: "incident_id",
          columns: [
            "origin", "incident_class", "latitude", "longitude", "receive_time", "state",
            "sequence",
          ], isPruned: true),
        Projection(
          "activity_step", key: "incident_id || '/' || sequence",
          columns: ["to_state", "step_time"], isPruned: true),
        Projection(
          "activity_assignment", key: "assignment_id",
          columns: [
            "incident_id", "unit_id", "state", "assign_time", "dispatch_time",
            "acknowledge_time", "depart_time", "arrive_time", "clear_time", "cancel_time",
            "sequence",
          ], isPruned: true),
        Projection(
          "activity_call", key: "call_report_id",
          columns: [
            "origin", "is_by_voice", "latitude", "longitude", "receive_time", "answer_time",
            "incident_id", "is_first", "sequence",
          ], isPruned: true),
        Projection(
          "activity_course", key: "directive_id || '/' || recipient_kind || '/' || recipient_id",
          columns: [
            "incident_id", "state", "issue_time", "acknowledge_time", "feedback_time", "sequence",
          ], isPruned: true),
        Projection(
          "activity_unit_status", key: "unit_id || '/' || sequence",
          columns: ["status_time", "is_on_duty"], isPruned: true),
        Projection(
          "activity_unit", key: "unit_id", columns: ["kind", "org_unit_id", "sequence"]),
        Projection(
          "activity_org_unit", key: "org_unit_id",
          columns: ["code", "name", "org_rank", "parent_id", "sequence"]),
        Projection("activity_area", key: "jurisdiction_id", columns: ["org_unit_id", "sequence"]),
        Projection("known_org_unit", key: "id", columns: ["parent_id"]),
        Projection("known_unit", key: "id", columns: ["org_unit_id"]),
      ],
      carrying: ["rule", "feedback_rule", "look_up_rule", "clock_state"]
    ) { database, log in
      let store = SupervisionDatabaseStore(
        database: database, log: log, encode: EventEncoder.encode, report: { _ in })
      return SupervisionFollowers(store: store, clock: { Date() }).all
    }.run(options)
  }

  @Sendable
  private static func claims(_ message: Any) -> [Claim] {
    switch message {
    case let told as Quintet_Supervision_V1_DeadlineStarted: return [claim(told.deadline)]
    case let told as Quintet_Supervision_V1_DeadlineWarned: return [claim(told.deadline)]
    case let told as Quintet_Supervision_V1_DeadlineOverdue: return [claim(told.deadline)]
    case let told as Quintet_Supervision_V1_DeadlineEscalated: return [claim(told.deadline)]
    case let told as Quintet_Supervision_V1_DeadlineStopped: return [claim(told.deadline)]
    case let told as Quintet_Supervision_V1_IncidentEvaluated:
      let judged = told.evaluation
      return [
        Claim(
          "evaluation", judged.id,
          "\(judged.incidentID)/\(judged.metCount)/\(judged.missedCount)/\(judged.excludedCount)")
      ]
    case let told as Quintet_Supervision_V1_LookUpFindingChanged:
      let finding = told.finding
      return [
        Claim(
          "look_up_finding", finding.id,
          "\(finding.actor)/\(spelled(finding.concern))/\(spelled(finding.state))/\(finding.etag)")
      ]
    default: return []
    }
  }

  private static func claim(_ deadline: Quintet_Supervision_V1_Deadline) -> Claim {
    Claim(
      "deadline", deadline.id,
      "\(deadline.ruleCode)/\(deadline.subject)/\(spelled(deadline.state))/"
        + "\(deadline.escalationLevel)")
  }
}
