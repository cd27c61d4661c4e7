// Looking people up: never without a purpose and an open case, and never more than is the caller's.
import Access
import CommandDomain
import EventLog
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import CommandRPC

@Suite struct RPCCallerTests {
  private func purpose(
    _ code: Quintet_Type_V1_PurposeCode, _ id: String, note: String = ""
  ) -> Quintet_Type_V1_Purpose {
    .with {
      $0.code = code
      $0.caseID = id
      $0.note = note
    }
  }

  /// A classed incident of one call with a name.
  private func report(
    _ desk: Desk, _ incidentClass: Quintet_Type_V1_IncidentClass = .dispute
  ) async throws -> Quintet_Command_V1_SubmitReportResponse {
    try await desk.calls.submitReport(
      .with {
        $0.requestID = newRequestID()
        $0.content = callContent()
        $0.content.callerName = "王小明"
        $0.incidentClass = incidentClass
        $0.level = .incidentLevel4
      })
  }

  @Test func aCallerIsShownWholeForTheOwnCaseOnly() async throws {
    try await Desk.with(roles: [.dispatcher]) { desk in
      let (own, other) = (try await report(desk), try await report(desk))
      let shown = try await desk.callers.revealCaller(
        .with {
          $0.purpose = purpose(.callBack, own.incidentID)
          $0.callReportID = own.callReportID
        })
      #expect(shown.phone == "13812345678" && shown.callerName == "王小明")
      let seen = try await desk.calls.getCallReport(.with { $0.callReportID = own.callReportID })
      #expect(seen.callReport.maskedPhone == "138****5678")
      #expect(seen.callReport.maskedName == "王**")
      let refused = try await refusal {
        try await desk.callers.revealCaller(
          .with {
            $0.purpose = purpose(.callBack, own.incidentID)
            $0.callReportID = other.callReportID
          })
      }
      #expect(refused == Refusal(.permissionDenied, "CALL_NOT_OF_CASE", "call_report_id"))
    }
  }

  /// Whoever is on the line is called back before there is an incident.
  @Test func anActiveCallIsItsOwnCase() async throws {
    try await Desk.with(roles: [.callTaker]) { desk in
      let call = try await desk.answer()
      let request = Quintet_Command_V1_RevealCallerRequest.with {
        $0.purpose = purpose(.callBack, call.id)
        $0.callReportID = call.id
      }
      #expect(try await desk.callers.revealCaller(request).phone == "13812345678")
      _ = try await desk.calls.endCall(
        .with {
          $0.requestID = newRequestID()
          $0.callReportID = call.id
          $0.outcome = .abandoned
        })
      #expect(
        try await refusal { try await desk.callers.revealCaller(request) }
          == Refusal(.permissionDenied, "CASE_NOT_OPEN", "purpose.case_id"))
    }
  }

  @Test func aNoteAloneOpensNothing() async throws {
    try await Desk.with(roles: [.dispatcher]) { desk in
      let own = try await report(desk)
      let unknown = Sample.id("nobody's", IncidentTag.self).description
      let cases: [(Quintet_Type_V1_Purpose?, Refusal)] = [
        (nil, Refusal(.invalidArgument, "REQUIRED", "purpose")),
        (
          purpose(.unspecified, own.incidentID, note: "急用"),
          Refusal(.invalidArgument, "UNSPECIFIED", "purpose.code")
        ),
        (
          purpose(.UNRECOGNIZED(99), own.incidentID),
          Refusal(.invalidArgument, "UNSPECIFIED", "purpose.code")
        ),
        (
          purpose(.callBack, "", note: "领导要求"),
          Refusal(.invalidArgument, "REQUIRED", "purpose.case_id")
        ),
        (
          purpose(.callBack, "20161231"),
          Refusal(.invalidArgument, "ID_INVALID", "purpose.case_id")
        ),
        (
          purpose(.callBack, unknown),
          Refusal(.permissionDenied, "CASE_NOT_OPEN", "purpose.case_id")
        ),
        (
          purpose(.complaint, own.incidentID),
          Refusal(.permissionDenied, "PURPOSE_NOT_ALLOWED", "purpose.code")
        ),
        (
          purpose(.callBack, own.incidentID, note: String(repeating: "因", count: 201)),
          Refusal(.invalidArgument, "TOO_LONG", "purpose.note")
        ),
      ]
      for (purpose, expected) in cases {
        let looked = try await refusal {
          try await desk.callers.lookUpCaller(
            .with {
              if let purpose { $0.purpose = purpose }
              $0.phone = "13812345678"
            })
        }
        let revealed = try await refusal {
          try await desk.callers.revealCaller(
            .with {
              if let purpose { $0.purpose = purpose }
              $0.callReportID = own.callReportID
            })
        }
        #expect(looked == expected && revealed == expected)
      }
    }
  }

  @Test func aClosedCaseOpensNothing() async throws {
    try await Desk.with(roles: [.dispatcher]) { desk in
      let ended = try await desk.incident(in: .closed)
      let refused = try await refusal {
        try await desk.callers.lookUpCaller(
          .with {
            $0.purpose = purpose(.rescue, ended)
            $0.phone = "13812345678"
          })
      }
      #expect(refused == Refusal(.permissionDenied, "CASE_NOT_OPEN", "purpose.case_id"))
    }
  }

  @Test func complaintsStayOutOfEveryOtherLookUp() async throws {
    for (role, code, count) in [
      (Role.dispatcher, Quintet_Type_V1_PurposeCode.rescue, 2), (.shiftLeader, .complaint, 3),
    ] {
      try await Desk.with(roles: [role]) { desk in
        let own = try await report(desk)
        _ = try await report(desk)
        _ = try await report(desk, .complaint)
        let found = try await desk.callers.lookUpCaller(
          .with {
            $0.purpose = purpose(code, own.incidentID)
            $0.phone = "+8613812345678"
          })
        #expect(found.calls.count == count)
        #expect(found.calls.contains { $0.callReportID == own.callReportID })
        #expect(found.elsewhere.isEmpty)
      }
    }
  }

  /// What the store holds, every byte of it, and every event.
  @Test func neitherNumberNorNameIsStoredReadable() async throws {
    try await Desk.with(roles: [.dispatcher]) { desk in
      _ = try await report(desk)
      let rows = try await desk.rows()
      for secret in ["13812345678", "12345678", "小明", "王小"] {
        let hidden = Data(secret.utf8).map { String(format: "%02x", $0) }.joined()
        #expect(!rows.contains { $0.contains(secret) || $0.lowercased().contains(hidden) })
        for event in try await desk.events() {
          #expect(Data(event.payload).range(of: Data(secret.utf8)) == nil)
        }
      }
    }
  }
}
