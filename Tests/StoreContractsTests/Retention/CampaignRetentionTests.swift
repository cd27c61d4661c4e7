// What lists said of people goes after its period, closed or forgotten; figures stay. So does that there was
// a muster, and not why somebody stayed away.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Persistence

@Test(arguments: Engine.allCases)
func rowsOfCampaignsGoAndTheirFiguresStay(_ engine: Engine) async throws {
  let archive = try Archive(engine, .command)
  try await archive.campaign("inside", closed: 364, due: 400)
  try await archive.campaign("outside", closed: 366, due: 400)
  // One that nobody closed counts from the day on which it was due.
  try await archive.campaign("forgotten", closed: nil, due: 366)
  try await archive.campaign("late", closed: nil, due: 364)
  let all: Set<String> = ["inside", "outside", "forgotten", "late"]
  #expect(try await archive.keys("campaign_row", "campaign_id") == all)

  #expect(try await archive.sweep() == ["campaign": 2])
  for table in ["campaign_row", "campaign_check", "campaign_quarantine", "campaign_import"] {
    #expect(try await archive.keys(table, "campaign_id") == ["inside", "late"], "\(table)")
  }
  for name in ["outside", "forgotten"] { #expect(try await archive.lines(about: name) == 0) }
  #expect(try await archive.lines(about: "inside") > 0)
  #expect(try await archive.keys("campaign", "id") == all)
  #expect(try await archive.keys("campaign_part", "campaign_id") == all)
  #expect(try await archive.sweep().isEmpty)
}

@Test(arguments: Engine.allCases)
func whySomebodyStayedAwayGoesAndThatThereWasAMusterStays(_ engine: Engine) async throws {
  let archive = try Archive(engine, .command)
  try await archive.muster("inside", days: 1824, number: 1)
  try await archive.muster("outside", days: 1826, number: 2)
  #expect(try await archive.sweep() == ["muster": 1])
  #expect(try await archive.lines(about: "outside") == 0)
  #expect(try await archive.lines(about: "inside") > 0)
  #expect(try await archive.keys("muster_member", "muster_id") == ["inside", "outside"])
  #expect(try await archive.sweep().isEmpty)
}

extension Archive {
  /// - Parameter closed: days ago; nil for one that is open.
  fileprivate func campaign(_ name: String, closed: Double?, due: Double) async throws {
    try await insert(
      "campaign",
      [
        "id": name, "revision": 1, "content": "{}", "state": closed == nil ? "open" : "closed",
        "created_by": "person/a", "create_time": Self.ago(due + 10), "due_time": Self.ago(due),
        "close_time": closed.map(Self.ago), "closed_by": "", "row_count": 1,
      ] as [String: any ValueConvertible])
    try await insert(
      "campaign_part",
      ["campaign_id": name, "org_unit_id": "org", "org_unit_name": "所"]
        as [String: any ValueConvertible])
    try await insert(
      "campaign_row",
      [
        "campaign_id": name, "position": 1, "row_key": "k", "number": 1, "revision": 1,
        "digest": "d", "row_values": "[\"\(Self.secret)\(name)\"]",
        "sealed": Array("\(Self.secret)\(name)".utf8), "state": "done", "write_off_reason": "",
        "written_off_by": "", "record_time": Self.ago(due),
      ] as [String: any ValueConvertible])
    try await insert(
      "campaign_check",
      [
        "campaign_id": name, "position": 1, "ordinal": 1, "actor": "person/a",
        "check_time": Self.ago(due), "answers": "[\"\(Self.secret)\(name)\"]", "reason": "",
      ] as [String: any ValueConvertible])
    let digest = String(repeating: "a", count: 64)
    try await insert(
      "campaign_import",
      [
        "campaign_id": name, "file_digest": digest, "through": 2, "stored_count": 1,
        "known_count": 0, "quarantined_count": 1,
      ] as [String: any ValueConvertible])
    try await insert(
      "campaign_quarantine",
      [
        "campaign_id": name, "file_digest": digest, "number": 2, "field": "", "rule": "REQUIRED",
      ] as [String: any ValueConvertible])
  }

  fileprivate func muster(_ name: String, days: Double, number: Int) async throws {
    try await insert(
      "muster",
      [
        "id": name, "revision": 2, "plan": "{}", "level": 2, "reason": "\(Self.secret)\(name)",
        "switched_by": "person/a", "switch_time": Self.ago(days + 1), "escalations": "[]",
        "stand_down_time": Self.ago(days), "stood_down_by": "person/a",
        "stand_down_reason": "\(Self.secret)\(name)",
      ] as [String: any ValueConvertible])
    try await insert(
      "muster_member",
      [
        "muster_id": name, "code": "a", "ordinal": 0, "name": "部门", "kind": "seat",
        "recipient_id": "a", "seats": "[]", "state": "released", "level": 2, "is_added": false,
        "summon_time": Self.ago(days + 1), "due_time": Self.ago(days),
        "excuse_reason": "\(Self.secret)\(name)病了", "release_time": Self.ago(days),
      ] as [String: any ValueConvertible])
    let moved = Quintet_Command_V1_MusterMemberMoved.with {
      $0.musterID = name
      $0.member.code = "a"
      $0.member.excuseReason = "\(Self.secret)\(name)病了"
    }
    try await event(number, moved, subject: name, incident: nil)
  }
}
