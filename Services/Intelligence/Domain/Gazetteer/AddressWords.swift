// What people put around a name when they say where they are: house numbers, crossings, and words
// such as 对面 and 东侧50米.

import Foundation

/// A road and a house number on it: 中山路120号, 中山路120-3号5楼, 120 Zhongshan Road is not read.
struct HouseNumber: Hashable, Sendable {
  let road: String
  let number: Int
  /// What follows the number, such as 5楼.
  let rest: String

  private static let roadEnds: Set<Character> = ["路", "街", "道", "巷", "弄", "里", "线", "村"]

  init?(_ text: String) {
    let folded = Array(TextFolding.fold(text).filter { !$0.isWhitespace })
    guard let end = folded.indices.first(where: { Self.endsRoad(folded, at: $0) }) else {
      return nil
    }
    let digits = folded[(end + 1)...].prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(String(digits)), number > 0, number < 100_000 else { return nil }
    var rest = folded[digits.endIndex...]
    // 120-3号 and 120之3号 stand beside 120号.
    if let next = rest.first, next == "-" || next == "之" {
      rest = rest.dropFirst().drop { $0.isASCII && $0.isNumber }
    }
    // 中山路3米 and 人民路2个 speak of other things.
    guard rest.first == "号" || rest.isEmpty else { return nil }
    self.road = HouseNumber.withoutRegions(String(folded[...end]))
    self.number = number
    self.rest = String(rest.dropFirst())
  }

  private static func endsRoad(_ text: [Character], at index: Int) -> Bool {
    guard index > 0, roadEnds.contains(text[index]), index + 1 < text.count else { return false }
    return text[index + 1].isASCII && text[index + 1].isNumber
  }

  /// 广东省深圳市福田区中山路 → 中山路.
  static func withoutRegions(_ text: String) -> String {
    let characters = Array(text)
    // The last word of a region that leaves a name of two characters or more behind it.
    for index in characters.indices.reversed() where "省市区县镇".contains(characters[index]) {
      let rest = characters[(index + 1)...]
      // 市场, 区间路, 县前街 begin with what only looks like the end of a region.
      guard index >= 1, rest.count >= 2, rest.first != "场" else { continue }
      guard index + 1 - regionStart(characters, before: index) >= 3 else { continue }
      return String(rest)
    }
    return text
  }

  private static func regionStart(_ characters: [Character], before index: Int) -> Int {
    let before = characters[..<index].lastIndex { "省市区县镇".contains($0) }
    return before.map { $0 + 1 } ?? 0
  }
}

/// Two roads: A路与B路路口.
struct Crossing: Hashable, Sendable {
  let first: String
  let second: String

  private static let endings = [
    "交叉路口", "交叉口", "交汇处", "交会处", "交界处", "十字路口", "丁字路口", "三岔路口", "路口", "口",
  ]
  private static let joints: [Character] = ["与", "和", "跟", "、", "/", "&", "+", "交"]
  private static let roadEnds: Set<Character> = ["路", "街", "道", "巷", "弄", "线"]

  init?(_ text: String) {
    var folded = TextFolding.fold(text).filter { !$0.isWhitespace }
    var isCrossing = false
    for ending in Self.endings where folded.hasSuffix(ending) {
      // The last 路 of A路B路口 belongs to the road.
      let cut =
        ending == "路口" && !folded.hasSuffix("路路口") && !folded.hasSuffix("街路口")
          && !folded.hasSuffix("道路口") ? 1 : ending.count
      folded = String(folded.dropLast(cut))
      isCrossing = true
      break
    }
    let characters = Array(folded)
    guard let joint = characters.indices.first(where: { Self.joins(characters, at: $0) }) else {
      return nil
    }
    let isMark = Self.joints.contains(characters[joint])
    // 中山路步行街 is one name.
    guard isCrossing || isMark else { return nil }
    let first = String(characters[..<joint])
    let second = String(characters[(isMark ? joint + 1 : joint)...])
    guard isCrossing || Self.roadEnds.contains(second.last ?? " ") else { return nil }
    self.first = HouseNumber.withoutRegions(first)
    self.second = HouseNumber.withoutRegions(second)
  }

  /// A mark between two names of roads, or the place where one follows the other at once.
  private static func joins(_ text: [Character], at index: Int) -> Bool {
    guard index >= 2, roadEnds.contains(text[index - 1]), index + 1 < text.count else {
      return false
    }
    if joints.contains(text[index]) { return text.count - index > 2 }
    let rest = text[index...]
    return rest.count >= 3 && roadEnds.contains(rest.last ?? " ")
      && rest.allSatisfy { $0.isLetter }
  }

  /// Under these it is indexed and looked for: neither road comes first.
  var joined: [String] { [first + second, second + first] }
}

/// Words that say where something is relative to a name.
struct RelativeWords: Hashable, Sendable {
  /// What is left without them.
  let rest: String
  let words: String
  /// Metres north and east to go; 0 when no distance was told.
  let north: Double
  let east: Double
  /// Metres by which the place is less certain.
  let uncertainty: Double

  private static let directions: [(String, north: Double, east: Double)] = [
    ("东北", 0.7071, 0.7071), ("东南", -0.7071, 0.7071), ("西北", 0.7071, -0.7071),
    ("西南", -0.7071, -0.7071), ("东", 0, 1), ("南", -1, 0), ("西", 0, -1), ("北", 1, 0),
  ]
  private static let vague: [(String, Double)] = [
    ("正对面", 40), ("斜对面", 50), ("对面", 40), ("旁边", 40), ("边上", 40), ("隔壁", 30), ("门口", 30),
    ("楼下", 20), ("后面", 60), ("前面", 60), ("背后", 60), ("附近", 200), ("周边", 300), ("一带", 400),
    ("旁", 40),
  ]

  /// - Returns: nil when there are no such words at the end.
  init?(_ text: String) {
    let folded = TextFolding.fold(text).filter { !$0.isWhitespace }
    if let found = Self.directed(folded) ?? Self.vaguely(folded) {
      self = found
    } else {
      return nil
    }
  }

  private init(rest: String, words: String, north: Double, east: Double, uncertainty: Double) {
    self.rest = rest
    self.words = words
    self.north = north
    self.east = east
    self.uncertainty = uncertainty
  }

  private static func directed(_ text: String) -> RelativeWords? {
    for (word, north, east) in directions {
      for pattern in ["往\(word)", "向\(word)", "以\(word)", "\(word)侧", "\(word)边", "\(word)面"] {
        guard let range = text.range(of: pattern, options: .backwards) else { continue }
        let rest = String(text[..<range.lowerBound])
        var tail = String(text[range.upperBound...])
        for filler in ["方向", "侧", "边", "面", "方", "走", "大约", "约", "的"] where tail.hasPrefix(filler) {
          tail = String(tail.dropFirst(filler.count))
        }
        guard rest.count >= 2, let metres = metres(tail) else { continue }
        return RelativeWords(
          rest: rest, words: String(text[range.lowerBound...]), north: north * metres,
          east: east * metres, uncertainty: metres == 0 ? 60 : max(20, metres * 0.3))
      }
    }
    return nil
  }

  /// - Returns: 0 for an empty text; nil for one that is no distance.
  private static func metres(_ text: String) -> Double? {
    if text.isEmpty { return 0 }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), number >= 0 else { return nil }
    var unit = text[digits.endIndex...]
    for ending in ["左右", "处", "的地方"] where unit.hasSuffix(ending) {
      unit = unit.dropLast(ending.count)
    }
    switch unit {
    case "米", "m": return min(number, 20_000)
    case "公里", "千米", "km": return min(number * 1_000, 20_000)
    case "里": return min(number * 500, 20_000)
    default: return nil
    }
  }

  private static func vaguely(_ text: String) -> RelativeWords? {
    for (word, metres) in vague where text.hasSuffix(word) {
      let rest = String(text.dropLast(word.count))
      guard rest.count >= 2 else { continue }
      return RelativeWords(
        rest: rest.hasSuffix("的") ? String(rest.dropLast()) : rest, words: word, north: 0, east: 0,
        uncertainty: metres)
    }
    return nil
  }
}

/// What is seen, taken apart: nobody in distress speaks in sentences.
enum DescriptionWords {
  private static let joints = [
    "旁边", "附近", "看得见", "能看见", "能看到", "看见", "看到", "可见", "还有", "前面", "后面", "左边", "右边",
    "有", "是", "的", "在", "和", "与", "跟", "及", "我",
  ]

  /// Phrases in the order told, without the words between them.
  static func phrases(of text: String) -> [String] {
    var text = TextFolding.fold(text)
    for joint in joints { text = text.replacing(joint, with: " ") }
    text = beforeCounts(text)
    return text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// 大石头两棵松树 are two things: a count begins a new one.
  private static func beforeCounts(_ text: String) -> String {
    let characters = Array(text)
    return String(
      characters.indices.flatMap { index -> [Character] in
        let isCount =
          "一两二三四五六七八九十几".contains(characters[index]) && index + 1 < characters.count
          && "棵块座个根条间只盏排株片丛道堆".contains(characters[index + 1])
        return isCount ? [" ", characters[index]] : [characters[index]]
      })
  }
}
