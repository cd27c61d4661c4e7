// The RPCs: what they answer, and how they refuse.

import Access
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SupervisionDomain
import SupervisionRPC
import SupervisionStore
import SwiftProtobuf
import Testing
import Wire

private typealias Deadlines = Quintet_Supervision_V1_DeadlineService.Method
private typealias Clocks = Quintet_Supervision_V1_ClockService.Method
private typealias Evaluations = Quintet_Supervision_V1_EvaluationService.Method

@Suite struct ServiceTests {
  static func list(
    _ bench: Bench, _ request: Quintet_Supervision_V1_ListDeadlinesRequest
  ) async throws -> Quintet_Supervision_V1_ListDeadlinesResponse {
    try await called(Deadlines.ListDeadlines.descriptor) {
      try await bench.deadlines.listDeadlines(request: request, context: $0)
    }
  }

  static func put(
    _ bench: Bench, _ request: Quintet_Supervision_V1_PutRuleRequest
  ) async throws -> Quintet_Supervision_V1_Rule {
    try await called(Deadlines.PutRule.descriptor) {
      try await bench.deadlines.putRule(request: request, context: $0).rule
    }
  }

  static func advance(
    _ bench: Bench, to time: Date, batch: Int = 200
  ) async throws -> Quintet_Supervision_V1_AdvanceClockResponse {
    try await called(Clocks.AdvanceClock.descriptor) {
      try await bench.clocks(batch: batch).advanceClock(
        request: .with { $0.toTime = time.timestamp }, context: $0)
    }
  }

  static func begin(_ bench: Bench) async throws -> Quintet_Supervision_V1_Clock {
    try await called(Clocks.StartExercise.descriptor) {
      try await bench.clocks().startExercise(
        request: .with { $0.startTime = Bench.start.timestamp }, context: $0
      ).clock
    }
  }

  static let change = Quintet_Supervision_V1_PutRuleRequest.with {
    $0.requestID = "r1"
    $0.rule.code = "sign.unit"
    $0.rule.limitS = 45
    $0.rule.warnBeforeS = 5
    $0.rule.escalateAfterS = 15
    $0.rule.escalationLevels = 1
  }

  @Test func pagesHoldEveryDeadlineOnceNextDueFirst() async throws {
    try await Bench.with { bench in
      try await bench.play(WalkTests.inOrder(try WalkTests.happenings(3)))
      var request = Quintet_Supervision_V1_ListDeadlinesRequest.with { $0.pageSize = 7 }
      var listed: [Quintet_Supervision_V1_Deadline] = []
      repeat {
        let page = try await Self.list(bench, request)
        #expect(page.deadlines.count == 7 || page.nextPageToken.isEmpty)
        listed += page.deadlines
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      let all = try await bench.allDeadlines()
      #expect(all.count > 30)
      #expect(listed.map(\.id) == all.map(\.id.description))
      #expect(all.map(\.dueTime) == all.map(\.dueTime).sorted())
    }
  }

  @Test func filtersAndCountsAgreeWithTheRows() async throws {
    try await Bench.with { bench in
      try await bench.startExercise()
      let facts = WalkTests.inOrder(try WalkTests.happenings(4))
      try await bench.play(facts)
      try await bench.advance(to: facts.last!.time)
      let all = try await bench.allDeadlines()
      let incident = try #require(all.compactMap(\.incidentID).first)
      let states: [DeadlineState] = [.met, .overdue]
      let listed = try await Self.list(
        bench,
        .with {
          $0.pageSize = 500
          $0.incidentID = incident.description
          $0.states = [.met, .overdue]
        })
      let expected = all.filter { $0.incidentID == incident && states.contains($0.state) }
      #expect(!expected.isEmpty)
      #expect(listed.deadlines.map(\.id) == expected.map(\.id.description))

      for kind in [Quintet_Supervision_V1_DeadlineKind.unspecified, .sign] {
        let counts = try await called(Deadlines.CountDeadlines.descriptor) {
          try await bench.deadlines.countDeadlines(
            request: .with { $0.kind = kind }, context: $0
          ).counts
        }
        let counted = all.filter { kind == .unspecified || $0.kind == .sign }
        let groups = Dictionary(grouping: counted, by: \.ruleCode)
        #expect(counts.map(\.ruleCode) == groups.keys.sorted())
        for count in counts {
          let group = groups[count.ruleCode]!
          let number = { (states: DeadlineState...) in
            Int64(group.count { states.contains($0.state) })
          }
          #expect(count.started == group.count)
          #expect(count.met == number(.met))
          #expect(count.missed == number(.missed, .overdue))
          #expect(count.cancelled == number(.cancelled))
          #expect(count.running == number(.running, .warned))
        }
      }
    }
  }

  @Test func aRuleChangedHoldsForDeadlinesStartedFromThenOn() async throws {
    try await Bench.with { bench in
      try await bench.play([ClockTests.dispatch()])
      var request = Self.change
      request.rule.kind = .arrival
      request.rule.name = "别的名字"
      let changed = try await Self.put(bench, request)
      #expect(changed.limitS == 45 && changed.kind == .sign && changed.name.hasPrefix("签收"))
      let running = try await bench.allDeadlines().first { $0.kind == .sign }
      #expect(running?.dueTime == Bench.start + 30)
      try await bench.store.prepare(now: Bench.start)
      let rules = try await called(Deadlines.ListRules.descriptor) {
        try await bench.deadlines.listRules(request: .init(), context: $0).rules
      }
      #expect(rules.map(\.code) == Rule.defaults.map(\.code).sorted())
      #expect(rules.first { $0.code == "sign.unit" } == changed, "a start keeps what was changed")
      var ids = TestIDs("later")
      try await bench.play([
        Happening(
          id: ids.next(), time: Bench.start + 100,
          fact: .assignmentMoved(
            AssignmentMove(
              assignment: ids.next(), incident: ids.next(), unit: ids.next(), state: .dispatched)))
      ])
      let later = try await bench.allDeadlines().last { $0.kind == .sign }
      #expect(later?.dueTime == Bench.start + 145)
    }
  }

  @Test func theSameRequestGivesTheSameAnswerAndOtherContentIsRefused() async throws {
    try await Bench.with { bench in
      let first = try await Self.put(bench, Self.change)
      var other = Self.change
      other.requestID = "r2"
      other.rule.limitS = 60
      _ = try await Self.put(bench, other)
      #expect(try await Self.put(bench, Self.change) == first)
      other.requestID = "r1"
      let reused = other
      await #expect(throws: RequestReused.self) { try await Self.put(bench, reused) }
      let limit = try await bench.store.read(within: .everywhere) {
        try $0.rule("sign.unit")?.limit
      }
      #expect(limit == 60)
    }
  }

  @Test func anExerciseFiresInOrderAndCountsEachStepOnce() async throws {
    try await Bench.with { bench in
      #expect(try await Self.begin(bench).exercise)
      try await bench.play(WalkTests.inOrder(try WalkTests.happenings(5)).prefix(40))
      let before = try await bench.allEvents().count
      let end = Bench.start + 300_000
      let answer = try await Self.advance(bench, to: end, batch: 2)
      let fired = try await bench.allEvents().dropFirst(before)
      #expect(answer.firedCount == fired.count)
      #expect(answer.firedCount > 10)
      #expect(answer.clock.now == end.timestamp)
      #expect(fired.map(\.occurTime) == fired.map(\.occurTime).sorted())
      #expect(try await Self.advance(bench, to: end).firedCount == 0)
      let dump = try await bench.everything()
      let back = try await Self.advance(bench, to: end - 1)
      #expect(back.firedCount == 0 && back.clock.now == end.timestamp)
      #expect(try await bench.everything() == dump)
      #expect(try await Self.begin(bench).now == end.timestamp, "the exercise already on is found")
      let ended = try await called(Clocks.EndExercise.descriptor) {
        try await bench.clocks().endExercise(request: .init(), context: $0).clock
      }
      #expect(!ended.exercise && ended.now == bench.clock.wall.timestamp)
    }
  }

  @Test func evaluationsArePagedNewestFirst() async throws {
    try await Bench.with { bench in
      let facts = WalkTests.inOrder(
        try (0..<40).map {
          try Script.facts(seed: 77, number: $0, count: 30)
        })
      try await bench.play(facts)
      let all = try await bench.store.read(within: .everywhere) {
        try $0.evaluations(after: nil, limit: 1_000)
      }
      #expect(all.count > 5)
      #expect(all.map(\.closeTime) == all.map(\.closeTime).sorted(by: >))
      var listed: [String] = []
      var token = ""
      repeat {
        let request = Quintet_Supervision_V1_ListEvaluationsRequest.with {
          $0.pageSize = 2
          $0.pageToken = token
        }
        let page = try await called(Evaluations.ListEvaluations.descriptor) {
          try await bench.evaluations.listEvaluations(request: request, context: $0)
        }
        listed += page.evaluations.map(\.id)
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(listed == all.map(\.id.description))
      let last = try #require(all.last)
      let got = try await called(Evaluations.GetEvaluation.descriptor) {
        try await bench.evaluations.getEvaluation(
          request: .with { $0.incidentID = last.incidentID.description }, context: $0
        ).evaluation
      }
      let newest = all.filter { $0.incidentID == last.incidentID }.max { $0.ordinal < $1.ordinal }
      #expect(got.id == newest?.id.description)
    }
  }
}
