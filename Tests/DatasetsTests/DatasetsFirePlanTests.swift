// The acts that recorded times become: each unit's own order kept, no time made up.
import Datasets
import Foundation
import Testing

@Suite struct DatasetsFirePlanTests {
  private func plan(_ rows: [String]) throws -> FirePlan {
    let calls = FireCall.group(try FireRows.file(rows).responses)
    return FirePlan(try #require(calls.first))
  }

  private func blank(_ columns: [String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: columns.map { ($0, "") })
  }

  @Test func aFullRecordBecomesEveryStepAtItsTime() throws {
    let acts = try plan([FireRows.row()]).acts
    #expect(
      acts.map(\.kind) == [
        .dispatch(units: ["E41"], timeKnown: true),
        .step(.acknowledge, unit: "E41", timeKnown: true),
        .step(.depart, unit: "E41", timeKnown: true), .step(.arrive, unit: "E41", timeKnown: true),
        .step(.clear, unit: "E41", timeKnown: true), .feedback, .close,
      ])
    #expect(
      acts.map(\.occurTime)
        == ["00:02:54", "00:05:53", "00:05:53", "00:06:36", "00:13:54", "00:13:54", "00:13:54"]
        .map(at))
  }

  @Test func unitsSentAtOneMomentAreSentTogether() throws {
    let later = ["Dispatch DtTm": "2016-12-31T00:04:00"]
    let acts = try plan([
      FireRows.row(call: "1", unit: "T3"), FireRows.row(call: "1", unit: "E41"),
      FireRows.row(call: "1", unit: "B04", later),
    ]).acts
    let dispatches = acts.filter { if case .dispatch = $0.kind { true } else { false } }
    #expect(
      dispatches.map(\.kind) == [
        .dispatch(units: ["T3", "E41"], timeKnown: true),
        .dispatch(units: ["B04"], timeKnown: true),
      ])
  }

  @Test func aUnitThatNeverArrivedIsCalledOffWhenItWasFree() throws {
    let acts = try plan([FireRows.row(blank(["On Scene DtTm"]))]).acts
    #expect(acts.map(\.kind).contains(.cancel(unit: "E41", timeKnown: true)))
    #expect(acts[3].occurTime == at("00:13:54"))
    let never = try plan([FireRows.row(blank(["On Scene DtTm", "Response DtTm"]))]).acts
    #expect(
      never.map(\.kind) == [
        .dispatch(units: ["E41"], timeKnown: true), .cancel(unit: "E41", timeKnown: true),
        .requestFeedback, .feedback, .close,
      ])
  }

  @Test func aUnitThatTookSomeoneAwayWasOnSceneAtAnUnknownTime() throws {
    let changes = ["On Scene DtTm": "", "Transport DtTm": "2016-12-31T00:10:00"]
    let acts = try plan([FireRows.row(changes)]).acts
    let arrival = try #require(
      acts.first { $0.kind == .step(.arrive, unit: "E41", timeKnown: false) })
    #expect(arrival.turn == at("00:10:00"))
  }

  @Test func unknownTimesAreSaidToBeUnknown() throws {
    let acts = try plan([FireRows.row(blank(["Response DtTm", "Available DtTm"]))]).acts
    #expect(
      acts.map(\.kind) == [
        .dispatch(units: ["E41"], timeKnown: true),
        .step(.acknowledge, unit: "E41", timeKnown: false),
        .step(.depart, unit: "E41", timeKnown: false), .step(.arrive, unit: "E41", timeKnown: true),
        .step(.clear, unit: "E41", timeKnown: false), .feedback, .close,
      ])
    let undispatched = try plan([FireRows.row(blank(["Dispatch DtTm"]))]).acts
    #expect(undispatched.first?.kind == .dispatch(units: ["E41"], timeKnown: false))
    #expect(undispatched.first?.turn == at("00:05:53"))
  }

  @Test func aCallToWhichNobodyWasSentWaits() throws {
    let columns = ["Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Available DtTm"]
    #expect(try plan([FireRows.row(blank(columns))]).acts.map(\.kind) == [.queue])
  }

  @Test func timesOutOfOrderAreKeptAndTheStepsStillFitTheStates() throws {
    let acts = try plan([
      FireRows.row([
        "Dispatch DtTm": "2016-12-31T00:00:30", "Response DtTm": "2016-12-31T00:09:00",
        "On Scene DtTm": "2016-12-31T00:06:36",
      ])
    ]).acts
    // Dispatched before received, on scene before under way: as recorded.
    #expect(acts[0].occurTime == at("00:00:30"))
    #expect(acts[0].turn == at("00:01:04"))
    #expect(acts[3].kind == .step(.arrive, unit: "E41", timeKnown: true))
    #expect(acts[3].occurTime == at("00:06:36"))
    #expect(acts[3].turn == at("00:09:00"))
  }

  /// Whatever is missing or out of order: each unit is dispatched once, takes only steps that its
  /// state allows, ends cleared or cancelled, and turns never go back.
  @Test func everyPlanIsAWalkThroughTheStates() throws {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let times = [
      "Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Transport DtTm", "Hospital DtTm",
      "Available DtTm",
    ]
    for _ in 0..<400 {
      let rows = (0..<(1 + random(4))).map { unit in
        FireRows.row(
          call: "1", unit: "U\(unit)",
          Dictionary(
            uniqueKeysWithValues: times.map { column in
              let minute = random(60)
              let time = "2016-12-31T00:\(minute < 10 ? "0" : "")\(minute):00"
              return (column, random(3) == 0 ? "" : time)
            }))
      }
      try checkWalk(plan(rows))
    }
  }

  private func checkWalk(_ plan: FirePlan) throws {
    var states: [String: String] = [:]
    var turn = plan.call.received
    for act in plan.acts {
      #expect(act.turn >= turn)
      turn = act.turn
      switch act.kind {
      case .queue:
        #expect(plan.acts.count == 1)
      case .dispatch(let units, _):
        for unit in units {
          #expect(states[unit] == nil)
          states[unit] = "dispatched"
        }
      case .step(let step, let unit, _):
        let before = [
          FireStep.acknowledge: "dispatched", .depart: "acknowledge", .arrive: "depart",
          .clear: "arrive",
        ][step]
        #expect(states[unit] == before)
        states[unit] = step.rawValue
      case .cancel(let unit, _):
        #expect(["dispatched", "depart"].contains(states[unit]))
        states[unit] = "cancelled"
      case .requestFeedback:
        #expect(!states.values.contains("clear"))
      case .feedback, .close:
        #expect(states.values.allSatisfy { ["clear", "cancelled"].contains($0) })
      }
    }
    let sent = plan.call.responses.filter { !$0.laterTimes.isEmpty }
    #expect(states.count == sent.count)
  }

  @Test func theAccountNamesUnitsTimesAndOutcome() throws {
    let account = try plan([FireRows.row()]).call.account
    for part in ["E41", "2016-12-31 00:06:36", "2016-12-31 00:13:54", "Fire"] {
      #expect(account.contains(part))
    }
    let crowd = (0..<40).map { FireRows.row(call: "1", unit: "UNIT-\($0)") }
    #expect(try plan(crowd).call.account.count < 1000)
  }
}
