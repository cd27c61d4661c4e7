// The clock as a neighbour of coverage and deployments: it tells that an hour has begun whose coverage is
// to be kept, and that a deployment is over and can be compared with what happened.
import Access
public import DutyDomain
public import Foundation
import Identifiers

/// Samples coverage at each full hour, and compares deployments an hour after their end.
public actor DutyWatch {
  /// Seconds between two looks.
  static let pace: Double = 20
  /// A sample is taken within so many seconds of the full hour, or not at all: one of half past would
  /// be no sample of the hour.
  static let lateness: Double = 300
  /// Seconds after the end before a deployment is first compared: units are still on their last calls.
  static let settling: Double = 3600
  /// Corrections come for so long, and are looked for so often.
  static let corrections: Double = 3 * 86_400
  static let again: Double = 6 * 3600
  static let batch = 20

  /// Told of a look that failed.
  public typealias Report = @Sendable (any Error) -> Void

  private let store: any DutyStore
  private let clock: @Sendable () -> Date
  private let report: Report
  /// The hour that was seen last: one that had begun before this was started is not sampled.
  private var hour: Date?

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
      do {
        try await look()
      } catch let error where !(error is CancellationError) {
        report(error)
      }
      try await Task.sleep(for: .seconds(Self.pace))
    }
  }

  /// One look. What fails is tried again by the next.
  /// - Throws: what the store throws.
  public func look() async throws {
    let now = clock()
    try await sample(at: now)
    try await compare(at: now)
  }

  private func sample(at now: Date) async throws {
    let current = CoverageSampling.hour(of: now)
    defer { if hour == nil { hour = current } }
    guard let last = hour, last < current else { return }
    if now.timeIntervalSince(current) <= Self.lateness {
      _ = try await CoverageSampler(store: store).take(
        at: now, provenance: Self.provenance("clock/coverage/\(Int(current.timeIntervalSince1970))")
      )
    }
    hour = current
  }

  private func compare(at now: Date) async throws {
    let due = try await store.read(within: .everywhere) {
      try $0.deploymentsToCompare(
        endedBy: now.addingTimeInterval(-Self.settling),
        recent: now.addingTimeInterval(-Self.corrections),
        comparedBefore: now.addingTimeInterval(-Self.again), limit: Self.batch)
    }
    for id in due {
      let outcome = try await store.consult(within: .everywhere) { roster, reader in
        try DeploymentPlanning().outcome(of: id, at: now, roster, in: reader)
      }
      _ = try await store.write(
        provenance: Self.provenance("clock/\(id)/compare-\(Int(now.timeIntervalSince1970))"),
        now: now
      ) { try DeploymentPlanning().compare(id, outcome, in: $0) }
    }
  }

  private static func provenance(_ cause: String) -> Provenance {
    Provenance(actor: "service/duty", cause: cause, trace: "")
  }
}
