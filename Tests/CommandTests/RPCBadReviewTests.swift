// ReviewService against what it must refuse: code, reason, field, and nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCBadReviewTests {
  @Test func requestFeedbackRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let busy = try await desk.submit()
      try await desk.dispatch(busy)
      let (incident, wrong) = (
        try await desk.incident(in: .active), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_RequestFeedbackRequest = request(incident)
      try await desk.refuses(
        "RequestFeedback", good,
        Quintet_Command_V1_RequestFeedbackRequest.badMoves(wrong: wrong) + [
          Bad("ASSIGNMENT_OPEN", nil, .failedPrecondition) { $0.incidentID = busy }
        ]
      ) { try await desk.reviews.requestFeedback($0) }
    }
  }

  @Test func submitIncidentFeedbackRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .awaitingFeedback), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_SubmitIncidentFeedbackRequest = request(incident) {
        $0.text = "双方已和解"
      }
      try await desk.refuses(
        "SubmitIncidentFeedback", good,
        Quintet_Command_V1_SubmitIncidentFeedbackRequest.badMoves(wrong: wrong) + [
          Bad("REQUIRED", "text") { $0.text = "" },
          Bad("TOO_LONG", "text") { $0.text = BadValue.text(4_001) },
          Bad("CHARACTERS_NOT_ALLOWED", "disposal_code") { $0.disposalCode = "Done!" },
          Bad("TOO_LONG", "disposal_code") {
            $0.disposalCode = String(repeating: "a", count: 65)
          },
        ]
      ) { try await desk.reviews.submitIncidentFeedback($0) }
    }
  }

  @Test func returnIncidentFeedbackRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .inReview), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_ReturnIncidentFeedbackRequest = request(incident) {
        $0.reason = "过于简单"
      }
      try await desk.refuses(
        "ReturnIncidentFeedback", good,
        Quintet_Command_V1_ReturnIncidentFeedbackRequest.badMoves(
          wrong: wrong, reasonRequired: true)
      ) { try await desk.reviews.returnIncidentFeedback($0) }
    }
  }

  @Test func closeIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let unanswered = try await desk.incident(in: .inReview)
      _ = try await desk.directives.issueDirective(
        .with {
          $0.requestID = newRequestID()
          $0.content = directiveContent(
            incident: unanswered, recipients: [recipient(.seat, "seat-1")])
        })
      let (incident, wrong) = (
        try await desk.incident(in: .inReview), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_CloseIncidentRequest = request(incident)
      try await desk.refuses(
        "CloseIncident", good,
        Quintet_Command_V1_CloseIncidentRequest.badMoves(wrong: wrong) + [
          Bad("DIRECTIVE_UNANSWERED", nil, .failedPrecondition) { $0.incidentID = unanswered }
        ]
      ) { try await desk.reviews.closeIncident($0) }
    }
  }

  @Test func reopenIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .closed), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_ReopenIncidentRequest = request(incident) { $0.reason = "再次报警" }
      try await desk.refuses(
        "ReopenIncident", good,
        Quintet_Command_V1_ReopenIncidentRequest.badMoves(wrong: wrong, reasonRequired: true)
      ) { try await desk.reviews.reopenIncident($0) }
    }
  }
}
