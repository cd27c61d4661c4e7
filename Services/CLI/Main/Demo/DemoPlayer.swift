// Plays the day through the gateway: everything that people and units of the bureau would do, each at
// its simulated time, one after the other, so that supervision's clock never runs ahead of a fact.
import Classification
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import Wire

actor DemoPlayer {
  /// An incident and how far it is.
  struct Case {
    let plan: IncidentPlan
    let spot: Spot
    let id: String
    let number: String
    /// Assignments and courses that are not over.
    var openTrips = 0
    var openCourses = 0
    var rounds = 0
    var wasReturned = false
    var wasReopened = false
  }

  /// A unit sent to an incident.
  struct Trip {
    let key: String
    let assignment: String
    let unit: Int
    let pace: UnitPace
    let dispatchSecond: Double
  }

  /// One recipient's part of a directive.
  struct Course {
    let key: String
    let directive: String
    let plan: RecipientPlan
    let recipient: Quintet_Command_V1_Recipient
    let name: String
    let actor: Metadata
  }

  let suite: SuiteCalls
  let bureau: Bureau
  let day: DemoDay
  let fleet: DemoFleet
  let midnight: Date
  let narrator: DemoNarrator
  private let watch: DemoWatch

  private let pace: ReplayPace
  private var agenda = DemoAgenda()
  /// Steps that are not ticks.
  private var stepsLeft = 0
  private(set) var problems: [String] = []
  var now: Double = 0

  var tracks: DemoTracks
  var reports: [Int: String] = [:]
  var cases: [String: Case] = [:]
  var trips: [Trip] = []
  var courses: [Course] = []
  var topics: [Int: String] = [:]
  var joint = DemoJointWork()
  /// Of the post whose leader placed the patrols.
  var deployment: String?
  /// Whether public opinion has told something that runs or stops a clock.
  var opinionMoved = false
  var wide = DemoWide()
  /// The same of duty's lists.
  var listsMoved = true
  var callCount = 0
  var closedCount = 0
  private var nextHour: Double = 3_600

  private let tickSeconds: Double

  init(
    suite: SuiteCalls, bureau: Bureau, day: DemoDay, fleet: DemoFleet, midnight: Date,
    speed: ReplaySpeed, narrator: DemoNarrator, watch: DemoWatch
  ) {
    self.suite = suite
    self.bureau = bureau
    self.day = day
    self.fleet = fleet
    self.midnight = midnight
    self.narrator = narrator
    self.watch = watch
    // Lines wait for the next tick: no longer than two seconds for whoever looks on.
    let longest = DemoTracks.fixSeconds
    tickSeconds =
      if case .times(let factor) = speed { min(longest, max(5, factor * 2)) } else { longest }
    pace = ReplayPace(speed)
    tracks = DemoTracks(units: bureau.units, ids: fleet.unitIDs, midnight: midnight)
  }

  /// - Returns: what the suite refused, in sentences; empty when all went as planned.
  func play() async throws -> [String] {
    pace.begin(at: midnight)
    plan(.tick, at: 0)
    for (index, call) in day.calls.enumerated() {
      plan(.answer(index), at: Double(call.receiveSecond))
    }
    for (index, shift) in day.startingLater.enumerated() {
      plan(.startShift(index), at: Double(shift.second))
    }
    for second in DemoRoster.changes {
      plan(.changeTurn(second), at: Double(second - DemoRoster.ahead))
    }
    plan(.deploy, at: DemoDeployment.suggestSecond)
    plan(.compareDeployment, at: DemoDeployment.compareSecond)
    planTasks()
    for (index, topic) in day.opinion.enumerated() {
      for (item, text) in topic.items.enumerated() {
        plan(.post(index, item), at: Double(text.second))
      }
      if let tie = topic.tie {
        plan(.tie(index), at: Double(tie.second))
        plan(.respond(index), at: Double(tie.responseSecond))
      }
    }
    planJointWork()
    for (second, step) in DemoWide.agenda { plan(.wide(step), at: second) }
    while let (second, step) = agenda.next() {
      try Task.checkCancellation()
      now = max(now, second)
      try await pace.wait(until: time, suite.patience.interruption)
      await perform(step)
      if case .tick = step { continue }
      stepsLeft -= 1
    }
    try await moveClock()
    narrator.flush()
    return problems
  }

  /// The simulated time of the step in hand.
  var time: Date { midnight.addingTimeInterval(now) }

  func plan(_ step: DemoStep, at second: Double) {
    if case .tick = step {} else { stepsLeft += 1 }
    agenda.plan(step, at: second)
  }

  func plan(_ step: DemoStep, in seconds: Int) {
    plan(step, at: now + Double(seconds))
  }

  /// A refusal spoils one thread of the day, not the day: it is told, and counts against it.
  private func perform(_ step: DemoStep) async {
    do {
      try await carryOut(step)
    } catch is CancellationError {
      // The loop sees it, too.
    } catch {
      problems.append("\(step): \(words(for: error))")
      narrator.line(now, "✗ \(step): \(words(for: error))")
    }
  }

  private func carryOut(_ step: DemoStep) async throws {
    switch step {
    case .tick: try await tick()
    case .startShift(let index): try await startShift(index)
    case .changeTurn(let second): try await changeTurn(at: second)
    case .deploy: try await deploy()
    case .compareDeployment: try await compareDeployment()
    case .answer(let index): try await answer(index)
    case .settle(let index): try await settle(index)
    case .classify(let key): try await classify(key)
    case .queue(let key): try await queue(key)
    case .send(let key, let attempt): try await send(key, attempt)
    case .advance(let trip, let step): try await advance(trip, step)
    case .submitFeedback(let key): try await submitFeedback(key)
    case .close(let key): try await close(key)
    case .divert(let key, let authority, let isAccepted):
      try await divert(key, authority, isAccepted)
    case .resolveDiversion(let key, let isAccepted): try await resolve(key, isAccepted)
    case .monitor(let key, let reason, let seconds): try await monitor(key, reason, seconds)
    case .requestFeedback(let key): try await requestFeedback(key)
    case .cancel(let key, let reason): try await cancel(key, reason)
    case .merge(let key, let target, let reason): try await merge(key, target, reason)
    case .reopen(let key, let reason): try await reopen(key, reason)
    case .issue(let key, let index): try await issue(key, index)
    case .course(let index, let step): try await move(index, step)
    case .post(let topic, let item): try await post(topic, item)
    case .tie(let topic): try await tie(topic)
    case .respond(let topic): try await respond(topic)
    case .joint(let step): try await carryOut(step)
    case .wide(let step): try await carryOut(step)
    case .tasks(let beat, let step): try await tasks(beat, step)
    }
  }

  // MARK: - Time

  private func tick() async throws {
    let fixes = tracks.dueFixes(at: now)
    async let reported: Void = suite.report(fixes)
    try await moveClock()
    try await reported
    if now >= nextHour {
      nextHour += 3_600
      try await sampleCoverage()
      let out = cases.values.reduce(0) { $0 + $1.openTrips }
      narrator.line(
        now,
        "── 接警 calls \(callCount) · 警情 incidents \(cases.count) · 未结 open "
          + "\(cases.count - closedCount) · 在途在处 units out \(out) · 超时 red "
          + "\(narrator.overdueCount) ──")
    }
    narrator.flush()
    // Only ticks left: the day is done.
    if stepsLeft > 0 { plan(.tick, at: now + tickSeconds) }
  }

  private func moveClock() async throws {
    try await suite.waitUntil("supervision", hasReadAllOf: "command")
    if opinionMoved {
      try await suite.waitUntil("supervision", hasReadAllOf: "publicopinion")
      opinionMoved = false
    }
    if listsMoved {
      try await suite.waitUntil("supervision", hasReadAllOf: "duty")
      listsMoved = false
    }
    try await suite.advanceClock(to: time)
    try await watch.catchUp()
  }

  private func startShift(_ index: Int) async throws {
    let sign = day.startingLater[index].callSign
    guard let unit = bureau.units.firstIndex(where: { $0.callSign == sign }) else { return }
    try await suite.set(unit: fleet.unitIDs[unit], isOnDuty: true, at: time, key: "on")
  }

  private func changeTurn(at second: Int) async throws {
    let roster = DemoRoster(suite: suite, midnight: midnight)
    if let told = try await roster.change(at: second) { narrator.line(now, told) }
  }

  // MARK: - Words

  func known(_ key: String) throws -> Case {
    guard let found = cases[key] else { throw DemoStepLost(key: key) }
    return found
  }

  func request(_ key: String, _ act: String) -> String { "demo/\(key)/\(act)" }

  /// Told only when the incident is part of a story, or grave.
  func tell(_ key: String, _ text: String) {
    guard let found = cases[key] else { return }
    if let story = found.plan.story {
      narrator.story(now, story, text)
    } else if found.plan.level <= .level2 {
      narrator.line(now, "\(found.number) \(text)")
    }
  }

  func note(_ problem: String) {
    problems.append(problem)
    narrator.line(now, "✗ \(problem)")
  }
}

/// A step speaks of an incident that could not be opened.
struct DemoStepLost: Error, CustomStringConvertible {
  let key: String
  var description: String { "未能立警 \(key) / the incident of \(key) was never opened" }
}
