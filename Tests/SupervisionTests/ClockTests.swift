// The machine's clock: late by little, and never twice.
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
      try await bench.play([Self.dispatch()])
      var next = try await bench.loop().look()
      #expect(next == 20)
      bench.clock.pass(20)
      next = try await bench.loop().look()
      #expect(next == 10)
      #expect(try await Self.told(bench) == ["DeadlineWarned@20"])
      bench.clock.pass(10.5)
      next = try await bench.loop().look()
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
      bench.clock.pass(500_000)
      let before = try await bench.allEvents().count
      _ = try await bench.loop(batch: 3).look()
      let events = try await bench.allEvents().dropFirst(before)
      #expect(events.count > 20)
      #expect(events.map(\.occurTime) == events.map(\.occurTime).sorted())
    }
  }

  @Test func aClockSetBackFiresNothingTwice() async throws {
    try await Bench.with { bench in
      try await bench.play([Self.dispatch()])
      bench.clock.pass(65)
      _ = try await bench.loop().look()
      let told = try await Self.told(bench)
      #expect(told.count == 3)
      bench.clock.wall -= 3_600
      for _ in 0..<100 {
        bench.clock.pass(1)
        _ = try await bench.loop().look()
      }
      #expect(try await Self.told(bench) == told)
      // What is due by the highest time seen is due, though this clock has not come to it again.
      try await bench.play([Self.dispatch(at: Bench.start - 100)])
      _ = try await bench.loop().look()
      #expect(try await Self.told(bench).contains("DeadlineOverdue@-70"))
    }
  }

  private struct Crash: Error {}

  @Test func aCrashBetweenClaimAndCommitFiresOnce() async throws {
    try await Bench.with { bench in
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
      _ = try await bench.loop().look()
      _ = try await bench.loop().look()
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
      try await bench.startExercise()
      try await bench.play([Self.dispatch()])
      bench.clock.pass(9_000)
      _ = try await bench.loop().look()
      #expect(try await Self.told(bench) == [])
      try await bench.store.write(now: bench.clock.wall) { writer in
        _ = try Timekeeping.endExercise(in: writer)
      }
      _ = try await bench.loop().look()
      #expect(try await Self.told(bench) == [], "what an exercise left open stays silent")
    }
  }
}
