// Rosters on both engines: one story through every table, read back by every query, and let go when its
// time is over.
import Access
import Audit
import DutyDomain
import DutyStore
import EventLog
import Foundation
import Identifiers
import Testing

@testable import Persistence
@testable import Retention

/// 2026-11-23 is a Monday; its midnight in Shanghai.
private let monday = RosterDay("2026-11-23")!

private func provenance(_ cause: String) -> Provenance {
  Provenance(actor: "person/test", cause: "request/\(cause)", trace: "")
}

/// From a pattern to a left seat. Each step is a request of its own, so ids are the same each time.
private func play(_ store: DutyDatabaseStore) async throws {
  func write<R: Sendable>(
    _ cause: String, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    try await store.write(provenance: provenance(cause), now: monday.start, body)
  }
  let before = monday.start.addingTimeInterval(-86_400)
  let orgUnit = try await write("org") {
    try Organisation().put(
      PutOrgUnit(code: "C", name: "分局", rank: .county, parentID: nil, occurTime: before), in: $0
    ).orgUnit.id
  }
  for number in 0..<4 {
    let officer = Officer(
      number: "P\(number)", name: "姓名\(number)", actor: "person/p\(number)", orgUnitID: orgUnit,
      qualifications: ["high-privilege"])
    _ = try await write("officer \(number)") { try StaffKeeping().put(officer, at: before, in: $0) }
  }
  let seat = Seat(
    code: "hall.a", name: "席位", kind: .warning, role: "analyst", orgUnitID: orgUnit,
    qualifications: ["high-privilege"])
  _ = try await write("seat") { try StaffKeeping().put(seat, at: before, in: $0) }
  let plan = RosterPlan(
    seatCode: "hall.a", patternCode: "3c2t",
    crews: (0..<3).map { Crew(name: "\($0)班", officers: ["P\($0)"]) }, first: monday,
    last: monday.adding(9))
  for round in 0..<2 {
    let made = try await write("publish \(round)") {
      try RosterMaking().publish(plan, at: before, now: before, in: $0)
    }
    #expect(made.madeCount == 20 && made.replacedCount == (round == 0 ? 0 : 20))
  }
  let shifts = try await store.read(within: .everywhere) {
    try $0.shifts(
      touching: monday.start..<monday.adding(20).start, seat: "hall.a", onlyGaps: false,
      after: nil, limit: 100)
  }
  #expect(shifts.count == 20)
  let (first, second) = (shifts[0], shifts[1])
  let (one, two) = (first.plan.members[0].officer, second.plan.members[0].officer)
  let start = first.plan.start
  let swap = try await write("swap") {
    try RosterChanges(actor: "person/\(two.lowercased())", at: before).askSwap(
      of: second.id, with: "P3", for: nil, in: $0)
  }
  _ = try await write("answer") {
    try RosterChanges(actor: "person/p3", at: before).answer(swap.id, accepting: true, in: $0)
  }
  _ = try await write("decide") {
    try RosterChanges(actor: "person/leader", at: before).decide(swap.id, approving: true, in: $0)
  }
  let leave = try await write("leave") {
    try RosterChanges(actor: "person/p3", at: before).askLeave(
      .training, from: second.plan.start, until: second.plan.end, in: $0)
  }
  let decided = try await write("decide leave") {
    try RosterChanges(actor: "person/leader", at: before).decideLeave(
      leave.id, approving: true, in: $0)
  }
  #expect(decided.gapCount == 1)
  let gaps = try await store.read(within: .everywhere) {
    try $0.unflaggedGaps(beginningBy: second.plan.start, now: start, limit: 10)
  }
  #expect(gaps.map(\.id) == [second.id])
  try await write("flag") { try GapNotice.flag(second.id, in: $0) }
  _ = try await write("substitute") {
    try RosterChanges(actor: "person/leader", at: before).nameSubstitute(
      two, for: second.id, in: $0)
  }
  let keeping = SeatKeeping(actor: "person/\(one.lowercased())", at: start)
  let taken = try await write("take") { try keeping.take("hall.a", in: $0) }
  let note = try await write("note") { try keeping.write("东门施工", at: "hall.a", in: $0) }
  let next = SeatKeeping(actor: "person/\(two.lowercased())", at: second.plan.start)
  await #expect(throws: RosterError.handoverUnread([note.id])) {
    try await write("too soon") { try next.take("hall.a", in: $0) }
  }
  _ = try await write("read") { try next.read(note.id, in: $0) }
  _ = try await write("take next") { try next.take("hall.a", in: $0) }
  _ = try await write("leave seat") { try keeping.leave("hall.a", in: $0) }
  let left = try await store.read(within: .everywhere) {
    try $0.takingsToRevoke(now: start, limit: 10)
  }
  #expect(left.map(\.id) == [taken.taking.id])
  try await write("settle") { try $0.settleRevocation(of: taken.taking.id) }
  let (held, notes) = try await store.read(within: .everywhere) {
    (
      try SeatView.all(at: second.plan.start, in: $0),
      try $0.notes(ofSeat: "hall.a", before: nil, limit: 5)
    )
  }
  #expect(held.map { $0.holders.map(\.taking.officer) } == [[two]])
  #expect(notes.map { $0.readings.map(\.officer) } == [[two]])
}

private func store(_ database: any Database) -> DutyDatabaseStore {
  DutyDatabaseStore(
    database: database, log: EventLog(service: "duty", partition: "main"),
    encode: { _ in ("quintet.duty.v1.SeatDefined", []) })
}

@Test func rostersAreTheSameOnBothEngines() async throws {
  var dumps: [[String]] = []
  for engine in Engine.allCases {
    let folder = try StoreFolder()
    let database = try engine.open(folder, DutyDatabaseStore.migrations)
    try await play(store(database))
    dumps.append(
      try await database.read { try StoreDump.canonical(in: $0) { _, _ in nil } }
        .filter { !$0.hasPrefix("schema_migration|") })
    try await database.close()
  }
  #expect(dumps[0].count > 50)
  #expect(dumps[0] == dumps[1])
}

/// Notes after a year, leaves after three, shifts with all that hangs on them after five; names of those
/// who left the staff five years after that.
@Test(arguments: Engine.allCases)
func rostersAreLetGoInTheirTime(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, DutyDatabaseStore.migrations)
  let store = store(database)
  try await play(store)
  func sweep(_ days: Double) async throws -> [String: Int] {
    let results = try await RetentionSweep(
      database: database, audit: .init(service: "duty", partition: "main"),
      kinds: DutySchema.rosterKinds, openIncidents: { [] }
    ).run(
      for: provenance("sweep \(days)"), now: monday.start.addingTimeInterval(days * 86_400),
      isDry: false)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.period.kind, $0.count) })
      .filter { $0.value > 0 }
  }
  #expect(try await sweep(364) == [:])
  #expect(try await sweep(367) == ["handover_note": 1])
  #expect(try await sweep(1098) == ["officer_leave": 1])
  #expect(try await sweep(1824) == [:])
  #expect(try await sweep(1850) == ["shift": 20])
  let rest = try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  for table in ["shift", "shift_officer", "shift_swap", "seat_taking", "handover_reading"] {
    #expect(!rest.contains { $0.hasPrefix("\(table)|") }, "\(table)")
  }
  #expect(rest.count { $0.hasPrefix("officer|") && $0.contains("姓名") } == 4)
  try await store.write(provenance: provenance("gone"), now: monday.start) { writer in
    guard var officer = try writer.officer(number: "P0") else { return }
    officer.leaveTime = monday.start
    try writer.save(officer)
  }
  #expect(try await sweep(1850) == ["officer": 1])
  let after = try await store.read(within: .everywhere) { try $0.officer(number: "P0") }
  #expect(after?.name == "" && after?.actor == "former/P0")
  #expect(try await sweep(1851) == [:])
  try await database.close()
}
