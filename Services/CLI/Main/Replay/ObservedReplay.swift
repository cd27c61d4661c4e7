// Mode `observed`: calls come in when they came in, and units move when they moved. Time is cut into
// windows; within one, first the calls are taken in the order they were received, then everything that
// happened on incidents, many incidents at once and each strictly in order; then the clock follows.
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import Wire

/// What a replay has learnt about one call.
struct ReplayedCall: Sendable {
  var incidentID = ""
  /// Unit id of the file → `asg_…`.
  var assignments: [String: String] = [:]
  /// An act was refused: those that follow make no sense any more.
  var isBroken = false
}

struct ObservedReplay: Sendable {
  /// Incidents worked on at once.
  private static let incidentsAtOnce = 32
  /// Longest window, in simulated seconds.
  private static let longestWindow: Double = 3600

  let suite: SuiteCalls
  let plans: [FirePlan]
  let fleet: ReplayFleet
  let requests: ReplayRequests
  let journal: ReplayJournal
  let pace: ReplayPace
  let reports: ReportPipeline
  /// An incident's steps all go by the same one.
  let steps: [StepPipeline]

  /// What happens in one window: calls by index, and the acts of calls by index.
  struct Window: Sendable {
    let end: Date
    var calls: [Int] = []
    var acts: [Int: [FireAct]] = [:]
  }

  /// Windows in which anything happens, in order. A call's plan goes on in later windows.
  func windows() -> [Window] {
    let length = min(Self.longestWindow, pace.windowSeconds)
    var windows: [Int: Window] = [:]
    func window(of time: Date) -> Int { Int((time.timeIntervalSince1970 / length).rounded(.down)) }
    func make(_ index: Int) -> Window {
      Window(end: Date(timeIntervalSince1970: Double(index + 1) * length))
    }
    for (index, plan) in plans.enumerated() {
      let received = window(of: plan.call.received)
      windows[received, default: make(received)].calls.append(index)
      for act in plan.acts {
        let turn = window(of: act.turn)
        windows[turn, default: make(turn)].acts[index, default: []].append(act)
      }
    }
    return windows.sorted { $0.key < $1.key }.map(\.value)
  }

  /// - Parameters:
  ///   - earlier: how far an earlier run came.
  ///   - windowDone: called with the end of each window once all services have followed.
  func run(after earlier: EarlierRun, windowDone: (Date) throws -> Void) async throws {
    let windows = windows()
    let remaining = windows.filter { $0.end > earlier.through }
    var calls: [Int: ReplayedCall] = [:]
    for (index, plan) in plans.enumerated() { calls[index] = earlier.calls[plan.call.number] }
    let done = windows.prefix(windows.count - remaining.count)
    journal.called(done.reduce(0) { $0 + $1.calls.count })
    journal.acted(done.reduce(0) { $0 + $1.acts.values.reduce(0) { $0 + $1.count } })
    pace.begin(at: remaining.first?.end)
    for window in remaining {
      try await pace.wait(until: window.end, suite.patience.interruption)
      try await take(window, &calls)
      try await play(window, &calls)
      try await suite.waitUntil("supervision", hasReadAllOf: "command")
      try await suite.advanceClock(to: window.end)
      journal.reached(window.end)
      try windowDone(window.end)
    }
  }

  private func take(_ window: Window, _ calls: inout [Int: ReplayedCall]) async throws {
    let requests = window.calls.map { self.requests.report(plans[$0].call) }
    let answers = try await reports.sendAll(requests)
    for (index, answer) in zip(window.calls, answers) {
      switch answer.result {
      case .accepted(let accepted):
        calls[index] = ReplayedCall(incidentID: accepted.incidentID)
        journal.called()
      case .error(let problem):
        journal.failed("call \(plans[index].call.number)", problem.words)
      case nil:
        journal.failed("call \(plans[index].call.number)", "empty answer")
      }
    }
  }

  private func play(_ window: Window, _ calls: inout [Int: ReplayedCall]) async throws {
    let work = window.acts.sorted { $0.key < $1.key }
    let opened = calls
    let played = try await withThrowingTaskGroup(of: (Int, ReplayedCall).self) { group in
      var played: [Int: ReplayedCall] = [:]
      for (position, (index, acts)) in work.enumerated() {
        if position >= Self.incidentsAtOnce, let (index, call) = try await group.next() {
          played[index] = call
        }
        // A call that was refused has failed already, and has no incident to act on.
        guard let call = opened[index], !call.isBroken else { continue }
        group.addTask {
          let player = IncidentPlayer(
            suite: suite, call: plans[index].call, fleet: fleet, requests: requests,
            journal: journal, steps: steps[index % steps.count])
          return (index, try await player.play(acts, on: call))
        }
      }
      for try await (index, call) in group { played[index] = call }
      return played
    }
    calls.merge(played) { $1 }
  }
}
