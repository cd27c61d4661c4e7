// The clock as one more neighbour: what it tells is that a shift is about to begin with somebody
// missing, and that a seat was left whose token still runs. Each is looked for in the store, so it is
// done once and not forgotten, whenever this is stopped.
import Access
public import DutyDomain
public import Foundation
import Identifiers

/// Flags gaps two hours before their shifts, and has the tokens of left seats refused.
public struct RosterWatch: Sendable {
  /// Seconds between two looks.
  static let pace: Double = 1
  /// Seconds after a look that failed.
  static let patience: Double = 10
  /// How many are handled in one look; the rest waits for the next.
  static let batch = 100

  /// Has tokens with an id refused from now on.
  public typealias Revocation = @Sendable (_ id: String, _ expires: Date) throws -> Void
  /// Told of a look that failed.
  public typealias Report = @Sendable (any Error) -> Void

  private let store: any DutyStore
  private let clock: @Sendable () -> Date
  private let revoke: Revocation
  private let report: Report

  public init(
    store: any DutyStore, clock: @escaping @Sendable () -> Date, revoke: @escaping Revocation,
    report: @escaping Report
  ) {
    self.store = store
    self.clock = clock
    self.revoke = revoke
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
  /// - Throws: what the store, or whoever revokes, throws.
  public func look() async throws {
    let now = clock()
    let (gaps, left) = try await store.read(within: .everywhere) { reader in
      (
        try reader.unflaggedGaps(
          beginningBy: now.addingTimeInterval(RosterRules.gapNotice), now: now,
          limit: Self.batch),
        try reader.takingsToRevoke(now: now, limit: Self.batch)
      )
    }
    // Gaps first: a folder of keys that cannot be written to must not keep them silent.
    for shift in gaps {
      try await store.write(
        provenance: Self.provenance("clock/\(shift.id)/gap-\(shift.revision)"), now: now
      ) { try GapNotice.flag(shift.id, in: $0) }
    }
    for taking in left {
      // Refused first: a crash in between has it refused twice, never not at all.
      try revoke(taking.id.description, taking.until)
      try await store.write(
        provenance: Self.provenance("clock/\(taking.id)/left"), now: now
      ) { try $0.settleRevocation(of: taking.id) }
    }
  }

  private static func provenance(_ cause: String) -> Provenance {
    Provenance(actor: "service/duty", cause: cause, trace: "")
  }
}
