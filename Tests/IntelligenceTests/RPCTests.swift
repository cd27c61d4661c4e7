// The RPCs as callers meet them: pages, limits, refusals.

import Foundation
import GRPCCore
import Identifiers
import IntelligenceRPC
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Test func pagesHoldEveryAssessmentOnceNewestFirst() async throws {
  let desk = try Desk()
  try await desk.apply(
    try (0..<23).map { try Story("\($0)", after: Double($0 / 3)).opened() })
  var seen: [String] = []
  var token = ""
  repeat {
    let page = try await desk.list(size: 5, token: token)
    #expect(page.assessments.count <= 5)
    seen += page.assessments.map(\.incidentID)
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(Set(seen) == Set((0..<23).map { Named.incident("\($0)").description }))
  #expect(seen.count == 23)
  let times = try await desk.list(size: 500).assessments.map(\.occurTime.date)
  #expect(times == times.sorted(by: >))
  #expect(try await desk.list().nextPageToken.isEmpty)
}

@Test func aPageOfRepeatsHasNothingElse() async throws {
  let desk = try Desk()
  try await desk.apply(
    try (0..<30).map { number in
      try Story("\(number)", after: Double(number)).with {
        $0.phone = number % 3 == 0 ? "aa" : ""
      }.opened()
    })
  var seen: [Quintet_Intelligence_V1_Assessment] = []
  var token = ""
  repeat {
    let page = try await desk.list(size: 4, token: token, repeatsOnly: true)
    seen += page.assessments
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(
    seen.map(\.incidentID)
      == stride(from: 27, through: 3, by: -3).map { Named.incident("\($0)").description })
  #expect(seen.allSatisfy { !$0.repeats.isEmpty })
}

@Test func aPageStaysBelowTheSizeOfAMessage() async throws {
  let desk = try Desk()
  try await desk.apply(
    try (0..<220).map { number in
      try Story("\(number)", after: Double(number)).with {
        $0.phone = "aa"
        $0.address = "one and the same"
        $0.point = townHall
      }.opened()
    })
  var count = 0
  var token = ""
  repeat {
    let page = try await desk.list(size: 500, token: token)
    let bytes: Data = try page.serializedBytes()
    #expect(bytes.count < 1 << 20)
    count += page.assessments.count
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(count == 220)
}

struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var code: RPCError.Code = .invalidArgument
  var reason: String
  var field: String?
  var send: @Sendable (Desk, ServerContext) async throws -> Void
  var testDescription: String { name }
}

private func get(_ id: String) -> @Sendable (Desk, ServerContext) async throws -> Void {
  { _ = try await $0.service.getAssessment(request: .with { $0.incidentID = id }, context: $1) }
}

private func list(
  size: Int32 = 0, token: String = ""
) -> @Sendable (Desk, ServerContext) async throws -> Void {
  {
    _ = try await $0.service.listAssessments(
      request: .with {
        $0.pageSize = size
        $0.pageToken = token
      }, context: $1)
  }
}

private func count(_ source: String) -> @Sendable (Desk, ServerContext) async throws -> Void {
  { _ = try await $0.service.countAssessments(request: .with { $0.source = source }, context: $1) }
}

private let badInputs = [
  BadInput(name: "no incident", reason: "REQUIRED", field: "incident_id", send: get("")),
  BadInput(
    name: "another kind of id", reason: "ID_INVALID", field: "incident_id",
    send: get(Named.call("x").description)),
  BadInput(
    name: "not an id", reason: "ID_INVALID", field: "incident_id", send: get("inc_1; DROP TABLE")),
  BadInput(
    name: "unknown incident", code: .notFound, reason: "ASSESSMENT_UNKNOWN", field: "incident_id",
    send: get(Named.incident("unknown").description)),
  BadInput(
    name: "negative page", reason: "OUT_OF_RANGE", field: "page_size", send: list(size: -1)),
  BadInput(
    name: "page of 501", reason: "OUT_OF_RANGE", field: "page_size", send: list(size: 501)),
  BadInput(
    name: "foreign token", reason: "PAGE_TOKEN_INVALID", field: "page_token",
    send: list(token: "???")),
  BadInput(
    name: "token of another listing", reason: "PAGE_TOKEN_INVALID", field: "page_token",
    send: list(token: PageToken.encode(["1", "topic_x"]))),
  BadInput(
    name: "token with other keys", reason: "PAGE_TOKEN_INVALID", field: "page_token",
    send: list(token: PageToken.encode(["1"]))),
  BadInput(
    name: "source with capitals", reason: "CHARACTERS_NOT_ALLOWED", field: "source",
    send: count("EMS")),
  BadInput(
    name: "long source", reason: "TOO_LONG", field: "source",
    send: count(String(repeating: "a", count: 65))),
]

@Test(arguments: badInputs)
func badInputIsRefusedWithCodeReasonAndField(input: BadInput) async throws {
  let desk = try Desk()
  try await desk.apply(Story("one").opened())
  let before = try await desk.dump()
  let failure = await refusal { try await calling("Any") { try await input.send(desk, $0) } }
  #expect(failure?.code == input.code)
  #expect(failure?.reason == input.reason)
  #expect(failure?.field == input.field)
  #expect(try await desk.dump() == before)
}

/// An event that breaks its contract is set aside by the subscription, so applying it must throw
/// and leave nothing.
@Test func aBrokenEventThrowsAndChangesNothing() async throws {
  let desk = try Desk()
  let good = try Story("one").opened()
  let broken = try [
    told(
      "no call",
      Quintet_Command_V1_IncidentOpened.with {
        $0.incident.id = Named.incident("x").description
      }, at: midnight),
    told("no id", Quintet_Command_V1_IncidentClassified(), at: midnight),
    told(
      "no datum",
      Quintet_Command_V1_IncidentOpened.with {
        $0.incident = Story("y").incident
        $0.incident.location.point.latitude = 1
      }, at: midnight),
    told("no rank", service: "duty", Quintet_Duty_V1_OrgUnitDefined(), at: midnight),
    told("no area", service: "duty", Quintet_Duty_V1_JurisdictionDefined(), at: midnight),
  ]
  for event in broken {
    await #expect(throws: Failure.self) { try await desk.apply(good, event) }
    #expect(try await desk.count(of: "assessment") == 0)
    #expect(try await desk.recorded().isEmpty)
  }
}
