// The closed loop over the wire: one call from its first ring to the reopened incident, and what can
// be read of it afterwards.
import CommandDomain
import CommandStore
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC
@testable import CommandSubscriptions

@Suite struct RPCLoopTests {
  private func recommendation() -> Quintet_Type_V1_UnitRecommendation {
    .with {
      $0.point = .with {
        $0.latitude = 27.9728
        $0.longitude = 120.6353
        $0.datum = .wgs84
      }
      $0.asOfTime = Sample.morning.timestamp
      $0.units = [
        .with {
          $0.unitID = Sample.unit(1).description
          $0.callSign = "巡101"
          $0.distanceM = 812.345
          $0.travelTimeS = 197.03
          $0.reason = "最近。Nearest."
        }
      ]
      $0.passedOver = [
        .with {
          $0.unitID = Sample.unit(2).description
          $0.reason = .assigned
        }
      ]
      $0.estimator = "straight_line factor=1.40 speed_mps=8.30"
    }
  }

  @Test func aCallTravelsFromItsFirstRingToTheReopenedIncident() async throws {
    try await Desk.with { desk in
      desk.advisor.answer = recommendation()
      let call = try await desk.answer()
      #expect(call.state == .active)
      #expect(call.maskedPhone == "138****5678")
      let opened = try await desk.calls.openIncident(
        .with {
          $0.requestID = newRequestID()
          $0.callReportID = call.id
          $0.etag = call.etag
          $0.incidentClass = .dispute
          $0.level = .incidentLevel4
        })
      #expect(opened.callReport.outcome == .created)
      let id = opened.incidentID
      let queued = try await desk.incidents.queueIncident(
        request(id) { $0.etag = opened.incidentEtag }
      ).incident
      #expect(queued.state == .queued)
      #expect(queued.title == "两家为停车争吵")

      let proposal = try await desk.dispatches.recommendUnits(
        .with {
          $0.requestID = "ask-1"
          $0.incidentID = id
        })
      #expect(proposal.recommendation == recommendation())
      #expect(desk.advisor.questions.map(\.requestID) == ["command/ask-1"])
      let sent = try await desk.dispatches.dispatchUnits(
        .with {
          $0.requestID = newRequestID()
          $0.incidentID = id
          $0.etag = queued.etag
          $0.unitIds = proposal.recommendation.units.map(\.unitID)
          $0.recommendationID = proposal.recommendationID
        })
      #expect(try await desk.incident(id).state == .active)
      let assignment = sent.assignments[0].id
      #expect(sent.assignments[0].recommendationID == proposal.recommendationID)
      try await desk.advance(assignment, .acknowledge, .depart, .arrive)
      let cleared = try await desk.dispatches.advanceAssignment(
        .with {
          $0.requestID = newRequestID()
          $0.assignmentID = assignment
          $0.step = .clear
          $0.disposalCode = "mediated"
          $0.note = "现场调解完毕"
        }
      ).assignment
      #expect(cleared.state == .cleared)
      #expect(cleared.hasAcknowledgeTime && cleared.hasDepartTime && cleared.hasArriveTime)
      #expect(cleared.hasClearTime_p)

      #expect(try await desk.incident(id).state == .awaitingFeedback)
      _ = try await desk.reviews.submitIncidentFeedback(request(id) { $0.text = "已处理" })
      let returned = try await desk.reviews.returnIncidentFeedback(
        request(id) { $0.reason = "过于简单" }
      ).incident
      #expect(returned.state == .awaitingFeedback && returned.feedback.returnCount == 1)
      _ = try await desk.reviews.submitIncidentFeedback(
        request(id) {
          $0.text = "双方已和解，各自离开"
          $0.disposalCode = "mediated"
        })
      let closed = try await desk.reviews.closeIncident(request(id)).incident
      #expect(closed.state == .closed)
      let reopened = try await desk.reviews.reopenIncident(
        request(id) { $0.reason = "再次报警" }
      ).incident
      #expect(reopened.state == .active && reopened.reopenCount == 1)

      try await timelineTells(desk, id, opened.incidentNumber)
    }
  }

  private func timelineTells(_ desk: Desk, _ id: String, _ number: String) async throws {
    let events = try await desk.incidents.getTimeline(.with { $0.incidentID = id }).events
    let types = events.map { $0.type.replacingOccurrences(of: "quintet.command.v1.", with: "") }
    #expect(
      types == [
        "CallReportEnded", "IncidentOpened", "IncidentMoved", "UnitsRecommended", "IncidentMoved",
        "DirectiveIssued", "AssignmentMoved", "AssignmentMoved", "DirectiveMoved",
        "AssignmentMoved", "DirectiveMoved", "AssignmentMoved", "AssignmentMoved",
        "DirectiveMoved", "IncidentMoved", "IncidentMoved", "IncidentMoved", "IncidentMoved",
        "IncidentMoved", "IncidentMoved",
      ])
    #expect(events.allSatisfy { $0.incidentID == id && $0.service == "command" })
    #expect(events.allSatisfy { $0.actor == "person/nobody" })
    #expect(events.allSatisfy { $0.cause.hasPrefix("request/") })
    #expect(events.map(\.occurTime.microsecondDate).isAscending)
    let byNumber = try await desk.incidents.getTimeline(.with { $0.incidentID = number }).events
    #expect(byNumber == events)
    let moved = try Quintet_Command_V1_IncidentMoved(serializedBytes: events[2].payload.value)
    #expect(moved.from == .new && moved.incident.state == .queued)
  }

  @Test func theTimelineOrdersAllServicesByWhenItHappened() async throws {
    try await Desk.with { desk in
      let id = try await desk.submit()
      _ = try await desk.incidents.queueIncident(request(id))
      let own = try await desk.incidents.getTimeline(.with { $0.incidentID = id }).events
      let between = own[2].occurTime.microsecondDate.addingTimeInterval(0.5)
      let foreign = Quintet_Events_V1_Event.with {
        $0.partition = "main"
        $0.sequence = 7
        $0.id = Sample.id("started", EventTag.self).description
        $0.type = Quintet_Supervision_V1_DeadlineStarted.protoMessageName
        $0.subject = Sample.id("deadline", DeadlineTag.self).description
        $0.incidentID = id
        $0.occurTime = between.timestamp
        $0.recordTime = Sample.time(90_000).timestamp
        $0.actor = "service/supervision"
        $0.cause = "event/\(own[2].id)"
        $0.trace = String(repeating: "a", count: 32)
        $0.service = "supervision"
        $0.payload.typeURL = "type.googleapis.com/" + $0.type
      }
      // Twice, as after a crash before the cursor was seen.
      for _ in 1...2 {
        try await desk.database.write { [store = desk.store] tx in
          try store.perform(
            in: tx, provenance: NeighbourEvent.provenance(of: foreign), now: Sample.time(90_000)
          ) { try FromSupervision().apply(foreign, in: $0) }
        }
      }
      let all = try await desk.incidents.getTimeline(.with { $0.incidentID = id }).events
      #expect(all.map(\.id) == [own[0].id, own[1].id, own[2].id, foreign.id, own[3].id])
      #expect(all[3] == foreign)
    }
  }

  @Test func whatIntelligenceFindsStandsBesideTheIncident() async throws {
    try await Desk.with { desk in
      let id = try await desk.submit(classified: false)
      let etag = try await desk.incident(id).etag
      let payload = Quintet_Intelligence_V1_IncidentAssessed.with {
        $0.assessment.id = Sample.id("a", AssessmentTag.self).description
        $0.assessment.incidentID = id
        $0.assessment.jurisdiction.stationID = Sample.id("s", OrgUnitTag.self).description
        $0.assessment.jurisdiction.stationName = "瞿溪派出所"
        $0.assessment.kind.incidentClass = .dispute
        $0.assessment.kind.level = .UNRECOGNIZED(9)
        $0.assessment.repeats = [
          .with {
            $0.link = .samePhone
            $0.count = 3
          }
        ]
      }
      let bytes: Data = try payload.serializedBytes()
      let event = Quintet_Events_V1_Event.with {
        $0.partition = "main"
        $0.id = Sample.id("assessed", EventTag.self).description
        $0.type = Quintet_Intelligence_V1_IncidentAssessed.protoMessageName
        $0.incidentID = id
        $0.subject = id
        $0.service = "intelligence"
        $0.occurTime = Sample.time(4_000).timestamp
        $0.payload.value = bytes
      }
      try await desk.database.write { [store = desk.store] tx in
        try store.perform(
          in: tx, provenance: NeighbourEvent.provenance(of: event), now: Sample.time(4_001)
        ) { try FromIntelligence().apply(event, in: $0) }
      }
      let incident = try await desk.incident(id)
      #expect(incident.advice.stationName == "瞿溪派出所")
      #expect(incident.advice.suggestedClass == .dispute)
      #expect(incident.advice.suggestedLevel == .unspecified)
      #expect(incident.advice.repeatCount == 3)
      #expect(incident.etag == etag)
      #expect(incident.incidentClass == .unspecified)
    }
  }

  @Test func withDutyDownNothingIsStoredAndHandsStillWork() async throws {
    try await Desk.with { desk in
      let id = try await desk.incident(in: .queued)
      let before = try await desk.rows()
      let ask = Quintet_Command_V1_RecommendUnitsRequest.with {
        $0.requestID = "ask"
        $0.incidentID = id
      }
      let refused = try await refusal { try await desk.dispatches.recommendUnits(ask) }
      #expect(refused == Refusal(.unavailable, "DUTY_UNAVAILABLE", nil))
      #expect(try await desk.rows() == before)
      #expect(try await desk.dispatch(id).assignments.count == 1)
      // Back again, duty is asked under the same id; a repeat of the answered question asks nobody.
      desk.advisor.answer = recommendation()
      let first = try await desk.dispatches.recommendUnits(ask)
      desk.advisor.answer = nil
      #expect(try await desk.dispatches.recommendUnits(ask) == first)
      #expect(desk.advisor.questions.map(\.requestID) == ["command/ask", "command/ask"])
      let kept = try await desk.dispatches.getRecommendation(
        .with { $0.recommendationID = first.recommendationID })
      #expect(kept.recommendation == first.recommendation && kept.incidentID == id)
    }
  }
}

extension [Date] {
  fileprivate var isAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}
