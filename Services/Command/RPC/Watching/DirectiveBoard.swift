// Directives reach their recipients within a commit, however many are watching: the log is read once,
// here, and told to those whom it concerns. Reading the log, and not what this process wrote itself,
// keeps it true where several processes share one store.

import Access
import CommandDomain
import Identifiers
import Logging
import QuintetAPI
public import ServiceLifecycle
import SwiftProtobuf
import Wire

/// Who watches, and how far the log has been told to them.
public actor DirectiveBoard: ServiceLifecycle.Service {
  private static let pageLimit = 256
  private static let types = [
    Quintet_Command_V1_DirectiveIssued.protoMessageName,
    Quintet_Command_V1_DirectiveMoved.protoMessageName,
    Quintet_Command_V1_DirectiveReminded.protoMessageName,
    Quintet_Command_V1_DirectiveRecallConfirmed.protoMessageName,
  ]

  /// What a watcher is told.
  enum Notice: Sendable {
    case changed(Directive)
    /// Nothing has happened for a while.
    case heartbeat
  }

  private struct Watcher {
    let recipient: Recipient
    let notices: AsyncStream<Notice>.Continuation
    var lastNotice: ContinuousClock.Instant
    var isTooSlow = false
  }

  private let store: any CommandStore
  private let journal: any FeedJournal
  private let logger: Logger
  private let heartbeat: Duration
  private let bufferLimit: Int
  private var watchers: [Int: Watcher] = [:]
  private var watchersOf: [Recipient: Set<Int>] = [:]
  private var lastNumber = 0
  /// How far the log has been told; nil while nobody watches.
  private var position: Int64?
  private var readingFails = false

  /// - Parameter bufferLimit: notices that wait for a watcher to take them. One who lags further is
  ///   let go, and finds all that is open when it comes back.
  init(
    store: any CommandStore, journal: any FeedJournal, logger: Logger, heartbeat: Duration,
    bufferLimit: Int = 256
  ) {
    self.store = store
    self.journal = journal
    self.logger = logger
    self.heartbeat = heartbeat
    self.bufferLimit = bufferLimit
  }

  /// Tells what happens until the store is closed, the task cancelled or the service shut down.
  public func run() async throws {
    let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let (journal, heartbeat) = (journal, heartbeat)
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in journal.commits() { signal.yield() }
          signal.finish()
        }
        group.addTask {
          while (try? await Task.sleep(for: heartbeat / 4)) != nil { signal.yield() }
        }
        for await _ in signals {
          await tellChanges()
          tellHeartbeats()
        }
        group.cancelAll()
      }
    } onGracefulShutdown: {
      signal.finish()
    }
    for watcher in watchers.values { watcher.notices.finish() }
  }

  /// Begins to collect notices. Whoever reads the open directives after this misses nothing.
  func join(
    _ recipient: Recipient
  ) async throws -> (number: Int, notices: AsyncStream<Notice>, end: @Sendable () -> Void) {
    let (notices, continuation) = AsyncStream<Notice>.makeStream(
      bufferingPolicy: .bufferingOldest(bufferLimit))
    lastNumber += 1
    let number = lastNumber
    watchers[number] = Watcher(
      recipient: recipient, notices: continuation, lastNotice: .now)
    watchersOf[recipient, default: []].insert(number)
    do {
      if position == nil {
        let head = try await journal.head()
        // Another may have come first meanwhile, and begun further back.
        if position == nil { position = head }
      }
    } catch {
      leave(number)
      throw error
    }
    return (number, notices, { continuation.finish() })
  }

  /// - Returns: whether the watcher was let go for being too slow.
  @discardableResult
  func leave(_ number: Int) -> Bool {
    guard let watcher = watchers.removeValue(forKey: number) else { return false }
    watchersOf[watcher.recipient]?.remove(number)
    if watchersOf[watcher.recipient]?.isEmpty == true { watchersOf[watcher.recipient] = nil }
    if watchers.isEmpty { position = nil }
    return watcher.isTooSlow
  }

  private func tellChanges() async {
    do {
      while let from = position {
        let page = try await journal.page(
          after: from, types: Self.types, limit: Self.pageLimit)
        // While the log was read, the last watcher may have left and another come.
        guard position == from else { continue }
        try await tell(page.entries)
        if position == from { position = page.reached }
        if page.entries.count < Self.pageLimit { break }
      }
      readingFails = false
    } catch {
      // Tried again with the next commit or tick; said once.
      if !readingFails {
        logger.error("directives could not be read for their watchers", error: error)
      }
      readingFails = true
    }
  }

  private func tell(_ entries: [JournalEntry]) async throws {
    var concerned: [DirectiveID: Set<Recipient>] = [:]
    for entry in entries {
      for (id, recipient) in try Self.courses(in: entry) where watchersOf[recipient] != nil {
        concerned[id, default: []].insert(recipient)
      }
    }
    guard !concerned.isEmpty else { return }
    let ids = concerned.keys.sorted()
    // For all watchers at once; each was let in for its own recipient only.
    let directives = try await store.read(within: .everywhere) { reader in
      try ids.compactMap { try reader.directive($0) }
    }
    for directive in directives {
      for recipient in concerned[directive.id] ?? [] {
        for number in watchersOf[recipient] ?? [] { notify(number, .changed(directive)) }
      }
    }
  }

  /// Whose courses an event is about. Drafts bind nobody and are told to nobody.
  private static func courses(
    in entry: JournalEntry
  ) throws -> [(DirectiveID, Recipient)] {
    let courses: [Quintet_Command_V1_RecipientCourse]
    let id: String
    switch entry.type {
    case Quintet_Command_V1_DirectiveIssued.protoMessageName:
      let directive = try Quintet_Command_V1_DirectiveIssued(serializedBytes: entry.payload)
        .directive
      (id, courses) = (directive.id, directive.recipients)
    case Quintet_Command_V1_DirectiveMoved.protoMessageName:
      let moved = try Quintet_Command_V1_DirectiveMoved(serializedBytes: entry.payload)
      (id, courses) = (moved.directiveID, [moved.course])
    case Quintet_Command_V1_DirectiveReminded.protoMessageName:
      let reminded = try Quintet_Command_V1_DirectiveReminded(serializedBytes: entry.payload)
      (id, courses) = (reminded.directiveID, reminded.courses)
    case Quintet_Command_V1_DirectiveRecallConfirmed.protoMessageName:
      let told = try Quintet_Command_V1_DirectiveRecallConfirmed(serializedBytes: entry.payload)
      (id, courses) = (told.directiveID, [told.course])
    default:
      return []
    }
    let directiveID = try DirectiveID(parsing: id)
    return courses.compactMap { course in
      guard course.state != .draft, let recipient = Recipient(course.recipient) else { return nil }
      return (directiveID, recipient)
    }
  }

  private func tellHeartbeats() {
    let now = ContinuousClock.now
    // Nine tenths, because the ticks are never exactly a quarter apart.
    for (number, watcher) in watchers
    where watcher.lastNotice.duration(to: now) >= heartbeat * 0.9 {
      notify(number, .heartbeat)
    }
  }

  private func notify(_ number: Int, _ notice: Notice) {
    guard let watcher = watchers[number] else { return }
    watchers[number]?.lastNotice = .now
    if case .dropped = watcher.notices.yield(notice) {
      watchers[number]?.isTooSlow = true
      watcher.notices.finish()
    }
  }
}

extension Recipient {
  /// Nil for a kind that this version does not know.
  fileprivate init?(_ recipient: Quintet_Command_V1_Recipient) {
    let kind: RecipientKind
    switch recipient.kind {
    case .station: kind = .station
    case .beat: kind = .beat
    case .unit: kind = .unit
    case .seat: kind = .seat
    case .unspecified, .UNRECOGNIZED: return nil
    }
    self.init(kind: kind, id: recipient.id)
  }
}
