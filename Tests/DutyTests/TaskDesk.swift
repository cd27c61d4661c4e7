// A station with two beats and a small catalogue: what tests of lists begin with.
import Access
import DutyRPC
import DutyStore
import DutySubscriptions
import EventLog
import Forms
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyDomain

/// A Monday: 2016-12-26T00:00 in Shanghai, days before the station's clock.
let taskMonday = RosterDay("2016-12-26")!

struct TaskDesk {
  let hall: RosterHall
  let room: OrgUnitID
  let beats: [OrgUnitID]

  init(_ station: Station) async throws {
    hall = try await RosterHall(station)
    let room = try await station.putOrgUnit("S1", .station, under: hall.orgUnit.description)
    self.room = try OrgUnitID(parsing: room.id)
    var beats: [OrgUnitID] = []
    for code in ["B1", "B2"] {
      let beat = try await station.putOrgUnit(code, .beat, under: room.id)
      beats.append(try OrgUnitID(parsing: beat.id))
    }
    self.beats = beats
  }

  static func with(_ body: (TaskDesk) async throws -> Void) async throws {
    try await Station.with { station in try await body(try await TaskDesk(station)) }
  }

  // MARK: The catalogue

  static func field(
    _ code: String, _ kind: FormFieldKind = .number, required: Bool = true
  ) -> FormField {
    FormField(
      code: code, label: code, kind: kind, isRequired: required,
      options: kind == .chooseOne ? [FormOption(code: "ok", label: "符合")] : [],
      minNumber: kind == .number ? 0 : nil, maxNumber: kind == .number ? 1000 : nil)
  }

  static func template(
    _ code: String, _ period: TaskPeriod = .daily, looksAt contents: [String] = ["look"],
    fields: [FormField] = [field("seen")], facts: [String] = [], limit: Int? = nil,
    minutes: Int = 20, weekdays: [Int] = []
  ) -> TaskTemplate {
    TaskTemplate(
      code: code, category: "test",
      words: .init(
        name: "标准件 \(code)", englishName: code, leadDepartment: "大队", basis: "规定",
        measures: "查看", standard: "查过"),
      timing: .init(
        period: period, limitMinutes: limit, standardMinutes: minutes, weekdays: weekdays),
      placeKind: "shop", contentCodes: contents, form: Form(fields: fields), factCodes: facts)
  }

  @discardableResult
  func put(_ template: TaskTemplate) async throws -> TaskTemplate {
    try await hall.write { try TaskCatalogue().put(template, replacing: nil, at: noon, in: $0) }
  }

  // MARK: Lists

  static func place(_ code: String = "shop-1") -> TaskPlace {
    TaskPlace(code: code, name: "地点 \(code)")
  }

  @discardableResult
  func plan(
    _ entries: [(String, String)], beat: Int = 0, from: RosterDay = taskMonday,
    until: RosterDay? = nil, seat: String? = nil, at time: Date = taskMonday.start
  ) async throws -> PutTaskPlan {
    let plan = TaskPlan(
      beat: beats[beat],
      entries: entries.map { .init(templateCode: $0, place: Self.place($1)) }, first: from,
      last: until, seatCode: seat)
    return try await hall.write { try TaskListMaking().put(plan, replacing: nil, at: time, in: $0) }
  }

  @discardableResult
  func make(
    days: Int = 1, from: RosterDay = taskMonday, beat: Int = 0, at time: Date? = nil
  ) async throws -> MadeTaskList {
    let (id, last) = (beats[beat], from.adding(days - 1))
    return try await hall.write {
      try TaskListMaking().make(for: id, from...last, at: time ?? from.start, in: $0)
    }
  }

  @discardableResult
  func add(
    _ template: String, _ place: String = "shop-1", beat: Int = 0,
    at time: Date = taskMonday.start.addingTimeInterval(3600)
  ) async throws -> AddedTask {
    let command = AddTask(
      beat: beats[beat], templateCode: template, place: Self.place(place), due: nil, note: "请核查",
      reference: "dir_1", time: time)
    let key = UUID().uuidString
    return try await hall.write { try TaskRoom().add(command, key: key, in: $0) }
  }

  func tasks(_ filter: TaskFilter = TaskFilter()) async throws -> [DutyTask] {
    try await hall.read { try $0.tasks(filter, after: nil, limit: 10_000) }
  }

  func task(_ id: TaskID) async throws -> DutyTask? {
    try await hall.read { try $0.task(id) }
  }

  // MARK: Phones

  func report(
    _ ordinal: Int64, _ task: DutyTask, _ act: TaskReport.Act, seen: Int? = nil,
    at time: Date = taskMonday.start.addingTimeInterval(4 * 3600)
  ) -> TaskReport {
    TaskReport(
      id: "report-\(ordinal)", ordinal: ordinal, taskID: task.id, act: act, deviceTime: time,
      taskRevision: seen ?? task.revision)
  }

  /// As the officer of a beat, who sees nothing else.
  @discardableResult
  func submit(
    _ reports: [TaskReport], beat: Int = 0, device: String = "phone",
    now: Date = taskMonday.start.addingTimeInterval(5 * 3600)
  ) async throws -> TaskReportAnswers {
    let reporting = TaskReporting(actor: "person/officer\(beat)", device: device, now: now)
    return try await hall.station.store.write(
      RequestKey(id: UUID().uuidString, method: "test", fingerprint: ""),
      provenance: Provenance(
        actor: "person/officer\(beat)", cause: "request/\(UUID())", trace: ""),
      reach: Reach(seat: beats[beat].description), now: now
    ) { try reporting.take(reports, in: $0) }
  }

  func look(at now: Date) async throws {
    try await TaskWatch(
      store: hall.station.store, clock: { now }, report: { Issue.record($0) }
    ).look()
  }
}

extension TaskReportAnswers {
  /// Nil for what moved a task.
  var misfits: [TaskReportMisfit?] {
    answers.map { if case .taken(let outcome) = $0 { outcome.misfit } else { nil } }
  }
}

extension FormAnswer {
  static func number(_ code: String, _ value: Double) -> FormAnswer {
    FormAnswer(fieldCode: code, value: .number(value))
  }
}
