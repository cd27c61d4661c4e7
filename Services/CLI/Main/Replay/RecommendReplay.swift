// Mode `recommend`: the same calls, but the suite says who goes. Strictly in the order of time: before
// each question the suite knows every position and every unit's state, so that the same file gives the
// same answers, whatever is killed meanwhile.
//
// A call is worked off again from the beginning when a run is resumed: requests that were answered
// before are answered the same way at once, and nothing needs to be waited for.
import Datasets
import Foundation
import GRPCCore
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct RecommendReplay {
  /// Positions are told again before they are too old for a recommendation (10 min).
  static let reportInterval: TimeInterval = 480
  private static let clockInterval: TimeInterval = 3600
  /// A call that gets nobody asks again after a minute, for an hour.
  static let retryInterval: TimeInterval = 60
  static let retryLimit = 60

  enum Event: Sendable {
    case call(Int)
    case dispatch(Int, attempt: Int)
    case step(Int, FireStep, unit: String)
    case cancel(Int, unit: String)
  }

  /// One call under way.
  struct Course: Sendable {
    var incidentID = ""
    var assignments: [String: String] = [:]
    var open = 0
    var someoneCleared = false
    var firstArrival: Date?
  }

  let suite: SuiteCalls
  let calls: [FireCall]
  let world: RecommendWorld
  let fleet: ReplayFleet
  let requests: ReplayRequests
  let journal: ReplayJournal
  let pace: ReplayPace
  let reports: ReportPipeline
  let steps: StepPipeline
  /// Up to here an earlier run has done it all.
  let through: Date

  var outcome = RecommendOutcome()
  var units: [String: SimulatedUnit] = [:]
  var agenda = Agenda<Event>()
  var courses: [Int: Course] = [:]
  /// Steps taken and not yet sent.
  private var waiting: [Quintet_Command_V1_StreamAssignmentStepsRequest] = []
  /// Courses that ended with those steps.
  var ended: [Ended] = []
  /// Accounts and closings under way; they touch nothing but their own incident.
  var finishing: [Task<Void, any Error>] = []
  /// How many calls have been taken: all of an hour at once.
  private var taken = 0
  var lastReport = Date.distantPast
  private var nextClock = Date.distantPast

  init(
    suite: SuiteCalls, calls: [FireCall], world: RecommendWorld, fleet: ReplayFleet,
    requests: ReplayRequests, journal: ReplayJournal, pace: ReplayPace, reports: ReportPipeline,
    steps: StepPipeline, through: Date
  ) {
    self.suite = suite
    self.calls = calls
    self.world = world
    self.fleet = fleet
    self.requests = requests
    self.journal = journal
    self.pace = pace
    self.reports = reports
    self.steps = steps
    self.through = through
    for (name, position) in RecommendWorld.startPositions(calls) {
      if let id = fleet.ids[name] { units[name] = SimulatedUnit(id: id, position: position) }
    }
    for (index, call) in calls.enumerated() { agenda.add(.call(index), at: call.received) }
    if let start = calls.first?.received {
      nextClock = Self.hour(after: start)
    }
  }

  private static func hour(after time: Date) -> Date {
    let hours = (time.timeIntervalSince1970 / clockInterval).rounded(.down)
    return Date(timeIntervalSince1970: (hours + 1) * clockInterval)
  }

  mutating func run(hourDone: (Date) throws -> Void) async throws {
    pace.begin(at: max(through, calls.first?.received ?? through))
    while let time = agenda.nextTime {
      try suite.patience.interruption.check()
      if time >= nextClock {
        try await moveClock(to: Self.hour(after: time).addingTimeInterval(-Self.clockInterval))
        try hourDone(nextClock)
        nextClock = Self.hour(after: time)
      }
      try await pace.wait(until: time, suite.patience.interruption)
      guard let (time, event) = agenda.next() else { break }
      journal.reached(time)
      do {
        try await handle(event, at: time)
      } catch let error as RPCError {
        journal.failed("\(event)", words(for: error))
      }
    }
    try await flush()
    try await awaitFinished()
  }

  private mutating func moveClock(to time: Date) async throws {
    try await flush()
    try await awaitFinished()
    guard time > through else { return }
    try await suite.waitUntil("supervision", hasReadAllOf: "command")
    try await suite.advanceClock(to: time)
  }

  private mutating func handle(_ event: Event, at time: Date) async throws {
    switch event {
    case .call(let index):
      try await take(index)
    case .dispatch(let index, let attempt):
      try await dispatch(index, attempt: attempt, at: time)
    case .step(let index, let step, let unit):
      guard let assignment = courses[index]?.assignments[unit] else { return }
      waiting.append(
        requests.step(
          calls[index], step, unit: unit, assignment: assignment, at: time, timeKnown: true))
      if step == .arrive {
        if courses[index]?.firstArrival == nil { courses[index]?.firstArrival = time }
        place(unit, at: calls[index].point)
      }
      if step == .clear {
        courses[index]?.someoneCleared = true
        release(index, at: time)
      }
    case .cancel(let index, let unit):
      guard let assignment = courses[index]?.assignments[unit] else { return }
      let others = courses[index]?.assignments.values.map { $0 } ?? []
      // What happened on this incident before comes before; what happened elsewhere can wait.
      if waiting.contains(where: { others.contains($0.step.assignmentID) }) { try await flush() }
      let request = requests.cancel(
        calls[index], unit: unit, assignment: assignment, at: time, timeKnown: true)
      _ = try await suite.call(request.requestID) {
        try await suite.dispatches.cancelAssignment(request, options: .item)
      }
      journal.acted()
      release(index, at: time)
    }
  }

  private mutating func place(_ unit: String, at position: Coordinate) {
    units[unit]?.position = position
    units[unit]?.isReported = false
  }

  mutating func flush() async throws {
    let batch = waiting
    waiting = []
    for answer in try await steps.sendAll(batch) {
      if case .error(let problem) = answer.result {
        journal.failed(answer.requestID, problem.words)
      }
      journal.acted()
    }
    for course in ended { try await finish(course) }
    ended = []
  }

  /// Takes the calls up to the end of the window that this one lies in, in the order they came.
  private mutating func takeReports(from index: Int) async throws {
    guard index >= taken else { return }
    let length = min(Self.clockInterval, pace.windowSeconds)
    let end = calls[index].received.addingTimeInterval(length)
    let count = calls[index...].prefix { $0.received < end }.count
    let answers = try await reports.sendAll(
      calls[index..<(index + count)].map { requests.report($0) })
    for (offset, answer) in answers.enumerated() {
      switch answer.result {
      case .accepted(let accepted):
        courses[index + offset] = Course(incidentID: accepted.incidentID)
        journal.called()
      case .error(let problem): journal.failed(answer.requestID, problem.words)
      case nil: journal.failed(answer.requestID, "empty answer")
      }
    }
    taken = index + count
  }

  private mutating func take(_ index: Int) async throws {
    try await takeReports(from: index)
    guard let course = courses[index] else { return }
    let call = calls[index]
    let tasks = world.tasks(of: call)
    outcome.unitsWanted += tasks.count
    if tasks.isEmpty {
      let request = requests.queue(call, incident: course.incidentID, at: call.received)
      _ = try await suite.call(request.requestID) {
        try await suite.incidents.queueIncident(request, options: .item)
      }
    } else {
      agenda.add(.dispatch(index, attempt: 0), at: world.decisionTime(of: call))
    }
  }
}
