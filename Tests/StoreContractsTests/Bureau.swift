// A store with an event log, and the few things that tests of feeds do to it.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

struct Bureau: Sendable {
  static let migrations = EventLog.migrations + [RequestLedger.migration, .things]

  let database: any Database
  let log: EventLog
  private let folder: StoreFolder

  init(_ engine: Engine, _ folder: StoreFolder, service: String = "command") throws {
    database = try engine.open(folder, Self.migrations)
    self.folder = folder
    log = EventLog(service: service, partition: "main")
  }

  /// Makes a thing and records it, in one transaction.
  @discardableResult
  func make(
    _ name: String, type: String = "test.Made", at now: Date = Date(timeIntervalSince1970: 0),
    payload: String = "{}", then: @escaping @Sendable () throws -> Void = {}
  ) async throws -> StoredEvent {
    let events = try await database.write { [log] tx in
      let provenance = Provenance(actor: "person/zhang", cause: "request/\(name)", trace: "")
      var mint = IdentifierMint(service: log.service, cause: provenance.stableCause, now: now)
      let id: IncidentID = mint.next()
      try tx.insertThing(name)
      let draft = EventDraft(
        type: type, subject: id.description, incidentID: id.description, occurTime: .distantPast,
        payload: [UInt8](payload.utf8))
      let events = try log.append([draft], provenance: provenance, mint: &mint, now: now, in: tx)
      try then()
      return events
    }
    return try #require(events.first)
  }

  /// Records one event of a matter: of an incident, or of a subject that belongs to none.
  @discardableResult
  func record(
    _ type: String, _ subject: String, incident: String? = nil, at seconds: Double = 0
  ) async throws -> Int64 {
    let now = Date(timeIntervalSince1970: seconds)
    let events = try await database.write { [log] tx in
      let provenance = Provenance(
        actor: "person/zhang", cause: "request/\(try log.head(in: tx))", trace: "")
      var mint = IdentifierMint(service: log.service, cause: provenance.stableCause, now: now)
      let draft = EventDraft(
        type: type, subject: subject, incidentID: incident, occurTime: now, payload: [])
      return try log.append([draft], provenance: provenance, mint: &mint, now: now, in: tx)
    }
    return try #require(events.first).sequence
  }

  /// Removes what was recorded before a time, but for what is open.
  func prune(
    before seconds: Double, open: Set<String> = [], readThrough: Int64? = nil
  ) async throws -> FeedPruning.Outcome {
    try await FeedPruning(log: log, database: database, lastingTypes: ["test.Defined"])
      .run(
        before: Date(timeIntervalSince1970: seconds), open: open, readThrough: readThrough)
  }

  func keptSequences() async throws -> [Int64] {
    try await database.read { tx in
      try tx.query("SELECT sequence FROM event ORDER BY sequence").map { try $0.get("sequence") }
    }
  }

  /// Follows the own feed from `after` until `count` events have come.
  func follow(
    after: Int64 = 0, types: [String] = [], count: Int
  ) async throws -> [Quintet_Events_V1_WatchResponse] {
    let feed = EventFeed(log: log, database: database)
    let received = Mailbox<Quintet_Events_V1_WatchResponse>()
    do {
      try await feed.follow(.following(after: after, types: types)) { response in
        received.put(response)
        if received.contents.count(where: { $0.isEvent }) == count { throw Enough() }
      }
    } catch is Enough {}
    return received.contents
  }
}

/// Ends a stream that would go on for ever.
struct Enough: Error {}

extension Quintet_Events_V1_WatchRequest {
  static func following(
    partition: String = "main", after: Int64 = 0, types: [String] = []
  ) -> Self {
    .with { request in
      request.partition = partition
      request.afterSequence = UInt64(after)
      request.types = types
    }
  }
}

extension Quintet_Events_V1_WatchResponse {
  var isEvent: Bool {
    if case .event = item { true } else { false }
  }
}
