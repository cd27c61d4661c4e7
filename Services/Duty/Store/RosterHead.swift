// Numbers the changes of the roster. The number comes from a counter row that is locked until the
// commit: whoever has seen n has seen every change up to n, here as in the event log.
import Persistence

enum RosterHead {
  /// - Returns: the number of the last of `count` changes; those before it are the others'.
  static func advance(_ partition: String, by count: Int = 1, in tx: any Transaction) throws
    -> Int64
  {
    let rows = try tx.query(
      """
      INSERT INTO roster_head (partition, sequence) VALUES ($1, $2)
      ON CONFLICT (partition) DO UPDATE SET sequence = roster_head.sequence + excluded.sequence
      RETURNING sequence
      """, [partition, count])
    guard let sequence = try rows.first?.get("sequence", as: Int64.self) else {
      throw DatabaseError.other("the roster counter gave no number")
    }
    return sequence
  }

  /// 0 before the first change.
  static func current(_ partition: String, in tx: any Transaction) throws -> Int64 {
    try tx.query("SELECT sequence FROM roster_head WHERE partition = $1", [partition])
      .first?.get("sequence") ?? 0
  }
}
