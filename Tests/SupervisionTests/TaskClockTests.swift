// Tasks of beats' lists: each has a clock from its order to what was done, due when the task says.
import Access
import Foundation
import Identifiers
import SupervisionDomain
import SupervisionStore
import Testing

@Suite struct TaskClockTests {
  private let hour: TimeInterval = 3600

  private struct Told {
    var ids = TestIDs()
    let task: TaskID
    let beats: [OrgUnitID]

    init() {
      task = ids.next()
      beats = [ids.next(), ids.next()]
    }
  }

  private func move(
    _ told: Told, _ state: TaskMove.State, beat: Int = 0, due: TimeInterval = 24 * 3600,
    period: String = "daily"
  ) -> Fact {
    .taskMoved(
      TaskMove(
        task: told.task, beat: told.beats[beat], state: state, period: period,
        dueTime: Bench.start + due))
  }

  private func apply(_ fact: Fact, _ bench: Bench, after seconds: TimeInterval) async throws {
    var ids = TestIDs("step \(seconds)")
    try await bench.play([Happening(id: ids.next(), time: Bench.start + seconds, fact: fact)])
  }

  private func clocks(_ bench: Bench) async throws -> [String] {
    try await bench.store.read(within: .everywhere) {
      try $0.deadlines(DeadlineFilter(), after: nil, limit: 50)
    }.map { deadline in
      let hours = Int(deadline.dueTime.timeIntervalSince(Bench.start) / 3600)
      return "\(deadline.ruleCode) \(hours) \(deadline.state)"
    }
  }

  @Test func aTaskIsDueWhenItSaysAndMetWhenItIsDone() async throws {
    try await Bench.with { bench in
      let told = Told()
      try await apply(move(told, .planned), bench, after: 0)
      #expect(try await clocks(bench).isEmpty)
      try await apply(move(told, .issued, due: 10 * hour), bench, after: 0)
      try await apply(move(told, .signed, due: 10 * hour), bench, after: hour)
      #expect(try await clocks(bench) == ["task.daily 10 running"])
      try await apply(move(told, .done, due: 10 * hour), bench, after: 9 * hour)
      #expect(try await clocks(bench) == ["task.daily 10 met"])
    }
  }

  @Test func whoReturnsATaskOwesItStillAndLateIsRed() async throws {
    try await Bench.with { bench in
      let told = Told()
      try await apply(move(told, .issued), bench, after: 0)
      try await apply(move(told, .returned), bench, after: hour)
      try await apply(move(told, .done), bench, after: 25 * hour)
      #expect(try await clocks(bench) == ["task.daily 24 missed"])
    }
  }

  @Test func anotherBeatAndAnotherDueTimeHaveClocksOfTheirOwn() async throws {
    try await Bench.with { bench in
      let told = Told()
      try await apply(move(told, .issued), bench, after: 0)
      // One more basis: due sooner.
      try await apply(move(told, .issued, due: 20 * hour), bench, after: hour)
      // Given to another.
      try await apply(move(told, .issued, beat: 1, due: 20 * hour), bench, after: 2 * hour)
      #expect(
        try await clocks(bench).sorted() == [
          "task.daily 20 cancelled", "task.daily 20 running", "task.daily 24 cancelled",
        ])
      try await apply(move(told, .withdrawn, beat: 1), bench, after: 3 * hour)
      #expect(try await clocks(bench).allSatisfy { $0.hasSuffix("cancelled") })
    }
  }

  @Test func oneThatBeginsLateIsDueAtOnceAndOnlyOnce() async throws {
    try await Bench.with { bench in
      let told = Told()
      try await apply(move(told, .issued, due: hour), bench, after: 2 * hour)
      try await apply(move(told, .signed, due: hour), bench, after: 3 * hour)
      #expect(try await clocks(bench) == ["task.daily 2 overdue"])
    }
  }
}
