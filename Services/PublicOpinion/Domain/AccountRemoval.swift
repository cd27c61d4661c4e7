// Who wrote a text, and how to reach or find them, also stands in the text itself: telephone numbers,
// numbers of documents and accounts, and names that follow a word such as 作者 go before anything is
// kept. The bureau's own answers name its telephone: they are not looked at.

import Foundation

public enum AccountRemoval {
  /// What stands in the place of a number or an account.
  public static let placeholder = "某号码"

  /// More digits than a house, a bus or a year has.
  private static let longRun = 7
  /// Words after which, with a colon, a name or account stands; in lower case.
  private static let labels: [[Unicode.Scalar]] = [
    "微信号", "微信", "wechat", "weixin", "vx", "qq号", "qq", "抖音号", "抖音", "快手号", "快手", "微博号",
    "小红书号", "账号", "帐号", "账户", "用户名", "昵称", "网名", "作者", "博主", "发帖人", "楼主", "来源用户", "uid",
    "userid", "user_id", "username", "user", "account", "author", "nickname", "by",
  ].sorted { $0.count > $1.count }.map { Array($0.unicodeScalars) }

  /// Rather too much than a number: an amount of seven digits goes as well.
  public static func removingAccounts(from text: String) -> String {
    removingNumbers(from: removingLabelled(Array(text.unicodeScalars)))
  }

  // MARK: - Numbers

  private static func removingNumbers(from scalars: [Unicode.Scalar]) -> String {
    var kept = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      guard digit(scalars[index]) != nil else {
        kept.append(scalars[index])
        index += 1
        continue
      }
      let run = end(ofDigits: scalars, from: index)
      let joined = end(ofJoinedDigits: scalars, from: index)
      if isTelephone(scalars[index..<joined].compactMap(digit)) {
        kept.append(contentsOf: placeholder.unicodeScalars)
        index = joined
      } else if run - index >= longRun {
        kept.append(contentsOf: placeholder.unicodeScalars)
        index = run
      } else {
        kept.append(contentsOf: scalars[index..<run])
        index = run
      }
    }
    return String(kept)
  }

  /// In Chinese networks: mobile with or without the country's code, or with an area's.
  private static func isTelephone(_ digits: [Int]) -> Bool {
    let national =
      digits.starts(with: [8, 6]) && digits.count > 11 ? digits.dropFirst(2) : digits[...]
    let isMobile =
      national.count == 11 && national.first == 1 && (national.dropFirst().first ?? 0) >= 3
    return isMobile || (national.first == 0 && (10...12).contains(national.count))
  }

  /// With the letter that may end a document's number.
  private static func end(ofDigits scalars: [Unicode.Scalar], from start: Int) -> Int {
    var end = start
    while end < scalars.count, digit(scalars[end]) != nil { end += 1 }
    let isDocument = end - start == 17 && end < scalars.count
    return isDocument && ["x", "X", "Ｘ"].contains(scalars[end]) ? end + 1 : end
  }

  /// Digits with a space or a dash, or two of them, in between.
  private static func end(ofJoinedDigits scalars: [Unicode.Scalar], from start: Int) -> Int {
    let joints: Set<Unicode.Scalar> = [" ", "-", "－", "—", ".", "(", ")", "（", "）", "\u{3000}"]
    var end = start
    var next = start
    while next < scalars.count {
      if digit(scalars[next]) != nil {
        end = next + 1
      } else if !joints.contains(scalars[next]) || next > end + 1 {
        break
      }
      next += 1
    }
    return end
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    guard scalar.properties.numericType == .decimal else { return nil }
    return scalar.properties.numericValue.map(Int.init)
  }

  // MARK: - What stands behind a label

  private static func removingLabelled(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let folded = scalars.map { $0.properties.lowercaseMapping.unicodeScalars.first ?? $0 }
    var kept: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      guard let label = label(in: folded, at: index),
        let place = account(in: scalars, from: index + label)
      else {
        kept.append(scalars[index])
        index += 1
        continue
      }
      kept += scalars[index..<place.lowerBound]
      kept += Array(placeholder.unicodeScalars)
      index = place.upperBound
    }
    return kept
  }

  /// The length of a label that begins here; one in Latin letters begins a word.
  private static func label(in folded: [Unicode.Scalar], at index: Int) -> Int? {
    let isInWord =
      index > 0 && folded[index - 1].isASCII && folded[index - 1].properties.isAlphabetic
    return labels.first { label in
      folded[index...].starts(with: label) && !(label[0].isASCII && isInWord)
    }?.count
  }

  /// Behind a colon anything up to white space or punctuation; without one a word of Latin letters
  /// and digits that is too long, or too odd, to be a word.
  private static func account(in scalars: [Unicode.Scalar], from start: Int) -> Range<Int>? {
    var index = start
    func skipSpace() {
      while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    }
    skipSpace()
    let hasColon = index < scalars.count && [":", "：", "="].contains(scalars[index])
    if hasColon {
      index += 1
      skipSpace()
    }
    var end = index
    while end < scalars.count, isPart(scalars[end], hasColon: hasColon) { end += 1 }
    if hasColon { return end > index ? index..<end : nil }
    let word = scalars[index..<end]
    return word.count >= 5 && word.contains { digit($0) != nil || $0 == "_" } ? index..<end : nil
  }

  private static func isPart(_ scalar: Unicode.Scalar, hasColon: Bool) -> Bool {
    if scalar == "_" || scalar == "-" || scalar == "·" { return true }
    let isLatin =
      digit(scalar) != nil || (scalar.isASCII && scalar.properties.isAlphabetic)
    return isLatin || (hasColon && scalar.properties.isAlphabetic)
  }
}
