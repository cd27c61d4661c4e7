// Which words suggest which class and level. The words are data; this is only how they are looked
// for and weighed. A suggestion always comes with its words, for people to judge.

public import Classification
import Foundation

/// One word and what it suggests.
public struct KindRule: Sendable, Hashable {
  /// Folded as `TextFolding.fold` does.
  public var word: String
  public var incidentClass: IncidentClass
  public var level: IncidentLevel
  /// 1 … 10: how much it says.
  public var weight: Int

  public init(word: String, incidentClass: IncidentClass, level: IncidentLevel, weight: Int) {
    self.word = word
    self.incidentClass = incidentClass
    self.level = level
    self.weight = weight
  }
}

/// All words, ready to be looked for in one pass over a text.
public struct KindRules: Sendable {
  private struct Node: Sendable {
    var children: [UInt8: Int] = [:]
    var rule: Int?
  }

  private let rules: [KindRule]
  private let byWord: [String: Int]
  /// A tree of the words' bytes; the first node is its root.
  private let nodes: [Node]

  /// - Parameter rules: of rules with the same word the last one counts.
  public init(_ rules: [KindRule]) {
    var nodes = [Node()]
    var byWord: [String: Int] = [:]
    for (index, rule) in rules.enumerated() where !rule.word.isEmpty {
      byWord[rule.word] = index
      var node = 0
      for byte in rule.word.utf8 {
        if let next = nodes[node].children[byte] {
          node = next
        } else {
          nodes.append(Node())
          nodes[node].children[byte] = nodes.count - 1
          node = nodes.count - 1
        }
      }
      nodes[node].rule = index
    }
    self.rules = rules
    self.byWord = byWord
    self.nodes = nodes
  }

  /// The words found, each once, in the order of their first occurrence. Where one word holds
  /// another (`fire alarm`, `fire`) the longest counts. Words of Latin letters must stand alone.
  public func words(in text: String) -> [String] {
    let bytes = Array(TextFolding.fold(text).utf8)
    var found: [String] = []
    var index = 0
    while index < bytes.count {
      let isInsideWord =
        index > 0 && Self.isLatin(bytes[index - 1]) && Self.isLatin(bytes[index])
      if !isInsideWord, let (rule, length) = longest(in: bytes, from: index) {
        if !found.contains(rules[rule].word) { found.append(rules[rule].word) }
        index += length
      } else {
        index += 1
      }
    }
    return found
  }

  /// The class of the greatest weight in all, with the gravest level that its words suggest. Equal
  /// weights: the class that comes first in `IncidentClass`.
  public func finding(for words: [String]) -> KindFinding? {
    var byClass: [IncidentClass: [KindRule]] = [:]
    for word in words {
      guard let index = byWord[word] else { continue }
      byClass[rules[index].incidentClass, default: []].append(rules[index])
    }
    var best: (weight: Int, rules: [KindRule])?
    for candidate in IncidentClass.allCases {
      guard let found = byClass[candidate] else { continue }
      let weight = found.reduce(0) { $0 + $1.weight }
      if weight > best?.weight ?? 0 { best = (weight, found) }
    }
    guard let chosen = best?.rules, let first = chosen.first else { return nil }
    return KindFinding(
      incidentClass: first.incidentClass, level: chosen.map(\.level).min() ?? first.level,
      words: chosen.map(\.word))
  }

  private func longest(in bytes: [UInt8], from start: Int) -> (rule: Int, length: Int)? {
    var node = 0
    var best: (rule: Int, length: Int)?
    for index in start..<bytes.count {
      guard let next = nodes[node].children[bytes[index]] else { break }
      node = next
      guard let rule = nodes[node].rule else { continue }
      let endsInsideWord =
        index + 1 < bytes.count && Self.isLatin(bytes[index]) && Self.isLatin(bytes[index + 1])
      if !endsInsideWord { best = (rule, index + 1 - start) }
    }
    return best
  }

  private static func isLatin(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
