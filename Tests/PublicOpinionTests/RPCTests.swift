// The RPCs as callers meet them: pages, limits, refusals.

import Foundation
import GRPCCore
import Identifiers
import Persistence
import PublicOpinionRPC
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Test func pagesHoldEveryTopicOnceMostRecentlyFedFirst() async throws {
  let desk = try Desk()
  for number in 0..<17 {
    _ = try await desk.submit(
      String(repeating: "\(number)号", count: 6), after: Double(number % 5))
  }
  let all = try await desk.list(size: 500).topics
  #expect(all.map(\.lastTime.date) == all.map(\.lastTime.date).sorted(by: >))
  var seen: [String] = []
  var token = ""
  repeat {
    let page = try await desk.list(size: 3, token: token)
    #expect(page.topics.count <= 3)
    seen += page.topics.map(\.id)
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(seen == all.map(\.id))
  #expect(Set(seen).count == seen.count)
}

@Test func aTopicShowsItsFiftyNewestTexts() async throws {
  let desk = try Desk()
  var topic = ""
  for number in 0..<55 {
    topic = try await desk.submit("同一件事情大家都在议论", after: Double(number)).topic.id
  }
  let answer = try await desk.get(topic)
  #expect(answer.topic.itemCount == 55)
  #expect(answer.items.map(\.publishTime) == (5..<55).reversed().map { later(Double($0)) })
}

@Test func anAnswerStaysBelowTheSizeOfAMessage() async throws {
  let desk = try Desk()
  try await desk.open("i")
  // As many bytes as a text may have: four for each character.
  let wide = String(repeating: "\u{20BB7}", count: 4_000)
  var topic = ""
  for number in 0..<55 { topic = try await desk.submit(wide, after: Double(number)).topic.id }
  let answer: Data = try await desk.get(topic).serializedBytes()
  #expect(answer.count > 500_000 && answer.count < 1 << 20)

  for number in 0..<70 {
    let other = try await desk.submit("第\(number)件事，\(number * 7_919)号", after: 50).topic.id
    _ = try await desk.tie(other, to: "i")
    _ = try await desk.respond(to: other, wide)
  }
  var (count, pages) = (0, 0)
  var token = ""
  repeat {
    pages += 1
    let page = try await desk.list(size: 500, token: token)
    let bytes: Data = try page.serializedBytes()
    #expect(bytes.count < 1 << 20)
    count += page.topics.count
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(pages > 1)
  #expect(count >= 60)
}

struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var code: RPCError.Code = .invalidArgument
  var reason: String
  var field: String?
  var send: @Sendable (Desk) async throws -> Void
  var testDescription: String { name }
}

private func submit(
  _ change: @escaping @Sendable (inout SubmitRequest) -> Void
) -> @Sendable (Desk) async throws -> Void {
  { _ = try await $0.submit("一段说得过去的话", request: "bad", change) }
}

private func tie(
  _ change: @escaping @Sendable (inout TieRequest) -> Void
) -> @Sendable (Desk) async throws -> Void {
  { desk in
    let topic = try #require(try await desk.list().topics.last)
    var request = TieRequest.with {
      $0.requestID = "bad"
      $0.topicID = topic.id
      $0.incidentID = incidentID("known").description
    }
    change(&request)
    _ = try await desk.tie(request)
  }
}

private func draft(
  _ change: @escaping @Sendable (inout DraftRequest) -> Void
) -> @Sendable (Desk) async throws -> Void {
  { desk in
    let topic = try #require(try await desk.list().topics.first)
    var request = DraftRequest.with {
      $0.requestID = "bad"
      $0.topicID = topic.id
      $0.text = "通报"
      $0.checkedWith = "青云所"
    }
    change(&request)
    _ = try await desk.draft(request)
  }
}

private let future = Google_Protobuf_Timestamp(date: noon.addingTimeInterval(101 * 86_400))
private let tooLong = String(repeating: "长", count: 4_001)

private let badSubmits = [
  BadInput(
    name: "no request id", reason: "REQUIRED", field: "request_id",
    send: submit { $0.requestID = "" }),
  BadInput(
    name: "long request id", reason: "TOO_LONG", field: "request_id",
    send: submit { $0.requestID = String(repeating: "x", count: 129) }),
  BadInput(
    name: "request id not ASCII", reason: "CHARACTERS_NOT_ALLOWED", field: "request_id",
    send: submit { $0.requestID = "张三" }),
  BadInput(
    name: "no source", reason: "UNSPECIFIED", field: "source",
    send: submit { $0.source = .unspecified }),
  BadInput(
    name: "unknown source", reason: "UNSPECIFIED", field: "source",
    send: submit { $0.source = .UNRECOGNIZED(99) }),
  BadInput(name: "no text", reason: "REQUIRED", field: "text", send: submit { $0.text = "" }),
  BadInput(
    name: "blank text", reason: "REQUIRED", field: "text", send: submit { $0.text = " \n " }),
  BadInput(
    name: "long text", reason: "TOO_LONG", field: "text", send: submit { $0.text = tooLong }),
  BadInput(
    name: "control character", reason: "CHARACTERS_NOT_ALLOWED", field: "text",
    send: submit { $0.text = "a\u{0}b" }),
  BadInput(
    name: "future", reason: "TIME_IN_FUTURE", field: "publish_time",
    send: submit { $0.publishTime = future }),
  BadInput(
    name: "no time at all", reason: "OUT_OF_RANGE", field: "publish_time",
    send: submit { $0.publishTime.nanos = -1 }),
]

private let badReads = [
  BadInput(name: "no topic id", reason: "REQUIRED", field: "topic_id") { _ = try await $0.get("") },
  BadInput(name: "another kind of id", reason: "ID_INVALID", field: "topic_id") {
    _ = try await $0.get(incidentID("known").description)
  },
  BadInput(
    name: "unknown topic", code: .notFound, reason: "TOPIC_UNKNOWN", field: "topic_id"
  ) { _ = try await $0.get(topicID("nobody").description) },
  BadInput(name: "negative page", reason: "OUT_OF_RANGE", field: "page_size") {
    _ = try await $0.list(size: -1)
  },
  BadInput(name: "page of 501", reason: "OUT_OF_RANGE", field: "page_size") {
    _ = try await $0.list(size: 501)
  },
  BadInput(name: "foreign token", reason: "PAGE_TOKEN_INVALID", field: "page_token") {
    _ = try await $0.list(token: "no token")
  },
  BadInput(name: "token of another listing", reason: "PAGE_TOKEN_INVALID", field: "page_token") {
    _ = try await $0.list(token: PageToken.encode(["5", "ass_x"]))
  },
]

private let badTies = [
  BadInput(
    name: "tie: no request id", reason: "REQUIRED", field: "request_id",
    send: tie { $0.requestID = "" }),
  BadInput(
    name: "tie: no topic", reason: "REQUIRED", field: "topic_id", send: tie { $0.topicID = "" }),
  BadInput(
    name: "tie: not an id", reason: "ID_INVALID", field: "topic_id",
    send: tie { $0.topicID = "topic_1" }),
  BadInput(
    name: "tie: unknown topic", code: .notFound, reason: "TOPIC_UNKNOWN", field: "topic_id",
    send: tie { $0.topicID = topicID("nobody").description }),
  BadInput(
    name: "tie: no incident", reason: "REQUIRED", field: "incident_id",
    send: tie { $0.incidentID = "" }),
  BadInput(
    name: "tie: unknown incident", code: .notFound, reason: "INCIDENT_UNKNOWN",
    field: "incident_id", send: tie { $0.incidentID = incidentID("nobody").description }),
  BadInput(
    name: "tie: stale", code: .aborted, reason: "ETAG_MISMATCH", field: "etag",
    send: tie { $0.etag = "7" }),
  BadInput(
    name: "tie: future", reason: "TIME_IN_FUTURE", field: "occur_time",
    send: tie { $0.occurTime = future }),
  BadInput(
    name: "tie: tied to another", code: .failedPrecondition, reason: "TOPIC_TIED",
    send: tie { $0.incidentID = incidentID("second").description }),
]

private let badDrafts = [
  BadInput(
    name: "draft: no request id", reason: "REQUIRED", field: "request_id",
    send: draft { $0.requestID = "" }),
  BadInput(
    name: "draft: no topic", reason: "REQUIRED", field: "topic_id",
    send: draft { $0.topicID = "" }),
  BadInput(
    name: "draft: unknown topic", code: .notFound, reason: "TOPIC_UNKNOWN", field: "topic_id",
    send: draft { $0.topicID = topicID("nobody").description }),
  BadInput(
    name: "draft: no text", reason: "REQUIRED", field: "text", send: draft { $0.text = "" }),
  BadInput(
    name: "draft: long text", reason: "TOO_LONG", field: "text",
    send: draft { $0.text = tooLong }),
  BadInput(
    name: "draft: checked with nobody", reason: "REQUIRED", field: "checked_with",
    send: draft { $0.checkedWith = " " }),
  BadInput(
    name: "draft: checked with too many", reason: "TOO_LONG", field: "checked_with",
    send: draft { $0.checkedWith = String(tooLong.prefix(121)) }),
  BadInput(
    name: "draft: future", reason: "TIME_IN_FUTURE", field: "occur_time",
    send: draft { $0.occurTime = future }),
  BadInput(
    name: "draft: not tied", code: .failedPrecondition, reason: "TOPIC_NOT_TIED",
    send: draft { _ in }),
]

@Test(arguments: badSubmits + badReads + badTies + badDrafts)
func badInputIsRefusedWithCodeReasonAndField(input: BadInput) async throws {
  let desk = try Desk()
  try await desk.open("known")
  try await desk.open("second")
  // The older topic is tied, the newer is not.
  let tied = try await desk.submit("第一件事情大家都在议论", request: "one").topic
  _ = try await desk.tie(tied.id, to: "known", request: "two")
  _ = try await desk.submit("完全另外的一个话题而已", request: "three", after: 9)
  let before = try await desk.dump()
  let failure = await refusal { try await input.send(desk) }
  #expect(failure?.code == input.code)
  #expect(failure?.reason == input.reason)
  #expect(failure?.field == input.field)
  #expect(try await desk.dump() == before)
}

@Test func aReusedRequestIdWithOtherContentIsRefused() async throws {
  let desk = try Desk()
  try await desk.open("known")
  let topic = try await desk.submit("第一件事情大家都在议论", request: "one").topic
  let before = try await desk.dump()
  await #expect(throws: RequestReused.self) { try await desk.submit("别的话", request: "one") }
  await #expect(throws: RequestReused.self) {
    try await desk.tie(topic.id, to: "known", request: "one")
  }
  await #expect(throws: RequestReused.self) {
    try await desk.draft(on: topic.id, request: "one")
  }
  #expect(try await desk.dump() == before)
}
