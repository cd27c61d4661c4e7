// DispatchService against what it must refuse: code, reason, field, and nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCBadDispatchTests {
  @Test func recommendUnitsRefusesWithoutAPoint() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      desk.advisor.answer = .init()
      let incident = try await desk.submit()
      let placeless = try await desk.calls.submitReport(
        .with {
          $0.requestID = newRequestID()
          $0.content = callContent()
          $0.content.location.clearPoint()
        }
      ).incidentID
      let good = Quintet_Command_V1_RecommendUnitsRequest.with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
      }
      try await desk.refuses(
        "RecommendUnits", good,
        Quintet_Command_V1_RecommendUnitsRequest.badRequestIDs
          + Quintet_Command_V1_RecommendUnitsRequest.badTimes + [
            Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("OUT_OF_RANGE", "limit") { $0.limit = 21 },
            Bad("OUT_OF_RANGE", "limit") { $0.limit = -1 },
            Bad("TOO_MANY", "capabilities") { $0.capabilities = (0..<17).map { "c\($0)" } },
            Bad("REQUIRED", "capabilities[1]") { $0.capabilities = ["medic", ""] },
            Bad("CHARACTERS_NOT_ALLOWED", "capabilities[0]") { $0.capabilities = ["Medic"] },
            Bad("LOCATION_REQUIRED", nil, .failedPrecondition) { $0.incidentID = placeless },
          ]
      ) { try await desk.dispatches.recommendUnits($0) }
      // What was refused here was never asked of duty.
      #expect(desk.advisor.questions.count == 1)
    }
  }

  @Test func dispatchUnitsSendsAllOrNone() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      desk.advisor.answer = .init()
      let (incident, other) = (try await desk.submit(), try await desk.submit())
      try await desk.dispatch(incident, unit: 9)
      let closed = try await desk.incident(in: .closed)
      let unclassed = try await desk.submit(classified: false)
      let foreign = try await desk.dispatches.recommendUnits(
        .with {
          $0.requestID = newRequestID()
          $0.incidentID = other
        }
      ).recommendationID
      let (first, second) = (Sample.unit(1).description, Sample.unit(2).description)
      let good = Quintet_Command_V1_DispatchUnitsRequest.with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
        $0.unitIds = [first, second]
      }
      try await desk.refuses(
        "DispatchUnits", good,
        Quintet_Command_V1_DispatchUnitsRequest.badRequestIDs
          + Quintet_Command_V1_DispatchUnitsRequest.badTimes + [
            Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
            Bad("REQUIRED", "unit_ids") { $0.unitIds = [] },
            Bad("TOO_MANY", "unit_ids") {
              $0.unitIds = (0..<51).map { Sample.unit($0).description }
            },
            Bad("REQUIRED", "unit_ids[1]") { $0.unitIds = [first, ""] },
            Bad("ID_INVALID", "unit_ids[0]") { $0.unitIds = ["U1"] },
            Bad("DUPLICATE", "unit_ids[2]") { $0.unitIds = [first, second, first] },
            Bad("UNIT_ALREADY_ASSIGNED", "unit_ids", .alreadyExists) {
              $0.unitIds = [first, Sample.unit(9).description]
            },
            Bad("ID_INVALID", "recommendation_id") { $0.recommendationID = "rec_1" },
            Bad("RECOMMENDATION_UNKNOWN", "recommendation_id", .notFound) {
              $0.recommendationID = BadValue.unknownRecommendation
            },
            Bad("RECOMMENDATION_UNKNOWN", "recommendation_id", .notFound) {
              $0.recommendationID = foreign
            },
            Bad("TOO_LONG", "instruction") { $0.instruction = BadValue.text(1_001) },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.incidentID = closed },
            Bad("CLASSIFICATION_INCOMPLETE", nil, .failedPrecondition) {
              $0.incidentID = unclassed
            },
          ]
      ) { try await desk.dispatches.dispatchUnits($0) }
    }
  }

  private func badSteps() -> [Bad<Quintet_Command_V1_AdvanceAssignmentRequest>] {
    Quintet_Command_V1_AdvanceAssignmentRequest.badRequestIDs
      + Quintet_Command_V1_AdvanceAssignmentRequest.badTimes + [
        Bad("REQUIRED", "assignment_id") { $0.assignmentID = "" },
        Bad("ID_INVALID", "assignment_id") { $0.assignmentID = BadValue.unknownIncident },
        Bad("ASSIGNMENT_UNKNOWN", "assignment_id", .notFound) {
          $0.assignmentID = BadValue.unknownAssignment
        },
        Bad("UNSPECIFIED", "step") { $0.step = .unspecified },
        Bad("UNSPECIFIED", "step") { $0.step = .UNRECOGNIZED(9) },
        Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.step = .depart },
        Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.step = .dispatch },
        Bad("CHARACTERS_NOT_ALLOWED", "disposal_code") { $0.disposalCode = "好" },
        Bad("TOO_LONG", "disposal_code") { $0.disposalCode = String(repeating: "a", count: 65) },
        Bad("TOO_LONG", "note") { $0.note = BadValue.text(1_001) },
      ]
  }

  @Test func advanceAssignmentTakesTheNextStepAlone() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let assignment = try await desk.dispatch(try await desk.submit()).assignments[0].id
      let good = Quintet_Command_V1_AdvanceAssignmentRequest.with {
        $0.requestID = newRequestID()
        $0.assignmentID = assignment
        $0.step = .acknowledge
      }
      try await desk.refuses("AdvanceAssignment", good, badSteps()) {
        try await desk.dispatches.advanceAssignment($0)
      }
    }
  }

  @Test func aStepOfAStreamIsRefusedAsTheUnaryCallIs() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let assignment = try await desk.dispatch(try await desk.submit()).assignments[0].id
      let table = badSteps()
      let requests = table.map { bad in
        var step = Quintet_Command_V1_AdvanceAssignmentRequest.with {
          $0.requestID = newRequestID()
          $0.assignmentID = assignment
          $0.step = .acknowledge
        }
        bad.change(&step)
        return Quintet_Command_V1_StreamAssignmentStepsRequest.with { $0.step = step }
      }
      let before = try await desk.rows()
      let answers = try await desk.stream(requests + [.init()])
      #expect(answers.count == table.count + 1)
      for (index, bad) in table.enumerated() {
        let problem = answers[index].error
        #expect(problem.code == Int32(bad.refusal.code.rawValue), "row \(index)")
        #expect(problem.reason == bad.refusal.reason, "row \(index)")
        #expect(problem.field == bad.refusal.field ?? "", "row \(index)")
      }
      #expect(answers.last?.error.field == "step")
      #expect(try await desk.rows() == before)
    }
  }

  @Test func cancelAssignmentAsksWhyAndNotOnScene() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let assignment = try await desk.dispatch(try await desk.submit()).assignments[0].id
      let there = try await desk.dispatch(try await desk.submit()).assignments[0].id
      try await desk.advance(there, .acknowledge, .depart, .arrive)
      let good = Quintet_Command_V1_CancelAssignmentRequest.with {
        $0.requestID = newRequestID()
        $0.assignmentID = assignment
        $0.reason = "另有更近警力"
      }
      try await desk.refuses(
        "CancelAssignment", good,
        Quintet_Command_V1_CancelAssignmentRequest.badRequestIDs
          + Quintet_Command_V1_CancelAssignmentRequest.badTimes + [
            Bad("REQUIRED", "assignment_id") { $0.assignmentID = "" },
            Bad("ASSIGNMENT_UNKNOWN", "assignment_id", .notFound) {
              $0.assignmentID = BadValue.unknownAssignment
            },
            Bad("REQUIRED", "reason") { $0.reason = " " },
            Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.assignmentID = there },
          ]
      ) { try await desk.dispatches.cancelAssignment($0) }
    }
  }

  @Test func readingDispatchesRefusesWhatIsNotThere() async throws {
    try await Desk.with { desk in
      desk.advisor.answer = .init()
      let incident = try await desk.submit()
      let assignment = try await desk.dispatch(incident).assignments[0].id
      let recommendation = try await desk.dispatches.recommendUnits(
        .with {
          $0.requestID = newRequestID()
          $0.incidentID = incident
        }
      ).recommendationID
      try await desk.refuses(
        "GetAssignment",
        Quintet_Command_V1_GetAssignmentRequest.with { $0.assignmentID = assignment },
        [
          Bad("REQUIRED", "assignment_id") { $0.assignmentID = "" },
          Bad("ID_INVALID", "assignment_id") { $0.assignmentID = "asg" },
          Bad("ASSIGNMENT_UNKNOWN", "assignment_id", .notFound) {
            $0.assignmentID = BadValue.unknownAssignment
          },
        ]
      ) { try await desk.dispatches.getAssignment($0) }
      try await desk.refuses(
        "GetRecommendation",
        Quintet_Command_V1_GetRecommendationRequest.with { $0.recommendationID = recommendation },
        [
          Bad("REQUIRED", "recommendation_id") { $0.recommendationID = "" },
          Bad("ID_INVALID", "recommendation_id") { $0.recommendationID = "rec" },
          Bad("RECOMMENDATION_UNKNOWN", "recommendation_id", .notFound) {
            $0.recommendationID = BadValue.unknownRecommendation
          },
        ]
      ) { try await desk.dispatches.getRecommendation($0) }
    }
  }
}
