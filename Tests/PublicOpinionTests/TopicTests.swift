// Topics as they grow: what joins, what does not, what is told, and that repeats and reruns end alike.

import EventLog
import Foundation
import Identifiers
import Persistence
import PublicOpinionDomain
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

private let day = 86_400.0
private let post = "昨晚南白象街道一家超市门口有人打架，警察几分钟就到了，大家注意安全"
private let echo = "昨晚南白象街道一家超市门口有人打架，警察几分钟就到了。大家注意安全！转"
private let other = "瓯海大道早高峰又堵车了，建议绕行温瑞大道，预计半小时后恢复正常通行"

@Test func nearDuplicatesJoinAndOthersBegin() async throws {
  let desk = try Desk()
  let first = try await desk.submit(post)
  #expect(first.similarity == 1)
  #expect(first.topic.itemCount == 1)
  #expect(first.topic.title == String(post.prefix(40)))
  let second = try await desk.submit(echo, after: 60)
  #expect(second.topic.id == first.topic.id)
  #expect(second.similarity > 0.8 && second.similarity < 1)
  #expect(second.topic.itemCount == 2)
  #expect(second.topic.etag != first.topic.etag)
  #expect(second.topic.lastTime == later(60) && second.topic.firstTime == later(0))
  let third = try await desk.submit(other, after: 70)
  #expect(third.topic.id != first.topic.id)
  let events = try await desk.recorded()
  #expect(
    events.map(\.type) == [
      "quintet.publicopinion.v1.TopicOpened", "quintet.publicopinion.v1.TopicFed",
      "quintet.publicopinion.v1.TopicOpened",
    ])
  #expect(events[1].subject == first.topic.id)
  #expect(events[1].occurTime == noon.addingTimeInterval(60))
  let fed = try Quintet_Publicopinion_V1_TopicFed(serializedBytes: events[1].payload)
  #expect(fed.itemID == second.itemID && fed.topic == second.topic)
}

@Test func aTopicTakesTextsForSevenDaysAfterItsNewest() async throws {
  let desk = try Desk()
  let first = try await desk.submit(post)
  #expect(try await desk.submit(post, after: 7 * day).topic.id == first.topic.id)
  #expect(try await desk.submit(post, after: 14 * day).topic.id == first.topic.id)
  let late = try await desk.submit(post, after: 21 * day + 1)
  #expect(late.topic.id != first.topic.id)
}

@Test func aTextThatComesLateFindsItsTopic() async throws {
  let desk = try Desk()
  let first = try await desk.submit(post, after: 10 * day)
  let early = try await desk.submit(post, after: 4 * day)
  #expect(early.topic.id == first.topic.id)
  #expect(early.topic.firstTime == later(4 * day) && early.topic.lastTime == later(10 * day))
  #expect(try await desk.submit(post, after: -4 * day).topic.id != first.topic.id)
}

@Test func likenessIsToTheFirstTextSoTopicsDoNotDrift() async throws {
  let desk = try Desk()
  let letters = Array("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃")
  func window(_ start: Int) -> String { String(letters[start..<(start + 20)]) }
  let first = try await desk.submit(window(0))
  let second = try await desk.submit(window(5), after: 1)
  #expect(second.topic.id == first.topic.id && second.similarity >= 0.5)
  // Like the second, but no longer like the first.
  #expect(try await desk.submit(window(10), after: 2).topic.id != first.topic.id)
}

@Test func longTextsGatherToo() async throws {
  let desk = try Desk()
  var random = SeededGenerator(state: 4)
  let long = String(
    (0..<3_900).map { _ in
      Character(Unicode.Scalar(UInt32.random(in: 0x4E00...0x9000, using: &random)) ?? "一")
    })
  let first = try await desk.submit(long)
  let second = try await desk.submit(String(long.dropFirst(300)) + "转发", after: 1)
  #expect(second.topic.id == first.topic.id)
  #expect(second.similarity > 0.7)
}

@Test func theIndexFindsWhatComparingEverythingFinds() async throws {
  let desk = try Desk()
  var random = SeededGenerator(state: 21)
  let letters = Array("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏")
  var topics: [(id: String, sketch: TextSketch)] = []
  for number in 0..<400 {
    let start = Int.random(in: 0..<8, using: &random)
    let length = Int.random(in: 1...14, using: &random)
    var text = letters[start..<(start + length)].map { $0 }
    if Bool.random(using: &random) { text.append("转") }
    let sketch = TextSketch(of: String(text))
    let best = topics.map { (id: $0.id, likeness: sketch.similarity(to: $0.sketch)) }
      .filter { $0.likeness >= 0.5 }
      .reduce(into: (id: String, likeness: Double)?.none) { best, next in
        if next.likeness > best?.likeness ?? 0 { best = next }
      }
    let answer = try await desk.submit(
      String(text), request: "r\(number)", after: Double(number))
    if let best {
      #expect(answer.topic.id == best.id)
      #expect(answer.similarity == best.likeness)
    } else {
      #expect(!topics.contains { $0.id == answer.topic.id })
      topics.append((answer.topic.id, sketch))
    }
  }
  #expect(topics.count > 20 && topics.count < 300)
}

@Test func topicsThatNobodyFeedsLeaveTheSearch() async throws {
  let desk = try Desk()
  for number in 0..<5 {
    _ = try await desk.submit("第\(number)件事情大家都在议论纷纷编号\(number * 7_919)")
  }
  func shingles() async throws -> Set<String> {
    try await desk.database.read { tx in
      Set(
        try tx.query("SELECT topic_id FROM topic_shingle").map {
          try $0.get("topic_id", as: String.self)
        })
    }
  }
  let before = try await shingles()
  let last = try await desk.submit(other, after: 15 * day)
  #expect(before.count >= 1)
  #expect(try await shingles() == [last.topic.id])
  #expect(try await desk.list().topics.count == before.count + 1)
}

// MARK: - Ties and responses

@Test func aTopicIsTiedAnsweredAndTellsTheIncident() async throws {
  let desk = try Desk()
  try await desk.open("fight")
  let topic = try await desk.submit(post).topic
  let tied = try await desk.tie(topic.id, to: "fight", etag: topic.etag, after: 100)
  #expect(tied.incidentID == incidentID("fight").description && tied.tieTime == later(100))
  _ = try await desk.submit(echo, after: 120)
  let answered = try await desk.respond(to: topic.id, "警方通报：已妥善处置。@张三 放心", after: 200)
  #expect(answered.response == "警方通报：已妥善处置。@某用户 放心")
  #expect(answered.responseTime == later(200))
  let again = try await desk.respond(to: topic.id, "续报", after: 300)
  #expect(again.response == "续报" && again.responseTime == later(200))
  let events = try await desk.recorded()
  #expect(
    events.map { $0.type.split(separator: ".").last } == [
      "TopicOpened", "TopicTied", "TopicFed",
      "StatementMoved", "StatementMoved", "StatementMoved", "TopicAnswered",
      "StatementMoved", "StatementMoved", "StatementMoved", "TopicAnswered",
    ])
  let incident = incidentID("fight").description
  #expect(events.map(\.incidentID) == [nil] + Array(repeating: incident, count: 10))
  #expect(events[6].occurTime == noon.addingTimeInterval(200))
}

@Test func tyingTwiceToTheSameIncidentIsOnce() async throws {
  let desk = try Desk()
  try await desk.open("fight")
  let topic = try await desk.submit(post).topic
  let first = try await desk.tie(topic.id, to: "fight", after: 100)
  #expect(try await desk.tie(topic.id, to: "fight", after: 500) == first)
  #expect(try await desk.recorded().count == 2)
}

// MARK: - Repeats and reruns

@Test func aRepeatedRequestGetsTheSameAnswerAndIsDoneOnce() async throws {
  let desk = try Desk()
  try await desk.open("fight")
  func all() async throws -> [String] {
    let submitted = try await desk.submit(post, request: "s") {
      $0.attributes.fields["author"] = .init(stringValue: "x")
    }
    let topic = submitted.topic.id
    let tied = try await desk.tie(topic, to: "fight", request: "t")
    let answered = try await desk.respond(to: topic, "通报", request: "r")
    return [
      try submitted.jsonString(), try tied.jsonString(), try answered.jsonString(),
    ]
  }
  let first = try await all()
  let dump = try await desk.dump()
  #expect(try await all() == first)
  #expect(try await desk.dump() == dump)
  #expect(first[0].contains("author"))
  await #expect(throws: (any Error).self) { try await desk.submit(other, request: "s") }
  #expect(try await desk.dump() == dump)
}

@Test func twoRunsOfTheSameRequestsEndAlike() async throws {
  func run(clock: Date) async throws -> [String] {
    let desk = try Desk(clock: { clock })
    try await desk.open("fight")
    var random = SeededGenerator(state: 3)
    for number in 0..<120 {
      let text = [post, echo, other].randomElement(using: &random) ?? post
      let cut = Int.random(in: 0...12, using: &random)
      let answer = try await desk.submit(
        String(text.dropFirst(cut)), request: "r\(number)", after: Double(number) * 9_000)
      if number == 60 { _ = try await desk.tie(answer.topic.id, to: "fight", request: "tie") }
    }
    return try await desk.dump()
  }
  let first = try await run(clock: noon.addingTimeInterval(40 * day))
  #expect(try await run(clock: noon.addingTimeInterval(400 * day)) == first)
}

@Test func whatIsSubmittedAtOnceIsAllKeptInTopicsThatAddUp() async throws {
  let desk = try Desk()
  try await withThrowingTaskGroup(of: Void.self) { group in
    for number in 0..<60 {
      group.addTask {
        _ = try await desk.submit([post, echo, other][number % 3], request: "r\(number)")
      }
    }
    try await group.waitForAll()
  }
  let topics = try await desk.list().topics
  #expect(topics.count == 2)
  #expect(topics.map(\.itemCount).sorted() == [20, 40])
}
