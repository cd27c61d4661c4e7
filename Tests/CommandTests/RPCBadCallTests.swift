// CallReportService against what it must refuse: code, reason, field, and nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCBadCallTests {
  /// Faults of what is known when a call is taken.
  private func badContents<Request>(
    _ content: WritableKeyPath<Request, Quintet_Command_V1_CallReportContent>
  ) -> [Bad<Request>] {
    func bad(
      _ reason: String, _ field: String, _ code: RPCError.Code = .invalidArgument,
      _ change: @escaping (inout Quintet_Command_V1_CallReportContent) -> Void
    ) -> Bad<Request> {
      Bad(reason, "content.\(field)", code) { change(&$0[keyPath: content]) }
    }
    return [
      bad("UNSPECIFIED", "channel") { $0.channel = .unspecified },
      bad("UNSPECIFIED", "channel") { $0.channel = .UNRECOGNIZED(99) },
      bad("UNSPECIFIED", "origin") { $0.origin = .unspecified },
      bad("UNSPECIFIED", "origin") { $0.origin = .UNRECOGNIZED(99) },
      bad("TOO_SHORT", "phone") { $0.phone = "12" },
      bad("TOO_LONG", "phone") { $0.phone = String(repeating: "1", count: 21) },
      bad("CHARACTERS_NOT_ALLOWED", "phone") { $0.phone = "138-1234" },
      bad("CHARACTERS_NOT_ALLOWED", "phone") { $0.phone = "１３８１２３" },
      bad("REQUIRED", "location") { $0.clearLocation() },
      bad("REQUIRED", "location") { $0.location = .init() },
      bad("DATUM_REQUIRED", "location.point.datum") { $0.location.point.datum = .unspecified },
      bad("UNSPECIFIED", "location.point.datum") { $0.location.point.datum = .UNRECOGNIZED(9) },
      bad("OUT_OF_RANGE", "location.point.latitude") { $0.location.point.latitude = 90.01 },
      bad("OUT_OF_RANGE", "location.point.latitude") { $0.location.point.latitude = .nan },
      bad("OUT_OF_RANGE", "location.point.longitude") { $0.location.point.longitude = -181 },
      bad("TOO_LONG", "location.address") { $0.location.address = BadValue.text(301) },
      bad("TOO_LONG", "location.description") {
        $0.location.description_p = BadValue.text(501)
      },
      bad("OUT_OF_RANGE", "location.uncertainty_m") { $0.location.uncertaintyM = -1 },
      bad("OUT_OF_RANGE", "location.uncertainty_m") { $0.location.uncertaintyM = 100_001 },
      bad("TOO_LONG", "narrative") { $0.narrative = BadValue.text(4_001) },
      bad("CHARACTERS_NOT_ALLOWED", "narrative") { $0.narrative = "a\u{7}" },
      bad("TIME_IN_FUTURE", "occur_time") { $0.occurTime = BadValue.future },
      bad("TIME_IN_FUTURE", "receive_time") { $0.receiveTime = BadValue.future },
      bad("OUT_OF_RANGE", "receive_time") { $0.receiveTime = BadValue.noTime },
      bad("CHARACTERS_NOT_ALLOWED", "source") { $0.source = "Bank_1" },
      bad("TOO_LONG", "source") { $0.source = String(repeating: "a", count: 65) },
      bad("TOO_LONG", "external_reference") { $0.externalReference = BadValue.text(129) },
      bad("EXTERNAL_REFERENCE_KNOWN", "external_reference", .alreadyExists) {
        $0.source = "12345"
        $0.externalReference = "A-1"
      },
    ]
  }

  private func known(_ desk: Desk) async throws {
    try await desk.useRequestID()
    _ = try await desk.calls.submitReport(
      .with {
        $0.requestID = newRequestID()
        $0.content = callContent(source: "12345", reference: "A-1")
      })
  }

  @Test func answerCallRefusesWhatItCannotKeep() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let good = Quintet_Command_V1_AnswerCallRequest.with {
        $0.requestID = newRequestID()
        $0.content = callContent()
      }
      try await desk.refuses(
        "AnswerCall", good,
        Quintet_Command_V1_AnswerCallRequest.badRequestIDs + badContents(\.content) + [
          Bad("REQUIRED", "content") { $0.clearContent() }
        ]
      ) { try await desk.calls.answerCall($0) }
    }
  }

  @Test func submitReportRefusesWhatItCannotKeep() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let good = Quintet_Command_V1_SubmitReportRequest.with {
        $0.requestID = newRequestID()
        $0.content = callContent()
      }
      try await desk.refuses(
        "SubmitReport", good,
        Quintet_Command_V1_SubmitReportRequest.badRequestIDs + badContents(\.content) + [
          Bad("REQUIRED", "content") { $0.clearContent() },
          Bad("UNSPECIFIED", "incident_class") { $0.incidentClass = .UNRECOGNIZED(99) },
          Bad("UNSPECIFIED", "level") { $0.level = .UNRECOGNIZED(5) },
          Bad("TOO_LONG", "title") { $0.title = BadValue.text(121) },
        ]
      ) { try await desk.calls.submitReport($0) }
    }
  }

  @Test func anItemOfAStreamIsRefusedAsTheUnaryCallIs() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let table: [Bad<Quintet_Command_V1_SubmitReportRequest>] =
        Quintet_Command_V1_SubmitReportRequest.badRequestIDs + badContents(\.content)
      let before = try await desk.rows()
      let requests = table.map { bad in
        var report = Quintet_Command_V1_SubmitReportRequest.with {
          $0.requestID = newRequestID()
          $0.content = callContent()
        }
        bad.change(&report)
        return Quintet_Command_V1_StreamReportsRequest.with { $0.report = report }
      }
      let answers = try await desk.stream(requests + [.init()])
      for (index, bad) in table.enumerated() {
        let problem = answers[index].error
        #expect(problem.code == Int32(bad.refusal.code.rawValue), "row \(index)")
        #expect(problem.reason == bad.refusal.reason, "row \(index)")
        #expect(problem.field == bad.refusal.field, "row \(index)")
        #expect(answers[index].requestID == requests[index].report.requestID)
      }
      #expect(answers.count == table.count + 1)
      #expect(answers.last?.error.field == "report")
      #expect(try await desk.rows() == before)
    }
  }

  @Test func openIncidentRefusesEndedAndUnknownCalls() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let ended = try await desk.incident(try await desk.submit()).callReportIds[0]
      let call = try await desk.answer().id
      let good = Quintet_Command_V1_OpenIncidentRequest.with {
        $0.requestID = newRequestID()
        $0.callReportID = call
        $0.etag = "1"
      }
      try await desk.refuses(
        "OpenIncident", good,
        Quintet_Command_V1_OpenIncidentRequest.badRequestIDs
          + Quintet_Command_V1_OpenIncidentRequest.badTimes + [
            Bad("REQUIRED", "call_report_id") { $0.callReportID = "" },
            Bad("ID_INVALID", "call_report_id") { $0.callReportID = "call_x" },
            Bad("CALL_REPORT_UNKNOWN", "call_report_id", .notFound) {
              $0.callReportID = BadValue.unknownCall
            },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "2" },
            Bad("CALL_REPORT_ENDED", nil, .failedPrecondition) {
              $0.callReportID = ended
              $0.etag = ""
            },
            Bad("UNSPECIFIED", "incident_class") { $0.incidentClass = .UNRECOGNIZED(99) },
            Bad("UNSPECIFIED", "level") { $0.level = .UNRECOGNIZED(5) },
            Bad("TOO_LONG", "title") { $0.title = BadValue.text(121) },
          ]
      ) { try await desk.calls.openIncident($0) }
    }
  }

  @Test func attachCallRefusesEndedIncidents() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let incident = try await desk.submit()
      let closed = try await desk.incident(in: .closed)
      let ended = try await desk.incident(incident).callReportIds[0]
      let call = try await desk.answer().id
      let good = Quintet_Command_V1_AttachCallRequest.with {
        $0.requestID = newRequestID()
        $0.callReportID = call
        $0.incidentID = incident
      }
      try await desk.refuses(
        "AttachCall", good,
        Quintet_Command_V1_AttachCallRequest.badRequestIDs
          + Quintet_Command_V1_AttachCallRequest.badTimes + [
            Bad("REQUIRED", "call_report_id") { $0.callReportID = "" },
            Bad("CALL_REPORT_UNKNOWN", "call_report_id", .notFound) {
              $0.callReportID = BadValue.unknownCall
            },
            Bad("CALL_REPORT_ENDED", nil, .failedPrecondition) { $0.callReportID = ended },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "7" },
            Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
            Bad("ID_INVALID", "incident_id") { $0.incidentID = "inc" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("INCIDENT_ENDED", nil, .failedPrecondition) { $0.incidentID = closed },
          ]
      ) { try await desk.calls.attachCall($0) }
    }
  }

  @Test func endCallAsksForAnOutcomeAndItsReason() async throws {
    try await Desk.with { desk in
      try await known(desk)
      let ended = try await desk.incident(try await desk.submit()).callReportIds[0]
      let call = try await desk.answer().id
      let good = Quintet_Command_V1_EndCallRequest.with {
        $0.requestID = newRequestID()
        $0.callReportID = call
        $0.outcome = .advised
        $0.reason = "告知不属公安职责"
      }
      try await desk.refuses(
        "EndCall", good,
        Quintet_Command_V1_EndCallRequest.badRequestIDs
          + Quintet_Command_V1_EndCallRequest.badTimes + [
            Bad("REQUIRED", "call_report_id") { $0.callReportID = "" },
            Bad("CALL_REPORT_UNKNOWN", "call_report_id", .notFound) {
              $0.callReportID = BadValue.unknownCall
            },
            Bad("CALL_REPORT_ENDED", nil, .failedPrecondition) { $0.callReportID = ended },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "7" },
            Bad("UNSPECIFIED", "outcome") { $0.outcome = .unspecified },
            Bad("UNSPECIFIED", "outcome") { $0.outcome = .UNRECOGNIZED(99) },
            Bad("OUTCOME_NOT_ALLOWED", "outcome") { $0.outcome = .created },
            Bad("OUTCOME_NOT_ALLOWED", "outcome") { $0.outcome = .attached },
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
          ]
      ) { try await desk.calls.endCall($0) }
    }
  }

  @Test func readingCallsRefusesWhatIsNotThere() async throws {
    try await Desk.with { desk in
      let call = try await desk.answer().id
      try await desk.refuses(
        "GetCallReport", Quintet_Command_V1_GetCallReportRequest.with { $0.callReportID = call },
        [
          Bad("REQUIRED", "call_report_id") { $0.callReportID = "" },
          Bad("ID_INVALID", "call_report_id") { $0.callReportID = BadValue.unknownIncident },
          Bad("CALL_REPORT_UNKNOWN", "call_report_id", .notFound) {
            $0.callReportID = BadValue.unknownCall
          },
        ]
      ) { try await desk.calls.getCallReport($0) }
      try await desk.refuses(
        "ListCallReports", Quintet_Command_V1_ListCallReportsRequest(),
        [
          Bad("OUT_OF_RANGE", "page_size") { $0.pageSize = 501 },
          Bad("OUT_OF_RANGE", "page_size") { $0.pageSize = -1 },
          Bad("PAGE_TOKEN_INVALID", "page_token") { $0.pageToken = "%" },
          Bad("PAGE_TOKEN_INVALID", "page_token") {
            $0.pageToken = PageToken.encode([BadValue.unknownIncident])
          },
          Bad("UNSPECIFIED", "state") { $0.state = .UNRECOGNIZED(9) },
          Bad("ID_INVALID", "incident_id") { $0.incidentID = "x" },
        ]
      ) { try await desk.calls.listCallReports($0) }
    }
  }
}
