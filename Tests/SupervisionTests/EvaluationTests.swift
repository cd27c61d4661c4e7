// Grades: what good, fair and poor mean, and what an incident's story comes to.
import Access
import Foundation
import Identifiers
import SupervisionDomain
import SupervisionStore
import Testing

@Suite struct EvaluationTests {
  @Test(arguments: [
    (0, 0, 0, Grade.none), (0, 0, 3, .none), (1, 0, 0, .good), (9, 0, 1, .fair), (9, 0, 2, .poor),
    (4, 1, 0, .fair), (4, 1, 1, .fair), (79, 21, 0, .poor), (80, 20, 0, .fair), (0, 1, 0, .poor),
    (4, 1, 2, .poor),
  ]) func gradesAreAsTheContractSays(met: Int, missed: Int, returned: Int, grade: Grade) {
    for excluded in [0, 5] {
      let tally = Tally(met: met, missed: missed, excluded: excluded)
      #expect(Grade(tally, returnCount: returned) == grade)
    }
  }

  /// Tells the story of one incident, each line at its own second.
  struct Story {
    var ids = TestIDs("story")
    let incident: IncidentID
    let assignment: AssignmentID
    let unit: UnitID
    private(set) var happenings: [Happening] = []

    init() {
      incident = ids.next()
      assignment = ids.next()
      unit = ids.next()
    }

    mutating func tell(_ second: TimeInterval, _ fact: Fact) {
      happenings.append(Happening(id: ids.next(), time: Bench.start + second, fact: fact))
    }

    mutating func unit(_ second: TimeInterval, _ state: AssignmentMove.State) {
      tell(
        second,
        .assignmentMoved(
          AssignmentMove(assignment: assignment, incident: incident, unit: unit, state: state)))
    }

    mutating func moves(
      _ second: TimeInterval, _ from: IncidentMove.State, _ to: IncidentMove.State,
      _ text: String = Script.strongText
    ) {
      tell(
        second,
        .incidentMoved(IncidentMove(incident: incident, from: from, to: to, feedback: text)))
    }
  }

  static func evaluation(_ bench: Bench, _ story: Story) async throws -> Evaluation? {
    try await bench.store.read(within: .everywhere) { [incident = story.incident] in
      try $0.evaluation(of: incident)
    }
  }

  @Test func aStoryIsJudgedWhenItEndsAndAnewWhenItEndsAgain() async throws {
    try await Bench.with { bench in
      var story = Story()
      story.unit(0, .dispatched)
      story.unit(10, .acknowledged)
      story.unit(60, .enRoute)
      story.unit(200, .onScene)
      story.unit(900, .cleared)
      story.moves(900, .active, .awaitingFeedback)
      story.moves(1_000, .awaitingFeedback, .inReview)
      story.moves(1_100, .inReview, .closed)
      try await bench.play(story.happenings)
      let first = try #require(try await Self.evaluation(bench, story))
      #expect(first.grade == .good)
      #expect(first.tally == Tally(met: 4, missed: 0, excluded: 0))
      #expect(first.closeTime == Bench.start + 1_100)
      let feedback = try await bench.allDeadlines().first { $0.kind == .incidentFeedback }
      #expect(feedback?.responsible == "unit/\(story.unit)")

      var again = story
      again.moves(2_000, .closed, .active)
      again.moves(2_010, .active, .awaitingFeedback)
      again.moves(9_000, .awaitingFeedback, .inReview)
      again.moves(9_010, .inReview, .closed)
      try await bench.play(again.happenings.dropFirst(story.happenings.count))
      let second = try #require(try await Self.evaluation(bench, story))
      #expect(second.ordinal == 2)
      #expect(second.tally == Tally(met: 4, missed: 1, excluded: 0))
      #expect(second.grade == .fair)
      let all = try await bench.store.read(within: .everywhere) {
        try $0.evaluations(after: nil, limit: 10)
      }
      #expect(all == [second, first])
    }
  }

  @Test func cancelledRunningAndTopicsAreLeftOutAndReturnsCount() async throws {
    try await Bench.with { bench in
      var story = Story()
      story.unit(0, .dispatched)
      story.unit(20, .cancelled)
      let station = Recipient(kind: .station, id: "s1")
      let directive: DirectiveID = story.ids.next()
      story.tell(
        30,
        .directiveIssued(
          DirectiveIssue(
            directive: directive, incident: story.incident, directiveClass: .general,
            recipients: [station])))
      story.tell(
        40,
        .courseMoved(
          CourseMove(
            directive: directive, incident: story.incident, directiveClass: .general,
            recipient: station, state: .returned, feedback: "")))
      story.tell(50, .topicTied(story.ids.next(), incident: story.incident))
      story.moves(60, .inReview, .awaitingFeedback)
      story.moves(70, .awaitingFeedback, .inReview)
      story.moves(80, .inReview, .closed)
      try await bench.play(story.happenings)
      let evaluation = try #require(try await Self.evaluation(bench, story))
      // Sign, departure and arrival cancelled; sign and feedback of the station still running.
      #expect(evaluation.tally == Tally(met: 1, missed: 0, excluded: 5))
      #expect(evaluation.returnCount == 2)
      #expect(evaluation.grade == .poor)
    }
  }

  @Test(arguments: [IncidentMove.State.cancelled, .merged])
  func anIncidentThatEndsOtherwiseCancelsAllOfItsOwnButNotItsTopics(
    end: IncidentMove.State
  ) async throws {
    try await Bench.with { bench in
      var story = Story()
      story.unit(0, .dispatched)
      story.tell(0, .topicTied(story.ids.next(), incident: story.incident))
      story.moves(10, .active, end)
      try await bench.play(story.happenings)
      let states = try await bench.allDeadlines().map { "\($0.kind) \($0.state)" }.sorted()
      #expect(
        states == [
          "arrival cancelled", "departure cancelled", "opinionResponse running", "sign cancelled",
        ])
      #expect(try await Self.evaluation(bench, story) == nil)
    }
  }
}
