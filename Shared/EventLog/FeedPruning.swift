// Removing what is too old, without taking from a new consumer what it needs: matters that are not
// over, and how each lasting thing stood.
//
// The boundary is announced first and events are removed afterwards, in short transactions: whoever
// reads the log in between knows where it can have holes, and other writers come in between. A matter
// is removed as a whole in one of them, so that nobody finds half of one.
public import Foundation
public import Persistence

/// How far a log was pruned.
struct PruningState: Sendable {
  /// Numbers at or below this may be missing.
  let prunedThrough: Int64
  /// Behind `prunedThrough` while events are being removed, or when that was cut off.
  let compactedThrough: Int64

  var isFinished: Bool { prunedThrough == compactedThrough }
}

/// Prunes one log.
public struct FeedPruning: Sendable {
  static let stepLimit = 256

  /// What a pruning did.
  public struct Outcome: Sendable, Hashable {
    public let prunedThrough: Int64
    /// Events removed now.
    public let removed: Int
    /// Events kept at or below `prunedThrough`.
    public let kept: Int
  }

  private let log: EventLog
  private let database: any Database
  private let lastingTypes: Set<String>

  /// - Parameter lastingTypes: full names of payloads that say how a thing that lasts stands now, such
  ///   as an organisation: of each the newest is kept for each subject.
  public init(log: EventLog, database: any Database, lastingTypes: Set<String>) {
    self.log = log
    self.database = database
    self.lastingTypes = lastingTypes
  }

  /// Removes what was recorded before `horizon`, but for matters that are open or of which something
  /// was recorded later. A matter is an incident, or the subject of events that belong to none.
  ///
  /// What was cut off is finished by the next run.
  /// - Parameters:
  ///   - open: ids of the matters that are not over.
  ///   - readThrough: sequence up to which everybody has read; nil when nobody is asked.
  /// - Throws: `FeedError` READER_BEHIND, and nothing is removed; `DatabaseError`;
  ///   `CancellationError` between two steps.
  public func run(
    before horizon: Date, open: Set<String>, readThrough: Int64?
  ) async throws -> Outcome {
    let state = try await database.read { [log] in try log.pruningState(in: $0) }
    let through = try await boundary(horizon, from: state.prunedThrough)
    if let readThrough, readThrough < through {
      throw FeedError.readerBehind(reader: readThrough, through: through)
    }
    if through > state.prunedThrough {
      try await database.write { [log] in try log.announcePruning(through: through, in: $0) }
    }
    let isNeeded = through > state.prunedThrough || !state.isFinished
    var (cursor, removed, kept): (Int64?, Int, Int) = (0, 0, 0)
    while let after = cursor {
      try Task.checkCancellation()
      let step = try await step(after: after, through: through, open: open, isRemoving: isNeeded)
      removed += step.removed
      kept += step.kept
      cursor = step.reached
    }
    if isNeeded {
      try await database.write { [log] in try log.finishPruning(through: through, in: $0) }
    }
    return Outcome(prunedThrough: through, removed: removed, kept: kept)
  }

  private func step(
    after: Int64, through: Int64, open: Set<String>, isRemoving: Bool
  ) async throws -> EventLog.PruningStep {
    let (log, lastingTypes) = (log, lastingTypes)
    guard isRemoving else {
      return try await database.read { try log.countStep(after: after, through: through, in: $0) }
    }
    return try await database.write { tx in
      try log.pruneStep(
        after: after, through: through, open: open, lastingTypes: lastingTypes, in: tx)
    }
  }

  /// Sequence of the newest event recorded before `horizon` with no younger one before it.
  private func boundary(_ horizon: Date, from pruned: Int64) async throws -> Int64 {
    var reached = pruned
    while true {
      let (first, through, head) = try await database.read { [log, reached] tx in
        let head = try log.head(in: tx)
        let through = min(head, reached + FeedPage.scanLimit)
        let rows = try tx.query(
          """
          SELECT min(sequence) AS first FROM event
          WHERE partition = $1 AND sequence > $2 AND sequence <= $3 AND record_time >= $4
          """, [log.partition, reached, through, horizon])
        return (try rows.first?.get("first", as: Int64?.self) ?? nil, through, head)
      }
      if let first { return first - 1 }
      if through == head { return head }
      reached = through
    }
  }
}

extension EventLog {
  struct PruningStep: Sendable {
    /// Nil when there is nothing more.
    var reached: Int64?
    var removed = 0
    var kept = 0
  }

  func pruningState(in tx: any Transaction) throws -> PruningState {
    let row = try tx.query(
      "SELECT pruned_through, compacted_through FROM event_head WHERE partition = $1", [partition]
    ).first
    return PruningState(
      prunedThrough: try row?.get("pruned_through") ?? 0,
      compactedThrough: try row?.get("compacted_through") ?? 0)
  }

  func announcePruning(through: Int64, in tx: any Transaction) throws {
    try tx.execute(
      "UPDATE event_head SET pruned_through = $2 WHERE partition = $1 AND pruned_through < $2",
      [partition, through])
  }

  func finishPruning(through: Int64, in tx: any Transaction) throws {
    try tx.execute(
      "UPDATE event_head SET compacted_through = $2 WHERE partition = $1 AND pruned_through = $2",
      [partition, through])
  }

  /// Looks at the next events and removes the matters that are over.
  func pruneStep(
    after: Int64, through: Int64, open: Set<String>, lastingTypes: Set<String>,
    in tx: any Transaction
  ) throws -> PruningStep {
    let entries = try entries(after: after, through: through, in: tx)
    var step = PruningStep(reached: entries.last?.sequence)
    var isOver: [Matter: Bool] = [:]
    for entry in entries {
      if entry.matter.isLasting(entry.type, among: lastingTypes) {
        let removed = try remove(entry, ifFollowedUpTo: through, in: tx)
        step.removed += removed
        step.kept += 1 - removed
      } else if let isOver = isOver[entry.matter] {
        step.kept += isOver ? 0 : 1
      } else {
        let removed = try remove(
          entry.matter, ifOverBy: through, open: open, lastingTypes: lastingTypes, in: tx)
        isOver[entry.matter] = removed > 0
        step.removed += removed
        step.kept += removed > 0 ? 0 : 1
      }
    }
    return step
  }

  /// Counts what pruneStep would look at.
  func countStep(after: Int64, through: Int64, in tx: any Transaction) throws -> PruningStep {
    let entries = try entries(after: after, through: through, in: tx)
    return PruningStep(reached: entries.last?.sequence, kept: entries.count)
  }

  /// What events are removed together by.
  private enum Matter: Hashable {
    case incident(String)
    /// The subject of events that belong to no incident.
    case subject(String)

    func isLasting(_ type: String, among lastingTypes: Set<String>) -> Bool {
      if case .subject = self { lastingTypes.contains(type) } else { false }
    }
  }

  private struct Entry {
    let sequence: Int64
    let type: String
    let subject: String
    let matter: Matter
  }

  private func entries(
    after: Int64, through: Int64, in tx: any Transaction
  ) throws -> [Entry] {
    try tx.query(
      """
      SELECT sequence, type, subject, incident_id FROM event
      WHERE partition = $1 AND sequence > $2 AND sequence <= $3
      ORDER BY sequence LIMIT $4
      """, [partition, after, through, FeedPruning.stepLimit]
    ).map { row in
      let subject = try row.get("subject", as: String.self)
      let incident = try row.get("incident_id", as: String?.self)
      return Entry(
        sequence: try row.get("sequence"), type: try row.get("type"), subject: subject,
        matter: incident.map(Matter.incident) ?? .subject(subject))
    }
  }

  /// Of a lasting thing the newest is kept.
  private func remove(
    _ entry: Entry, ifFollowedUpTo through: Int64, in tx: any Transaction
  ) throws -> Int {
    try tx.execute(
      """
      DELETE FROM event WHERE partition = $1 AND sequence = $2 AND EXISTS (
        SELECT 1 FROM event AS later
        WHERE later.partition = $1 AND later.subject = $3 AND later.incident_id IS NULL
          AND later.type = $4 AND later.sequence > $2 AND later.sequence <= $5)
      """, [partition, entry.sequence, entry.subject, entry.type, through])
  }

  private func remove(
    _ matter: Matter, ifOverBy through: Int64, open: Set<String>, lastingTypes: Set<String>,
    in tx: any Transaction
  ) throws -> Int {
    switch matter {
    case .incident(let id):
      guard !open.contains(id) else { return 0 }
      return try remove("incident_id = $2", [partition, id], ifOverBy: through, in: tx)
    case .subject(let id):
      guard !open.contains(id) else { return 0 }
      let types = lastingTypes.sorted()
      let names = types.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
      let others = types.isEmpty ? "" : " AND type NOT IN (\(names))"
      return try remove(
        "subject = $2 AND incident_id IS NULL\(others)", [partition, id] + types,
        ifOverBy: through, in: tx)
    }
  }

  /// Removes all that the condition names, or nothing if some of it was recorded after `through`.
  private func remove(
    _ condition: String, _ arguments: [any ValueConvertible], ifOverBy through: Int64,
    in tx: any Transaction
  ) throws -> Int {
    let newest =
      try tx.query(
        "SELECT max(sequence) AS newest FROM event WHERE partition = $1 AND \(condition)", arguments
      ).first?.get("newest", as: Int64?.self) ?? nil
    guard let newest, newest <= through else { return 0 }
    // The bound again: on an engine with several writers something may have come in between.
    return try tx.execute(
      """
      DELETE FROM event
      WHERE partition = $1 AND \(condition) AND sequence <= $\(arguments.count + 1)
      """, arguments + [through])
  }
}
