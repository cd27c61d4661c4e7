// Photos, answers and sightings go with the incident that they belong to.
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Persistence

@Test(arguments: Engine.allCases)
func photosAnswersAndSightingsGoWithTheirIncident(_ engine: Engine) async throws {
  let archive = try Archive(engine, .command)
  try await archive.incident("inside", "closed", days: 1824, number: 1)
  try await archive.incident("outside", "closed", days: 1826, number: 2)
  for (number, name) in ["inside", "outside"].enumerated() {
    try await archive.answered(name)
    try await archive.cordon(name, number: number + 20)
  }
  #expect(try await archive.keys("cordon_ring", "cordon_id") == ["cdn-inside", "cdn-outside"])

  try await archive.sweep()
  #expect(try await archive.lines(about: "outside") == 0)
  #expect(try await archive.keys("directive_attachment", "directive_id") == ["dir-inside"])
  #expect(try await archive.keys("directive_attachment_piece", "directive_id") == ["dir-inside"])
  #expect(try await archive.keys("cordon_ring", "cordon_id") == ["cdn-inside"])
  // That there was a cordon stays, and so does the event; where somebody was seen does not.
  #expect(try await archive.keys("cordon", "id") == ["cdn-inside", "cdn-outside"])
  let moved = try await archive.dump().filter { $0.contains("CordonMoved") }
  #expect(moved.count == 2)
  #expect(moved.count { $0.contains("camera") } == 1)
  let inside = try await archive.dump().filter {
    $0.hasPrefix("directive_recipient|") && $0.contains("dir-inside")
  }
  #expect(inside.contains { $0.contains(Archive.secret) })
}

extension Archive {
  /// The recipient's answers with a photo.
  fileprivate func answered(_ name: String) async throws {
    let digest = String(repeating: "a", count: 64)
    try await database.write { tx in
      try tx.execute(
        "UPDATE directive_recipient SET answers = $1 WHERE directive_id = $2",
        ["[\"\(Self.secret)\(name)\"]", "dir-\(name)"])
    }
    try await insert(
      "directive_attachment",
      [
        "directive_id": "dir-\(name)", "digest": digest, "kind": "unit", "recipient_id": "u1",
        "media": "jpeg", "total_bytes": 3, "is_complete": true, "record_time": Self.ago(0),
      ] as [String: any ValueConvertible])
    try await insert(
      "directive_attachment_piece",
      [
        "directive_id": "dir-\(name)", "digest": digest, "piece": 1, "data": [UInt8]([1, 2, 3]),
      ] as [String: any ValueConvertible])
  }

  fileprivate func cordon(_ name: String, number: Int) async throws {
    try await insert(
      "cordon",
      [
        "id": "cdn-\(name)", "revision": 1, "incident_id": name, "directive_id": "dir-\(name)",
        "plan_code": "p", "state": "released", "measure": "{}", "points": "[]",
        "activate_time": Self.ago(0), "release_time": Self.ago(0),
        "reason": "\(Self.secret)\(name)",
      ] as [String: any ValueConvertible])
    try await insert(
      "cordon_ring",
      [
        "cordon_id": "cdn-\(name)", "number": 1, "document": "{\"note\":\"\(Self.secret)\(name)\"}",
      ] as [String: any ValueConvertible])
    let moved = Quintet_Command_V1_CordonMoved.with {
      $0.cordonID = "cdn-\(name)"
      $0.incidentID = name
      $0.ring.sighting.note = "\(Self.secret)\(name)"
      $0.ring.sighting.source = "camera"
    }
    try await event(number * 10, moved, subject: "cdn-\(name)", incident: name)
  }
}
