// What each command does to everything it touches: rows, events, etags.
import Access
import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct UseCaseTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test func theLoopRunsFromTheCallToTheEndAndBack() async throws {
    let id = try await bench.hall("loop") { hall in
      let call = try hall.answer()
      let opened = try hall.open(call.id, classified: false)
      let id = opened.incidentID
      #expect(opened.callReport.outcome == .created)
      #expect(opened.incidentNumber == "20161231-000001")
      let classified = try IncidentHandling().classify(
        ClassifyIncident(
          incidentID: id, etag: opened.incidentEtag, incidentClass: .dispute, level: .level4,
          occurTime: Sample.time(35)), in: hall.writer, now: hall.now)
      #expect(classified.incident.incidentClass == .dispute)
      #expect(classified.incident.title == "有人打架")
      try hall.move(.queue, id)
      let sent = try hall.dispatch(id, [1])
      try hall.clear(sent.assignments[0].id, at: 500)
      #expect(try hall.incident(id).state == .awaitingFeedback)
      #expect(try hall.incident(id).stateTime == Sample.time(500))
      try hall.move(.submitFeedback, id)
      try hall.move(.returnFeedback, id)
      let again = try hall.move(.submitFeedback, id)
      #expect(again.incident.feedback?.returnCount == 1)
      #expect(again.incident.feedback?.text == "双方已调解")
      try hall.move(.close, id)
      let reopened = try hall.move(.reopen, id)
      #expect(reopened.incident.reopenCount == 1)
      return id
    }
    #expect(
      try await bench.eventNames() == [
        "answered", "ended", "opened", "classified", "moved from new", "moved from queued",
        "directive delivered", "none→dispatched", "dispatched→acknowledged",
        "course delivered→acknowledged", "acknowledged→en_route",
        "course acknowledged→in_progress", "en_route→on_scene", "on_scene→cleared",
        "course in_progress→accepted", "moved from active", "moved from awaiting_feedback",
        "moved from in_review", "moved from awaiting_feedback", "moved from in_review",
        "moved from closed",
      ])
    let timeline = try await bench.store.read(within: .everywhere) {
      try $0.timeline(of: id, limit: 2000)
    }
    // The answered call is no part of it: nobody knew then that it would be this incident.
    #expect(timeline.count == 20)
    #expect(timeline.map(\.occurTime) == timeline.map(\.occurTime).sorted())
  }

  @Test func aSubmittedReportIsAnsweredAndOpenedAtOnce() async throws {
    let submitted = try await bench.hall("submit") { hall in
      try hall.submit(Sample.content(receiveTime: Sample.time(-9 * 3600), source: "12345"))
    }
    // 23:00 of the day before in Shanghai.
    #expect(submitted.incidentNumber == "20161230-000001")
    let view = try await bench.store.read(within: .everywhere) { try $0.view(submitted.incidentID) }
    #expect(view?.incident.callReportIDs == [submitted.callReportID])
    #expect(view?.incident.beginning.createTime == Sample.time(-9 * 3600))
    #expect(view?.incident.beginning.source == "12345")
    #expect(try await bench.eventNames() == ["answered", "ended", "opened"])
  }

  @Test func attachingAddsTheCallAndChangesTheEtag() async throws {
    try await bench.hall("attach") { hall in
      let first = try hall.submit()
      let call = try hall.answer()
      let attached = try hall.attach(call.id, to: first.incidentID)
      #expect(attached.outcome == .attached)
      let incident = try hall.incident(first.incidentID)
      #expect(incident.callReportIDs == [first.callReportID, call.id])
      #expect(incident.etag != first.incidentEtag)
      try hall.move(.cancel, first.incidentID)
      let late = try hall.answer()
      #expect(refusal { _ = try hall.attach(late.id, to: first.incidentID) } == "incidentEnded")
    }
  }

  @Test func theLastClearingMakesTheIncidentAwaitFeedback() async throws {
    try await bench.hall("last") { hall in
      let id = try hall.submit().incidentID
      let sent = try hall.dispatch(id, [1, 2]).assignments
      try hall.clear(sent[0].id)
      #expect(try hall.incident(id).state == .active)
      // The incident's feedback answers for a dispatch; its directive asks for none.
      #expect(try hall.writer.unansweredDirectives(on: id).isEmpty)
      let before = try hall.incident(id).revision
      // Called off after another has cleared: disposal is done.
      try hall.callOff(sent[1].id, at: 90)
      #expect(try hall.incident(id).state == .awaitingFeedback)
      #expect(try hall.incident(id).stateTime == Sample.time(90))
      #expect(try hall.incident(id).revision == before + 1)
      // A second alarm sends units again.
      try hall.dispatch(id, [1])
      #expect(try hall.incident(id).state == .active)
    }
  }

  @Test func anIncidentWhoseUnitsWereAllCalledOffStaysActive() async throws {
    try await bench.hall("called off") { hall in
      let id = try hall.submit().incidentID
      for assignment in try hall.dispatch(id, [1, 2]).assignments {
        try hall.callOff(assignment.id)
      }
      #expect(try hall.incident(id).state == .active)
    }
  }

  @Test func unitsGoOnUnderAMonitoredIncidentButNotAQueuedOne() async throws {
    try await bench.hall("monitored") { hall in
      let watched = try hall.submit().incidentID
      let first = try hall.dispatch(watched, [1]).assignments[0]
      try hall.move(.monitor, watched)
      try hall.clear(first.id)
      #expect(try hall.incident(watched).state == .awaitingFeedback)
      let queued = try hall.submit().incidentID
      let second = try hall.dispatch(queued, [2]).assignments[0]
      try hall.move(.monitor, queued)
      try hall.move(.queue, queued)
      try hall.clear(second.id)
      #expect(try hall.incident(queued).state == .queued)
    }
  }

  @Test func aStepWithoutATimeLeavesTheTimeEmpty() async throws {
    try await bench.hall("unknown") { hall in
      let id = try hall.submit().incidentID
      let sent = try hall.dispatch(id, [1])
      let signed = try hall.step(.acknowledge, sent.assignments[0].id, unknown: true)
      #expect(signed.state == .acknowledged)
      #expect(signed.acknowledgeTime == nil)
      let directive: Directive = try hall.writer.existing(sent.directive.id)
      #expect(directive.courses[0].state == .acknowledged)
      #expect(directive.courses[0].acknowledgeTime == nil)
      #expect(directive.courses[0].assignmentID == signed.id)
    }
  }

  @Test func aUnitIsSentOnceToAnIncidentAndToSeveralIncidents() async throws {
    try await bench.hall("units") { hall in
      let one = try hall.submit().incidentID
      let other = try hall.submit().incidentID
      let first = try hall.dispatch(one, [1, 2])
      try hall.dispatch(other, [1])
      #expect(refusal { try hall.dispatch(one, [3, 2]) } == "unitAlreadyAssigned")
      #expect(refusal { try hall.dispatch(other, [4, 4]) } == "unitAlreadyAssigned")
      #expect(refusal { try hall.dispatch(other, []) } == "required")
      try hall.clear(first.assignments[0].id)
      try hall.dispatch(one, [1])
      let units = try hall.writer.assignments(of: one).map(\.unitID)
      #expect(units == [1, 2, 1].map(Sample.unit))
      // Freed on one, the unit is still bound to the other.
      #expect(try hall.writer.assignments(of: other).allSatisfy(\.state.isOpen))
    }
  }

  @Test func aRecommendationBelongsToItsIncidentAndIsKeptAsGiven() async throws {
    try await bench.hall("recommend") { hall in
      let one = try hall.submit()
      let other = try hall.submit().incidentID
      let kept = try Dispatching().keep(
        KeepRecommendation(
          incidentID: one.incidentID, document: #"{"units":[ ]}"#, unitIDs: [Sample.unit(1)],
          occurTime: Sample.time(55)), in: hall.writer, now: hall.now)
      #expect(try hall.writer.recommendation(kept.id) == kept)
      #expect(try hall.incident(one.incidentID).etag == one.incidentEtag)
      #expect(
        refusal { try hall.dispatch(other, [1], recommendation: kept.id) }
          == "recommendationUnknown")
      let sent = try hall.dispatch(one.incidentID, [1], recommendation: kept.id)
      #expect(sent.assignments[0].recommendationID == kept.id)
      let nowhere = try hall.submit(
        CallReportContent(
          channel: .phone, origin: .citizenReported, place: .init(address: "某处"),
          occurTime: Sample.morning, receiveTime: Sample.morning))
      #expect(
        refusal {
          _ = try Dispatching().keep(
            KeepRecommendation(
              incidentID: nowhere.incidentID, document: "{}", unitIDs: [],
              occurTime: Sample.morning), in: hall.writer, now: hall.now)
        } == "locationRequired")
    }
  }

  @Test func mergingNeedsALiveTargetAndNoOpenUnits() async throws {
    try await bench.hall("merge") { hall in
      let one = try hall.submit().incidentID
      let other = try hall.submit().incidentID
      let unit = try hall.dispatch(one, [1]).assignments[0].id
      #expect(refusal { try hall.move(.merge, one, into: one) } == "sameIncident")
      #expect(refusal { try hall.move(.merge, one, into: other) } == "assignmentOpen")
      #expect(refusal { try hall.move(.cancel, one) } == "assignmentOpen")
      #expect(refusal { try hall.move(.requestFeedback, one) } == "assignmentOpen")
      try hall.callOff(unit)
      #expect(refusal { try hall.move(.merge, one, into: nil) } == "targetUnknown")
      let merged = try hall.move(.merge, one, into: other)
      #expect(merged.incident.mergedInto == other)
      #expect(refusal { try hall.move(.merge, other, into: one) } == "targetEnded")
      #expect(refusal { try hall.move(.split, one, reason: "") } == "required")
      let split = try hall.move(.split, one)
      #expect(split.incident.state == .active)
      #expect(split.incident.mergedInto == nil)
    }
  }

  @Test func anIncidentIsNotClosedOverAnUnansweredDirective() async throws {
    try await bench.hall("unanswered") { hall in
      let id = try hall.submit().incidentID
      try hall.move(.activate, id)
      let order = try hall.issue(Sample.directive(incident: id, recipients: 1))
      _ = try Directing().draft(
        Sample.directive(incident: id), at: Sample.time(80), in: hall.writer, now: hall.now)
      try hall.move(.requestFeedback, id)
      try hall.move(.submitFeedback, id)
      let station = Recipient(kind: .station, id: "station-1")
      for move in [CourseMove.deliver, .acknowledge, .start] {
        #expect(
          throws: CommandError.directiveUnanswered(id, [order.id])
        ) { try hall.move(.close, id) }
        try hall.course(move, order.id, station)
      }
      try hall.course(.feedBack, order.id, station)
      try hall.course(.giveBack, order.id, station)
      #expect(refusal { try hall.move(.close, id) } == "directiveUnanswered")
      try hall.course(.start, order.id, station)
      try hall.course(.feedBack, order.id, station)
      #expect(try hall.move(.close, id).incident.state == .closed)
    }
  }

  @Test func aDiversionIsResolvedEitherWay() async throws {
    try await bench.hall("divert") { hall in
      let id = try hall.submit(classified: false).incidentID
      #expect(try hall.move(.divert, id).incident.divertedTo == "供电公司")
      #expect(refusal { try hall.move(.queue, id) } == "moveNotAllowed")
      #expect(refusal { try hall.move(.refuseDiversion, id) } == "classificationIncomplete")
      #expect(try hall.move(.acceptDiversion, id).incident.state == .closed)
      // A unit sent before is still out there.
      let other = try hall.submit().incidentID
      let unit = try hall.dispatch(other, [1]).assignments[0].id
      for move in [IncidentMove.monitor, .queue, .divert] { try hall.move(move, other) }
      #expect(refusal { try hall.move(.acceptDiversion, other) } == "assignmentOpen")
      try hall.callOff(unit)
      #expect(try hall.move(.acceptDiversion, other).incident.state == .closed)
    }
  }

  @Test func anEtagThatIsNotTheNewestIsRefusedEverywhere() async throws {
    try await bench.hall("etag") { hall in
      let call = try hall.answer()
      #expect(refusal { _ = try hall.open(call.id, etag: "7") } == "etagMismatch")
      let opened = try hall.open(call.id, etag: call.etag)
      let id = opened.incidentID
      for move in IncidentMove.allCases {
        let before = try hall.incident(id)
        #expect(
          throws: CommandError.etagMismatch(current: opened.incidentEtag)
        ) { try hall.move(move, id, etag: "99", into: id == move.other ? nil : move.other) }
        #expect(try hall.incident(id) == before)
      }
      #expect(try hall.move(.queue, id, etag: opened.incidentEtag).incident.etag == "2")
      let order = try hall.issue(Sample.directive())
      let station = Recipient(kind: .station, id: "station-1")
      #expect(
        throws: CommandError.etagMismatch(current: "1")
      ) { try hall.course(.deliver, order.id, station, etag: "2") }
      // Another's answer makes nobody's etag stale.
      try hall.course(.deliver, order.id, .init(kind: .station, id: "station-2"))
      try hall.course(.deliver, order.id, station, etag: "1")
    }
  }
}

extension IncidentMove {
  /// Some other incident, for the moves that name one.
  var other: IncidentID { Sample.id("other") }
}
