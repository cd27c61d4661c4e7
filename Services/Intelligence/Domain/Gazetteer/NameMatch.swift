// How well a name fits what was told, and which characters say so.

import Foundation

/// How a name was found again in what was told.
enum MatchKind: Int, Comparable, Sendable {
  case exact, soundsAlike, similar

  static func < (left: MatchKind, right: MatchKind) -> Bool { left.rawValue < right.rawValue }
}

/// The best way to lay a name beside what was told.
struct NameMatch: Sendable, Hashable {
  /// 0 … 1; 1 only for equal keys.
  let fit: Double
  let kind: MatchKind
  /// What of the told words was matched.
  let matched: String

  /// How much a lack on either side takes away.
  struct Weighing: Sendable {
    let missingInTold: Double
    let missingInName: Double

    /// A name that was told: what it has and nobody said counts; what was said around it, less.
    static let name = Weighing(missingInTold: 0.6, missingInName: 0.3)
    /// A phrase of a description: the plate's own words may say far more.
    static let phrase = Weighing(missingInTold: 0.15, missingInName: 0.8)
  }

  /// Words that many names end with say little.
  private static let common = Dictionary(
    grouping: [
      "派出所", "幼儿园", "农贸市场", "购物中心", "大酒店", "公园", "小区", "大厦", "广场", "花园", "学校",
      "小学", "中学", "医院", "市场", "大道", "社区", "路", "街", "巷", "村", "店", "号",
    ].map { Array($0.unicodeScalars) }, by: { $0[0] })

  private static let sameCharacter = 1.0
  private static let sameSound = 0.85
  private static let nearSound = 0.7
  private static let exchanged = 0.9

  init(told: FoldedName, name: FoldedName, as weighing: Weighing = .name) {
    guard told != name else {
      self.init(fit: 1, kind: .exact, matched: told.key)
      return
    }
    let toldWeights = Self.weights(told)
    let nameWeights = Self.weights(name)
    let pairs = Self.align(told, name, nameWeights)
    var matched = 0.0
    var kind = MatchKind.soundsAlike
    var lacking = nameWeights.reduce(0, +)
    var extra = toldWeights.reduce(0, +)
    var letters: [Unicode.Scalar] = []
    for pair in pairs {
      matched += pair.likeness * nameWeights[pair.name]
      lacking -= nameWeights[pair.name]
      extra -= toldWeights[pair.told]
      letters.append(told.characters[pair.told].scalar)
    }
    // A character that only sounds alike is to that part a lack.
    let doubt = pairs.reduce(0) { $0 + (1 - $1.likeness) * nameWeights[$1.name] }
    if pairs.count != told.count || pairs.count != name.count || Self.isTurned(pairs) {
      kind = .similar
    }
    let whole =
      matched + doubt + weighing.missingInTold * max(0, lacking)
      + weighing.missingInName * max(0, extra)
    let fit = whole > 0 ? matched / whole : 0
    self.init(
      // Whatever is not equal stays below what is.
      fit: min(0.99, fit * Self.togetherness(pairs)), kind: kind, matched: FoldedName.text(letters))
  }

  private init(fit: Double, kind: MatchKind, matched: String) {
    self.fit = fit
    self.kind = kind
    self.matched = matched
  }

  private struct Pair {
    let told: Int
    let name: Int
    let likeness: Double
  }

  private static func isTurned(_ pairs: [Pair]) -> Bool {
    zip(pairs, pairs.dropFirst()).contains { $0.name > $1.name }
  }

  /// Characters that follow each other in both texts belong together; scattered ones are chance.
  private static func togetherness(_ pairs: [Pair]) -> Double {
    guard pairs.count > 1 else { return 0.9 }
    let together = zip(pairs, pairs.dropFirst()).filter { left, right in
      abs(right.told - left.told) <= 2 && abs(right.name - left.name) <= 2
    }.count
    return 0.8 + 0.2 * Double(together) / Double(pairs.count - 1)
  }

  private static func weights(_ name: FoldedName) -> [Double] {
    let characters = name.characters.map(\.scalar)
    var weights = Array(repeating: 1.0, count: characters.count)
    for start in characters.indices {
      for word in common[characters[start]] ?? [] where word.count < characters.count {
        guard characters[start...].starts(with: word) else { continue }
        for index in start..<start + word.count { weights[index] = 0.5 }
      }
    }
    return weights
  }

  private static func likeness(_ left: FoldedCharacter, _ right: FoldedCharacter) -> Double {
    if left.scalar == right.scalar { return sameCharacter }
    if left.syllable == right.syllable { return sameSound }
    return left.nearSyllable == right.nearSyllable ? nearSound : 0
  }

  /// The pairs of greatest weight that keep their order, but for two neighbours exchanged.
  private static func align(_ told: FoldedName, _ name: FoldedName, _ weights: [Double]) -> [Pair] {
    let (left, right) = (told.characters, name.characters)
    let width = right.count + 1
    guard !left.isEmpty, !right.isEmpty else { return [] }
    var alike = Array(repeating: 0.0, count: left.count * right.count)
    for row in left.indices {
      for column in right.indices {
        alike[row * right.count + column] = likeness(left[row], right[column])
      }
    }
    func like(_ row: Int, _ column: Int) -> Double { alike[(row - 1) * right.count + column - 1] }
    func turned(_ row: Int, _ column: Int) -> Double? {
      guard row > 1, column > 1 else { return nil }
      let (first, second) = (like(row - 1, column), like(row, column - 1))
      guard first > 0, second > 0 else { return nil }
      return exchanged * (first * weights[column - 1] + second * weights[column - 2])
    }
    var best = Array(repeating: 0.0, count: (left.count + 1) * width)
    for row in 1...left.count {
      for column in 1...right.count {
        var value = max(best[(row - 1) * width + column], best[row * width + column - 1])
        value = max(
          value, best[(row - 1) * width + column - 1] + like(row, column) * weights[column - 1])
        if let turned = turned(row, column) {
          value = max(value, best[(row - 2) * width + column - 2] + turned)
        }
        best[row * width + column] = value
      }
    }
    var pairs: [Pair] = []
    var (row, column) = (left.count, right.count)
    while row > 0, column > 0 {
      let value = best[row * width + column]
      let likeness = like(row, column)
      if likeness > 0,
        value == best[(row - 1) * width + column - 1] + likeness * weights[column - 1]
      {
        pairs.append(Pair(told: row - 1, name: column - 1, likeness: likeness))
        (row, column) = (row - 1, column - 1)
      } else if let turned = turned(row, column),
        value == best[(row - 2) * width + column - 2] + turned
      {
        pairs.append(
          Pair(told: row - 1, name: column - 2, likeness: exchanged * like(row, column - 1)))
        pairs.append(
          Pair(told: row - 2, name: column - 1, likeness: exchanged * like(row - 1, column)))
        (row, column) = (row - 2, column - 2)
      } else if value == best[(row - 1) * width + column] {
        row -= 1
      } else {
        column -= 1
      }
    }
    return pairs.reversed()
  }
}
