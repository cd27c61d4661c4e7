// What must be kept of a tree so that it can go on growing: the roots of its complete subtrees, one for
// each bit of its size. A log of a million entries is twenty hashes here.

/// A tree that leaves are appended to.
public struct CompactRange: Sendable, Hashable {
  /// Leaves so far.
  public private(set) var size: Int64
  /// The largest subtree first.
  private var hashes: [MerkleTree.Hash]

  public init() {
    size = 0
    hashes = []
  }

  /// - Parameter bytes: as `bytes` gave them for a tree of this size.
  /// - Returns: nil when they are not of the length that goes with the size.
  init?(size: Int64, bytes: [UInt8]) {
    guard size >= 0, bytes.count == size.nonzeroBitCount * 32 else { return nil }
    self.size = size
    self.hashes = stride(from: 0, to: bytes.count, by: 32).map { Array(bytes[$0..<($0 + 32)]) }
  }

  /// The hashes one after another.
  var bytes: [UInt8] { hashes.flatMap(\.self) }

  /// - Parameter completed: told each subtree that is complete now, from the leaf upwards.
  mutating func append(
    _ leafHash: MerkleTree.Hash,
    completed: (_ level: Int, _ index: Int64, MerkleTree.Hash) throws -> Void
  ) rethrows {
    var hash = leafHash
    var level = 0
    while size >> level & 1 == 1, let left = hashes.popLast() {
      hash = MerkleTree.nodeHash(left, hash)
      level += 1
      try completed(level, size >> level, hash)
    }
    hashes.append(hash)
    size += 1
  }

  public var root: MerkleTree.Hash {
    guard var hash = hashes.last else { return MerkleTree.emptyRoot }
    for left in hashes.dropLast().reversed() { hash = MerkleTree.nodeHash(left, hash) }
    return hash
  }
}
