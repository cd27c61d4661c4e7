// Random days against the slow computation, and against themselves: whenever the clock comes by, and
// however incidents interleave, the same remains.
import Access
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import SupervisionDomain
import SupervisionStore
import SupervisionSubscriptions
import SwiftProtobuf
import Testing

@Suite struct WalkTests {
  static let scripts = 5
  static let steps = 24

  static func happenings(_ seed: UInt64) throws -> [[Happening]] {
    try (0..<scripts).map { try Script.facts(seed: seed, number: $0, count: steps) }
  }

  /// In order of time; what happened at one moment in order of its script.
  static func inOrder(_ scripts: [[Happening]]) -> [Happening] {
    scripts.flatMap { $0 }.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }.map(\.element)
  }

  /// Each script in its order, anyhow among each other: as feeds of a restarted service may come.
  static func shuffled(_ scripts: [[Happening]], _ random: inout Seeded) -> [Happening] {
    var rest = scripts.map { $0[...] }
    var result: [Happening] = []
    while let index = rest.indices.filter({ !rest[$0].isEmpty }).randomElement(using: &random) {
      result.append(rest[index].removeFirst())
    }
    return result
  }

  /// Beyond everything that can fire.
  static func end(_ happenings: [Happening]) -> Date {
    happenings.map(\.time).max()! + 200_000
  }

  static func rows(_ deadlines: [Deadline]) -> [String] {
    deadlines.map {
      let key =
        "\($0.ruleCode) \($0.subject) \($0.responsible) \($0.startTime.timeIntervalSince1970)"
      let stop = $0.stopTime.map { "\($0.timeIntervalSince1970)" } ?? "-"
      return "\(key) \($0.state) \(stop) \($0.escalationLevel)"
    }.sorted()
  }

  static func events(_ events: [StoredEvent]) throws -> [String] {
    try events.compactMap { event -> String? in
      guard event.type.hasPrefix("quintet.supervision.v1.Deadline") else { return nil }
      // All five carry one deadline in field 1.
      let deadline = try Quintet_Supervision_V1_DeadlineStarted(
        serializedBytes: event.payload
      ).deadline
      let start = deadline.startTime.timeIntervalSince1970
      return "\(event.type.split(separator: ".").last!) \(deadline.ruleCode) "
        + "\(deadline.subject) \(deadline.responsible) \(start) "
        + "\(event.occurTime.timeIntervalSince1970)"
    }.sorted()
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func randomDaysEndAsTheSlowComputationSays(
    seed: UInt64
  ) async throws {
    let happenings = Self.inOrder(try Self.happenings(seed))
    let model = NaiveModel(happenings)
    try await Bench.with { bench in
      try await bench.startExercise()
      try await bench.play(Script.areas() + happenings)
      // Not beyond everything, so that some are still running, warned and being escalated.
      let end = happenings.last!.time + 4_000
      try await bench.advance(to: end)
      #expect(Self.rows(try await bench.allDeadlines()) == model.rows(at: end))
      #expect(try Self.events(try await bench.allEvents()) == model.events(at: end))

      let weak = "quintet.supervision.v1.FeedbackFoundWeak"
      #expect(try await bench.allEvents().count { $0.type == weak } == model.weakCount)
      #expect(try await bench.pendingCalls().count == model.weakCount)
      let evaluations = try await bench.store.read(within: .everywhere) { reader in
        try reader.evaluations(after: nil, limit: 1_000).map {
          "\($0.incidentID) \($0.grade) \($0.tally.met) \($0.tally.missed) "
            + "\($0.tally.excluded) \($0.returnCount) \($0.closeTime.timeIntervalSince1970)"
        }
      }
      #expect(evaluations.sorted() == model.evaluations.sorted())
    }
  }

  @Test(arguments: 101...104 as ClosedRange<UInt64>)
  func whatRemainsDoesNotDependOnWhenTheExerciseClockMoves(seed: UInt64) async throws {
    let scripts = try Self.happenings(seed)
    let happenings = Self.inOrder(scripts)
    let end = Self.end(happenings)
    var dumps: [[String]] = []
    try await Bench.with { bench in
      try await bench.startExercise()
      try await bench.play(Script.areas() + happenings)
      try await bench.advance(to: end)
      dumps.append(try await bench.canonical())
    }
    try await Bench.with { bench in
      var random = Seeded(seed)
      bench.clock.pass(12_345)
      try await bench.startExercise()
      try await bench.play(Script.areas())
      var before = Bench.start
      for happening in happenings {
        if Int.random(in: 0..<3, using: &random) == 0, before <= happening.time {
          let gap = happening.time.timeIntervalSince(before)
          try await bench.advance(
            to: before + (gap * Double.random(in: 0...1, using: &random)).rounded(), batch: 5)
        }
        try await bench.play([happening])
        before = max(before, happening.time)
      }
      try await bench.advance(to: end, batch: 7)
      dumps.append(try await bench.canonical())
    }
    try await Bench.with { bench in
      var random = Seeded(seed)
      try await bench.startExercise()
      try await bench.play(Script.areas() + Self.shuffled(scripts, &random))
      try await bench.advance(to: end)
      dumps.append(try await bench.canonical())
    }
    #expect(dumps[0].count > 100)
    #expect(dumps[1] == dumps[0])
    #expect(dumps[2] == dumps[0])
  }

  @Test(arguments: 201...203 as ClosedRange<UInt64>)
  func whatRemainsDoesNotDependOnWhenTheMachinesClockIsLookedAt(seed: UInt64) async throws {
    let happenings = Self.inOrder(try Self.happenings(seed))
    let end = Self.end(happenings)
    var dumps: [[String]] = []
    for looks in [false, true] {
      try await Bench.with { bench in
        var random = Seeded(seed)
        try await bench.play(Script.areas())
        for happening in happenings {
          if looks, Bool.random(using: &random) {
            let gap = happening.time.timeIntervalSince(bench.clock.wall)
            bench.clock.pass((gap * Double.random(in: 0...1, using: &random)).rounded())
            _ = try await bench.loop(batch: 2).look()
          }
          bench.clock.pass(happening.time.timeIntervalSince(bench.clock.wall))
          try await bench.play([happening])
        }
        bench.clock.pass(end.timeIntervalSince(bench.clock.wall))
        _ = try await bench.loop().look()
        dumps.append(try await bench.canonical())
        #expect(bench.lines.messages(.error) == [])
      }
    }
    #expect(dumps[0].count > 100)
    #expect(dumps[1] == dumps[0])
  }

  @Test func anEventAppliedAgainIsRefusedNotDoubled() async throws {
    try await Bench.with { bench in
      var ids = TestIDs()
      let directive: DirectiveID = ids.next()
      let station = Recipient(kind: .station, id: "s1")
      let issued = Happening(
        id: ids.next(), time: Bench.start,
        fact: .directiveIssued(
          DirectiveIssue(
            directive: directive, incident: nil, directiveClass: .urgent, recipients: [station])))
      let accepted = Happening(
        id: ids.next(), time: Bench.start + 60,
        fact: .courseMoved(
          CourseMove(
            directive: directive, incident: nil, directiveClass: .urgent, recipient: station,
            state: .accepted, feedback: "")))
      try await bench.play([issued, accepted])
      let before = try await bench.everything()
      await #expect(throws: DatabaseError.self) { try await bench.play([issued]) }
      #expect(try await bench.everything() == before)
    }
  }
}

extension Google_Protobuf_Timestamp {
  fileprivate var timeIntervalSince1970: Double { Double(seconds) + Double(nanos) / 1e9 }
}
