// Unusual look-ups: which count for what, when a finding is opened, and that it is answered once, by
// somebody else.
import Access
import Foundation
import Identifiers
import Persistence
import SupervisionDomain
import SupervisionStore
import Testing

@Suite struct LookUpTests {
  static func lookUp(
    _ index: Int64, person: String = "p", at seconds: TimeInterval = 0, actor: String = "person/li",
    code: String = "OK", reason: String = "", kin: Bool = false, elsewhere: Bool = false,
    late: Bool = false
  ) -> LookUp {
    LookUp(
      service: "command", entryIndex: index, actor: actor, areas: ["org_1"],
      method: "quintet.command.v1.CallerService/LookUpCaller", purpose: "rescue",
      caseID: "inc_1", personKey: code == "OK" ? person : "", resultCode: code,
      resultReason: reason, isOwnFamilyName: kin, isHeldElsewhere: elsewhere,
      isOutsideShift: late, time: Bench.start.addingTimeInterval(seconds))
  }

  @Test func aLookUpCountsForWhatItIsAndNothingElse() {
    #expect(Self.lookUp(0).concerns == [.manyPersons])
    #expect(Self.lookUp(0, kin: true).concerns == [.manyPersons, .ownFamilyName])
    #expect(
      Self.lookUp(0, elsewhere: true, late: true).concerns == [
        .manyPersons, .outsideArea, .outsideShift,
      ])
    #expect(
      Self.lookUp(0, code: "PERMISSION_DENIED", reason: "NOT_ON_DUTY").concerns == [.outsideShift])
    #expect(
      Self.lookUp(0, code: "PERMISSION_DENIED", reason: "CASE_NOT_OPEN").concerns == [.refused])
    #expect(Self.lookUp(0, code: "INVALID_ARGUMENT", reason: "REQUIRED").concerns.isEmpty)
  }

  /// Random look-ups of three actors, in the order of a feed, against a recount of everything.
  @Test(arguments: 1...20)
  func findingsAreWhatARecountSays(seed: UInt64) async throws {
    var random = Seeded(seed)
    let rule = LookUpRule(concern: .manyPersons, threshold: 4, window: 300)
    try await Bench.with { bench in
      try await bench.store.write(now: bench.clock.wall) { try $0.save(rule) }
      var made: [LookUp] = []
      var time: TimeInterval = 0
      var open: [String: (first: TimeInterval, last: TimeInterval)] = [:]
      for index in 0..<120 {
        time += Double(Int.random(in: 0..<120, using: &random))
        let lookUp = Self.lookUp(
          Int64(index), person: "p\(Int.random(in: 0..<6, using: &random))", at: time,
          actor: "person/\(Int.random(in: 0..<3, using: &random))")
        made.append(lookUp)
        let within = made.filter { other in
          other.actor == lookUp.actor
            && other.time >= lookUp.time.addingTimeInterval(-300)
        }
        if open[lookUp.actor] != nil {
          open[lookUp.actor]?.last = time
        } else if Set(within.map(\.personKey)).count >= 4, let first = within.first {
          open[lookUp.actor] = (first.time.timeIntervalSince(Bench.start), time)
        }
        try await bench.apply(lookUp)
        // A feed that is heard twice counts once.
        if Int.random(in: 0..<4, using: &random) == 0 { try await bench.apply(lookUp) }
      }
      let findings = try await bench.store.read(within: .everywhere) {
        try $0.findings(in: [.open], before: nil, limit: 100)
      }
      #expect(Set(findings.map(\.actor)) == Set(open.keys))
      for finding in findings {
        let times = try #require(open[finding.actor])
        let counted = made.filter { lookUp in
          let time = lookUp.time.timeIntervalSince(Bench.start)
          return lookUp.actor == finding.actor && time >= times.first && time <= times.last
        }
        #expect(finding.count.lookUps == counted.count)
        #expect(finding.count.persons == Set(counted.map(\.personKey)).count)
      }
    }
  }

  @Test func whatWasAnsweredForIsNotAskedAboutAgain() async throws {
    try await Bench.with { bench in
      let rule = LookUpRule(concern: .refused, threshold: 2, window: 3_600)
      try await bench.store.write(now: bench.clock.wall) { try $0.save(rule) }
      let refused = { (index: Int64) in
        Self.lookUp(
          index, at: Double(index), code: "PERMISSION_DENIED", reason: "CASE_NOT_OPEN")
      }
      for index in 0..<2 { try await bench.apply(refused(Int64(index))) }
      let finding = try #require(try await bench.openFindings().first)
      let time = bench.clock.wall
      let answer = LookUpFinding.Answer(text: "核实", actor: "person/chief", time: time)
      try await bench.store.write(now: time) { writer in
        _ = try LookUpWatch.answer(
          finding.id, etag: nil, as: .explained, answer, in: writer)
      }
      try await bench.apply(refused(2))
      #expect(try await bench.openFindings().isEmpty)
      try await bench.apply(refused(3))
      #expect(try await bench.openFindings().map(\.count.lookUps) == [2])
    }
  }

  @Test func nobodyAnswersForHimselfAndNobodyTwice() async throws {
    try await Bench.with { bench in
      try await bench.apply(Self.lookUp(0, kin: true))
      let finding = try #require(try await bench.openFindings().first)
      let time = bench.clock.wall
      let answer = { (actor: String) async throws in
        try await bench.store.write(now: time) { writer in
          _ = try LookUpWatch.answer(
            finding.id, etag: nil, as: .passedOn,
            LookUpFinding.Answer(text: "移交", actor: actor, time: time), in: writer)
        }
      }
      await #expect(throws: SupervisionError.ownLookUps) { try await answer("person/li") }
      try await answer("person/chief")
      await #expect(throws: SupervisionError.findingAnswered) { try await answer("person/wang") }
    }
  }
}

extension Bench {
  func apply(_ lookUp: LookUp) async throws {
    var ids = TestIDs("look-up \(lookUp.entryIndex)")
    try await play([Happening(id: ids.next(), time: lookUp.time, fact: .lookUpMade(lookUp))])
  }

  func openFindings() async throws -> [LookUpFinding] {
    try await store.read(within: .everywhere) {
      try $0.findings(in: [.open], before: nil, limit: 100)
    }
  }
}
