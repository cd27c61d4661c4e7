// One run of a replay from setting up to the report.
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf

struct ReplayRun: Sendable {
  /// Streams by which steps travel; more only cost.
  private static let stepStreams = 4
  /// Longest of all deadlines that a replay can start, and a margin.
  private static let settlingTime: TimeInterval = 26 * 3600

  let suite: SuiteCalls
  let file: FireFile
  /// In the order they were received.
  let calls: [FireCall]
  let mode: ReplayCommand.Mode
  let journal: ReplayJournal
  let pace: ReplayPace
  let runDirectory: String
  let start: ContinuousClock.Instant

  private var prefix: String { "sf:\(file.fingerprint.prefix(12))" }

  private var requests: ReplayRequests {
    switch mode {
    case .observed: ReplayRequests(prefix: prefix, source: "sf-fire")
    // What might have been is kept apart from what was.
    case .recommend: ReplayRequests(prefix: "\(prefix):rec", source: "sf-fire.recommend")
    }
  }

  private var progressPath: String {
    "\(runDirectory)/replay-\(file.fingerprint.prefix(12))-\(mode.rawValue).json"
  }

  func run() async throws -> ReplayReport {
    let first = calls.first?.received ?? Date(timeIntervalSince1970: 0)
    let hour = (first.timeIntervalSince1970 / 3600).rounded(.down) * 3600
    let begin = Date(timeIntervalSince1970: hour)
    let fleet = try await ReplaySetup(suite: suite, file: file, prefix: prefix, time: begin).run()
    var progress = ReplayProgress.load(progressPath)
    let earlier = try await EarlierRun(
      progress, suite: suite, source: requests.source, calls: calls, fleet: fleet)
    let wallBefore = earlier.calls.isEmpty ? 0 : progress.wallSeconds
    func save(through: Date, isFinished: Bool = false) throws {
      // What was refused is tried again by the next run, and all that rests on it.
      guard journal.snapshot.failureCount == 0 else { return }
      progress = ReplayProgress(
        through: max(through, earlier.through).timeIntervalSince1970, isFinished: isFinished,
        wallSeconds: wallBefore + start.duration(to: .now).inSeconds)
      try progress.save(progressPath)
    }
    let model = travelModel()
    var outcome: RecommendOutcome?
    if !earlier.isFinished { try await suite.startExercise(at: begin) }
    switch mode {
    case .observed:
      try await observed(fleet, earlier) { try save(through: $0) }
    case .recommend:
      outcome = try await recommended(
        fleet, model.fit, through: earlier.isFinished ? .distantFuture : earlier.through
      ) { try save(through: $0, isFinished: earlier.isFinished) }
    }
    if !earlier.isFinished {
      let end = try await settle()
      try save(through: end, isFinished: true)
    }
    return try await report(
      fleet, model.report, outcome, wall: wallBefore + start.duration(to: .now).inSeconds)
  }

  private func observed(
    _ fleet: ReplayFleet, _ earlier: EarlierRun, _ done: (Date) throws -> Void
  ) async throws {
    let reports = suite.reportPipeline()
    let steps = (0..<Self.stepStreams).map { _ in suite.stepPipeline() }
    let replay = ObservedReplay(
      suite: suite, plans: calls.map { FirePlan($0) }, fleet: fleet, requests: requests,
      journal: journal, pace: pace, reports: reports, steps: steps)
    try await reports.during {
      try await nested(steps[...]) {
        try await replay.run(after: earlier, windowDone: done)
      }
    }
  }

  /// Keeps every one of several streams alive while `body` runs.
  private func nested(
    _ streams: ArraySlice<StepPipeline>, _ body: () async throws -> Void
  ) async throws {
    guard let first = streams.first else { return try await body() }
    try await first.during { try await nested(streams.dropFirst(), body) }
  }

  private func recommended(
    _ fleet: ReplayFleet, _ fit: TravelFit, through: Date, _ done: (Date) throws -> Void
  ) async throws -> RecommendOutcome {
    let world = RecommendWorld(calls, fit: fit)
    // The suite's own estimates then are those by which units move here.
    try await suite.call("PutTravelModel") {
      _ = try await suite.units.putTravelModel(
        .with {
          $0.requestID = "\(requests.prefix):travel-model"
          $0.model.detourFactor = 1
          $0.model.speedMps = fit.metresPerSecond
          $0.model.turnoutS = min(600, world.turnout + fit.fixedSeconds)
        }, options: .item)
    }
    let reports = suite.reportPipeline()
    let steps = suite.stepPipeline()
    return try await reports.during {
      try await steps.during {
        var replay = RecommendReplay(
          suite: suite, calls: calls, world: world, fleet: fleet, requests: requests,
          journal: journal, pace: pace, reports: reports, steps: steps, through: through)
        try await replay.run(hourDone: done)
        return replay.outcome
      }
    }
  }

  /// Lets everything that still runs come to its end.
  /// - Returns: where the clock stood last.
  private func settle() async throws -> Date {
    try await suite.waitUntil("supervision", hasReadAllOf: "command")
    let end = max(calls.map(\.end).max() ?? .distantPast, journal.snapshot.time)
      .addingTimeInterval(Self.settlingTime)
    try await suite.advanceClock(to: end)
    try await suite.endExercise()
    return end
  }

  private func travelModel() -> (fit: TravelFit, report: TravelModelReport) {
    let halves = Journey.halves(of: calls)
    // A file too small to learn from is travelled at 30 km/h after a minute.
    let fit =
      TravelFit.fit(halves.first) ?? TravelFit(fixedSeconds: 60, metresPerSecond: 8.3)
    return (fit, TravelModelReport(fit: fit, first: halves.first, second: halves.second))
  }

  private func report(
    _ fleet: ReplayFleet, _ model: TravelModelReport, _ outcome: RecommendOutcome?, wall: Double
  ) async throws -> ReplayReport {
    let findings = try await ReplayFindings.read(
      suite, source: requests.source, calls: calls, fleet: fleet,
      unrecorded: mode == .observed ? unrecordedDispatches : [:])
    let held = ResponseIntervals.byPriority(findings.samples)
    let failures = journal.snapshot
    return ReplayReport(
      mode: mode.rawValue, rows: file.rowCount, quarantined: file.quarantine.report,
      calls: calls.count, incidents: findings.incidents,
      intervals: mode == .observed ? held : ResponseIntervals.byPriority(calls.map(\.observed)),
      recommendedIntervals: mode == .recommend ? held : nil, recommendation: outcome,
      travelModel: mode == .recommend ? model : nil, deadlines: findings.deadlines,
      failed: .init(count: failures.failureCount, first: failures.failures), wallSeconds: wall)
  }

  private var unrecordedDispatches: [String: Set<String>] {
    calls.reduce(into: [:]) { unrecorded, call in
      let units = call.responses.filter { $0.dispatch == nil }.map(\.unitID)
      if !units.isEmpty { unrecorded[call.number] = Set(units) }
    }
  }
}
