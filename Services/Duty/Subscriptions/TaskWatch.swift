// The clock as one more neighbour: days come, for which lists are to be made, and planned tasks whose time
// begins. Each is looked for in the store, so it is done once and not forgotten, whenever this is stopped.
import Access
public import DutyDomain
public import Foundation
import Identifiers

/// Makes lists for today and six days ahead, and issues what is planned when its time has come.
public struct TaskWatch: Sendable {
  /// Seconds between two looks.
  static let pace: Double = 1
  /// Seconds after a look that failed.
  static let patience: Double = 10
  /// How many are handled in one look; the rest waits for the next.
  static let batch = 100

  /// Told of a look that failed.
  public typealias Report = @Sendable (any Error) -> Void

  private let store: any DutyStore
  private let clock: @Sendable () -> Date
  private let report: Report

  public init(
    store: any DutyStore, clock: @escaping @Sendable () -> Date, report: @escaping Report
  ) {
    self.store = store
    self.clock = clock
    self.report = report
  }

  /// Runs until the task is cancelled.
  /// - Throws: `CancellationError`.
  public func run() async throws {
    while true {
      var wait = Self.pace
      do {
        try await look()
      } catch let error where !(error is CancellationError) {
        report(error)
        wait = Self.patience
      }
      try await Task.sleep(for: .seconds(wait))
    }
  }

  /// One look. What fails is tried again by the next.
  /// - Throws: what the store throws.
  public func look() async throws {
    let now = clock()
    let today = RosterDay(of: now)
    let last = today.adding(TaskListMaking.daysAhead - 1)
    let (beats, planned) = try await store.read(within: .everywhere) { reader in
      (
        try reader.beatsToMake(for: today...last, limit: Self.batch),
        try reader.tasksToIssue(by: now, limit: Self.batch)
      )
    }
    for beat in beats {
      let revision = try await store.read(within: .everywhere) {
        try $0.taskPlan(of: beat)?.revision ?? 0
      }
      // A beat each, so that others' writes come between.
      try await store.write(
        provenance: Self.provenance("clock/\(beat)/list-\(revision)-\(last)"), now: now
      ) {
        // From today on: what was not made in time is not asked for afterwards.
        _ = try TaskListMaking().make(for: beat, today...last, at: now, in: $0)
      }
    }
    for id in planned {
      try await store.write(provenance: Self.provenance("clock/\(id)/issue"), now: now) {
        guard let task = try $0.task(id) else { return }
        var book = TaskBook(writer: $0, at: max(task.start, task.moveTime))
        try book.issue(id)
      }
    }
  }

  private static func provenance(_ cause: String) -> Provenance {
    Provenance(actor: "service/duty", cause: cause, trace: "")
  }
}
