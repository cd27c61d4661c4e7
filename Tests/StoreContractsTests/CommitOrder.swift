// Holds what a reader of a feed saw against what its writers know: used on the log, and on a
// numbering that is known to be wrong, so that the check itself is seen to find what it looks for.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing

@testable import EventLog
@testable import Persistence

/// What a writer knows about an event that was acknowledged. The times are ticks of one counter.
struct Written: Sendable {
  let id: String
  let began: Int
  let ended: Int
}

/// Counts up, for whoever asks.
final class Ticks: Sendable {
  private let count = Atomic(0)

  func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}

enum CommitOrder {
  enum Finding: Hashable {
    /// Acknowledged, and never seen by the reader.
    case lost(String)
    case doubled(String)
    /// A number that the reader never saw.
    case gap(Int64)
    /// A number that came after a higher one.
    case backwards(Int64)
    /// Seen before one that was acknowledged before this one was begun.
    case early(String)
  }

  static func findings(
    written: [Written], seen: [Quintet_Events_V1_Event], head: Int64
  ) -> Set<Finding> {
    var findings: Set<Finding> = []
    var ids: Set<String> = []
    var numbers: Set<Int64> = []
    var last: Int64 = 0
    for event in seen {
      let sequence = Int64(event.sequence)
      if !ids.insert(event.id).inserted { findings.insert(.doubled(event.id)) }
      if sequence < last { findings.insert(.backwards(sequence)) }
      last = max(last, sequence)
      numbers.insert(sequence)
    }
    for event in written where !ids.contains(event.id) { findings.insert(.lost(event.id)) }
    for number in 1...head where !numbers.contains(number) { findings.insert(.gap(number)) }
    let known = Dictionary(uniqueKeysWithValues: written.map { ($0.id, $0) })
    var earliestEnd = Int.max
    for event in seen.reversed() {
      guard let event = known[event.id] else { continue }
      if earliestEnd < event.began { findings.insert(.early(event.id)) }
      earliestEnd = min(earliestEnd, event.ended)
    }
    return findings
  }
}

/// 32 writers at once, of whose transactions one in twenty is undone after its event got a number,
/// and a reader that follows from the beginning to the end.
struct Storm: Sendable {
  static let writers = 32
  static let rounds = 40
  static let kept = writers * rounds * 19 / 20

  let bureau: Bureau
  /// Writes one event; throws when that was undone.
  let write: @Sendable (_ name: String, _ isUndone: Bool) async throws -> String

  func findings() async throws -> Set<CommitOrder.Finding> {
    let end = Mutex<Int64?>(nil)
    async let followed = follow { end.withLock { $0 } }
    let written = try await writeAll()
    let head = try await bureau.database.read { [log = bureau.log] in try log.head(in: $0) }
    end.withLock { $0 = head }
    let seen = try await followed
    #expect(written.count == Self.kept)
    return CommitOrder.findings(written: written, seen: seen, head: head)
  }

  private func writeAll() async throws -> [Written] {
    let ticks = Ticks()
    return try await withThrowingTaskGroup(of: [Written].self) { group in
      for writer in 0..<Self.writers {
        group.addTask {
          var written: [Written] = []
          for round in 0..<Self.rounds {
            let isUndone = (writer * Self.rounds + round).isMultiple(of: 20)
            let began = ticks.next()
            do {
              let id = try await write("thing \(writer) \(round)", isUndone)
              written.append(Written(id: id, began: began, ended: ticks.next()))
            } catch is Refusal {}
          }
          return written
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Reads live until it is told the end and has been brought there.
  private func follow(
    until end: @escaping @Sendable () -> Int64?
  ) async throws -> [Quintet_Events_V1_Event] {
    let feed = EventFeed(
      log: bureau.log, database: bureau.database, heartbeat: .milliseconds(20))
    let received = Mailbox<Quintet_Events_V1_Event>()
    do {
      try await feed.follow(.following()) { response in
        if response.isEvent { received.put(response.event) }
        let reached = max(response.event.sequence, response.heartbeat.sequence)
        if let end = end(), reached >= UInt64(end) { throw Enough() }
      }
    } catch is Enough {}
    return received.contents
  }
}

/// Numbers as AUTOINCREMENT or a database sequence gives them: beside the transaction, and never
/// given back.
struct SequenceNumberedLog: Sendable {
  let bureau: Bureau

  /// Records an event under a number that was taken earlier.
  func write(_ name: String, number: Int64, isUndone: Bool = false) async throws -> String {
    let event = StoredEvent(
      partition: "main", sequence: number, id: "evt \(name)", type: "test.Made", subject: name,
      incidentID: nil, occurTime: .distantPast, recordTime: .distantPast, actor: "person/zhang",
      cause: "request/\(name)", trace: "", payload: [], service: "command")
    try await bureau.database.write { tx in
      try tx.insertThing(name)
      try bureau.log.insert(event, in: tx)
      try tx.execute(
        """
        INSERT INTO event_head (partition, n) VALUES ('main', $1)
        ON CONFLICT (partition) DO UPDATE SET n = excluded.n WHERE event_head.n < excluded.n
        """, [number])
      if isUndone { throw Refusal() }
    }
    return event.id
  }
}
