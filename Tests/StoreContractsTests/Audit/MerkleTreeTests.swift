// The tree against the words of RFC 6962, written down as naively as they stand there.
import Foundation
import Testing

@testable import Audit

/// RFC 6962, section 2.1, to the letter.
enum NaiveTree {
  static func split(_ count: Int) -> Int {
    var power = 1
    while power * 2 < count { power *= 2 }
    return power
  }

  static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
    if leaves.isEmpty { return MerkleTree.emptyRoot }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    let middle = leaves.startIndex + split(leaves.count)
    return MerkleTree.nodeHash(root(leaves[..<middle]), root(leaves[middle...]))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
    guard leaves.count > 1 else { return [] }
    let size = split(leaves.count)
    let middle = leaves.startIndex + size
    return index < size
      ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
      : path(index - size, leaves[middle...]) + [root(leaves[..<middle])]
  }

  static func proof(_ first: Int, _ leaves: ArraySlice<[UInt8]>, isKnown: Bool = true) -> [[UInt8]]
  {
    if first == leaves.count { return isKnown ? [] : [root(leaves)] }
    let size = split(leaves.count)
    let middle = leaves.startIndex + size
    return first <= size
      ? proof(first, leaves[..<middle], isKnown: isKnown) + [root(leaves[middle...])]
      : proof(first - size, leaves[middle...], isKnown: false) + [root(leaves[..<middle])]
  }
}

@Suite struct MerkleTreeTests {
  static let leaves = (0..<35).map { MerkleTree.leafHash([UInt8($0), 7]) }

  static func subtree(_ level: Int, _ index: Int64) -> [UInt8] {
    NaiveTree.root(leaves[(Int(index) << level)..<(Int(index + 1) << level)])
  }

  /// The roots that Certificate Transparency's own tests have for these eight leaves.
  @Test func rootsAreThoseOfCertificateTransparency() {
    let leaves = [
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ].map { bytes(ofHex: $0) }
    let roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ].map { bytes(ofHex: $0) }
    var range = CompactRange()
    #expect(range.root == MerkleTree.emptyRoot)
    for (leaf, root) in zip(leaves, roots) {
      range.append(MerkleTree.leafHash(leaf)) { _, _, _ in }
      #expect(range.root == root)
    }
  }

  @Test func aTreeThatGrowsHasTheRootOfOneThatIsMadeAtOnce() {
    var range = CompactRange()
    for size in 1...Self.leaves.count {
      range.append(Self.leaves[size - 1]) { level, index, hash in
        #expect(hash == Self.subtree(level, index))
      }
      #expect(range.root == NaiveTree.root(Self.leaves[..<size]))
      #expect(MerkleTree.root(of: Int64(size), Self.subtree) == range.root)
      #expect(CompactRange(size: range.size, bytes: range.bytes) == range)
    }
    #expect(CompactRange(size: range.size, bytes: Array(range.bytes.dropLast())) == nil)
  }

  @Test func everyEntryOfEveryTreeIsProvenAndNoOther() {
    for size in 1...Self.leaves.count {
      let root = NaiveTree.root(Self.leaves[..<size])
      for index in 0..<size {
        let proof = MerkleTree.inclusionProof(
          of: Int64(index), in: Int64(size), Self.subtree)
        #expect(proof == NaiveTree.path(index, Self.leaves[..<size]))
        let proves = { (leaf: Int, at: Int, proof: [[UInt8]]) in
          MerkleTree.verifies(
            proof, leafHash: Self.leaves[leaf], at: Int64(at), in: Int64(size), root: root)
        }
        #expect(proves(index, index, proof))
        #expect(!proves((index + 1) % Self.leaves.count, index, proof))
        #expect(!proves(index, index + 1, proof))
        #expect(!proves(index, index, proof + [root]))
        if !proof.isEmpty { #expect(!proves(index, index, Array(proof.dropLast()))) }
      }
    }
  }

  @Test func everyTreeIsProvenToBeTheBeginningOfEveryLaterOne() {
    for second in 1...Self.leaves.count {
      let leaves = Self.leaves[..<second]
      let secondRoot = NaiveTree.root(leaves)
      for first in 1...second {
        let firstRoot = NaiveTree.root(leaves[..<first])
        let proof = MerkleTree.consistencyProof(
          from: Int64(first), to: Int64(second), Self.subtree)
        #expect(proof == NaiveTree.proof(first, leaves))
        let proves = { (proof: [[UInt8]], one: [UInt8], other: [UInt8]) in
          MerkleTree.verifies(proof, from: Int64(first), one, to: Int64(second), other)
        }
        #expect(proves(proof, firstRoot, secondRoot))
        if first < second {
          #expect(!proves(proof, secondRoot, secondRoot))
          #expect(!proves(proof, firstRoot, firstRoot))
          #expect(!proves(proof + [firstRoot], firstRoot, secondRoot))
          #expect(!proves(Array(proof.dropLast()), firstRoot, secondRoot))
        }
      }
    }
  }
}

func bytes(ofHex text: String) -> [UInt8] {
  stride(from: 0, to: text.count, by: 2).compactMap { offset in
    let start = text.index(text.startIndex, offsetBy: offset)
    return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16)
  }
}
