// The clock as one more neighbour: what it tells is that time has passed. Claiming, checking and
// marking what is due is one transaction, so a deadline fires once, whenever this is stopped.
public import Foundation
public import SupervisionDomain

/// Fires the deadlines that run by the machine's clock, at most 2 s late.
public struct ClockLoop: Sendable {
  /// The longest time without a look: also how soon a leap of the clock is noticed.
  static let longestWait: TimeInterval = 1
  /// Commits come in bursts; one look answers for all of them.
  static let rest: TimeInterval = 0.05

  private let store: any SupervisionStore
  private let clock: @Sendable () -> Date
  private let monotonic: @Sendable () -> TimeInterval
  private let report: LogReport
  private let batchLimit: Int

  /// - Parameters:
  ///   - clock: the machine's clock.
  ///   - monotonic: seconds since any fixed moment; never set, and not stopped while asleep.
  ///   - batchLimit: how many deadlines one transaction fires at most.
  public init(
    store: any SupervisionStore, clock: @escaping @Sendable () -> Date,
    monotonic: @escaping @Sendable () -> TimeInterval, report: @escaping LogReport,
    batchLimit: Int = Timekeeping.batchLimit
  ) {
    self.store = store
    self.clock = clock
    self.monotonic = monotonic
    self.report = report
    self.batchLimit = batchLimit
  }

  /// A watch that believes the clock as it is now.
  public func watch() -> ClockWatch { ClockWatch(wall: clock(), monotonic: monotonic()) }

  /// Runs until the task is cancelled.
  /// - Throws: `CancellationError`.
  public func run() async throws {
    var watch = watch()
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
          wait = try await look(&watch)
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
    let highest = try? await store.read { try $0.clockState().highestSeen }
    let behind = highest.flatMap { $0 }?.timeIntervalSince(clock()) ?? 0
    if behind > ClockWatch.tolerance { report(ClockWatch.Notice.setBack(Int(behind)).logLine) }
  }

  /// Looks at both clocks, and fires what is due by the time that can be believed.
  /// - Returns: seconds until something is due next; `longestWait` when nothing is.
  public func look(_ watch: inout ClockWatch) async throws -> TimeInterval {
    let (time, notice) = watch.look(wall: clock(), monotonic: monotonic())
    if let notice { report(notice.logLine) }
    let limit = batchLimit
    while true {
      let (mode, next, highest) = try await store.read { reader in
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

extension ClockWatch.Notice {
  var logLine: LogLine {
    switch self {
    case .held(let ahead):
      LogLine(
        .error, "the clock leapt ahead and is not believed; deadlines go by the monotonic clock",
        ["ahead_s": "\(ahead)", "believed_after_s": "\(Int(ClockWatch.confirmation))"])
    case .confirmed:
      LogLine(.warning, "the clock's leap has stood and is believed now")
    case .withdrawn:
      LogLine(.info, "the clock has come back")
    case .setBack(let seconds):
      LogLine(.error, "the clock was set back", ["seconds": "\(seconds)"])
    }
  }
}
