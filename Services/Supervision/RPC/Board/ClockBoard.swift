// 一屏: clocks that run out, told to all screens as they turn yellow, red, or stop. The log is read once,
// here, and each change is looked up once for all who may see the same.
import Access
import Identifiers
public import Logging
import QuintetAPI
public import ServiceLifecycle
public import SupervisionDomain
import SwiftProtobuf
public import Wire

/// Who follows deadlines, and how far the log has been told to them.
public actor ClockBoard: ServiceLifecycle.Service {
  private static let pageLimit = 256
  /// Deadlines in one message.
  static let clockLimit = 200
  static let types = [
    Quintet_Supervision_V1_DeadlineStarted.protoMessageName,
    Quintet_Supervision_V1_DeadlineWarned.protoMessageName,
    Quintet_Supervision_V1_DeadlineOverdue.protoMessageName,
    Quintet_Supervision_V1_DeadlineEscalated.protoMessageName,
    Quintet_Supervision_V1_DeadlineStopped.protoMessageName,
  ]

  /// What a watcher is told.
  enum Notice: Sendable {
    /// Deadlines that changed, as they are now, and ids of those that are others' affair; the number up
    /// to which that is all.
    case changed([Deadline], elsewhere: [String], reached: Int64)
    case heartbeat(Int64)
  }

  let store: any SupervisionStore
  let journal: any FeedJournal
  private let logger: Logger
  private let heartbeat: Duration
  private var watchers: Watchers<Reach, Notice>
  /// How far the log has been told; nil while nobody watches.
  private var position: Int64?
  private var readingFails = false

  /// - Parameter heartbeat: the longest silence.
  public init(
    store: any SupervisionStore, journal: any FeedJournal, logger: Logger,
    heartbeat: Duration = .seconds(5)
  ) {
    self.store = store
    self.journal = journal
    self.logger = logger
    self.heartbeat = heartbeat
    self.watchers = Watchers(bufferLimit: 256)
  }

  /// Tells what happens until the store is closed, the task cancelled or the service shut down.
  public func run() async throws {
    let pulse = BoardPulse()
    let (commits, pause) = (journal.commits(), heartbeat / 4)
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await pulse.run(commits: commits, every: pause) }
        for await _ in pulse.beats {
          await tellChanges()
          if let position { watchers.tell(.heartbeat(position), toSilentFor: heartbeat) }
        }
        group.cancelAll()
      }
    } onGracefulShutdown: {
      pulse.stop()
    }
    watchers.finish()
  }

  /// Begins to collect notices.
  ///
  /// - Returns: besides, the number up to which they tell nothing: whoever reads after this what holds
  ///   then, misses nothing.
  func join(_ reach: Reach) async throws -> (Watchers<Reach, Notice>.Joined, start: Int64) {
    let joined = watchers.join(reach)
    do {
      if let position { return (joined, position) }
      let head = try await journal.head()
      // Another may have come first meanwhile, and begun further back.
      if position == nil { position = head }
      return (joined, position ?? head)
    } catch {
      leave(joined.number)
      throw error
    }
  }

  /// - Returns: whether the watcher was let go for being too slow.
  @discardableResult
  func leave(_ number: Int) -> Bool {
    let wasTooSlow = watchers.leave(number)
    if watchers.isEmpty { position = nil }
    return wasTooSlow
  }

  private func tellChanges() async {
    do {
      while let from = position {
        let page = try await journal.page(
          after: from, types: Self.types, limit: Self.pageLimit)
        // While the log was read, the last watcher may have left and another come.
        guard position == from else { continue }
        let ids = try Self.deadlines(in: page.entries)
        if !ids.isEmpty { try await tell(ids, reached: page.reached) }
        if position == from { position = page.reached }
        if page.entries.count < Self.pageLimit { break }
      }
      readingFails = false
    } catch {
      // Tried again with the next commit or tick; said once.
      if !readingFails {
        logger.error("deadlines could not be read for their watchers", error: error)
      }
      readingFails = true
    }
  }

  private func tell(_ ids: [DeadlineID], reached: Int64) async throws {
    for reach in watchers.groups {
      let found = try await store.read(within: reach) { reader in
        try ids.compactMap { try reader.deadline($0) }
      }
      let seen = Set(found.map(\.id))
      let elsewhere = ids.filter { !seen.contains($0) }.map(\.description)
      watchers.tell(.changed(found, elsewhere: elsewhere, reached: reached), to: reach)
    }
  }

  /// Each once, in the order of their ids.
  static func deadlines(in entries: [JournalEntry]) throws -> [DeadlineID] {
    try Set(entries.map { try DeadlineID(parsing: $0.subject) }).sorted()
  }

  /// Deadlines that changed after one number; nil where the log does not tell or tells too much.
  func changed(after: Int64, limit: Int) async throws -> [Deadline]? {
    guard try await journal.prunedThrough() <= after else { return nil }
    let page = try await journal.page(after: after, types: Self.types, limit: limit + 1)
    guard page.entries.count <= limit else { return nil }
    let ids = try Self.deadlines(in: page.entries)
    return try await store.read(within: .everywhere) { reader in
      try ids.compactMap { try reader.deadline($0) }
    }
  }
}
