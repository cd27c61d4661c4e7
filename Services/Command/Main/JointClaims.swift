// What command's events say of support requests, consultations and series.

import QuintetAPI
import StoreCheck

enum JointClaims {
  static let stated = [
    StatedTable("support_request", key: "id", value: "state"),
    StatedTable("support_part", key: "support_request_id || '/' || number", value: "state"),
    StatedTable("consultation", key: "id", value: "state"),
    StatedTable(
      "consultation_participant", key: "consultation_id || '/' || kind || '/' || recipient_id",
      value: "attendance"),
    StatedTable(
      "consultation_entry", key: "consultation_id || '/' || kind || '/' || number",
      value: "state"),
    StatedTable("series", key: "id", value: "state"),
    StatedTable(
      "series_member", key: "series_id || '/' || incident_id",
      value: "CASE WHEN drop_time IS NULL THEN 'member' ELSE 'dropped' END"),
  ]

  static func claims(_ message: Any) -> [Claim] {
    switch message {
    case let told as Quintet_Command_V1_SupportAsked: claims(told.supportRequest)
    case let told as Quintet_Command_V1_SupportEnded: claims(told.supportRequest)
    case let told as Quintet_Command_V1_SupportPartMoved:
      [
        Claim("support_request", told.supportRequestID, spelled(told.state)),
        claim(told.part, of: told.supportRequestID),
      ]
    case let told as Quintet_Command_V1_ConsultationMoved:
      [Claim("consultation", told.consultation.id, spelled(told.consultation.state))]
        + told.consultation.participants.map { claim($0, of: told.consultation.id) }
    case let told as Quintet_Command_V1_AttendanceRecorded:
      [claim(told.participant, of: told.consultationID)]
    case let told as Quintet_Command_V1_AgendaItemPut:
      [entry("item", told.item.number, of: told.consultationID)]
    case let told as Quintet_Command_V1_AgendaItemLinked:
      [entry("link", told.link.number, of: told.consultationID)]
    case let told as Quintet_Command_V1_DecisionMoved:
      [
        entry(
          "decision", told.decision.number, of: told.consultationID, spelled(told.decision.state))
      ]
    case let told as Quintet_Command_V1_ConsultationAmended:
      [entry("amendment", told.amendment.number, of: told.consultationID)]
    case let told as Quintet_Command_V1_SeriesMoved: claims(told.series, told.member)
    case let told as Quintet_Command_V1_SeriesMemberMoved: claims(told.series, told.member)
    default: []
    }
  }

  private static func claims(_ request: Quintet_Command_V1_SupportRequest) -> [Claim] {
    [Claim("support_request", request.id, spelled(request.state))]
      + request.parts.map { claim($0, of: request.id) }
  }

  private static func claim(
    _ part: Quintet_Command_V1_SupportPart, of request: String
  ) -> Claim {
    Claim("support_part", "\(request)/\(part.number)", spelled(part.state))
  }

  private static func claim(
    _ one: Quintet_Command_V1_Participant, of consultation: String
  ) -> Claim {
    Claim(
      "consultation_participant",
      "\(consultation)/\(spelled(one.participant.kind))/\(one.participant.id)",
      spelled(one.attendance))
  }

  private static func entry(
    _ kind: String, _ number: Int32, of consultation: String, _ state: String = ""
  ) -> Claim {
    Claim("consultation_entry", "\(consultation)/\(kind)/\(number)", state)
  }

  private static func claims(
    _ series: Quintet_Command_V1_SeriesReference, _ member: Quintet_Command_V1_SeriesMember
  ) -> [Claim] {
    [
      Claim("series", series.seriesID, spelled(series.state)),
      Claim(
        "series_member", "\(series.seriesID)/\(member.incidentID)",
        member.dropped ? "dropped" : "member"),
    ]
  }
}
