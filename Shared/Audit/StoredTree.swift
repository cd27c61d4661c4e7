// The tree as a store keeps it: every leaf's hash, and the roots of complete subtrees of 256, 65 536 …
// leaves. What lies between is made from at most 256 rows, read together.
public import Persistence

/// Gives `MerkleTree` what it asks for, within one transaction.
struct StoredTree {
  let partition: String
  let tx: any Transaction
  /// Hashes that were read, by level and number of the group of 256.
  private var read: [[Int64]: [MerkleTree.Hash]] = [:]

  init(partition: String, in tx: any Transaction) {
    self.partition = partition
    self.tx = tx
  }

  /// - Throws: `DatabaseError`, also where the store lacks a row that it must have.
  mutating func subtree(_ level: Int, _ index: Int64) throws -> MerkleTree.Hash {
    let step = AuditLog.levelStep
    let (base, above) = (level / step * step, level % step)
    let group = index >> (step - above)
    let hashes = try self.hashes(base, group)
    let first = Int(index << above - group << step)
    guard first + 1 << above <= hashes.count else {
      throw DatabaseError.corrupt("the audit log lacks hashes of level \(base)")
    }
    var row = Array(hashes[first..<(first + 1 << above)])
    while row.count > 1 {
      row = stride(from: 0, to: row.count, by: 2).map { MerkleTree.nodeHash(row[$0], row[$0 + 1]) }
    }
    return row[0]
  }

  private mutating func hashes(_ level: Int, _ group: Int64) throws -> [MerkleTree.Hash] {
    if let known = read[[Int64(level), group]] { return known }
    let width = Int64(1) << AuditLog.levelStep
    let bounds: [any ValueConvertible] = [partition, group * width, (group + 1) * width]
    let rows =
      level == 0
      ? try tx.query(
        """
        SELECT leaf_hash AS hash FROM audit_entry
        WHERE partition = $1 AND n >= $2 AND n < $3 ORDER BY n
        """, bounds)
      : try tx.query(
        """
        SELECT hash FROM audit_node
        WHERE partition = $1 AND n >= $2 AND n < $3 AND level = $4 ORDER BY n
        """, bounds + [level])
    let hashes = try rows.map { try $0.get("hash", as: [UInt8].self) }
    read[[Int64(level), group]] = hashes
    return hashes
  }
}

extension AuditLog {
  /// From the entry's sibling upwards, with the entry's own hash; nil where the log has no tree of
  /// that size, or it has no such entry.
  /// - Throws: `DatabaseError`.
  public func inclusionProof(
    of index: Int64, in size: Int64, in tx: any Transaction
  ) throws -> (leafHash: MerkleTree.Hash, hashes: [MerkleTree.Hash])? {
    guard index >= 0, index < size, try size <= head(in: tx).size else { return nil }
    var tree = StoredTree(partition: partition, in: tx)
    let hashes = try MerkleTree.inclusionProof(of: index, in: size) { try tree.subtree($0, $1) }
    return (try tree.subtree(0, index), hashes)
  }

  /// Nil where the log has no tree of that size. `first` is at least 1 and at most `second`.
  /// - Throws: `DatabaseError`.
  public func consistencyProof(
    from first: Int64, to second: Int64, in tx: any Transaction
  ) throws -> [MerkleTree.Hash]? {
    guard first > 0, first <= second, try second <= head(in: tx).size else { return nil }
    var tree = StoredTree(partition: partition, in: tx)
    return try MerkleTree.consistencyProof(from: first, to: second) { try tree.subtree($0, $1) }
  }
}
