// What is past its period goes, what is a day inside it stays, and what is not over is not touched.
import Audit
import DutyDomain
import DutyStore
import EventLog
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Persistence
@testable import Retention

@Test(arguments: Engine.allCases)
func wordsOfAnIncidentGoWithItAndNothingElseDoes(_ engine: Engine) async throws {
  let archive = try Archive(engine, .command)
  try await archive.incident("inside", "closed", days: 1824, number: 1)
  try await archive.incident("outside", "closed", days: 1826, number: 2)
  try await archive.incident("stillopen", "active", days: 5000, number: 3)
  try await archive.incident("intoopen", "merged", days: 5000, number: 4, mergedInto: "stillopen")
  try await archive.incident("intoover", "merged", days: 5000, number: 5, mergedInto: "outside")
  try await archive.call("hoaxinside", days: 1094, incident: nil, number: 6)
  try await archive.call("hoaxoutside", days: 1096, incident: nil, number: 7)
  let before = try await archive.dump()

  let expected = ["incident": 2, "call_report": 4]
  #expect(try await archive.sweep(isDry: true) == expected)
  #expect(try await archive.dump() == before)
  #expect(try await archive.sweep() == expected)
  let after = try await archive.dump()
  for gone in ["outside", "intoover", "hoaxoutside"] {
    #expect(try await archive.lines(about: gone) == 0, "\(gone)")
  }
  // A call's words go sooner than its incident's.
  #expect(try await archive.lines(about: "call-inside") == 0)
  // What was merged into it names it once more.
  for (kept, lines) in [("stillopen", 9), ("intoopen", 8)] {
    #expect(try await archive.lines(about: kept) == lines, "\(kept)")
  }
  #expect(try await archive.lines(about: "hoaxinside") == 2)
  // Two kinds were announced, and every record that went is named in an audit entry.
  let audited = try await archive.database.read { tx in
    try archive.audit.entries(in: tx).filter { $0.purpose == "retention/incident" }
  }
  #expect(audited.flatMap(\.subjects).sorted() == ["intoover", "outside"])
  #expect(before.count { !$0.hasPrefix("audit_") } == after.count { !$0.hasPrefix("audit_") } - 2)
  // Figures are made of places, classes and times: a point stays, and so does each event.
  let outside = after.filter { $0.contains("outside") }
  #expect(outside.contains { $0.hasPrefix("incident|") && $0.contains("120.6") })
  #expect(outside.contains { $0.hasPrefix("event|") && $0.contains("\"latitude\":28") })
  // Where a unit was when it was chosen does not.
  #expect(!outside.contains { $0.hasPrefix("recommendation|") && $0.contains("120.6") })

  #expect(try await archive.sweep() == [:])
  #expect(try await archive.dump() == after)
}

/// What was anonymised and reopened is anonymised anew, counted from when it was closed again.
@Test func areopenedIncidentGoesAgain() async throws {
  let archive = try Archive(.sqlite, .command)
  try await archive.incident("again", "closed", days: 4000, number: 1)
  #expect(try await archive.sweep() == ["incident": 1, "call_report": 1])
  try await archive.database.write { tx in
    try tx.execute(
      "UPDATE incident SET feedback = $1, state_time = $2",
      [Archive.secret + "again", Archive.ago(1000)])
  }
  #expect(try await archive.sweep() == [:])
  try await archive.database.write { tx in
    try tx.execute(
      "UPDATE incident SET state_time = $1, anonymise_time = $2",
      [Archive.ago(2000), Archive.ago(2001)])
  }
  #expect(try await archive.sweep() == ["incident": 1])
  #expect(try await archive.lines(about: "again") == 0)
}

/// Dies at every write of a sweep and in the middle of it; whoever sweeps next comes to the same end.
@Test(arguments: Engine.allCases)
func aSweepCutOffAnywhereIsFinishedByTheNext(_ engine: Engine) async throws {
  func make() async throws -> Archive {
    let archive = try Archive(engine, .command)
    for number in 0..<25 {
      try await archive.call("call\(100 + number)", days: 1200, incident: nil, number: number + 1)
    }
    try await archive.incident("outside", "closed", days: 1826, number: 30)
    return archive
  }
  let undisturbed = try await make()
  try await undisturbed.sweep()
  func result(_ archive: Archive) async throws -> [String] {
    // A record is named once in the audit log, in whichever entry.
    let subjects = try await archive.keys("audit_subject", "subject").map { "audited \($0)" }
    // A server counts the turns of its writers.
    let other = ["schema_migration", "audit_", "writer_turn"]
    let rows = try await archive.dump().filter { row in !other.contains(where: row.hasPrefix) }
    return rows + subjects.sorted()
  }
  let expected = try await result(undisturbed)
  // Announcing and two batches of calls, announcing and one of incidents.
  for write in 1...5 {
    for place in [Fault.Place.beforeWrite, .afterStatement(3), .afterCommit] {
      let archive = try await make()
      archive.faulty.arm(Fault(write: write, place: place))
      await #expect(throws: Killed.self) { try await archive.sweep(faultily: true) }
      try await archive.sweep()
      #expect(try await result(archive) == expected, "\(write) \(place)")
      try await archive.database.close()
    }
  }
}

/// Table, column of the key, kind, columns of a row by age in days and matter.
private struct Sample: Sendable {
  let keeper: Keeper
  let kind: String
  let table: String
  let key: String
  let days: Double
  let row:
    @Sendable (_ name: String, _ time: Date, _ incident: String) -> [String: any ValueConvertible
      & Sendable]
}

private let samples = [
  Sample(
    keeper: .command, kind: "request_ledger", table: "request_ledger", key: "request_id",
    days: 90
  ) { name, time, _ in
    [
      "request_id": name, "method": "a/B", "fingerprint": "f", "result": "{}", "record_time": time,
    ]
  },
  Sample(keeper: .duty, kind: "recommendation", table: "recommendation", key: "id", days: 365) {
    ["id": $0, "incident_id": $2, "as_of_time": $1, "document": "{}", "record_time": $1]
  },
  Sample(
    keeper: .intelligence, kind: "assessment", table: "assessment", key: "incident_id",
    days: 1825
  ) { name, time, incident in
    [
      "incident_id": incident, "assessment_id": name, "source": "", "words": "[]", "is_located": 0,
      "suggested_by": "[]", "found_repeat": 0, "occur_time": time, "record_time": time,
    ]
  },
  Sample(keeper: .supervision, kind: "deadline", table: "deadline", key: "deadline_id", days: 1825)
  { name, time, incident in
    [
      "deadline_id": name, "rule_code": "r", "kind": "sign", "state": "met", "subject": name,
      "responsible": "org", "incident_id": incident, "scope": "s", "mode": "system",
      "start_cause": name, "trace": "", "start_time": time.addingTimeInterval(-60),
      "warn_time": time, "due_time": time, "stop_time": time, "escalation_level": 0,
      "escalate_after_s": 60, "escalation_levels": 1, "record_time": time,
    ]
  },
  Sample(
    keeper: .supervision, kind: "outgoing_call", table: "outgoing_call", key: "request_id",
    days: 365
  ) { name, time, incident in
    [
      "request_id": name, "method": "ReturnIncidentFeedback", "incident_id": incident,
      "reason": "短", "occur_time": time, "state": "answered", "trace": "", "record_time": time,
    ]
  },
  Sample(
    keeper: .publicopinion, kind: "opinion_item", table: "opinion_item", key: "item_id",
    days: 730
  ) { name, time, incident in
    [
      "item_id": name, "topic_id": "topic-\(incident)", "source": "news", "text": "某用户",
      "publish_time": time, "attributes": "{}", "record_time": time,
    ]
  },
]

@Test(arguments: Engine.allCases, samples.indices)
func eachKindGoesOnTheDayAfterItsPeriod(_ engine: Engine, _ index: Int) async throws {
  let sample = samples[index]
  let archive = try Archive(engine, sample.keeper)
  for name in ["inside", "outside", "open"] { try await archive.prepare("inc-\(name)") }
  let knowsIncidents = sample.kind != "request_ledger"
  for (name, days) in [("inside", -1.0), ("outside", 1), ("open", 900)]
  where knowsIncidents || name != "open" {
    let row = sample.row(name, Archive.ago(sample.days + days), "inc-\(name)")
    try await archive.insert(sample.table, row)
  }
  let all = try await archive.keys(sample.table, sample.key)
  let open: Set = ["inc-open"]
  #expect(try await archive.sweep(isDry: true, open: open) == [sample.kind: 1])
  #expect(try await archive.keys(sample.table, sample.key) == all)
  #expect(try await archive.sweep(open: open) == [sample.kind: 1])
  let gone = sample.key == "incident_id" ? "inc-outside" : "outside"
  #expect(try await archive.keys(sample.table, sample.key) == all.subtracting([gone]))
  #expect(try await archive.sweep(open: open) == [:])
  // Once it is over, it goes as well.
  if knowsIncidents { #expect(try await archive.sweep() == [sample.kind: 1]) }
}

extension Archive {
  /// What the rows of a sample refer to.
  fileprivate func prepare(_ incident: String) async throws {
    switch keeper {
    case .publicopinion:
      try await insert("known_incident", ["incident_id": incident, "occur_time": Self.now])
      try await insert(
        "topic",
        [
          "topic_id": "topic-\(incident)", "revision": 1, "title": "标题", "item_count": 1,
          "first_time": Self.now, "last_time": Self.now, "incident_id": incident,
          "tie_time": Self.now, "sketch": [UInt8](), "record_time": Self.now,
        ] as [String: any ValueConvertible])
    case .supervision:
      try await database.write { tx in
        try tx.execute(
          """
          INSERT INTO rule (partition, code, kind, name, limit_s, warn_before_s, escalate_after_s,
            escalation_levels) VALUES ('main', 'r', 'sign', 'r', 60, 0, 60, 1)
          ON CONFLICT DO NOTHING
          """)
      }
    case .command, .duty, .intelligence: break
    }
  }
}

@Test(arguments: Engine.allCases)
func aTopicForgetsItsFirstTextAndItsEventsDo(_ engine: Engine) async throws {
  let archive = try Archive(engine, .publicopinion)
  for (number, name) in ["old", "new"].enumerated() {
    let time = Archive.ago(name == "old" ? 1826 : 1824)
    try await archive.insert(
      "topic",
      [
        "topic_id": name, "revision": 1, "title": "\(Archive.secret)\(name)", "item_count": 3,
        "first_time": time, "last_time": time, "sketch": [UInt8](repeating: 1, count: 8),
        "record_time": time,
      ] as [String: any ValueConvertible])
    try await archive.insert("topic_shingle", ["shingle": number, "topic_id": name])
    let opened = Quintet_Publicopinion_V1_TopicOpened.with {
      $0.topic.id = name
      $0.topic.title = "\(Archive.secret)\(name)"
      $0.topic.itemCount = 3
    }
    try await archive.event(number + 1, opened, subject: name, incident: nil)
  }
  #expect(try await archive.sweep() == ["topic": 1])
  #expect(try await archive.lines(about: "old") == 0)
  #expect(try await archive.lines(about: "new") == 2)
  #expect(try await archive.keys("topic_shingle", "topic_id") == ["new"])
  #expect(try await archive.sweep() == [:])
}

@Test(arguments: Engine.allCases)
func whatAnOperatorGaveUpIsForgottenAndWhatWaitsIsNot(_ engine: Engine) async throws {
  let archive = try Archive(engine, .duty)
  for (number, days) in [(1, 366.0), (2, 364), (3, nil)] as [(Int, Double?)] {
    try await archive.insert(
      "parked_event",
      [
        "source": "command", "sequence": number, "event_id": "e\(number)", "type": "t",
        "subject": "s", "tries": 5, "error": Archive.secret, "payload": [UInt8]([10, 1, 65]),
        "record_time": Archive.ago(2000), "skip_actor": days.map { _ in "person/a" },
        "skip_reason": days.map { _ in "r" }, "skip_time": days.map(Archive.ago),
      ] as [String: any ValueConvertible])
  }
  #expect(try await archive.sweep() == ["parked_event": 1])
  let left = try await archive.dump().filter { $0.hasPrefix("parked_event|") }
  #expect(left.count == 3)
  #expect(left.count { $0.contains(Archive.secret) } == 2)
  #expect(try await archive.sweep() == [:])
}

/// Also from the memory that recommendations are made from, without a restart.
@Test(arguments: Engine.allCases)
func aForgottenPositionIsForgottenByTheRosterInMemory(_ engine: Engine) async throws {
  let archive = try Archive(engine, .duty)
  let store = DutyDatabaseStore(
    database: archive.database, log: EventLog(service: "duty", partition: "main"),
    encode: { _ in ("", []) })
  let names = ["unit_0000000000e008000000000001", "unit_0000000000e008000000000002"]
  for (name, days) in zip(names, [31.0, 29]) {
    try await archive.database.write { tx in
      let sequence = try tx.query(
        """
        INSERT INTO roster_head (partition, sequence) VALUES ('main', 1)
        ON CONFLICT (partition) DO UPDATE SET sequence = roster_head.sequence + 1
        RETURNING sequence
        """
      )[0].get("sequence", as: Int64.self)
      try tx.execute(
        """
        INSERT INTO unit (partition, id, call_sign, kind, capabilities, availability, revision,
          sequence, record_time)
        VALUES ('main', $1, $2, 'car', '[]', 'available', 1, $3, $4)
        """, [name, name, sequence, Archive.now])
      try tx.execute(
        """
        INSERT INTO unit_position (partition, unit_id, latitude, longitude, fix_time, speed_mps,
          heading_deg, sequence, record_time)
        VALUES ('main', $1, 28, 120.6, $2, 0, 0, $3, $2)
        """, [name, Archive.ago(days), sequence])
    }
  }
  let wish = RecommendationWish(
    point: try .init(latitude: 28, longitude: 120.6), asOf: Archive.ago(31))
  func found() async throws -> Set<String> {
    Set(
      try await store.consult { UnitAdvisor.recommend(wish, from: $0) }.units.map(\.callSign))
  }
  #expect(try await found() == Set(names))
  #expect(try await archive.sweep() == ["unit_position": 1])
  #expect(try await found() == [names[1]])
}

@Test(arguments: Keeper.allCases)
func everyKindHasAPeriodAndNoPeriodIsWithoutAKind(_ keeper: Keeper) async throws {
  let archive = try Archive(.sqlite, keeper)
  let sweep = RetentionSweep(
    database: archive.database, audit: archive.audit, kinds: keeper.kinds, openIncidents: { [] })
  let periods = try await sweep.periods()
  #expect(try await archive.keys("retention_period", "kind") == Set(periods.map(\.kind)))
  for period in periods { #expect(period.days >= period.leastDays) }
  // A partition's own period takes the place of the common one; a shorter one than allowed cannot.
  try await archive.insert(
    "retention_period", ["kind": periods[0].kind, "days": 3000, "least_days": 1])
  #expect(try await sweep.periods()[0].days == 3000)
  await #expect(throws: DatabaseError.self) {
    try await archive.database.write {
      try $0.execute("UPDATE retention_period SET days = least_days - 1")
    }
  }
}

/// Nobody can say what is not over: nothing is touched.
@Test func withoutCommandNothingGoes() async throws {
  let archive = try Archive(.sqlite, .supervision)
  let sweep = RetentionSweep(
    database: archive.database, audit: archive.audit, kinds: archive.keeper.kinds,
    openIncidents: { throw Killed() })
  await #expect(throws: RetentionError.self) {
    try await sweep.run(for: Archive.asker, now: Archive.now, isDry: false)
  }
}

/// Contents go from the beginning of the log; hashes and numbers stay, and so does every proof.
@Test(arguments: Engine.allCases)
func whatAuditEntriesSaidGoesAndTheTreeStays(_ engine: Engine) async throws {
  let archive = try Archive(engine, .intelligence)
  for days in [1900.0, 1826, 1824, 10] {
    try await archive.database.write { [audit = archive.audit] tx in
      var entry = Quintet_Audit_V1_AuditEntry(
        kind: .read, Archive.asker, now: Archive.ago(days))
      entry.subjects = ["record\(days)"]
      try audit.append(entry, in: tx)
    }
  }
  func hashes() async throws -> [[UInt8]] {
    try await archive.database.read { tx in
      try tx.query("SELECT leaf_hash FROM audit_entry WHERE n < 4 ORDER BY n").map {
        try $0.get("leaf_hash")
      }
    }
  }
  let before = try await hashes()
  #expect(try await archive.sweep(isDry: true) == ["audit_entry": 2])
  #expect(try await archive.sweep() == ["audit_entry": 2])
  #expect(try await hashes() == before)
  let left = try await archive.keys("audit_subject", "subject")
  #expect(left.isSuperset(of: ["record1824.0", "record10.0"]))
  #expect(left.isDisjoint(with: ["record1900.0", "record1826.0"]))
  let contents = try await archive.database.read { tx in
    try tx.query("SELECT n FROM audit_entry WHERE payload IS NOT NULL ORDER BY n").map {
      try $0.get("n", as: Int64.self)
    }
  }
  #expect(contents == [2, 3, 4])
  #expect(try await archive.sweep() == [:])
}

extension AuditLog {
  /// Those whose content is there.
  fileprivate func entries(in tx: any Transaction) throws -> [Quintet_Audit_V1_AuditEntry] {
    try tx.query("SELECT payload FROM audit_entry WHERE payload IS NOT NULL ORDER BY n").map {
      try Quintet_Audit_V1_AuditEntry(serializedBytes: $0.get("payload", as: [UInt8].self))
    }
  }
}
