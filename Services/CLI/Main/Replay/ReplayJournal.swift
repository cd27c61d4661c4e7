// How far a replay has come: for the person who watches, for the report, and, in a small file beside
// the sockets, for the next run of the same command. Losing that file costs time and nothing else.
import Datasets
import Foundation
import QuintetAPI
import Synchronization

/// Counts and failures of one run; shared by everything that works at once.
final class ReplayJournal: Sendable {
  /// Failures that the report quotes.
  private static let quotedFailures = 20

  struct Snapshot: Sendable {
    /// Simulated time.
    var time = Date.distantPast
    var calls = 0
    var acts = 0
    var failureCount = 0
    var failures: [String] = []
  }

  private let state = Mutex(Snapshot())

  var snapshot: Snapshot { state.withLock { $0 } }

  func reached(_ time: Date) { state.withLock { $0.time = time } }
  func called(_ count: Int = 1) { state.withLock { $0.calls += count } }
  func acted(_ count: Int = 1) { state.withLock { $0.acts += count } }

  func failed(_ what: String, _ why: String) {
    state.withLock { state in
      state.failureCount += 1
      if state.failures.count < Self.quotedFailures { state.failures.append("\(what): \(why)") }
    }
  }
}

extension ReplayJournal {
  /// Says what was refused, if anything was, to the person at the terminal.
  func tellFailures() {
    let now = snapshot
    guard now.failureCount > 0 else { return }
    tell("未能录入 refused \(now.failureCount)：")
    for failure in now.failures { tell("  \(failure)") }
  }
}

/// The small file.
struct ReplayProgress: Codable, Sendable {
  /// Everything up to here is done, and the clock stands here; simulated time in seconds since 1970.
  var through: Double?
  /// The exercise is over.
  var isFinished = false
  /// Seconds spent in earlier runs.
  var wallSeconds: Double = 0

  static func load(_ path: String) -> ReplayProgress {
    guard let data = FileManager.default.contents(atPath: path),
      let progress = try? JSONDecoder().decode(ReplayProgress.self, from: data)
    else { return ReplayProgress() }
    return progress
  }

  func save(_ path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// What an earlier run of the same command left in the suite.
struct EarlierRun: Sendable {
  var through = Date.distantPast
  var isFinished = false
  /// By call number.
  var calls: [String: ReplayedCall] = [:]

  /// Believes the small file as far as the suite bears it out: it may stem from a suite whose stores
  /// are gone, and then everything is done again.
  init(
    _ progress: ReplayProgress, suite: SuiteCalls, source: String, calls: [FireCall],
    fleet: ReplayFleet
  ) async throws {
    guard let through = progress.through.map({ Date(timeIntervalSince1970: $0) }) else { return }
    let expected = Set(calls.filter { $0.received < through }.map(\.number))
    var found: [String: ReplayedCall] = [:]
    try await suite.forEachIncident(source: source) { incident in
      var call = ReplayedCall(incidentID: incident.id)
      for assignment in incident.assignments {
        guard let unit = fleet.callSigns[assignment.unitID] else { continue }
        call.assignments[unit] = assignment.id
      }
      found[incident.externalReference] = call
    }
    guard expected.isSubset(of: found.keys) else { return }
    self.through = through
    isFinished = progress.isFinished
    self.calls = found
  }
}
