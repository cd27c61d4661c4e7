// Lists in the store: the same on both engines, and let go in their time.
import Access
import Audit
import DutyDomain
import DutyStore
import EventLog
import Forms
import Foundation
import Identifiers
import Testing

@testable import Persistence
@testable import Retention

private let monday = RosterDay("2026-11-23")!
private let beatOfficer = "person/officer"

private func provenance(_ cause: String) -> Provenance {
  Provenance(actor: "person/test", cause: "request/\(cause)", trace: "")
}

private func template(_ code: String, _ period: TaskPeriod, _ fields: [String]) -> TaskTemplate {
  TaskTemplate(
    code: code, category: "test",
    words: .init(
      name: "标准件", englishName: code, leadDepartment: "大队", basis: "规定", measures: "查看",
      standard: "查过"),
    timing: .init(period: period, limitMinutes: nil, standardMinutes: 20), placeKind: "shop",
    contentCodes: ["look"],
    form: Form(
      fields: fields.map {
        FormField(code: $0, label: $0, kind: .number, isRequired: true, minNumber: 0, maxNumber: 99)
      }), factCodes: [fields[0]])
}

/// A week of one beat: made, merged, signed, done, kept, given to another, taken back, photographed.
private func play(_ store: DutyDatabaseStore) async throws -> [OrgUnitID] {
  func write<R: Sendable>(
    _ cause: String, at time: Date = monday.start,
    _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    try await store.write(provenance: provenance(cause), now: time, body)
  }
  var beats: [OrgUnitID] = []
  for (code, rank) in [("C", OrgRank.county), ("S", .station), ("B1", .beat), ("B2", .beat)] {
    let parent: OrgUnitID? =
      switch code {
      case "C": nil
      case "S": beats[0]
      default: beats[1]
      }
    beats.append(
      try await write("org \(code)") {
        try Organisation().put(
          PutOrgUnit(
            code: code, name: code, rank: rank, parentID: parent, occurTime: monday.start), in: $0)
      }.orgUnit.id)
  }
  let (one, two) = (beats[2], beats[3])
  for item in [template("d", .daily, ["rooms", "seen"]), template("w", .weekly, ["rooms"])] {
    _ = try await write("template \(item.code)") {
      try TaskCatalogue().put(item, replacing: nil, at: monday.start, in: $0)
    }
  }
  let place = TaskPlace(code: "shop-1", name: "小店")
  let plan = TaskPlan(
    beat: one,
    entries: ["d", "w"].map { TaskPlan.Entry(templateCode: $0, place: place) }, first: monday,
    last: monday.adding(6))
  _ = try await write("plan") {
    try TaskListMaking().put(plan, replacing: nil, at: monday.start, in: $0)
  }
  let made = try await write("make") {
    try TaskListMaking().make(for: one, monday...monday.adding(2), at: monday.start, in: $0)
  }
  #expect(made == MadeTaskList(made: 3, merged: 1))
  let tasks = try await store.read(within: .everywhere) {
    try $0.tasks(TaskFilter(beat: one), after: nil, limit: 10)
  }
  let reach = Reach(seat: one.description)
  let now = monday.start + 7200
  let reports = [
    TaskReport(
      id: "report-1", ordinal: 1, taskID: tasks[0].id, act: .sign, deviceTime: now - 600,
      taskRevision: tasks[0].revision),
    TaskReport(
      id: "report-2", ordinal: 2, taskID: tasks[0].id,
      act: .done([
        FormAnswer(fieldCode: "rooms", value: .number(4)),
        FormAnswer(fieldCode: "seen", value: .number(1)),
      ]), deviceTime: now - 300, taskRevision: tasks[0].revision),
    TaskReport(
      id: "report-3", ordinal: 3, taskID: tasks[0].id, act: .giveBack(reason: "晚"),
      deviceTime: now, taskRevision: 9),
  ]
  let answers = try await store.write(
    RequestKey(id: "reports", method: "m", fingerprint: ""), provenance: provenance("reports"),
    reach: reach, now: now
  ) {
    try TaskReporting(actor: beatOfficer, device: "phone", now: now).take(reports, in: $0)
  }
  #expect(answers.next == 4)
  try await write("photo") {
    try $0.save(
      TaskPhoto(
        digest: String(repeating: "a", count: 64), mediaType: "image/png", data: [1, 0, 2]),
      of: tasks[0].id)
  }
  _ = try await write("reassign", at: now) { writer in
    guard let task = try writer.task(tasks[1].id) else { throw TaskError.taskUnknown(tasks[1].id) }
    return try TaskRoom().reassign(
      task.id, revision: task.revision, to: two, reason: "改派", at: now, in: writer)
  }
  return [one, two]
}

private func store(_ database: any Database) -> DutyDatabaseStore {
  DutyDatabaseStore(
    database: database, log: EventLog(service: "duty", partition: "main"),
    encode: { _ in ("quintet.duty.v1.SeatDefined", []) })
}

@Test func listsAreTheSameOnBothEngines() async throws {
  var dumps: [[String]] = []
  var changes: [[Int64]] = []
  var figures: [[BeatFigures]] = []
  for engine in Engine.allCases {
    let folder = try StoreFolder()
    let database = try engine.open(folder, DutyDatabaseStore.migrations)
    let store = store(database)
    let beats = try await play(store)
    dumps.append(
      try await database.read { try StoreDump.canonical(in: $0) { _, _ in nil } }
        .filter { !$0.hasPrefix("schema_migration|") })
    let read = try await store.read(within: Reach(seat: beats[0].description)) { reader in
      (
        try reader.taskChanges(of: beats[0], after: 0, doneSince: monday.start, limit: 50),
        try reader.taskFigures(
          dueWithin: monday.start..<monday.adding(7).start, asOf: monday.adding(2).start),
        try reader.departure(of: try reader.tasks(TaskFilter(), after: nil, limit: 1)[0].id),
        try reader.taskPhoto(
          String(repeating: "a", count: 64),
          of: try reader.tasks(TaskFilter(), after: nil, limit: 1)[0].id)
      )
    }
    changes.append(read.0.map(\.sequence))
    figures.append(read.1.map { BeatFigures(beat: beats[0], figures: $0.figures) })
    #expect(read.0.contains { if case .gone = $0.kind { true } else { false } })
    #expect(read.1.map(\.figures.doneInTime) == [1] && read.1.map(\.figures.total) == [2])
    #expect(read.2 == nil && read.3?.data == [1, 0, 2])
    // What is the other beat's is not there for this one.
    let others = try await store.read(within: Reach(seat: beats[1].description)) {
      try $0.tasks(TaskFilter(), after: nil, limit: 50)
    }
    #expect(others.map(\.beat) == [beats[1]])
    // The week goes on by itself, and not beyond the plan.
    let through = try await store.read(within: .everywhere) {
      (
        try $0.beatsToMake(for: monday.adding(1)...monday.adding(7), limit: 9),
        try $0.beatsToMake(for: monday.adding(7)...monday.adding(13), limit: 9)
      )
    }
    #expect(through.0 == [beats[0]] && through.1 == [])
    try await database.close()
  }
  #expect(dumps[0].count > 20)
  #expect(dumps[0] == dumps[1] && changes[0] == changes[1])
  #expect(figures[0].map(\.figures) == figures[1].map(\.figures))
}

/// What left a list after a year, tasks with answers, photos and facts after three, counts of phones after
/// five.
@Test(arguments: Engine.allCases)
func listsAreLetGoInTheirTime(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, DutyDatabaseStore.migrations)
  _ = try await play(store(database))
  func sweep(_ days: Double) async throws -> [String: Int] {
    let results = try await RetentionSweep(
      database: database, audit: .init(service: "duty", partition: "main"),
      kinds: DutySchema.taskKinds, openIncidents: { [] }
    ).run(
      for: provenance("sweep \(days)"), now: monday.start.addingTimeInterval(days * 86_400),
      isDry: false)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.period.kind, $0.count) })
      // What the audit log lets go is its own tests' matter.
      .filter { $0.value > 0 && $0.key != "audit_entry" }
  }
  #expect(try await sweep(364) == [:])
  #expect(try await sweep(366) == ["task_departure": 1])
  #expect(try await sweep(1095) == [:])
  #expect(try await sweep(1099) == ["task": 3, "task_report": 3])
  let rest = try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  for table in ["task", "task_basis", "task_photo", "place_fact", "task_report"] {
    #expect(!rest.contains { $0.hasPrefix("\(table)|") }, "\(table)")
  }
  #expect(try await sweep(1826) == ["task_device": 1])
  try await database.close()
}
