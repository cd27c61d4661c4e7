// `quintet-command verify-store`: what command's events say of its rows, and which rows are its
// neighbours' word.

import ArgumentParser
import CommandDomain
import CommandRPC
import CommandStore
import Foundation
import QuintetAPI
import StoreCheck

struct VerifyStore: AsyncParsableCommand {
  static let configuration = StoreCheck.configuration

  @OptionGroup var options: StoreCheckOptions

  func run() async throws {
    try await StoreCheck(
      service: "command", migrations: CommandSchema.migrations,
      stated: [
        StatedTable("call_report", key: "id", value: "coalesce(outcome, state)"),
        StatedTable("incident", key: "id", value: "state"),
        StatedTable("assignment", key: "id", value: "state"),
        StatedTable(
          "dispatch_rule", key: "id",
          value: "switched_on_by || '/' || coalesce(switched_off_by, '')"),
        StatedTable(
          "directive_recipient", key: "directive_id || '/' || kind || '/' || recipient_id",
          value: "state"),
        StatedTable("cordon", key: "id", value: "state"),
        StatedTable(
          "muster", key: "id", value: "level || '/' || coalesce(stood_down_by, '')"),
        StatedTable("muster_member", key: "muster_id || '/' || code", value: "state"),
        StatedTable("campaign", key: "id", value: "state"),
      ] + JointClaims.stated,
      claims: Self.claims,
      projections: [
        Projection(
          "foreign_event", key: "id",
          columns: [
            "service", "sequence", "type", "subject", "incident_id", "occur_time", "record_time",
            "actor", "cause", "trace",
          ], payloads: "payload"),
        Projection(
          "incident_advice", key: "incident_id",
          columns: [
            "assessment_id", "station_id", "station_name", "suggested_class", "suggested_level",
            "repeat_count", "occur_time",
          ]),
        Projection("known_org_unit", key: "id", columns: ["parent_id"]),
        Projection("known_unit", key: "id", columns: ["org_unit_id"]),
        Projection("known_recipient_org", key: "id", columns: ["kind"]),
        Projection("known_recipient_unit", key: "id", columns: ["kind"]),
        Projection(
          "directive_deadline", key: "id",
          columns: ["directive_id", "kind", "recipient_id", "matter", "due_time", "state"]),
      ],
      carrying: ["incident"]
    ) { database, log in
      let store = CommandDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
      return CommandFollowers(store: store, clock: { Date() }).all
    }.run(options)
  }

  @Sendable
  private static func claims(_ message: Any) -> [Claim] {
    switch message {
    case let told as Quintet_Command_V1_CallReportAnswered: [claim(told.callReport)]
    case let told as Quintet_Command_V1_CallReportEnded: [claim(told.callReport)]
    case let told as Quintet_Command_V1_IncidentOpened: [claim(told.incident)]
    case let told as Quintet_Command_V1_IncidentClassified: [claim(told.incident)]
    case let told as Quintet_Command_V1_IncidentMoved: [claim(told.incident)]
    case let told as Quintet_Command_V1_AssignmentMoved:
      [Claim("assignment", told.assignment.id, spelled(told.assignment.state))]
    case let told as Quintet_Command_V1_DirectiveIssued:
      told.directive.recipients.map { claim($0, of: told.directive.id) }
    case let told as Quintet_Command_V1_DirectiveMoved: [claim(told.course, of: told.directiveID)]
    case let told as Quintet_Command_V1_DispatchRuleSwitchedOn: [claim(told.rule)]
    case let told as Quintet_Command_V1_DispatchRuleSwitchedOff: [claim(told.rule)]
    case let told as Quintet_Command_V1_CordonActivated:
      [Claim("cordon", told.cordon.id, spelled(told.cordon.state))]
    case let told as Quintet_Command_V1_CordonReleased:
      [Claim("cordon", told.cordonID, CordonState.released.rawValue)]
    case let told as Quintet_Command_V1_SwitchedToWar: [claim(told.muster)]
    case let told as Quintet_Command_V1_ModeEscalated: [claim(told.muster)]
    case let told as Quintet_Command_V1_StoodDown: [claim(told.muster)]
    case let told as Quintet_Command_V1_MusterMemberMoved:
      [
        Claim(
          "muster_member", "\(told.musterID)/\(told.member.code)", spelled(told.member.state))
      ]
    case let told as Quintet_Command_V1_CampaignCreated:
      [Claim("campaign", told.campaign.id, spelled(told.campaign.state))]
    case let told as Quintet_Command_V1_CampaignClosed:
      [Claim("campaign", told.campaign.id, spelled(told.campaign.state))]
    default: JointClaims.claims(message)
    }
  }

  private static func claim(_ report: Quintet_Command_V1_CallReport) -> Claim {
    let state = report.outcome == .unspecified ? spelled(report.state) : spelled(report.outcome)
    return Claim("call_report", report.id, state)
  }

  private static func claim(_ rule: Quintet_Command_V1_DispatchRule) -> Claim {
    Claim("dispatch_rule", rule.id, "\(rule.switchedOnBy)/\(rule.switchedOffBy)")
  }

  private static func claim(_ muster: Quintet_Command_V1_Muster) -> Claim {
    Claim("muster", muster.id, "\(muster.level)/\(muster.stoodDownBy)")
  }

  private static func claim(_ incident: Quintet_Command_V1_Incident) -> Claim {
    Claim("incident", incident.id, spelled(incident.state))
  }

  private static func claim(
    _ course: Quintet_Command_V1_RecipientCourse, of directive: String
  ) -> Claim {
    Claim(
      "directive_recipient",
      "\(directive)/\(spelled(course.recipient.kind))/\(course.recipient.id)",
      spelled(course.state))
  }
}
