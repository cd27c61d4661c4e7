// The sweep by itself: some minutes after the start, when everybody has caught up, and every few
// hours. What fails is left for the next time.
public import Foundation
public import Identifiers
public import Logging
public import ServiceLifecycle
import Synchronization

/// Sweeps one store for as long as the process runs, and lets one sweep run at a time.
public final class RetentionLoop: Service {
  static let firstDelay: Duration = .seconds(600)
  static let interval: Duration = .seconds(6 * 3600)

  private let sweep: RetentionSweep
  private let logger: Logger
  private let clock: @Sendable () -> Date
  private let isBusy = Atomic(false)
  private let own: Provenance

  /// - Parameter service: in whose name the sweeps are that nobody asked for.
  public init(
    sweep: RetentionSweep, service: String, logger: Logger,
    clock: @escaping @Sendable () -> Date
  ) {
    self.own = Provenance(actor: "service/\(service)", cause: "clock/retention", trace: "")
    self.sweep = sweep
    self.logger = logger
    self.clock = clock
  }

  public func periods() async throws -> [RetentionPeriod] { try await sweep.periods() }

  /// Sweeps now, and tells the log what went.
  /// - Parameter provenance: who asked for it, for the log and the audit log.
  /// - Returns: nil when another sweep is in progress.
  /// - Throws: as `RetentionSweep.run`.
  public func run(for provenance: Provenance, isDry: Bool) async throws -> [RetentionResult]? {
    guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    defer { isBusy.store(false, ordering: .releasing) }
    let results = try await sweep.run(for: provenance, now: clock(), isDry: isDry)
    if !isDry {
      for result in results where result.count > 0 {
        logger.notice(
          "records past their period were let go",
          metadata: [
            "actor": "\(provenance.actor)", "cause": "\(provenance.cause)",
            "kind": "\(result.period.kind)", "records": "\(result.count)",
            "days": "\(result.period.days)",
            "before": "\(result.cutoff.formatted(.iso8601))",
          ])
      }
    }
    return results
  }

  public func run() async throws {
    do {
      try await cancelWhenGracefulShutdown {
        try await Task.sleep(for: Self.firstDelay)
        while true {
          do {
            _ = try await self.run(for: self.own, isDry: false)
          } catch is CancellationError {
            throw CancellationError()
          } catch {
            self.logger.warning(
              "a retention sweep ended early", metadata: ["error": "\(error)"])
          }
          try await Task.sleep(for: Self.interval)
        }
      }
    } catch is CancellationError {
      // The shutdown.
    }
  }
}
