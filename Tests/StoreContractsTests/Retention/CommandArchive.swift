// Incidents of command with everything that hangs on one, and a word in every place where people are
// spoken of.
import Foundation
import QuintetAPI
import SwiftProtobuf

@testable import Persistence

extension Archive {
  /// Where nothing may be left of what was said.
  static let secret = "欧阳大娘"

  private static func place(_ name: String) -> String {
    """
    {"address":"\(secret)家\(name)","description":"\(secret)\(name)",\
    "given":{"coordinate":{"latitude":28,"longitude":120.6},"datum":"wgs84","latitude":28,\
    "longitude":120.6},"uncertaintyMetres":0}
    """
  }

  /// - Parameters:
  ///   - days: how many days ago it came to its state.
  ///   - mergedInto: another, with the state `merged`.
  func incident(
    _ name: String, _ state: String, days: Double, number: Int, mergedInto: String? = nil
  ) async throws {
    let time = Self.ago(days)
    try await insert(
      "incident",
      [
        "id": name, "revision": 1, "number": name, "state": state, "state_time": time,
        "title": "\(Self.secret)的事\(name)", "place": Self.place(name),
        "origin": "citizen_reported", "narrative": "\(Self.secret)说\(name)", "source": "",
        "external_reference": "", "occur_time": time, "receive_time": time, "create_time": time,
        "record_time": time, "merged_into": mergedInto,
        "state_before_merge": mergedInto == nil ? nil : "new", "diverted_to": "",
        "feedback": "找到\(Self.secret)\(name)", "feedback_code": "done", "feedback_time": time,
        "feedback_return_count": 0, "reopen_count": 0,
      ] as [String: any ValueConvertible])
    try await call("call-\(name)", days: days, incident: name, number: number)
    try await directive(name, time)
    try await told(name, number)
  }

  func call(_ name: String, days: Double, incident: String?, number: Int) async throws {
    let time = Self.ago(days)
    try await insert(
      "call_report",
      [
        "id": name, "revision": 1, "state": "ended",
        "outcome": incident == nil ? "hoax" : "created", "incident_id": incident,
        "channel": "phone", "origin": "citizen_reported", "phone_hash": "\(Self.secret)\(name)",
        "masked_phone": "\(Self.secret)\(name)", "masked_name": "\(Self.secret)\(name)",
        "sealed_caller": Array("\(Self.secret)\(name)".utf8), "place": Self.place(name),
        "narrative": "\(Self.secret)\(name)", "source": "", "external_reference": "",
        "occur_time": time, "receive_time": time, "end_time": time, "record_time": time,
        "end_reason": "\(Self.secret)\(name)",
      ] as [String: any ValueConvertible])
    let answered = Quintet_Command_V1_CallReportAnswered.with {
      $0.callReport.id = name
      $0.callReport.narrative = "\(Self.secret)\(name)"
      $0.callReport.maskedPhone = "\(Self.secret)\(name)"
      $0.callReport.maskedName = "\(Self.secret)\(name)"
      $0.phoneHash = "\(Self.secret)\(name)"
    }
    try await event(number * 10, answered, subject: name, incident: nil)
  }

  private func directive(_ name: String, _ time: Date) async throws {
    try await insert(
      "directive",
      [
        "id": "dir-\(name)", "revision": 1, "directive_class": "dispatch", "incident_id": name,
        "title": "\(Self.secret)\(name)", "text": "\(Self.secret)\(name)", "issue_time": time,
        "record_time": time,
      ] as [String: any ValueConvertible])
    try await insert(
      "directive_recipient",
      [
        "directive_id": "dir-\(name)", "ordinal": 0, "kind": "unit", "recipient_id": "u1",
        "revision": 1, "state": "accepted", "feedback": "\(Self.secret)\(name)",
        "return_count": 0, "reason": "\(Self.secret)\(name)",
      ] as [String: any ValueConvertible])
    let document = """
      {"units":[{"unitId":"u1","callSign":"\(name)","point":{"latitude":28,"longitude":120.6}}]}
      """
    try await insert(
      "recommendation",
      [
        "id": "rec-\(name)", "incident_id": name, "occur_time": time, "document": document,
        "unit_ids": "u1",
      ] as [String: any ValueConvertible])
    try await insert(
      "assignment",
      [
        "id": "asg-\(name)", "incident_id": name, "ordinal": 0, "unit_id": "u1",
        "directive_id": "dir-\(name)", "state": "cleared", "assign_time": time,
        "disposal_code": "done", "note": "\(Self.secret)\(name)",
      ] as [String: any ValueConvertible])
  }

  private func told(_ name: String, _ number: Int) async throws {
    let opened = Quintet_Command_V1_IncidentOpened.with {
      $0.incident.id = name
      $0.incident.state = .new
      $0.incident.title = "\(Self.secret)\(name)"
      $0.incident.location.address = "\(Self.secret)\(name)"
      $0.incident.location.point.latitude = 28
      $0.phoneHash = "\(Self.secret)\(name)"
    }
    try await event(number * 10 + 1, opened, subject: name, incident: name)
    let tied = Quintet_Publicopinion_V1_TopicTied.with {
      $0.topic.id = "topic-\(name)"
      $0.topic.title = "\(Self.secret)\(name)"
    }
    let bytes: [UInt8] = try tied.serializedBytes()
    try await insert(
      "foreign_event",
      [
        "service": "publicopinion", "sequence": number, "id": "evt_f\(number)",
        "type": Quintet_Publicopinion_V1_TopicTied.protoMessageName, "subject": "topic-\(name)",
        "incident_id": name, "occur_time": Self.ago(0), "record_time": Self.ago(0),
        "actor": "person/a", "cause": "request/a", "trace": "", "payload": bytes,
      ] as [String: any ValueConvertible])
  }

  /// How many lines of the store still name the person in connection with `name`.
  func lines(about name: String) async throws -> Int {
    try await dump().count { $0.contains(Self.secret) && $0.contains(name) }
  }
}
