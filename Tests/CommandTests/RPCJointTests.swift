// 支撑请求、会商、串并案 over the wire: what is refused names field and rule, and what is done is told.
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension Quintet_Command_V1_AskSupportRequest: TimedMutation {}
extension Quintet_Command_V1_AddSupportPartRequest: TimedMutation {}
extension Quintet_Command_V1_TakeSupportPartRequest: TimedMutation {}
extension Quintet_Command_V1_AnswerSupportPartRequest: TimedMutation {}
extension Quintet_Command_V1_CloseSupportRequestRequest: TimedMutation {}
extension Quintet_Command_V1_PlanConsultationRequest: Mutation {}
extension Quintet_Command_V1_PutAgendaItemRequest: TimedMutation {}
extension Quintet_Command_V1_RecordAttendanceRequest: TimedMutation {}
extension Quintet_Command_V1_RecordDecisionRequest: TimedMutation {}
extension Quintet_Command_V1_IssueDecisionRequest: TimedMutation {}
extension Quintet_Command_V1_CloseConsultationRequest: TimedMutation {}
extension Quintet_Command_V1_ProposeSeriesRequest: TimedMutation {}
extension Quintet_Command_V1_AddSeriesMemberRequest: TimedMutation {}
extension Quintet_Command_V1_DropSeriesMemberRequest: TimedMutation {}
extension Quintet_Command_V1_ConfirmSeriesRequest: TimedMutation {}

private let nobody = (
  support: Sample.id("nobody", SupportRequestTag.self).description,
  consultation: Sample.id("nobody", ConsultationTag.self).description,
  series: Sample.id("nobody", SeriesTag.self).description
)

@Suite struct RPCSupportTests {
  @Test func supportIsAskedTakenAnsweredAndClosed() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let incident = try await desk.submit()
      let closed = try await desk.incident(in: .closed)
      let ask = Quintet_Command_V1_AskSupportRequest.with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
        $0.asker = recipient(.station, "station-1")
        $0.title = "高速寻人"
        $0.parts = ["video", "traffic"].map { seat in .with { $0.seatCode = seat } }
      }
      var id = ""
      try await desk.refuses(
        "AskSupport", ask,
        Quintet_Command_V1_AskSupportRequest.badRequestIDs
          + Quintet_Command_V1_AskSupportRequest.badTimes + [
            Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("INCIDENT_ENDED", nil, .failedPrecondition) { $0.incidentID = closed },
            Bad("REQUIRED", "asker") { $0.clearAsker() },
            Bad("UNSPECIFIED", "asker.kind") { $0.asker.kind = .unspecified },
            Bad("REQUIRED", "title") { $0.title = " " },
            Bad("TOO_LONG", "text") { $0.text = BadValue.text(4_001) },
            Bad("REQUIRED", "parts") { $0.parts = [] },
            Bad("TOO_MANY", "parts") {
              $0.parts = (0...20).map { number in .with { $0.seatCode = "s\(number)" } }
            },
            Bad("DUPLICATE", "parts[1].seat_code") { $0.parts[1].seatCode = "video" },
            Bad("CHARACTERS_NOT_ALLOWED", "parts[0].seat_code") { $0.parts[0].seatCode = "视频" },
            Bad("TOO_LONG", "parts[0].task") { $0.parts[0].task = BadValue.text(1_001) },
          ]
      ) { id = try await desk.supports.askSupport($0).supportRequest.id }

      let take = Quintet_Command_V1_TakeSupportPartRequest.with {
        $0.requestID = newRequestID()
        $0.supportRequestID = id
        $0.partNumber = 1
      }
      try await desk.refuses(
        "TakeSupportPart", take,
        Quintet_Command_V1_TakeSupportPartRequest.badRequestIDs + [
          Bad("ID_INVALID", "support_request_id") { $0.supportRequestID = incident },
          Bad("SUPPORT_REQUEST_UNKNOWN", "support_request_id", .notFound) {
            $0.supportRequestID = nobody.support
          },
          Bad("REQUIRED", "part_number") { $0.partNumber = 0 },
          Bad("OUT_OF_RANGE", "part_number") { $0.partNumber = -1 },
          Bad("SUPPORT_PART_UNKNOWN", "part_number", .notFound) { $0.partNumber = 3 },
          Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
        ]
      ) { try await desk.supports.takeSupportPart($0) }

      let answer = Quintet_Command_V1_AnswerSupportPartRequest.with {
        $0.requestID = newRequestID()
        $0.supportRequestID = id
        $0.partNumber = 1
        $0.etag = "2"
        $0.text = "岔口可见"
        $0.result = .found
      }
      try await desk.refuses(
        "AnswerSupportPart", answer,
        [
          Bad("REQUIRED", "text") { $0.text = "" },
          Bad("UNSPECIFIED", "result") { $0.result = .unspecified },
          Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) {
            $0.partNumber = 2
            $0.etag = "1"
          },
        ]
      ) { try await desk.supports.answerSupportPart($0) }

      let close = Quintet_Command_V1_CloseSupportRequestRequest.with {
        $0.requestID = newRequestID()
        $0.supportRequestID = id
        $0.outcome = .solved
        $0.reason = "已劝离"
      }
      try await desk.refuses(
        "CloseSupportRequest", close,
        [
          Bad("UNSPECIFIED", "outcome") { $0.outcome = .unspecified },
          Bad("REQUIRED", "reason") { $0.reason = "" },
          Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
        ]
      ) { try await desk.supports.closeSupportRequest($0) }
      let seen = try await desk.supports.getSupportRequest(.with { $0.supportRequestID = id })
        .supportRequest
      #expect(seen.state == .closed && seen.outcome == .solved && seen.reason == "已劝离")
      #expect(seen.parts.map(\.state) == [.answered, .released])
      #expect(
        try await refusal {
          try await desk.supports.addSupportPart(
            .with {
              $0.requestID = newRequestID()
              $0.supportRequestID = id
              $0.part.seatCode = "networks"
            })
        } == Refusal(.failedPrecondition, "MOVE_NOT_ALLOWED", nil))
      for (month, count) in [("2016-12", 1), ("2016-11", 0)] {
        let counted = try await desk.supports.countSupportRequests(.with { $0.month = month })
        #expect(counted.requests.requestCount == count)
      }
      #expect(
        try await refusal {
          try await desk.supports.countSupportRequests(.with { $0.month = "2016-13" })
        } == Refusal(.invalidArgument, "MONTH_INVALID", "month"))
    }
  }
}

@Suite struct RPCConsultationTests {
  @Test func aConsultationIsHeldAndItsDecisionBecomesADirective() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let incident = try await desk.submit()
      let plan = Quintet_Command_V1_PlanConsultationRequest.with {
        $0.requestID = newRequestID()
        $0.title = "早会商"
        $0.startTime = Sample.time(90_000).timestamp
        $0.participants = [
          .with {
            $0.participant = recipient(.station, "station-1")
            $0.name = "青云所"
          }
        ]
      }
      var id = ""
      try await desk.refuses(
        "PlanConsultation", plan,
        Quintet_Command_V1_PlanConsultationRequest.badRequestIDs + [
          Bad("REQUIRED", "title") { $0.title = "" },
          Bad("REQUIRED", "start_time") { $0.clearStartTime() },
          Bad("REQUIRED", "participants") { $0.participants = [] },
          Bad("REQUIRED", "participants[0].participant") {
            $0.participants[0].clearParticipant()
          },
          Bad("TOO_LONG", "participants[0].name") { $0.participants[0].name = BadValue.text(61) },
          Bad("DUPLICATE", "participants[1].participant") {
            $0.participants.append($0.participants[0])
          },
        ]
      ) { id = try await desk.consultations.planConsultation($0).consultation.id }

      let put = Quintet_Command_V1_PutAgendaItemRequest.with {
        $0.requestID = newRequestID()
        $0.consultationID = id
        $0.title = "入室盗窃"
        $0.incidentID = incident
        $0.putBy = recipient(.station, "station-1")
      }
      try await desk.refuses(
        "PutAgendaItem", put,
        Quintet_Command_V1_PutAgendaItemRequest.badRequestIDs
          + Quintet_Command_V1_PutAgendaItemRequest.badTimes + [
            Bad("CONSULTATION_UNKNOWN", "consultation_id", .notFound) {
              $0.consultationID = nobody.consultation
            },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("SERIES_UNKNOWN", "series_id", .notFound) { $0.seriesID = nobody.series },
            Bad("REQUIRED", "put_by") { $0.clearPutBy() },
            Bad("REQUIRED", "title") { $0.title = "" },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
          ]
      ) { try await desk.consultations.putAgendaItem($0) }
      _ = try await desk.consultations.openConsultation(
        .with {
          $0.requestID = newRequestID()
          $0.consultationID = id
        })

      let decide = Quintet_Command_V1_RecordDecisionRequest.with {
        $0.requestID = newRequestID()
        $0.consultationID = id
        $0.itemNumber = 1
        $0.text = "夜间加巡"
        $0.responsible = recipient(.station, "station-1")
        $0.dueTime = Sample.time(90_000).timestamp
      }
      try await desk.refuses(
        "RecordDecision", decide,
        [
          Bad("REQUIRED", "text") { $0.text = "" },
          Bad("REQUIRED", "due_time") { $0.clearDueTime() },
          Bad("DUE_TIME_NOT_AHEAD", "due_time") { $0.dueTime = Sample.time(0).timestamp },
          Bad("AGENDA_ITEM_UNKNOWN", "item_number", .notFound) { $0.itemNumber = 2 },
          Bad("OUT_OF_RANGE", "item_number") { $0.itemNumber = -1 },
          Bad("REQUIRED", "responsible") { $0.clearResponsible() },
        ]
      ) { try await desk.consultations.recordDecision($0) }

      let issue = Quintet_Command_V1_IssueDecisionRequest.with {
        $0.requestID = newRequestID()
        $0.consultationID = id
        $0.decisionNumber = 1
        $0.directiveClass = .routine
        $0.title = "夜巡"
      }
      var directive = Quintet_Command_V1_Directive()
      try await desk.refuses(
        "IssueDecision", issue,
        [
          Bad("DISPATCH_CLASS_RESERVED", "directive_class") { $0.directiveClass = .dispatch },
          Bad("UNSPECIFIED", "directive_class") { $0.directiveClass = .unspecified },
          Bad("REQUIRED", "title") { $0.title = "" },
          Bad("DECISION_UNKNOWN", "decision_number", .notFound) { $0.decisionNumber = 2 },
        ]
      ) { directive = try await desk.consultations.issueDecision($0).directive }
      #expect(directive.decision.consultationID == id && directive.decision.decisionNumber == 1)
      #expect(directive.incidentID == incident && directive.text == "夜间加巡")

      let close = Quintet_Command_V1_CloseConsultationRequest.with {
        $0.requestID = newRequestID()
        $0.consultationID = id
      }
      #expect(
        try await refusal { try await desk.consultations.closeConsultation(close) }
          == Refusal(.failedPrecondition, "ATTENDANCE_OPEN", nil))
      let attend = Quintet_Command_V1_RecordAttendanceRequest.with {
        $0.requestID = newRequestID()
        $0.consultationID = id
        $0.participant = recipient(.station, "station-1")
        $0.attendance = .present
      }
      try await desk.refuses(
        "RecordAttendance", attend,
        [
          Bad("PARTICIPANT_UNKNOWN", "participant", .notFound) {
            $0.participant = recipient(.station, "station-2")
          },
          Bad("UNSPECIFIED", "attendance") { $0.attendance = .unspecified },
          Bad("REQUIRED", "reason") { $0.attendance = .absent },
        ]
      ) { try await desk.consultations.recordAttendance($0) }
      _ = try await desk.consultations.closeConsultation(close)
      // The same request again is the same answer; a new one is too late.
      #expect(
        try await desk.consultations.closeConsultation(close).consultation.state == .closed)
      #expect(
        try await refusal {
          try await desk.consultations.closeConsultation(
            .with {
              $0.requestID = newRequestID()
              $0.consultationID = id
            })
        } == Refusal(.failedPrecondition, "MOVE_NOT_ALLOWED", nil))
      let minutes = try await desk.consultations.getMinutes(.with { $0.consultationID = id })
      #expect(minutes.progress.map(\.directiveID) == [directive.id])
      #expect(minutes.progress[0].directiveState == .issued)
      #expect(minutes.lines.contains { $0.contains(directive.id) })
      let listed = try await desk.consultations.listConsultations(.init()).consultations
      #expect(listed.map(\.id) == [id])
    }
  }
}

@Suite struct RPCSeriesTests {
  @Test func aSeriesIsProposedConfirmedAndKeptUp() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      var incidents: [String] = []
      for _ in 0..<3 { incidents.append(try await desk.submit()) }
      let propose = Quintet_Command_V1_ProposeSeriesRequest.with {
        $0.requestID = newRequestID()
        $0.title = "撬锁入室"
        $0.reason = "手法相同"
        $0.members = incidents.prefix(2).map { id in
          .with {
            $0.incidentID = id
            $0.reason = "撬锁"
          }
        }
      }
      var id = ""
      try await desk.refuses(
        "ProposeSeries", propose,
        Quintet_Command_V1_ProposeSeriesRequest.badRequestIDs
          + Quintet_Command_V1_ProposeSeriesRequest.badTimes + [
            Bad("REQUIRED", "title") { $0.title = "" },
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("REQUIRED", "members") { $0.members = [] },
            Bad("SERIES_TOO_SMALL", "members") { $0.members.removeLast() },
            Bad("REQUIRED", "members[1].reason") { $0.members[1].reason = "" },
            Bad("INCIDENT_UNKNOWN", "members.incident_id", .notFound) {
              $0.members[0].incidentID = BadValue.unknownIncident
            },
            Bad("SERIES_MEMBER_KNOWN", "members.incident_id", .alreadyExists) {
              $0.members[1] = $0.members[0]
            },
          ]
      ) { id = try await desk.series.proposeSeries($0).series.id }

      let add = Quintet_Command_V1_AddSeriesMemberRequest.with {
        $0.requestID = newRequestID()
        $0.seriesID = id
        $0.member.incidentID = incidents[2]
        $0.member.reason = "同一路段"
      }
      try await desk.refuses(
        "AddSeriesMember", add,
        [
          Bad("SERIES_UNKNOWN", "series_id", .notFound) { $0.seriesID = nobody.series },
          Bad("REQUIRED", "member") { $0.clearMember() },
          Bad("SERIES_MEMBER_KNOWN", "member.incident_id", .alreadyExists) {
            $0.member.incidentID = incidents[0]
          },
          Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
        ]
      ) { try await desk.series.addSeriesMember($0) }
      let confirm = Quintet_Command_V1_ConfirmSeriesRequest.with {
        $0.requestID = newRequestID()
        $0.seriesID = id
        $0.reason = "现场痕迹一致"
      }
      try await desk.refuses(
        "ConfirmSeries", confirm, [Bad("REQUIRED", "reason") { $0.reason = "" }]
      ) { try await desk.series.confirmSeries($0) }
      let drop = Quintet_Command_V1_DropSeriesMemberRequest.with {
        $0.requestID = newRequestID()
        $0.seriesID = id
        $0.incidentID = incidents[0]
        $0.reason = "另案"
      }
      let dropped = try await desk.series.dropSeriesMember(drop).series
      #expect(dropped.members.map(\.dropped) == [true, false, false])
      #expect(
        try await refusal {
          var again = drop
          again.requestID = newRequestID()
          again.incidentID = incidents[1]
          return try await desk.series.dropSeriesMember(again)
        } == Refusal(.failedPrecondition, "SERIES_WOULD_END", nil))
      let shown = try await desk.incidents.getIncident(.with { $0.incidentID = incidents[2] })
        .incident
      #expect(shown.series.map(\.seriesID) == [id] && shown.series[0].state == .confirmed)
      let listed = try await desk.series.listSeries(.with { $0.incidentID = incidents[0] })
      #expect(listed.series.map(\.id) == [id] && !listed.series[0].members[0].outsideArea)
    }
  }
}
