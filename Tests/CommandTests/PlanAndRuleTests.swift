// A plan that is kept, sent whole, and takes units from elsewhere; and the rules without which the
// machine sends nobody.
import Access
import Classification
import CommandDomain
import CommandStore
import EventLog
import Foundation
import GRPCCore
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC

@Suite struct PlanAndRuleTests {
  func answer(
    _ units: [Int], from incident: String = ""
  ) -> Quintet_Type_V1_UnitRecommendation {
    .with {
      $0.units = units.map { number in .with { $0.unitID = Sample.unit(number).description } }
      $0.plan.planName = "一级响应 Level 1"
      $0.plan.lines = [
        .with {
          $0.units = units.map { number in
            .with {
              $0.unitID = Sample.unit(number).description
              $0.takenFromIncidentIds = incident.isEmpty ? [] : [incident]
            }
          }
        }
      ]
    }
  }

  func plan(_ desk: Desk, _ incident: String) async throws
    -> Quintet_Command_V1_PlanResponseResponse
  {
    try await desk.dispatches.planResponse(
      .with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
      })
  }

  func send(
    _ desk: Desk, _ incident: String, units: [Int] = [], recommendation: String = ""
  ) async throws -> Quintet_Command_V1_DispatchUnitsResponse {
    try await desk.dispatches.dispatchUnits(
      .with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
        $0.unitIds = units.map { Sample.unit($0).description }
        $0.recommendationID = recommendation
      })
  }

  @Test func aPlanIsAskedForByClassAndLevelKeptAndSentWhole() async throws {
    try await Desk.with { desk in
      desk.advisor.answer = answer([1, 2])
      let incident = try await desk.submit()
      let planned = try await plan(desk, incident)
      #expect(planned.recommendation == answer([1, 2]))
      #expect(
        desk.advisor.questions.map(\.plan) == [
          UnitQuestion.Kind(incidentClass: .dispute, level: .level4)
        ])
      let sent = try await send(desk, incident, recommendation: planned.recommendationID)
      #expect(sent.assignments.map(\.unitID) == [1, 2].map { Sample.unit($0).description })
      #expect(sent.assignments.allSatisfy { $0.dispatchRuleID.isEmpty })
    }
  }

  @Test func whoeverIsTakenFromElsewhereIsCalledOffThereInTheSameStep() async throws {
    try await Desk.with { desk in
      desk.advisor.answer = answer([1])
      let lower = try await desk.submit()
      _ = try await send(desk, lower, units: [1, 3])
      let grave = try await desk.submit()
      desk.advisor.answer = answer([1], from: lower)
      let planned = try await plan(desk, grave)
      _ = try await send(desk, grave, recommendation: planned.recommendationID)
      let left = try await desk.incident(lower).assignments
      #expect(left.map(\.state) == [.cancelled, .dispatched])
      #expect(left[0].note.contains("改派至警情"))
      #expect(try await desk.incident(grave).assignments.map(\.state) == [.dispatched])
    }
  }

  @Test func onSceneByNowItStaysThereTooAndAHandsChoiceTakesNobody() async throws {
    try await Desk.with { desk in
      let lower = try await desk.submit()
      let sent = try await send(desk, lower, units: [1, 3])
      try await desk.advance(sent.assignments[0].id, .acknowledge, .depart, .arrive)
      let grave = try await desk.submit()
      desk.advisor.answer = answer([1, 3], from: lower)
      let planned = try await plan(desk, grave)
      // Only unit 1 of the plan is sent: unit 3 goes on where it is.
      _ = try await send(desk, grave, units: [1], recommendation: planned.recommendationID)
      #expect(try await desk.incident(lower).assignments.map(\.state) == [.onScene, .dispatched])
    }
  }

  @Test func whatCannotBePlannedIsRefusedAndNothingIsKept() async throws {
    try await Desk.with { desk in
      let vague = try await desk.submit(classified: false)
      let incident = try await desk.submit()
      let before = try await desk.rows()
      #expect(
        try await refusal { try await plan(desk, vague) }
          == Refusal(.failedPrecondition, "CLASSIFICATION_INCOMPLETE", nil))
      #expect(
        try await refusal { try await plan(desk, incident) }
          == Refusal(.unavailable, "DUTY_UNAVAILABLE", nil))
      #expect(
        try await refusal { try await send(desk, incident) }
          == Refusal(.invalidArgument, "REQUIRED", "unit_ids"))
      #expect(try await desk.rows() == before)
      desk.advisor.answer = answer([])
      let planned = try await plan(desk, incident)
      #expect(
        try await refusal {
          try await send(desk, incident, recommendation: planned.recommendationID)
        } == Refusal(.invalidArgument, "REQUIRED", "unit_ids"))
    }
  }

  // MARK: Rules

  func rule(
    classes: Set<IncidentClass> = [], levels: Set<IncidentLevel> = [.level4],
    station: OrgUnitID? = nil, on: Double = -100, end: Double = 100, off: Double? = nil
  ) -> DispatchRule {
    DispatchRule(
      id: Sample.id("rule"), classes: classes, levels: levels, stationID: station, reason: "台风",
      switchedOnBy: "person/zhang.wei", switchOnTime: Sample.time(on), endTime: Sample.time(end),
      switchOffTime: off.map(Sample.time), switchedOffBy: off.map { _ in "person/zhang.wei" })
  }

  @Test func aRuleCoversWhatItSaysAndNothingElse() throws {
    let view = IncidentView(incident: try Sample.incident(), advice: nil, assignments: [])
    let vague = IncidentView(
      incident: try Sample.incident(classified: false), advice: nil, assignments: [])
    let served = IncidentView(
      incident: try Sample.incident(), advice: nil, assignments: [Sample.assignment()])
    #expect(rule().covers(view, at: Sample.morning))
    #expect(rule(classes: [.dispute]).covers(view, at: Sample.morning))
    let not: [(String, DispatchRule, IncidentView, Double)] = [
      ("another class", rule(classes: [.traffic]), view, 0),
      ("another level", rule(levels: [.level1, .level2]), view, 0),
      ("another station", rule(station: Sample.id("station")), view, 0),
      ("opened before", rule(on: 1), view, 2), ("past its end", rule(), view, 100),
      ("switched off", rule(off: 5), view, 6), ("not classified", rule(), vague, 0),
      ("somebody was sent", rule(), served, 0),
    ]
    for (why, rule, view, time) in not {
      #expect(!rule.covers(view, at: Sample.time(time)), "\(why)")
    }
  }

  @Test func onlyAPersonSwitchesARuleOn() async throws {
    try await Desk.with { desk in
      let now = Sample.morning
      let key = RequestKey(id: "on", method: "test", fingerprint: "")
      await #expect(throws: CommandError.notAPerson) {
        try await desk.store.write(
          key, provenance: Provenance(actor: "service/duty", cause: "test", trace: ""),
          reach: .everywhere, now: now
        ) {
          try DispatchRuling().switchOn(
            SwitchOnDispatchRule(
              classes: [], levels: [.level4], stationID: nil, reason: "台风",
              actor: "service/duty", duration: 60), in: $0, now: now)
        }
      }
    }
  }

  @Test func theMachineSendsByARuleOnceAndEndsItByItself() async throws {
    try await Desk.with { desk in
      desk.advisor.answer = answer([1])
      let early = try await desk.submit()
      let dispatcher = desk.automatic()
      await dispatcher.look()
      #expect(desk.advisor.questions.isEmpty)
      let now = desk.clock.now()
      let made = try await desk.store.write(
        RequestKey(id: "on", method: "test", fingerprint: ""),
        provenance: Provenance(actor: "person/zhang.wei", cause: "test", trace: ""),
        reach: .everywhere, now: now
      ) {
        try DispatchRuling().switchOn(
          SwitchOnDispatchRule(
            classes: [], levels: [.level4], stationID: nil, reason: "台风",
            actor: "person/zhang.wei", duration: 3600), in: $0, now: now)
      }
      let covered = try await desk.submit()
      await dispatcher.look()
      await dispatcher.look()
      // Another, as after a restart.
      await desk.automatic().look()
      let sent = try await desk.incident(covered).assignments
      #expect(sent.map(\.dispatchRuleID) == [made.id.description])
      #expect(try await desk.incident(early).assignments.isEmpty)
      #expect(desk.advisor.questions.count == 1)
      let order = try await desk.events().filter {
        $0.type == Quintet_Command_V1_DirectiveIssued.protoMessageName
      }
      #expect(order.map(\.actor) == ["service/command"])
      #expect(order[0].cause == "request/rule/\(made.id)/\(covered)")
      desk.clock.advance(3601)
      let late = try await desk.submit()
      await dispatcher.look()
      #expect(try await desk.incident(late).assignments.isEmpty)
      let off = try await desk.events().filter {
        $0.type == Quintet_Command_V1_DispatchRuleSwitchedOff.protoMessageName
      }
      #expect(off.count == 1)
      let told = try Quintet_Command_V1_DispatchRuleSwitchedOff(serializedBytes: off[0].payload)
      #expect(told.rule.switchedOffBy == "service/command" && !told.rule.isOn)
    }
  }

  @Test func whatCannotBePlannedNowIsTriedAgainLater() async throws {
    try await Desk.with { desk in
      let now = desk.clock.now()
      _ = try await desk.store.write(
        RequestKey(id: "on", method: "test", fingerprint: ""),
        provenance: Provenance(actor: "person/zhang.wei", cause: "test", trace: ""),
        reach: .everywhere, now: now
      ) {
        try DispatchRuling().switchOn(
          SwitchOnDispatchRule(
            classes: [], levels: [.level4], stationID: nil, reason: "台风",
            actor: "person/zhang.wei", duration: 3600), in: $0, now: now)
      }
      let incident = try await desk.submit()
      let dispatcher = desk.automatic()
      await dispatcher.look()
      #expect(desk.advisor.questions.count == 1)
      desk.advisor.answer = answer([1])
      desk.clock.advance(6)
      await dispatcher.look()
      #expect(try await desk.incident(incident).assignments.count == 1)
    }
  }
}
