// Whom a text addresses is nobody's business here: names after @ go before anything is kept.

import Foundation

public enum NameRemoval {
  /// What stands in the place of a name.
  public static let placeholder = "@某用户"

  /// Replaces every name addressed with @ (also of full width), and every e-mail address.
  ///
  /// A name is what follows up to white space or punctuation; `_` and `-` belong to it, and so do
  /// a dot or `·` in its midst. Chinese runs on without spaces, so that words after a name may go
  /// with it: rather too much than a name.
  public static func removingNames(from text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var kept = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      let end = isAt(scalars[index]) ? nameEnd(in: scalars, from: index + 1) : index
      if end > index + 1 {
        if scalars[(index + 1)..<end].contains(".") { removeMailbox(from: &kept) }
        kept.append(contentsOf: placeholder.unicodeScalars)
        index = end
      } else {
        kept.append(scalars[index])
        index += 1
      }
    }
    return String(kept)
  }

  private static func isAt(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "@" || scalar == "\u{FF20}" || scalar == "\u{FE6B}"
  }

  private static func nameEnd(in scalars: [Unicode.Scalar], from start: Int) -> Int {
    var end = start
    while end < scalars.count {
      let next = end + 1 < scalars.count ? scalars[end + 1] : " "
      let isJoint =
        end > start
        && ((scalars[end] == "." && isLatin(next)) || (isMiddleDot(scalars[end]) && isName(next)))
      guard isName(scalars[end]) || isJoint else { break }
      end += 1
    }
    return end
  }

  private static func isName(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "_" || scalar == "-" { return true }
    if isAt(scalar) || scalar.properties.isWhitespace { return false }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .control, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default:
      return true
    }
  }

  /// As in 阿凡提·买买提.
  private static func isMiddleDot(_ scalar: Unicode.Scalar) -> Bool {
    ["\u{B7}", "\u{2022}", "\u{2027}", "\u{30FB}"].contains(scalar)
  }

  private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
  }

  /// The part of an e-mail address before @ is a name too.
  private static func removeMailbox(from kept: inout String.UnicodeScalarView) {
    while let last = kept.last, isLatin(last) || "._%+-".unicodeScalars.contains(last) {
      kept.removeLast()
    }
  }
}
