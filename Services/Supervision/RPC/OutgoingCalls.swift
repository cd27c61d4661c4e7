// The loop that brings weak feedback back. A row says what is wanted; it is asked for until it has
// been answered, however often either service is stopped in between.
import Access
public import Foundation
import Identifiers
public import SupervisionDomain

public struct OutgoingCalls: Sendable {
  static let pageLimit = 50
  static let firstPause: Duration = .milliseconds(50)
  static let longestPause: Duration = .seconds(5)
  /// Commits come in bursts; one look answers for all of them.
  static let rest: Duration = .milliseconds(100)

  private let store: any SupervisionStore
  private let returner: any FeedbackReturner
  private let report: LogReport
  private let clock: @Sendable () -> Date

  public init(
    store: any SupervisionStore, returner: any FeedbackReturner, report: @escaping LogReport,
    clock: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.returner = returner
    self.report = report
    self.clock = clock
  }

  /// Runs until the task is cancelled.
  /// - Throws: `CancellationError`.
  public func run() async throws {
    // Listen before the first look, so that no commit falls between the two.
    var changes = store.changes().makeAsyncIterator()
    repeat {
      var pause = Self.firstPause
      while await !settle() {
        try await Task.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
      try await Task.sleep(for: Self.rest)
    } while await changes.next() != nil
    try Task.checkCancellation()
  }

  /// Asks once for everything that is wanted.
  /// - Returns: whether nothing is left that could be asked for again.
  func settle() async -> Bool {
    do {
      while true {
        let calls = try await store.read(within: .everywhere) {
          try $0.pendingCalls(limit: Self.pageLimit)
        }
        if calls.isEmpty { return true }
        var isSettled = true
        for call in calls {
          try Task.checkCancellation()
          if await !ask(call) { isSettled = false }
        }
        if !isSettled { return false }
      }
    } catch is CancellationError {
      return false
    } catch {
      report(
        LogLine(
          .warning, "the store does not give the calls to be made; trying again",
          ["error": "\(error)"]))
      return false
    }
  }

  /// - Returns: whether it was answered.
  private func ask(_ call: OutgoingCall) async -> Bool {
    var metadata = ["request": call.requestID, "trace": call.trace]
    metadata["incident"] = call.incidentID?.description
    do {
      let answer = try await returner.giveBack(call)
      var state = OutgoingCall.State.answered
      if case .refused(let why) = answer {
        state = .refused
        metadata["error"] = why
      }
      let settled = state
      try await store.write(now: clock()) { try $0.settle(call.requestID, as: settled) }
      report(
        settled == .answered
          ? LogLine(.info, "weak feedback returned", metadata)
          : LogLine(.warning, "command refused to return weak feedback", metadata))
      return true
    } catch {
      metadata["error"] = "\(error)"
      report(LogLine(.warning, "weak feedback could not be returned yet", metadata))
      return false
    }
  }
}
