// Whether two texts say the same: the share of runs of three characters that they have in common.
// No words are needed, so Chinese is as good as English.

import Foundation

/// The runs of a text, as hashes.
///
/// Of a long text only the smallest `limit` hashes are kept: a random sample that is the same for
/// equal runs (bottom-k MinHash; Broder 1997). Up to `limit` runs the similarity is exact, beyond
/// it is an estimate with a standard error below 0.025.
public struct TextSketch: Sendable, Hashable {
  public static let runLength = 3
  public static let limit = 400

  /// Ascending, each once, at least one.
  public let hashes: [UInt64]

  /// - Parameter hashes: as `hashes` gave them.
  public init(hashes: [UInt64]) {
    self.hashes = hashes
  }

  /// White space, punctuation, signs, capitals and the width of characters do not count, nor do
  /// names that were replaced.
  public init(of text: String) {
    let letters = Self.letters(of: text)
    var runs: Set<UInt64> = []
    if letters.count < Self.runLength {
      // Too short for a run, or nothing but signs: then only the very same text is the same.
      let whole = letters.isEmpty ? Array(text.unicodeScalars) : letters
      runs.insert(Self.hash(whole[...]))
    } else {
      for start in 0...(letters.count - Self.runLength) {
        runs.insert(Self.hash(letters[start..<(start + Self.runLength)]))
      }
    }
    hashes = Array(runs.sorted().prefix(Self.limit))
  }

  /// Jaccard similarity, 0 … 1.
  public func similarity(to other: TextSketch) -> Double {
    var (left, right) = (hashes[...], other.hashes[...])
    var (common, all) = (0, 0)
    while all < Self.limit, let a = left.first ?? right.first, let b = right.first ?? left.first {
      let next = min(a, b)
      let inLeft = left.first == next
      let inRight = right.first == next
      if inLeft { left.removeFirst() }
      if inRight { right.removeFirst() }
      if inLeft && inRight { common += 1 }
      all += 1
    }
    return all == 0 ? 0 : Double(common) / Double(all)
  }

  private static func letters(of text: String) -> [Unicode.Scalar] {
    text.replacingOccurrences(of: NameRemoval.placeholder, with: " ")
      .replacingOccurrences(of: AccountRemoval.placeholder, with: " ")
      .precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
      .filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
  }

  /// FNV-1a, then a mixing step (MurmurHash3's) so that small hashes are a fair sample.
  private static func hash(_ run: ArraySlice<Unicode.Scalar>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for scalar in run {
      for shift in [0, 8, 16, 24] as [UInt32] {
        hash = (hash ^ UInt64(scalar.value >> shift & 0xFF)) &* 0x100_0000_01b3
      }
    }
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }
}
