// Rows of facts go the day after their period, those of an incident that is not over stay, and the last
// word on a unit's duty holds until the next.
import Foundation
import Persistence
import Testing

private typealias Columns = [String: any ValueConvertible & Sendable]

@Suite struct FigureRetentionTests {
  /// The kind, which is the table, its key, and a row by name and age.
  private static let kinds: [(String, String, @Sendable (String, Date) -> Columns)] = [
    (
      "activity_incident", "incident_id",
      { name, time in
        [
          "incident_id": "inc-\(name)", "origin": "citizen_reported", "receive_time": time,
          "state": "closed", "sequence": 1, "record_time": time,
        ]
      }
    ),
    (
      "activity_call", "call_report_id",
      { name, time in
        [
          "call_report_id": "inc-\(name)", "origin": "citizen_reported", "is_by_voice": 1,
          "receive_time": time, "incident_id": "inc-\(name)", "is_first": 1, "sequence": 1,
          "record_time": time,
        ]
      }
    ),
    (
      "activity_course", "directive_id",
      { name, time in
        [
          "directive_id": "inc-\(name)", "recipient_kind": "station", "recipient_id": "org",
          "incident_id": "inc-\(name)", "state": "fed_back", "issue_time": time, "sequence": 1,
          "record_time": time,
        ]
      }
    ),
  ]

  @Test(arguments: Engine.allCases, 0...2)
  func rowsGoTheDayAfterTheirPeriod(_ engine: Engine, _ index: Int) async throws {
    let (kind, key, row) = Self.kinds[index]
    let archive = try Archive(engine, .supervision)
    for (name, days) in [("inside", 1824.0), ("outside", 1826), ("open", 2700)] {
      try await archive.insert(kind, row(name, Archive.ago(days)))
    }
    let open: Set = ["inc-open"]
    #expect(try await archive.sweep(open: open) == [kind: 1])
    #expect(try await archive.keys(kind, key) == ["inc-inside", "inc-open"])
    #expect(try await archive.sweep() == [kind: 1])
    try await archive.database.close()
  }

  @Test(arguments: Engine.allCases)
  func theLastWordOnAUnitStays(_ engine: Engine) async throws {
    let archive = try Archive(engine, .supervision)
    for (sequence, days) in [(1, 3000.0), (2, 2900), (3, 2000), (4, 10)] {
      let time = Archive.ago(days)
      let columns: Columns = [
        "unit_id": "unit", "sequence": sequence, "status_time": time, "is_on_duty": 1,
        "record_time": time,
      ]
      try await archive.insert("activity_unit_status", columns)
    }
    #expect(try await archive.sweep() == ["activity_unit_status": 2])
    try await archive.database.close()
  }
}
