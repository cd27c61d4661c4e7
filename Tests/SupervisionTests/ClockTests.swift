// The machine's clock: late by little, never twice, and not believed when it leaps.
import EventLog
import Foundation
import Identifiers
import SupervisionDomain
import SupervisionStore
import SupervisionSubscriptions
import Testing

@Suite struct ClockTests {
  static let fired: Set<String> = ["DeadlineWarned", "DeadlineOverdue", "DeadlineEscalated"]

  /// One unit sent at `Bench.start`: it must sign in 30 s, set out and arrive in 5 min.
  static func dispatch(at time: Date = Bench.start) -> Happening {
    var ids = TestIDs("dispatch-\(time)")
    return Happening(
      id: ids.next(), time: time,
      fact: .assignmentMoved(
        AssignmentMove(
          assignment: ids.next(), incident: ids.next(), unit: ids.next(), state: .dispatched)))
  }

  /// The firings told so far, by their times since the start.
  static func told(_ bench: Bench) async throws -> [String] {
    try await bench.allEvents().compactMap { event in
      let name = String(event.type.split(separator: ".").last!)
      guard fired.contains(name) else { return nil }
      return "\(name)@\(Int(event.occurTime.timeIntervalSince(Bench.start)))"
    }
  }

  @Test func aLookFiresWhatIsDueAndSaysHowLongTheNextTakes() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.play([Self.dispatch()])
      var next = try await bench.loop().look(&watch)
      #expect(next == 20)
      bench.clock.pass(20)
      next = try await bench.loop().look(&watch)
      #expect(next == 10)
      #expect(try await Self.told(bench) == ["DeadlineWarned@20"])
      bench.clock.pass(10.5)
      next = try await bench.loop().look(&watch)
      #expect(next == 29.5)
      #expect(try await Self.told(bench) == ["DeadlineWarned@20", "DeadlineOverdue@30"])
      let event = try #require(try await bench.allEvents().last)
      #expect(event.actor == "service/supervision")
      #expect(event.cause == "clock/\(event.subject)/overdue")
      #expect(event.incidentID?.hasPrefix("inc_") == true)
      #expect(event.trace == "trace-of-test")
      #expect(bench.lines.messages(.info).suffix(2) == ["deadline warned", "deadline overdue"])
    }
  }

  @Test func manyDueAtOnceFireInOrderOfTimeInBoundedBatches() async throws {
    try await Bench.with { bench in
      let facts = WalkTests.inOrder(try WalkTests.happenings(55)).prefix(60)
      try await bench.play(facts)
      var watch = bench.loop().watch()
      bench.clock.pass(500_000)
      let before = try await bench.allEvents().count
      _ = try await bench.loop(batch: 3).look(&watch)
      let events = try await bench.allEvents().dropFirst(before)
      #expect(events.count > 20)
      #expect(events.map(\.occurTime) == events.map(\.occurTime).sorted())
    }
  }

  @Test func aClockSetBackFiresNothingTwice() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.play([Self.dispatch()])
      bench.clock.pass(65)
      _ = try await bench.loop().look(&watch)
      let told = try await Self.told(bench)
      #expect(told.count == 3)
      bench.clock.wall -= 3_600
      for _ in 0..<100 {
        bench.clock.pass(1)
        _ = try await bench.loop().look(&watch)
      }
      #expect(try await Self.told(bench) == told)
      #expect(bench.lines.messages(.error) == ["the clock was set back"])
      // What is due by the highest time seen is due, though this clock has not come to it again.
      try await bench.play([Self.dispatch(at: Bench.start - 100)])
      _ = try await bench.loop().look(&watch)
      #expect(try await Self.told(bench).contains("DeadlineOverdue@-70"))
    }
  }

  @Test func aLeapAheadIsHeldReportedOnceAndBelievedWhenItHasStood() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.play([Self.dispatch()])
      bench.clock.wall += 86_400
      // 59 s of real time: what is really due fires, by the monotonic clock; nothing else does.
      for _ in 0..<60 {
        _ = try await bench.loop().look(&watch)
        bench.clock.pass(1)
      }
      #expect(try await Self.told(bench) == ["DeadlineWarned@20", "DeadlineOverdue@30"])
      #expect(bench.lines.messages(.error).count == 1)
      _ = try await bench.loop().look(&watch)
      #expect(bench.lines.messages(.warning).count == 1)
      // Three deadlines, three steps each and a fourth: 30 s, and twice 5 min, two levels each.
      #expect(try await Self.told(bench).count == 12)
    }
  }

  @Test func aLeapThatGoesAwayIsForgotten() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.play([Self.dispatch()])
      bench.clock.wall += 86_400
      _ = try await bench.loop().look(&watch)
      bench.clock.wall -= 86_400
      bench.clock.pass(100)
      _ = try await bench.loop().look(&watch)
      #expect(try await Self.told(bench).allSatisfy { !$0.hasSuffix("@300") })
      #expect(bench.lines.messages(.error).count == 1)
    }
  }

  @Test func theWatchBelievesDriftAndRestartsItsDoubtWithEveryLeap() {
    var watch = ClockWatch(wall: Bench.start, monotonic: 0)
    let at10 = watch.look(wall: Bench.start + 39, monotonic: 10).notice
    #expect(at10 == nil)
    // Held from 20 to 80 by the monotonic clock; a second leap begins the doubt anew.
    let first = watch.look(wall: Bench.start + 1_000, monotonic: 20)
    #expect(first.notice == .held(ahead: 951))
    #expect(first.time == Bench.start + 49)
    let second = watch.look(wall: Bench.start + 5_000, monotonic: 70)
    #expect(second.notice == .held(ahead: 4_901))
    #expect(second.time == Bench.start + 99)
    let at100 = watch.look(wall: Bench.start + 5_030, monotonic: 100).notice
    #expect(at100 == nil)
    let at130 = watch.look(wall: Bench.start + 5_060, monotonic: 130).notice
    #expect(at130 == .confirmed)
    let at131 = watch.look(wall: Bench.start + 5_061, monotonic: 131).notice
    #expect(at131 == nil)
    let at132 = watch.look(wall: Bench.start + 5_000, monotonic: 132).notice
    #expect(at132 == .setBack(62))
  }

  private struct Crash: Error {}

  @Test func aCrashBetweenClaimAndCommitFiresOnce() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.play([Self.dispatch()])
      bench.clock.pass(30)
      let before = try await bench.everything()
      await #expect(throws: Crash.self) {
        try await bench.store.write(now: bench.clock.wall) { writer in
          let sweep = try Timekeeping.sweepSystem(at: Bench.start + 30, in: writer)
          #expect(sweep.fired == 2)
          throw Crash()
        }
      }
      #expect(try await bench.everything() == before)
      // The service starts anew.
      watch = bench.loop().watch()
      _ = try await bench.loop().look(&watch)
      _ = try await bench.loop().look(&watch)
      #expect(try await Self.told(bench) == ["DeadlineWarned@20", "DeadlineOverdue@30"])
    }
  }

  @Test func theLoopIsWokenByCommitsAndStopsWhenCancelled() async throws {
    try await Bench.with { bench in
      bench.clock.pass(400)
      let loop = Task { try await bench.loop().run() }
      try await bench.play([Self.dispatch()])
      // Nothing is asserted of how soon; only that it comes.
      while try await Self.told(bench).count < 8 { await Task.yield() }
      loop.cancel()
      await #expect(throws: CancellationError.self) { try await loop.value }
    }
  }

  @Test func duringAnExerciseTheMachinesClockFiresNothing() async throws {
    try await Bench.with { bench in
      var watch = bench.loop().watch()
      try await bench.startExercise()
      try await bench.play([Self.dispatch()])
      bench.clock.pass(9_000)
      _ = try await bench.loop().look(&watch)
      #expect(try await Self.told(bench) == [])
      try await bench.store.write(now: bench.clock.wall) { writer in
        _ = try Timekeeping.endExercise(in: writer)
      }
      _ = try await bench.loop().look(&watch)
      #expect(try await Self.told(bench) == [], "what an exercise left open stays silent")
    }
  }
}
