// One deadline: every state with everything that can happen to it.
import Foundation
import Geography
import Identifiers
import SupervisionDomain
import Testing

@Suite struct DeadlineTests {
  static let rule = Rule(
    code: "sign.unit", kind: .sign, name: "签收", limit: 30, warnBefore: 10, escalateAfter: 20,
    escalationLevels: 2)

  static func deadline(_ rule: Rule = rule) -> Deadline {
    var ids = TestIDs()
    return Deadline(
      id: ids.next(), rule: rule,
      matter: .init(
        subject: "asg", responsible: "unit/x", incidentID: nil, scope: "inc"),
      mode: .system, startTime: Bench.start, startCause: "event/evt", trace: "")
  }

  /// What has been told this many seconds after the start.
  static func told(_ rule: Rule, after seconds: Int) -> [String] {
    var deadline = deadline(rule)
    return deadline.fire(upTo: Bench.start + TimeInterval(seconds)).map {
      "\($0.step.occasion)@\(Int($0.time.timeIntervalSince(Bench.start)))"
    }
  }

  @Test(arguments: [
    (19, []), (20, ["warned@20"]), (29, ["warned@20"]), (30, ["warned@20", "overdue@30"]),
    (50, ["warned@20", "overdue@30", "escalated-1@50"]),
    (70, ["warned@20", "overdue@30", "escalated-1@50", "escalated-2@70"]),
    (9_999, ["warned@20", "overdue@30", "escalated-1@50", "escalated-2@70"]),
  ]) func timeTakesEachStepAtItsOwnTime(seconds: Int, expected: [String]) {
    #expect(Self.told(Self.rule, after: seconds) == expected)
  }

  @Test func aRuleWithoutWarningTurnsRedAtOnceAndOneWithoutLevelsStaysThere() {
    var rule = Self.rule
    rule.warnBefore = 0
    rule.escalationLevels = 0
    #expect(Self.told(rule, after: 29) == [])
    #expect(Self.told(rule, after: 9_999) == ["overdue@30"])
  }

  @Test func aDeadlineFiredInPiecesTellsWhatOneFiredAtOnceTells() {
    var random = Seeded(7)
    for _ in 0..<2_000 {
      var rule = Self.rule
      rule.limit = .random(in: 1...100, using: &random)
      rule.warnBefore = .random(in: 0...rule.limit, using: &random)
      rule.escalateAfter = .random(in: 1...60, using: &random)
      rule.escalationLevels = .random(in: 0...3, using: &random)
      var whole = Self.deadline(rule)
      let expected = whole.fire(upTo: Bench.start + 500)
      var pieces = Self.deadline(rule)
      var firings: [Firing] = []
      var time = Bench.start
      while time < Bench.start + 500 {
        time += TimeInterval(Int.random(in: 0...90, using: &random))
        firings += pieces.fire(upTo: min(time, Bench.start + 500))
      }
      #expect(firings == expected)
      #expect(pieces == whole)
      #expect(firings.map(\.time) == firings.map(\.time).sorted())
    }
  }

  /// A deadline in each state.
  static func reached(_ state: DeadlineState) -> Deadline {
    var deadline = deadline()
    switch state {
    case .running: break
    case .warned: _ = deadline.fire(upTo: Bench.start + 20)
    case .overdue: _ = deadline.fire(upTo: Bench.start + 30)
    case .met: _ = deadline.stop(at: Bench.start + 5)
    case .missed: _ = deadline.stop(at: Bench.start + 40)
    case .cancelled: _ = deadline.cancel(at: Bench.start + 5)
    }
    return deadline
  }

  @Test(arguments: DeadlineState.allCases) func anEndedDeadlineNeverChanges(state: DeadlineState) {
    let before = Self.reached(state)
    #expect(before.state == state)
    var stopped = before
    var cancelled = before
    var fired = before
    let answers = [stopped.stop(at: Bench.start + 60), cancelled.cancel(at: Bench.start + 60)]
    #expect(answers == [state.isOpen, state.isOpen])
    let firings = fired.fire(upTo: Bench.start + 60)
    #expect(firings.isEmpty == !state.isOpen)
    if !state.isOpen {
      #expect(stopped == before && cancelled == before && fired == before)
      #expect(before.nextTime == nil)
    } else {
      #expect(stopped.state == .missed && cancelled.state == .cancelled)
      #expect(stopped.stopTime == Bench.start + 60)
    }
  }

  @Test(arguments: [(29.999_999, DeadlineState.met), (30, .met), (30.000_001, .missed)])
  func metMeansAtTheDueTimeOrBeforeToTheMicrosecond(seconds: Double, state: DeadlineState) {
    var deadline = Self.deadline()
    // Two ways to the same microsecond: a sum, and what a store would give back.
    let microseconds = ((Bench.start.timeIntervalSince1970 + seconds) * 1_000_000).rounded()
    let isStopped = deadline.stop(at: Date(timeIntervalSince1970: microseconds / 1_000_000))
    #expect(isStopped)
    #expect(deadline.state == state)
  }

  @Test func aLateReportOfSomethingDoneInTimeIsMet() {
    var deadline = Self.reached(.overdue)
    let isStopped = deadline.stop(at: Bench.start + 12)
    #expect(isStopped)
    #expect(deadline.state == .met)
  }

  @Test func defaultRulesAreTheTimeLimitsOfTheDomain() {
    let limits = Dictionary(uniqueKeysWithValues: Rule.defaults.map { ($0.code, $0.limit) })
    #expect(
      limits == [
        "task.daily": 86_400, "task.weekly": 604_800, "task.monthly": 2_678_400,
        "task.once": 86_400,
        "sign.unit": 30, "sign.station": 1_800, "departure": 300, "arrival.key_place": 60,
        "arrival.centre": 180, "arrival.other": 300, "feedback.directive.urgent": 10_800,
        "feedback.directive.priority": 21_600, "feedback.directive.routine": 32_400,
        "feedback.directive.general": 86_400, "feedback.incident": 1_800,
        "opinion.response": 14_400, "support.take": 300, "support.answer": 1_800,
        "sign.muster": 300, "arrival.muster": 1_800,
      ])
    for rule in Rule.defaults {
      #expect((0..<rule.limit).contains(rule.warnBefore), "\(rule.code)")
      #expect((1...3).contains(rule.escalationLevels), "\(rule.code)")
      #expect(Rule.secondsRange.contains(rule.escalateAfter), "\(rule.code)")
    }
  }

  @Test func theSmallestAreaDecidesAndTheStricterOfEqualOnes() throws {
    var ids = TestIDs()
    func square(_ areaClass: AreaClass, _ from: Double, _ to: Double) throws -> Area {
      Area(
        id: ids.next(), areaClass: areaClass,
        polygon: try Polygon(corners: [
          Coordinate(latitude: from, longitude: from), Coordinate(latitude: from, longitude: to),
          Coordinate(latitude: to, longitude: to), Coordinate(latitude: to, longitude: from),
        ]))
    }
    let areas = [
      try square(.centre, 0, 1), try square(.other, 0.1, 0.9), try square(.keyPlace, 0.2, 0.4),
      try square(.centre, 0.2, 0.4),
    ]
    let at = { (degrees: Double) throws in
      AreaClass(of: try Coordinate(latitude: degrees, longitude: degrees), among: areas)
    }
    #expect(try at(0.05) == .centre)
    #expect(try at(0.15) == .other)
    #expect(try at(0.3) == .keyPlace)
    #expect(try at(2) == .other)
    #expect(AreaClass(of: nil, among: areas) == .other)
  }
}
