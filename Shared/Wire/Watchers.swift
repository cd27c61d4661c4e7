// Those who follow a board: each is told the same as all others who may see the same, waits in a queue of
// its own, and is let go when it lags. A value: the board that owns it guards it.

import GRPCCore

/// Followers, by what they may see and how they want it.
public struct Watchers<Group: Hashable & Sendable, Notice: Sendable>: Sendable {
  private struct Watcher: Sendable {
    let group: Group
    let notices: AsyncStream<Notice>.Continuation
    var lastNotice: ContinuousClock.Instant
    var isTooSlow = false
  }

  /// One who has joined.
  public struct Joined: Sendable {
    public let number: Int
    public let notices: AsyncStream<Notice>
    /// Ends `notices` from outside.
    public let end: @Sendable () -> Void
  }

  private let bufferLimit: Int
  private var watchers: [Int: Watcher] = [:]
  private var members: [Group: Set<Int>] = [:]
  private var lastNumber = 0

  /// - Parameter bufferLimit: notices that wait for one to take them; who lags further is let go.
  public init(bufferLimit: Int) {
    self.bufferLimit = bufferLimit
  }

  public var isEmpty: Bool { watchers.isEmpty }

  public var groups: [Group] { Array(members.keys) }

  public mutating func join(_ group: Group) -> Joined {
    let (notices, continuation) = AsyncStream<Notice>.makeStream(
      bufferingPolicy: .bufferingOldest(bufferLimit))
    lastNumber += 1
    watchers[lastNumber] = Watcher(group: group, notices: continuation, lastNotice: .now)
    members[group, default: []].insert(lastNumber)
    return Joined(number: lastNumber, notices: notices, end: { continuation.finish() })
  }

  /// - Returns: whether it was let go for being too slow.
  @discardableResult
  public mutating func leave(_ number: Int) -> Bool {
    guard let watcher = watchers.removeValue(forKey: number) else { return false }
    members[watcher.group]?.remove(number)
    if members[watcher.group]?.isEmpty == true { members[watcher.group] = nil }
    return watcher.isTooSlow
  }

  public mutating func tell(_ notice: Notice, to group: Group) {
    for number in members[group] ?? [] { tell(notice, to: number) }
  }

  /// Tells those who have heard nothing for so long.
  public mutating func tell(_ notice: Notice, toSilentFor time: Duration) {
    let now = ContinuousClock.now
    // Nine tenths, because the ticks are never exactly apart.
    for (number, watcher) in watchers where watcher.lastNotice.duration(to: now) >= time * 0.9 {
      tell(notice, to: number)
    }
  }

  /// No more will be told to anybody.
  public func finish() {
    for watcher in watchers.values { watcher.notices.finish() }
  }

  private mutating func tell(_ notice: Notice, to number: Int) {
    guard let watcher = watchers[number] else { return }
    watchers[number]?.lastNotice = .now
    if case .dropped = watcher.notices.yield(notice) {
      watchers[number]?.isTooSlow = true
      watcher.notices.finish()
    }
  }
}

/// When a board looks again: after each commit, and now and then without one.
public struct BoardPulse: Sendable {
  /// One element each time; several are merged into one while nobody looks.
  public let beats: AsyncStream<Void>
  private let beat: AsyncStream<Void>.Continuation

  public init() {
    (beats, beat) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Beats until `commits` ends, `stop` is called, or the task is cancelled.
  public func run(commits: AsyncStream<Void>?, every pause: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      if let commits {
        group.addTask {
          for await _ in commits { beat.yield() }
          beat.finish()
        }
      }
      group.addTask {
        while (try? await Task.sleep(for: pause)) != nil { beat.yield() }
      }
      await group.next()
      group.cancelAll()
    }
    beat.finish()
  }

  public func stop() { beat.finish() }
}

extension Failure {
  public static let watcherTooSlow = Failure(
    code: .resourceExhausted, reason: "WATCHER_TOO_SLOW",
    message: "接收过慢，请重新连接。Notices came faster than they were taken; connect again.")
}
