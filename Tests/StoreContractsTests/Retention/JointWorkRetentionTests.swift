// What was asked, answered, talked over and judged goes with its incident, its consultation or its series;
// that it was stays.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import CommandDomain
@testable import CommandStore
@testable import Persistence

@Test(arguments: Engine.allCases)
func supportAgendaAndSeriesGoWithTheirMatter(_ engine: Engine) async throws {
  let archive = try Archive(engine, .command)
  try await archive.incident("inside", "closed", days: 1824, number: 1)
  try await archive.incident("outside", "closed", days: 1826, number: 2)
  for (number, name) in ["inside", "outside"].enumerated() {
    try await archive.support(name, number: number + 30)
    try await archive.series(name, number: number + 40, days: 2_000)
    // Held long ago about another matter, and held today about this one.
    try await archive.consultation("old-\(name)", about: nil, days: number == 0 ? 1824 : 1826)
    try await archive.consultation("new-\(name)", about: name, days: 10)
  }
  try await archive.sweep()
  #expect(try await archive.lines(about: "outside") == 1)
  // What is left is the title of today's consultation, whose period has not come.
  #expect(
    try await archive.dump().filter { $0.contains(Archive.secret) && $0.contains("outside") }
      .allSatisfy { $0.hasPrefix("consultation|") && $0.contains("new-outside") })
  for table in ["support_request", "consultation", "series"] {
    #expect(try await archive.keys(table, "id").count == (table == "consultation" ? 4 : 2))
  }
  #expect(try await archive.lines(about: "inside") > 8)
  // The second time there is nothing to do.
  #expect(try await archive.sweep() == [:])
}

extension Archive {
  fileprivate func support(_ name: String, number: Int) async throws {
    let secret = "\(Self.secret)\(name)"
    try await insert(
      "support_request",
      [
        "id": "sup-\(name)", "revision": 1, "incident_id": name, "asker_kind": "station",
        "asker_id": "s1", "title": secret, "text": secret, "state": "closed",
        "outcome": "solved", "reason": secret, "ask_time": Self.ago(0), "end_time": Self.ago(0),
        "record_time": Self.ago(0),
      ] as [String: any ValueConvertible])
    try await insert(
      "support_part",
      [
        "support_request_id": "sup-\(name)", "number": 1, "revision": 1, "seat_code": "video",
        "task": secret, "state": "answered", "answer": secret, "result": "found", "reason": secret,
        "offer_time": Self.ago(0), "answer_time": Self.ago(0),
      ] as [String: any ValueConvertible])
    let ended = Quintet_Command_V1_SupportEnded.with {
      $0.supportRequest.incidentID = name
      $0.supportRequest.reason = secret
      $0.supportRequest.parts = [.with { $0.answer = secret }]
    }
    try await event(number * 10, ended, subject: "sup-\(name)", incident: name)
  }

  fileprivate func series(_ name: String, number: Int, days: Double) async throws {
    let secret = "\(Self.secret)\(name)"
    let time = Self.ago(days)
    try await insert(
      "series",
      [
        "id": "ser-\(name)", "revision": 1, "title": secret, "state": "confirmed",
        "state_time": time, "proposed_by": "person/a", "propose_time": time, "reason": secret,
        "decided_by": "person/b", "decide_time": time, "decide_reason": secret,
      ] as [String: any ValueConvertible])
    try await insert(
      "series_member",
      [
        "series_id": "ser-\(name)", "ordinal": 0, "incident_id": name, "added_by": "person/a",
        "add_time": time, "reason": secret,
      ] as [String: any ValueConvertible])
    let moved = Quintet_Command_V1_SeriesMoved.with {
      $0.series.title = secret
      $0.member.incidentID = name
      $0.member.reason = secret
      $0.reason = secret
    }
    try await event(number * 10, moved, subject: "ser-\(name)", incident: name)
  }

  /// With an item, a link, a decision and an amendment.
  fileprivate func consultation(
    _ name: String, about incident: String?, days: Double
  ) async throws {
    let (id, secret) = ("cons-\(name)", "\(Self.secret)\(name)")
    let time = Self.ago(days)
    try await insert(
      "consultation",
      [
        "id": id, "revision": 1, "title": secret, "state": "closed", "start_time": time,
        "open_time": time, "close_time": time, "reason": "", "convened_by": "person/a",
        "record_time": time,
      ] as [String: any ValueConvertible])
    let seat = Recipient(kind: .seat, id: "hall")
    for (kind, document) in [
      (
        "item",
        try JSONDocument.encode(
          AgendaItem(
            number: 1, title: secret, text: secret, subject: nil, putBy: seat, time: time))
      ),
      (
        "link",
        try JSONDocument.encode(
          AgendaLink(
            number: 1, itemNumber: 1, target: .series(try Self.someSeries()), reason: secret,
            time: time))
      ),
      (
        "decision",
        try JSONDocument.encode(
          Decision(
            number: 1, itemNumber: 1, text: secret, responsible: seat, dueTime: time,
            reason: secret, time: time))
      ),
      (
        "amendment",
        try JSONDocument.encode(
          Amendment(number: 1, decisionNumber: 1, text: secret, by: "person/a", time: time))
      ),
    ] {
      try await insert(
        "consultation_entry",
        [
          "consultation_id": id, "kind": kind, "number": 1,
          "state": kind == "decision" ? "issued" : "", "incident_id": incident,
          "document": document,
        ] as [String: any ValueConvertible])
    }
  }

  private static func someSeries() throws -> SeriesID {
    var mint = IdentifierMint(service: "tests", cause: "series", now: now)
    return mint.next(SeriesTag.self)
  }
}
