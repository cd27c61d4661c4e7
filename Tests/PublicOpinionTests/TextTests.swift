// The pure parts: names, attributes, likeness, and the states of a topic.

import Foundation
import Identifiers
import Testing

@testable import PublicOpinionDomain

@Test(arguments: [
  ("@张三 你好", "@某用户 你好"),
  ("转发//@李四：看看@王五，真的", "转发//@某用户：看看@某用户，真的"),
  ("＠全角名 与 ﹫小写", "@某用户 与 @某用户"),
  ("@zhang_san-99.x 说", "@某用户 说"),
  ("@_lead 和 @-dash", "@某用户 和 @某用户"),
  ("@阿凡提·买买提：好", "@某用户：好"),
  ("写信到 zhang.san+1@qq.com。", "写信到 @某用户。"),
  ("@@double", "@@某用户"),
  ("五点@ 门口", "五点@ 门口"),
  ("结尾@", "结尾@"), ("@", "@"), ("", ""), ("没有名字", "没有名字"),
  ("@某用户 已换", "@某用户 已换"),
  ("@name\u{200B}hidden ok", "@某用户 ok"),
  ("@😀昵称 好", "@某用户 好"),
  ("看@张三.然后", "看@某用户.然后"),
])
func namesAfterAtAreReplaced(text: String, expected: String) {
  #expect(NameRemoval.removingNames(from: text) == expected)
  #expect(NameRemoval.removingNames(from: expected) == expected)
}

@Test func noNameSurvivesBetweenAnythingElse() {
  let name = "zhangsan"
  for before in ["", " ", "，", "//", "hello", "\n", "(", "@", "好"] {
    for after in ["", " ", "，", "：", "\n", ")", "。你好"] {
      let cleaned = NameRemoval.removingNames(from: before + "@" + name + after)
      #expect(!cleaned.contains(name), "\(cleaned)")
      #expect(cleaned.hasSuffix(after))
    }
  }
}

@Test(arguments: [
  ("电话13812345678快来", "电话某号码快来"), ("138-1234-5678", "某号码"), ("138 1234 5678！", "某号码！"),
  ("+86 138 1234 5678", "+某号码"), ("１３８１２３４５６７８", "某号码"), ("0577-88881234", "某号码"),
  ("(0577) 8888 1234", "(某号码"), ("打88881234", "打某号码"), ("身份证33030419900101123X号", "身份证某号码号"),
  ("作者：张三，转", "作者：某号码，转"), ("昵称: 瓯江 夜话", "昵称: 某号码 夜话"), ("UID=abc_1", "UID=某号码"),
  ("加微信 zhang_2020 聊", "加微信 某号码 聊"), ("QQ 12345", "QQ 某号码"), ("by: li-si", "by: 某号码"),
  ("2026-11-22 10:30 在 18 号 3 幢 502", "2026-11-22 10:30 在 18 号 3 幢 502"),
  ("110 和 12345", "110 和 12345"),
  ("微信群里都在说", "微信群里都在说"), ("抖音 video 上有", "抖音 video 上有"), ("作者不详", "作者不详"),
  ("buys: 3", "buys: 3"), ("", ""), ("微信", "微信"), ("作者：", "作者："), ("1", "1"),
])
func numbersAndAccountsAreReplaced(text: String, expected: String) {
  #expect(AccountRemoval.removingAccounts(from: text) == expected)
  #expect(AccountRemoval.removingAccounts(from: expected) == expected)
}

@Test func onlyListedWordsAndCountsAreKept() {
  let (kept, dropped) = ItemAttributes.sort([
    "platform": .text("微博"), "channel": .text("@王五 的频道"), "region": .number(330_304),
    "language": .text(String(repeating: "长", count: 65)), "like_count": .number(12),
    "share_count": .text("7"), "comment_count": .text("zhangsan"), "author": .text("张三"),
    "user_id": .number(42), "Platform": .text("x"), "": .text("x"), "avatar": .other,
    String(repeating: "n", count: 70): .text("x"),
  ])
  #expect(
    kept == [
      "platform": "微博", "channel": "@某用户 的频道", "region": "330304", "like_count": "12",
      "share_count": "7",
    ])
  #expect(
    dropped
      == [
        "", "Platform", "author", "avatar", "comment_count", "language",
        String(repeating: "n", count: 64), "user_id",
      ].sorted())
}

@Test(arguments: ["like_count", "share_count", "comment_count"])
func aCountIsAWholeNumberOrNothing(name: String) {
  for value: AttributeValue in [
    .number(-1), .number(.nan), .number(.infinity), .text("-1"), .text("1e3"), .text("一"), .other,
  ] {
    #expect(ItemAttributes.sort([name: value]).kept.isEmpty)
  }
  #expect(ItemAttributes.sort([name: .number(1.5)]).kept == [name: "1.5"])
}

@Test func likenessIsTheShareOfCommonRuns() {
  func likeness(_ left: String, _ right: String) -> Double {
    TextSketch(of: left).similarity(to: TextSketch(of: right))
  }
  #expect(likeness("南白象街道发生火灾", "南白象街道发生火灾") == 1)
  #expect(likeness("南白象街道，发生火灾！", "南白象　街道发生 火灾") == 1)
  #expect(likeness("FIRE at the Mall", "ｆｉｒｅ at the mall!!") == 1)
  #expect(likeness("@张三 南白象街道发生火灾", "@李四 南白象街道发生火灾") > 0.5)
  #expect(likeness("@某用户 南白象街道发生火灾", "南白象街道发生火灾 @某用户") == 1)
  // 一二三 二三四 三四五 against 二三四 三四五 四五六: two of four.
  #expect(likeness("一二三四五", "二三四五六") == 0.5)
  #expect(likeness("一二三四五", "甲乙丙丁戊") == 0)
  #expect(likeness("好", "好") == 1 && likeness("好", "坏") == 0)
  #expect(likeness("!!!", "???") == 0 && likeness("!!!", "!!!") == 1)
}

@Test func likenessOfLongTextsIsEstimatedWell() {
  var random = SeededGenerator(state: 5)
  for _ in 0..<20 {
    let share = Double.random(in: 0.2...0.9, using: &random)
    func letters(_ count: Int) -> [Character] {
      (0..<count).map { _ in
        Character(Unicode.Scalar(UInt32.random(in: 0x4E00...0x9000, using: &random)) ?? "一")
      }
    }
    // Texts of 3 000 characters with one common stretch: nearly all runs are different.
    let common = letters(Int(3_000 * share))
    let left = String(common + letters(3_000 - common.count))
    let right = String(common + letters(3_000 - common.count))
    let exact = share / (2 - share)
    let found = TextSketch(of: left).similarity(to: TextSketch(of: right))
    #expect(abs(found - exact) < 0.1)
    #expect(TextSketch(of: left).hashes.count == TextSketch.limit)
  }
}

@Test func theBestTopicIsTheMostLikeThenTheOldest() throws {
  let text = TextSketch(of: "一二三四五六七八")
  func candidate(_ name: String, _ text: String, after seconds: Double) -> TopicCandidate {
    TopicCandidate(
      topic: Topic(id: topicID(name), openedBy: text, at: noon.addingTimeInterval(seconds)),
      sketch: TextSketch(of: text))
  }
  let candidates = [
    candidate("far", "一二三甲乙丙丁戊", after: 0), candidate("same, new", "一二三四五六七八", after: 9),
    candidate("same, old", "一二三四五六七八", after: 5), candidate("close", "一二三四五六七", after: 1),
  ]
  for order in [candidates, candidates.reversed()] {
    let best = Gathering.best(order, for: text, threshold: 0.5)
    #expect(best?.topic.id == topicID("same, old"))
    #expect(best?.similarity == 1)
  }
  let twins = ["a", "b", "c"].map { candidate($0, "一二三四五六七八", after: 0) }
  let smallest = twins.map(\.topic.id).min { $0.stablePart < $1.stablePart }
  #expect(Gathering.best(twins, for: text, threshold: 0.5)?.topic.id == smallest)
  #expect(Gathering.best([candidates[0]], for: text, threshold: 0.5) == nil)
}

/// Every state × every command, against a model of three booleans.
@Test func aTopicMovesOnlyAsItMay() throws {
  var random = SeededGenerator(state: 9)
  let incidents = [incidentID("a"), incidentID("b")]
  for _ in 0..<2_000 {
    var topic = Topic(id: topicID("t"), openedBy: "一段话", at: noon)
    var tied: IncidentID?
    var firstResponse: Date?
    var revision = 1
    for step in 0..<12 {
      let time = noon.addingTimeInterval(Double(step))
      let before = topic
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        topic.feed(at: time)
        revision += 1
        #expect(topic.itemCount == before.itemCount + 1)
      case 1:
        let incident = incidents.randomElement(using: &random) ?? incidents[0]
        if let other = tied, other != incident {
          #expect(throws: OpinionError.topicTied(topic.id, other)) {
            try topic.tie(to: incident, at: time)
          }
        } else {
          #expect(try topic.tie(to: incident, at: time) == (tied == nil))
          if tied == nil { revision += 1 }
          tied = incident
        }
      case 2:
        if tied == nil {
          #expect(throws: OpinionError.topicNotTied(topic.id)) {
            try topic.respond("答复", at: time)
          }
        } else {
          try topic.respond("答复 \(step)", at: time)
          revision += 1
          firstResponse = firstResponse ?? time
          #expect(topic.response == "答复 \(step)")
        }
      default:
        try topic.check(etag: "")
        try topic.check(etag: String(revision))
        #expect(throws: OpinionError.etagMismatch(topic.id)) {
          try topic.check(etag: String(revision + 1))
        }
      }
      #expect(topic.revision == revision)
      #expect(topic.incident == tied)
      #expect(topic.responseTime == firstResponse)
    }
  }
}

@Test func aTitleIsOneLineOfTheFirstFortyCharacters() {
  let topic = Topic(
    id: topicID("t"), openedBy: "第一行\n第二行  " + String(repeating: "字", count: 50), at: noon)
  #expect(topic.title.count == 40)
  #expect(topic.title.hasPrefix("第一行 第二行 字"))
}
