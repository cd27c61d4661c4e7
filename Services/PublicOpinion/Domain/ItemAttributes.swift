// Partners' systems know who wrote a text. What is not on this list is dropped at the door, and so
// is what is on it but is no plain word or number.

import Foundation

/// One value of a partner's attribute.
public enum AttributeValue: Sendable, Hashable {
  case text(String)
  case number(Double)
  /// Null, a truth value, a list or a structure: never kept.
  case other
}

public enum ItemAttributes {
  static let words: Set<String> = ["platform", "channel", "region", "language"]
  static let counts: Set<String> = ["like_count", "share_count", "comment_count"]
  /// A word is short; a long text could say anything.
  static let wordLimit = 64
  /// Most names reported as dropped, each cut to as many characters as a word may have.
  static let droppedLimit = 100

  /// - Returns: what is kept, and the names of the others in alphabetical order.
  public static func sort(
    _ given: [String: AttributeValue]
  ) -> (kept: [String: String], dropped: [String]) {
    var kept: [String: String] = [:]
    var dropped: [String] = []
    for (name, value) in given {
      if let text = text(of: value, named: name) {
        kept[name] = text
      } else {
        dropped.append(String(name.prefix(wordLimit)))
      }
    }
    return (kept, Array(dropped.sorted().prefix(droppedLimit)))
  }

  private static func text(of value: AttributeValue, named name: String) -> String? {
    switch value {
    case .other: return nil
    case .number(let number):
      guard words.contains(name) || (counts.contains(name) && number >= 0), number.isFinite else {
        return nil
      }
      return Int64(exactly: number).map(String.init) ?? String(number)
    case .text(let text):
      if counts.contains(name) { return Int64(text).flatMap { $0 >= 0 ? String($0) : nil } }
      guard words.contains(name), text.count <= wordLimit,
        !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { return nil }
      return AccountRemoval.removingAccounts(from: NameRemoval.removingNames(from: text))
    }
  }
}
