// 一屏: what happens to incidents, told to all screens within a commit. The log is read once, here, and
// each change is looked up once for all who may see the same.

import Access
import CommandDomain
import Identifiers
import Logging
import QuintetAPI
public import ServiceLifecycle
import SwiftProtobuf
import Wire

/// Who follows incidents, and how far the log has been told to them.
public actor IncidentBoard: ServiceLifecycle.Service {
  private static let pageLimit = 256
  /// Advice that is kept while command's own log stands still.
  private static let adviceLimit = 5_000
  /// Cards in one message.
  static let cardLimit = 200
  /// After all of these a card may look different, and after no others.
  static let types = [
    Quintet_Command_V1_IncidentOpened.protoMessageName,
    Quintet_Command_V1_IncidentClassified.protoMessageName,
    Quintet_Command_V1_IncidentMoved.protoMessageName,
    Quintet_Command_V1_AssignmentMoved.protoMessageName,
    Quintet_Command_V1_CallReportEnded.protoMessageName,
    Quintet_Command_V1_DirectiveIssued.protoMessageName,
    Quintet_Command_V1_DirectiveMoved.protoMessageName,
  ]

  typealias Message = Quintet_Command_V1_WatchIncidentsResponse

  /// What a watcher is told.
  enum Notice: Sendable {
    /// Cards as they are now, and ids of incidents that changed and are not the caller's affair.
    case changed(Message, elsewhere: [String])
    case heartbeat(Int64)
  }

  let store: any CommandStore
  let journal: any FeedJournal
  private let logger: Logger
  private let heartbeat: Duration
  private var watchers: Watchers<Reach, Notice>
  /// How far the log has been told; nil while nobody watches.
  private var position: Int64?
  /// Advice that was told while the log stood at `position`.
  private var toldAdvice: Set<AssessmentID> = []
  private var readingFails = false

  init(
    store: any CommandStore, journal: any FeedJournal, logger: Logger, heartbeat: Duration,
    bufferLimit: Int = 256
  ) {
    self.store = store
    self.journal = journal
    self.logger = logger
    self.heartbeat = heartbeat
    self.watchers = Watchers(bufferLimit: bufferLimit)
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
      if position == nil {
        position = head
        toldAdvice = []
      }
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
        let advised = try await store.read(within: .everywhere) {
          try $0.advised(sinceFeedHead: from, limit: Self.adviceLimit)
        }
        // While the log was read, the last watcher may have left and another come.
        guard position == from else { continue }
        let fresh = advised.filter { !toldAdvice.contains($0.assessmentID) }
        let ids = try Self.incidents(in: page.entries).union(fresh.map(\.incidentID))
        if !ids.isEmpty { try await tell(ids.sorted(), reached: page.reached) }
        guard position == from else { continue }
        // What is older than the new position is not found any more.
        toldAdvice = Set(advised.filter { $0.feedHead >= page.reached }.map(\.assessmentID))
        position = page.reached
        if page.entries.count < Self.pageLimit { break }
      }
      readingFails = false
    } catch {
      // Tried again with the next commit or tick; said once.
      if !readingFails {
        logger.error("incidents could not be read for their watchers", error: error)
      }
      readingFails = true
    }
  }

  private func tell(_ ids: [IncidentID], reached: Int64) async throws {
    for reach in watchers.groups {
      let cards = try await store.read(within: reach) { try $0.cards(of: ids) }
      let seen = Set(cards.map(\.incident.id))
      let elsewhere = ids.filter { !seen.contains($0) }.map(\.description)
      let messages = Self.messages(cards)
      for (index, message) in messages.enumerated() {
        let isLast = index == messages.count - 1
        var message = message
        // Not before all of it has been told: whoever begins again would miss the rest.
        if isLast { message.sequence = reached }
        watchers.tell(.changed(message, elsewhere: isLast ? elsewhere : []), to: reach)
      }
    }
  }

  static func incidents(in entries: [JournalEntry]) throws -> Set<IncidentID> {
    try Set(entries.compactMap { try $0.incidentID.map(IncidentID.init(parsing:)) })
  }

  /// One at least.
  static func messages(_ cards: [IncidentCard]) -> [Message] {
    let messages = stride(from: 0, to: cards.count, by: cardLimit).map { start in
      Message.with {
        $0.cards = cards[start..<min(start + cardLimit, cards.count)]
          .map(Quintet_Command_V1_IncidentCard.init)
      }
    }
    return messages.isEmpty ? [Message()] : messages
  }
}
