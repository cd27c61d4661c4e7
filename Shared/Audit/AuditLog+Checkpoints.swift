// A checkpoint is signed once for a size, kept with the log, and exported from there.
public import Persistence

extension AuditLog {
  /// Signs a checkpoint of the log as it is, unless there is one.
  /// - Returns: the newest checkpoint; nil while the log is empty.
  /// - Throws: `DatabaseError`.
  @discardableResult
  public func makeCheckpoint(
    _ key: AuditKey, in tx: any Transaction
  ) throws -> (size: Int64, note: String)? {
    let range = try head(in: tx)
    guard range.size > 0 else { return nil }
    if let note = try checkpoint(of: range.size, in: tx) { return (range.size, note) }
    let note = try key.sign(Checkpoint(origin: origin, size: range.size, root: range.root))
    try tx.execute(
      "INSERT INTO audit_checkpoint (partition, size, note) VALUES ($1, $2, $3)",
      [partition, range.size, note])
    return (range.size, note)
  }

  /// Entries that the newest checkpoint covers, 0 where there is none, and entries in all.
  /// - Throws: `DatabaseError`.
  public func covered(in tx: any Transaction) throws -> (covered: Int64, size: Int64) {
    let rows = try tx.query(
      "SELECT max(size) AS size FROM audit_checkpoint WHERE partition = $1", [partition])
    return (try rows.first?.get("size", as: Int64?.self) ?? 0, try head(in: tx).size)
  }

  /// The checkpoint of that size, if one was made.
  /// - Throws: `DatabaseError`.
  public func checkpoint(of size: Int64, in tx: any Transaction) throws -> String? {
    try tx.query(
      "SELECT note FROM audit_checkpoint WHERE partition = $1 AND size = $2", [partition, size]
    ).first?.get("note")
  }

  /// Checkpoints larger than `size`, the smallest first, at most `limit`.
  /// - Throws: `DatabaseError`.
  public func checkpoints(
    above size: Int64, limit: Int, in tx: any Transaction
  ) throws -> [(size: Int64, note: String)] {
    try tx.query(
      """
      SELECT size, note FROM audit_checkpoint WHERE partition = $1 AND size > $2
      ORDER BY size LIMIT $3
      """, [partition, size, limit]
    ).map { (try $0.get("size"), try $0.get("note")) }
  }
}
