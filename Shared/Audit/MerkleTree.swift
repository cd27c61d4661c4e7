// The tree of RFC 6962, section 2.1: nothing but hashes and numbers. Its root says all there is to say
// about a log of any length; a few hashes prove that an entry is in it, and that it only grew.
import Crypto

/// Trees over leaves that are counted from 0. Every function asks for the roots of complete subtrees
/// and makes the rest.
public enum MerkleTree {
  /// 32 bytes.
  public typealias Hash = [UInt8]
  /// Gives the root of the complete subtree over the leaves from `index << level` to just before
  /// `(index + 1) << level`; level 0 is a leaf's hash.
  public typealias Subtrees = (_ level: Int, _ index: Int64) throws -> Hash

  /// The root of a tree without leaves: SHA-256 of nothing.
  public static let emptyRoot = Array(SHA256.hash(data: [UInt8]()))

  /// SHA-256(0x00 ‖ leaf).
  public static func leafHash(_ leaf: [UInt8]) -> Hash {
    var hash = SHA256()
    hash.update(data: [0x00])
    hash.update(data: leaf)
    return Array(hash.finalize())
  }

  /// SHA-256(0x01 ‖ left ‖ right).
  public static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
    Array(SHA256.hash(data: [0x01] + left + right))
  }

  /// The root of the tree over the first `size` leaves.
  public static func root(of size: Int64, _ subtrees: Subtrees) rethrows -> Hash {
    size == 0 ? emptyRoot : try root(0, size, subtrees)
  }

  /// RFC 6962, section 2.1.1: from the leaf's sibling upwards. `index` is less than `size`.
  public static func inclusionProof(
    of index: Int64, in size: Int64, _ subtrees: Subtrees
  ) rethrows -> [Hash] {
    var proof: [Hash] = []
    var (start, end) = (Int64(0), size)
    while end - start > 1 {
      let middle = start + split(end - start)
      if index < middle {
        proof.append(try root(middle, end, subtrees))
        end = middle
      } else {
        proof.append(try root(start, middle, subtrees))
        start = middle
      }
    }
    return proof.reversed()
  }

  /// RFC 6962, section 2.1.2. `first` is at least 1 and at most `second`.
  public static func consistencyProof(
    from first: Int64, to second: Int64, _ subtrees: Subtrees
  ) rethrows -> [Hash] {
    var proof: [Hash] = []
    var (start, end) = (Int64(0), second)
    while end != first {
      let middle = start + split(end - start)
      if first <= middle {
        proof.append(try root(middle, end, subtrees))
        end = middle
      } else {
        proof.append(try root(start, middle, subtrees))
        start = middle
      }
    }
    // Where the smaller tree is a whole subtree from the first leaf on, its root is known already.
    if start > 0 { proof.append(try root(start, end, subtrees)) }
    return proof.reversed()
  }

  /// RFC 9162, section 2.1.3.2.
  public static func verifies(
    _ proof: [Hash], leafHash: Hash, at index: Int64, in size: Int64, root: Hash
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var (node, last, hash) = (index, size - 1, leafHash)
    for sibling in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = nodeHash(sibling, hash)
        skipLeftEdges(&node, &last)
      } else {
        hash = nodeHash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// RFC 9162, section 2.1.4.2.
  public static func verifies(
    _ proof: [Hash], from first: Int64, _ firstRoot: Hash, to second: Int64, _ secondRoot: Hash
  ) -> Bool {
    guard first > 0, first <= second else { return false }
    guard first < second else { return proof.isEmpty && firstRoot == secondRoot }
    let isSubtree = first & (first - 1) == 0
    var rest = (isSubtree ? [firstRoot] : [])[...] + proof[...]
    guard let start = rest.popFirst() else { return false }
    var (node, last) = (first - 1, second - 1)
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    var (firstHash, secondHash) = (start, start)
    for sibling in rest {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        firstHash = nodeHash(sibling, firstHash)
        secondHash = nodeHash(sibling, secondHash)
        skipLeftEdges(&node, &last)
      } else {
        secondHash = nodeHash(secondHash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && firstHash == firstRoot && secondHash == secondRoot
  }

  /// A node without a right sibling has no parent of its own until one further up has.
  private static func skipLeftEdges(_ node: inout Int64, _ last: inout Int64) {
    while node & 1 == 0 && node != 0 {
      node >>= 1
      last >>= 1
    }
  }

  /// The root over the leaves from `start` to before `end`, a range that splitting came to: `start`
  /// is a multiple of the power of two that the range fits in.
  private static func root(
    _ start: Int64, _ end: Int64, _ subtrees: Subtrees
  ) rethrows -> Hash {
    let count = end - start
    if count & (count - 1) == 0 {
      return try subtrees(count.trailingZeroBitCount, start / count)
    }
    let middle = start + split(count)
    return nodeHash(try root(start, middle, subtrees), try root(middle, end, subtrees))
  }

  /// The largest power of two that is smaller than `count`, which is 2 or more.
  private static func split(_ count: Int64) -> Int64 {
    1 << (63 - (count - 1).leadingZeroBitCount)
  }
}
