// Idempotency and order, held against a small model: whatever is asked, repeated, reordered or cut
// short by a death of the process, each request is done once and answered alike, each event stands
// once and in its order, and each has its effect at the consumer once.
//
// `make property STEPS=1000000` walks on for long. A walk that fails is printed with the command that
// walks it again, and with the fewest of its steps that still fail.
import Access
import Foundation
import Synchronization
import Testing

@Suite struct PropertyTests {
  /// Steps of one walk: long enough for everything to happen, short enough to look at it all.
  private static let length = 1_000
  /// Walks at once: while one waits for the disk another goes on.
  private static let width = 3

  /// From the environment; `make test` leaves all of it unset.
  private struct Plan {
    var isLong: Bool
    /// The seed and length of each walk.
    var walks: [(seed: UInt64, steps: Int)]

    /// Nil when another engine is wanted.
    init?(_ engine: Engine) {
      let environment = ProcessInfo.processInfo.environment
      let wanted = environment["QUINTET_ENGINE"]
      if let wanted, wanted != "\(engine)" { return nil }
      let asked = environment["QUINTET_STEPS"].flatMap(Int.init)
      isLong = asked != nil
      let seed = environment["QUINTET_SEED"].flatMap { UInt64($0) } ?? 1
      // A server answers each step later than a file does: beside it, it takes fewer.
      let steps = max(1, (asked ?? 10_000) / (engine == .sqlite || wanted != nil ? 1 : 20))
      walks = stride(from: 0, to: steps, by: length).enumerated().map { number, start in
        (seed &+ UInt64(number), min(length, steps - start))
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func everyWalkKeepsToTheModel(engine: Engine) async throws {
    guard let plan = Plan(engine) else { return }
    // One who sees all: who is let in is not what is walked.
    try await CallContext.$current.withValue(CallContext(reach: .everywhere)) {
      try await walk(plan, engine)
    }
  }

  private func walk(_ plan: Plan, _ engine: Engine) async throws {
    let round = Round(plan.walks)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.width {
        group.addTask {
          while let walk = round.next() {
            let turns = Self.turns(walk.seed, walk.steps)
            let (tally, fall) = try await Self.attempt(engine, walk.seed, turns, walk.steps)
            if let fall {
              // Those that fall beside the first have the same reason, most likely.
              guard round.stop() else { return }
              return try await Self.report(fall, of: turns, engine, walk.seed, walk.steps)
            }
            let sum = round.add(tally)
            if plan.isLong { print("\(engine) 种子 seed \(walk.seed) 累计 so far \(sum)") }
          }
        }
      }
      try await group.waitForAll()
    }
    let tally = round.add(Tally())
    print("\(engine) \(tally)")
    if tally.steps >= 10_000 {
      let missing = Self.reasons.subtracting(tally.refusals.keys)
      #expect(missing.isEmpty, "no walk came by these refusals")
    }
  }

  /// The walks of one run, handed out to whoever is free.
  private final class Round: Sendable {
    private let walks: [(seed: UInt64, steps: Int)]
    private let state = Mutex((handedOut: 0, hasFallen: false, tally: Tally()))

    init(_ walks: [(seed: UInt64, steps: Int)]) { self.walks = walks }

    func next() -> (seed: UInt64, steps: Int)? {
      state.withLock { state in
        guard state.handedOut < walks.count else { return nil }
        state.handedOut += 1
        return walks[state.handedOut - 1]
      }
    }

    /// No further walks: one has fallen.
    /// - Returns: false when one had fallen before.
    func stop() -> Bool {
      state.withLock { state in
        defer { (state.handedOut, state.hasFallen) = (walks.count, true) }
        return !state.hasFallen
      }
    }

    /// - Returns: the sum so far.
    func add(_ tally: Tally) -> Tally {
      state.withLock { state in
        state.tally.add(tally)
        return state.tally
      }
    }
  }

  /// Every way in which command refuses what a walk can ask.
  private static let reasons: Set<String> = [
    "REQUIRED", "ID_INVALID", "UNSPECIFIED", "DUPLICATE", "TIME_IN_FUTURE", "OUTCOME_NOT_ALLOWED",
    "NOTHING_TO_CHANGE", "SAME_INCIDENT", "DISPATCH_CLASS_RESERVED", "CALL_REPORT_UNKNOWN",
    "INCIDENT_UNKNOWN", "ASSIGNMENT_UNKNOWN", "DIRECTIVE_UNKNOWN", "RECIPIENT_UNKNOWN",
    "RECOMMENDATION_UNKNOWN", "REQUEST_ID_REUSED", "EXTERNAL_REFERENCE_KNOWN",
    "UNIT_ALREADY_ASSIGNED", "RECIPIENT_KNOWN", "ETAG_MISMATCH", "CALL_REPORT_ENDED",
    "INCIDENT_ENDED", "TARGET_ENDED", "MOVE_NOT_ALLOWED", "CLASSIFICATION_INCOMPLETE",
    "ASSIGNMENT_OPEN", "DIRECTIVE_UNANSWERED", "LOCATION_REQUIRED", "COURSE_FOLLOWS_ASSIGNMENT",
  ]

  /// The turns of a walk are seeds of their own; each is a step or more.
  private static func turns(_ seed: UInt64, _ count: Int) -> [UInt64] {
    var chance = Chance(seed: seed)
    return (0..<count).map { _ in chance.next() }
  }

  private static func report(
    _ fall: Fall, of turns: [UInt64], _ engine: Engine, _ seed: UInt64, _ count: Int
  ) async throws {
    let (fewest, last) = try await shrink(
      engine, seed, Array(turns.prefix(fall.turns)), count, fall)
    let report: String = """
      \(last.reason)

      The walk fell in turn \(fall.turns); the fewest turns found that fall too: \(fewest). Of \
      these the last:
      \(last.story.suffix(60).joined(separator: "\n"))

      重现 To walk it again:
        QUINTET_ENGINE=\(engine) QUINTET_SEED=\(seed) QUINTET_STEPS=\(count) make property
      """
    Issue.record(Comment(rawValue: report))
  }

  private struct Fall {
    var reason: String
    /// Turns taken, that of the fall included.
    var turns: Int
    var story: [String]
  }

  private static func attempt(
    _ engine: Engine, _ seed: UInt64, _ turns: [UInt64], _ count: Int
  ) async throws -> (Tally, Fall?) {
    var walk = try await Walk(engine)
    var taken = 0
    do {
      for turn in turns where walk.tally.steps < count {
        taken += 1
        try await walk.take(turn)
      }
      try await walk.finish(isCompared: seed.isMultiple(of: 4))
    } catch {
      await walk.close()
      return (walk.tally, Fall(reason: "\(error)", turns: taken, story: walk.story))
    }
    await walk.close()
    return (walk.tally, nil)
  }

  /// Leaves out what can be left out, in ever smaller pieces, and not for ever.
  private static func shrink(
    _ engine: Engine, _ seed: UInt64, _ turns: [UInt64], _ count: Int, _ first: Fall
  ) async throws -> (count: Int, last: Fall) {
    var (turns, last) = (turns, first)
    var piece = turns.count / 2
    var attempts = 0
    while piece >= 1 {
      var start = 0
      while start < turns.count, attempts < 100 {
        attempts += 1
        let fewer = Array(turns[..<start] + turns[min(start + piece, turns.count)...])
        if let fall = try await attempt(engine, seed, fewer, count).1 {
          turns = Array(fewer.prefix(fall.turns))
          last = fall
        } else {
          start += piece
        }
      }
      piece /= 2
    }
    return (turns.count, last)
  }
}
