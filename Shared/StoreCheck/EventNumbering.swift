// The log's promise: above what was pruned, each number up to the head is there once.
import Persistence

/// What a log keeps.
struct EventNumbering {
  /// Nothing was pruned, so that everything can be told from it.
  let isWhole: Bool

  /// Looks at every partition of the store.
  /// - Returns: what the log of `partition` keeps.
  static func check(
    _ snapshot: any StoreSnapshot, _ partition: String, _ report: inout CheckReport
  ) throws -> EventNumbering {
    var gaps: [String] = []
    let bounds = try snapshot.read { try self.bounds(in: $0) }
    for (name, bound) in bounds.sorted(by: { $0.key < $1.key }) {
      let rows = try snapshot.read { tx in
        try tx.query(
          """
          SELECT count(*) AS kept, count(CASE WHEN sequence > $2 THEN 1 END) AS after,
            coalesce(max(sequence), 0) AS last
          FROM event WHERE partition = $1
          """, [name, bound.pruned])
      }
      guard let row = rows.first else { continue }
      let (after, last) = (try row.get("after", as: Int.self), try row.get("last", as: Int.self))
      report.events += try row.get("kept", as: Int.self)
      // Numbers are unique: as many as there can be up to the head leave no room for a gap.
      if after != bound.head - bound.pruned || last > bound.head {
        gaps.append(
          "\(name): \(after) events above \(bound.pruned), the last \(last), head \(bound.head)")
      }
    }
    report.add("事件编号有缺口", "the event numbers up to the head have gaps", gaps)
    return EventNumbering(isWhole: bounds[partition].map { $0.pruned == 0 } ?? true)
  }

  /// By partition, also of those that have events and no head.
  static func bounds(
    in tx: any Transaction
  ) throws -> [String: (head: Int, pruned: Int)] {
    var bounds: [String: (head: Int, pruned: Int)] = [:]
    for row in try tx.query("SELECT DISTINCT partition FROM event") {
      bounds[try row.get("partition")] = (0, 0)
    }
    for row in try tx.query("SELECT * FROM event_head") {
      // Stores made before feeds could be pruned do not have the column.
      let canBePruned = row.columns.contains { $0.name == "pruned_through" }
      bounds[try row.get("partition")] = (
        try row.get("n"), canBePruned ? try row.get("pruned_through") : 0
      )
    }
    return bounds
  }
}
