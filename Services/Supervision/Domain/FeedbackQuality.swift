// 退回弱反馈: a text that says nothing of what was done goes back. What counts as nothing is data.
import Foundation

/// What a feedback text must at least be.
public struct FeedbackRule: Sendable, Hashable, Codable {
  public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
    case incident, directive
  }

  public var code: Code
  /// Letters and digits that a text must have, 0 for any.
  public var minimumLength: Int
  /// A text made of these alone says nothing; compared without case, spaces and punctuation.
  public var fillerWords: [String]

  public init(code: Code, minimumLength: Int, fillerWords: [String]) {
    self.code = code
    self.minimumLength = minimumLength
    self.fillerWords = fillerWords
  }

  public static let defaults: [FeedbackRule] = {
    let fillers = [
      "已处理", "已处置", "处理完毕", "已办结", "已反馈", "已收到", "收到", "同上", "无", "完毕",
      "ok", "done", "handled", "finished", "completed", "as above", "same as above", "n/a", "none",
      "nil",
    ]
    return Code.allCases.map {
      FeedbackRule(code: $0, minimumLength: 8, fillerWords: fillers)
    }
  }()
}

extension FeedbackRule {
  /// Why `text` is too weak, Chinese first; nil when it will do.
  public func weakness(of text: String) -> String? {
    let substance = Self.substance(of: text)
    var rest = substance
    for filler in fillerWords.map(Self.substance).sorted(by: { $0.count > $1.count })
    where !filler.isEmpty {
      rest = rest.replacingOccurrences(of: filler, with: "")
    }
    if rest.isEmpty {
      return "反馈未说明做了什么。The feedback does not say what was done."
    }
    if substance.count < minimumLength {
      return "反馈过短，至少 \(minimumLength) 个字。"
        + "The feedback is too short; at least \(minimumLength) characters are needed."
    }
    return nil
  }

  /// Letters and digits in lowercase: what is left of a text without its dress.
  private static func substance(of text: String) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
