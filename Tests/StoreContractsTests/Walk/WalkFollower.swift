// The other end of the feed: supervision's own subscription and store, fed with command's real log
// by fits and starts, and the few figures that show an event lost or applied twice.
import Foundation
import Logging
import QuintetAPI
import SupervisionRPC
import SupervisionStore
import SupervisionSubscriptions
import SwiftProtobuf

@testable import EventLog
@testable import Persistence

/// What supervision must have made of the events up to its cursor.
struct Owed: Equatable {
  /// How many deadlines each subject has had.
  var deadlines: [String: Int] = [:]
  /// How often feedback on each incident was returned.
  var returns: [String: Int] = [:]
  /// How often each incident was closed, and so evaluated.
  var closings: [String: Int] = [:]
  /// Accounts that say nothing, sent back.
  var fillers = 0

  var sums: [Int] {
    [deadlines, returns, closings].map { $0.values.reduce(0, +) } + [fillers]
  }

  mutating func add(_ event: StoredEvent) throws {
    let (payload, incident) = (event.payload, event.incidentID)
    switch event.type {
    case Quintet_Command_V1_AssignmentMoved.protoMessageName:
      let moved = try Quintet_Command_V1_AssignmentMoved(serializedBytes: payload)
      // To sign, to leave, to arrive.
      if moved.from == .unspecified { deadlines[event.subject, default: 0] += 3 }
    case Quintet_Command_V1_DirectiveIssued.protoMessageName:
      let directive = try Quintet_Command_V1_DirectiveIssued(serializedBytes: payload).directive
      guard directive.directiveClass != .dispatch, directive.state != .draft else { return }
      // To sign, to answer.
      deadlines[event.subject, default: 0] += 2 * directive.recipients.count
    case Quintet_Command_V1_DirectiveMoved.protoMessageName:
      let moved = try Quintet_Command_V1_DirectiveMoved(serializedBytes: payload)
      guard moved.directiveClass != .dispatch else { return }
      switch moved.course.state {
      case .issued: deadlines[event.subject, default: 0] += 2
      case .fedBack: if moved.course.feedback == WalkNames.filler { fillers += 1 }
      case .returned:
        deadlines[event.subject, default: 0] += 1
        if let incident { returns[incident, default: 0] += 1 }
      default: break
      }
    case Quintet_Command_V1_SupportAsked.protoMessageName:
      let asked = try Quintet_Command_V1_SupportAsked(serializedBytes: payload)
      // Each part to be taken.
      deadlines[event.subject, default: 0] += asked.supportRequest.parts.count
    case Quintet_Command_V1_SupportPartMoved.protoMessageName:
      let moved = try Quintet_Command_V1_SupportPartMoved(serializedBytes: payload)
      // To be taken, to be answered.
      if [.offered, .taken].contains(moved.part.state) {
        deadlines[event.subject, default: 0] += 1
      }
    case Quintet_Command_V1_IncidentMoved.protoMessageName:
      let moved = try Quintet_Command_V1_IncidentMoved(serializedBytes: payload)
      switch moved.incident.state {
      case .awaitingFeedback:
        deadlines[event.subject, default: 0] += 1
        if moved.from == .inReview { returns[event.subject, default: 0] += 1 }
      case .inReview: if moved.incident.feedback.text == WalkNames.filler { fillers += 1 }
      case .closed: closings[event.subject, default: 0] += 1
      default: break
      }
    default: break
    }
  }
}

struct WalkFollower {
  private let engine: Engine
  private(set) var folder: StoreFolder
  private(set) var database: FaultyDatabase
  private var store: SupervisionDatabaseStore
  private let clock: WalkClock
  private let row = SubscriptionCursor(partition: "main", source: FromCommand.source)
  private(set) var cursor: Int64 = 0
  private var owed = Owed()

  private static let migrations = SupervisionSchema.all

  init(_ engine: Engine, clock: WalkClock) async throws {
    (self.engine, self.clock) = (engine, clock)
    folder = try StoreFolder()
    (database, store) = try await Self.open(engine, folder, clock)
    try await database.write { [row] in try row.register(in: $0) }
  }

  private static func open(
    _ engine: Engine, _ folder: StoreFolder, _ clock: WalkClock
  ) async throws -> (FaultyDatabase, SupervisionDatabaseStore) {
    // A store that is closed sets no event aside: so it is when the process dies.
    let database = FaultyDatabase(
      try engine.open(folder, migrations), in: folder, engine, dying: DatabaseError.closed)
    let store = SupervisionDatabaseStore(
      database: database, log: EventLog(service: "supervision", partition: "main"),
      encode: EventEncoder.encode, report: { _ in })
    try await store.prepare(now: clock.date())
    return (database, store)
  }

  /// Goes on with what is in `files`, as a new process would.
  mutating func reopen(_ files: StoreFolder) async throws {
    let old = database
    folder = files
    (database, store) = try await Self.open(engine, files, clock)
    try await old.close()
  }

  /// Hands over the events after `start` up to `end` at most, as one stream that then breaks.
  /// - Returns: false when the process died over it.
  /// - Throws: `Disagreement`.
  @discardableResult
  mutating func follow(
    _ feed: EventFeed, after start: Int64, upTo end: Int64, log: [StoredEvent], fault: Fault? = nil
  ) async throws -> Bool {
    let inbox = Inbox(limit: 4_096, waking: .seconds(60))
    for response in try await Self.stream(feed, after: start, upTo: end) {
      try await inbox.put(response)
    }
    inbox.finish()
    let (store, clock) = (store, clock)
    let applier = SubscriptionApplier(
      cursor: row, database: database, logger: WalkHall.quiet, clock: clock.date
    ) { event, tx in
      try store.apply(in: tx, provenance: event.provenance, now: clock.date()) { writer in
        try FromCommand.apply(event, writer)
      }
    }
    if let fault { database.arm(fault) }
    var isAlive = true
    do { _ = try await applier.run(inbox) } catch DatabaseError.closed { isAlive = false }
    if let files = database.disarm()?.files { try await reopen(files) }
    try await check(end, log, isAlive: isAlive)
    return isAlive
  }

  /// What the feed sends, to the first thing at `end` or beyond.
  private static func stream(
    _ feed: EventFeed, after start: Int64, upTo end: Int64
  ) async throws -> [Quintet_Events_V1_WatchResponse] {
    let received = Mailbox<Quintet_Events_V1_WatchResponse>()
    do {
      try await feed.follow(.following(after: start, types: FromCommand.types)) { response in
        let reached = response.isEvent ? response.event.sequence : response.heartbeat.sequence
        if response.isEvent, reached > UInt64(end) { throw Enough() }
        received.put(response)
        if reached >= UInt64(end) { throw Enough() }
      }
    } catch is Enough {}
    return received.contents
  }

  private mutating func check(_ end: Int64, _ log: [StoredEvent], isAlive: Bool) async throws {
    let (before, row) = (cursor, row)
    let (after, sums, events) = try await database.read { tx in
      (try row.position(in: tx), try Self.sums(in: tx), try Self.events(in: tx))
    }
    guard after >= before else { throw Disagreement("the cursor went back to \(after)") }
    let missing = log[Int(after)..<max(Int(after), Int(end))].filter {
      FromCommand.types.contains($0.type)
    }
    guard !isAlive || missing.isEmpty else {
      throw Disagreement("the cursor stands at \(after) though \(end) was delivered")
    }
    cursor = after
    for event in log[Int(before)..<Int(after)] { try owed.add(event) }
    guard sums == owed.sums else {
      throw Disagreement(
        "supervision at \(after) has deadlines, returns, closings, fillers \(sums); "
          + "it should have \(owed.sums)")
    }
    guard events.count == events.head, events.parked == 0 else {
      throw Disagreement("supervision's own log: \(events)")
    }
  }

  /// Each figure by its subject.
  func checkEach() async throws {
    let found = try await database.read { tx in
      func counts(_ sql: String) throws -> [String: Int] {
        Dictionary(
          uniqueKeysWithValues: try tx.query(sql).map {
            (try $0.get("subject", as: String.self), try $0.get("count", as: Int.self))
          })
      }
      return Owed(
        deadlines: try counts("SELECT subject, count(*) AS count FROM deadline GROUP BY subject"),
        returns: try counts(
          """
          SELECT incident_id AS subject, return_count AS count FROM followed_incident
          WHERE return_count > 0
          """),
        closings: try counts(
          "SELECT incident_id AS subject, max(ordinal) AS count FROM evaluation GROUP BY incident_id"
        ),
        fillers: try tx.query("SELECT request_id FROM outgoing_call").count)
    }
    guard found == owed else {
      throw Disagreement("supervision has\n    \(found)\n  and should have\n    \(owed)")
    }
  }

  /// What a follower with an easier life must agree on.
  func canonical() async throws -> [String] {
    try await database.read { tx in
      try StoreDump.canonical(in: tx) { type, payload in
        guard let message = QuintetMessages.type(named: type) else { return nil }
        return try? message.init(serializedBytes: payload).jsonString()
      }
    }
  }

  private static func sums(in tx: any Transaction) throws -> [Int] {
    try [
      "SELECT count(*) AS n FROM deadline",
      "SELECT coalesce(sum(return_count), 0) AS n FROM followed_incident",
      "SELECT count(*) AS n FROM evaluation", "SELECT count(*) AS n FROM outgoing_call",
    ].map { try tx.query($0).first?.get("n", as: Int.self) ?? -1 }
  }

  private static func events(
    in tx: any Transaction
  ) throws -> (head: Int, count: Int, parked: Int) {
    let numbers = try [
      "SELECT coalesce(max(n), 0) AS n FROM event_head", "SELECT count(*) AS n FROM event",
      "SELECT count(*) AS n FROM parked_event",
    ].map { try tx.query($0).first?.get("n", as: Int.self) ?? -1 }
    return (numbers[0], numbers[1], numbers[2])
  }
}
