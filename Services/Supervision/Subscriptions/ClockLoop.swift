// The clock as one more neighbour: what it tells is that time has passed. Claiming, checking and
// marking what is due is one transaction, so a deadline fires once, whenever this is stopped.
import Access
public import Foundation
public import SupervisionDomain

/// Fires the deadlines that run by the machine's clock, at most 2 s late.
public struct ClockLoop: Sendable {
  /// The longest time without a look.
  static let longestWait: TimeInterval = 1
  /// Commits come in bursts; one look answers for all of them.
  static let rest: TimeInterval = 0.05
  /// A clock this far behind the store is worth an operator's attention.
  static let backwardTolerance: TimeInterval = 30

  private let store: any SupervisionStore
  private let clock: @Sendable () -> Date
  private let report: LogReport
  private let batchLimit: Int

  /// - Parameters:
  ///   - clock: the time to go by; it holds leaps ahead.
  ///   - batchLimit: how many deadlines one transaction fires at most.
  public init(
    store: any SupervisionStore, clock: @escaping @Sendable () -> Date,
    report: @escaping LogReport, batchLimit: Int = Timekeeping.batchLimit
  ) {
    self.store = store
    self.clock = clock
    self.report = report
    self.batchLimit = batchLimit
  }

  /// Runs until the task is cancelled.
  /// - Throws: `CancellationError`.
  public func run() async throws {
    await reportClockBehindStore()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let (wakes, waker) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
      let changes = store.changes()
      group.addTask { for await _ in changes { waker.yield() } }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(Self.longestWait))
          waker.yield()
        }
      }
      defer {
        waker.finish()
        group.cancelAll()
      }
      var iterator = wakes.makeAsyncIterator()
      repeat {
        var wait = Self.longestWait
        do {
          wait = try await look()
        } catch let error where !(error is CancellationError) {
          report(
            LogLine(
              .error, "deadlines could not be fired; trying again", ["error": "\(error)"]))
        }
        // What falls due before the next look is waited for; otherwise anything may wake us.
        let isNear = wait < Self.longestWait
        try await Task.sleep(for: .seconds(isNear ? max(Self.rest, wait) : Self.rest))
        if isNear { waker.yield() }
      } while await iterator.next() != nil
    }
    try Task.checkCancellation()
  }

  /// A clock that was set back while this was stopped is seen by what the store remembers.
  private func reportClockBehindStore() async {
    let highest = try? await store.read(within: .everywhere) { try $0.clockState().highestSeen }
    let behind = highest.flatMap { $0 }?.timeIntervalSince(clock()) ?? 0
    if behind > Self.backwardTolerance {
      report(LogLine(.error, "the clock was set back", ["seconds": "\(Int(behind))"]))
    }
  }

  /// Looks at the clock and fires what is due.
  /// - Returns: seconds until something is due next; `longestWait` when nothing is.
  public func look() async throws -> TimeInterval {
    let time = clock()
    let limit = batchLimit
    while true {
      let (mode, next, highest) = try await store.read(within: .everywhere) { reader in
        let state = try reader.clockState()
        return (state.mode, try reader.nextTime(of: .system), state.highestSeen)
      }
      guard mode == .system, let next else { return Self.longestWait }
      let effective = max(time, highest ?? time)
      guard next <= effective else { return next.timeIntervalSince(effective) }
      let sweep = try await store.write(now: time) { writer in
        try Timekeeping.sweepSystem(at: time, limit: limit, in: writer)
      }
      if sweep.fired == 0 { return Self.longestWait }
    }
  }
}
