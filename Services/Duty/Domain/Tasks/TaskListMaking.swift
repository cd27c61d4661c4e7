// 清单: from what a beat does regularly, the tasks of some days.
public import Foundation
public import Identifiers

/// What came of making a list.
public struct MadeTaskList: Codable, Sendable, Hashable {
  public var made = 0
  public var merged = 0
  public var kept = 0
  public var restDays = 0

  public init(made: Int = 0, merged: Int = 0, kept: Int = 0, restDays: Int = 0) {
    self.made = made
    self.merged = merged
    self.kept = kept
    self.restDays = restDays
  }
}

/// A plan as it was put, and how many tasks of the one before were taken back.
public struct PutTaskPlan: Codable, Sendable, Hashable {
  public let plan: TaskPlan
  public let withdrawn: Int
}

public struct TaskListMaking: Sendable {
  public init() {}

  /// Days that lists are made ahead, today among them.
  public static let daysAhead = 7

  /// In place of the plan before. Planned tasks that rest on it alone go; what is issued stays.
  /// - Throws: `TaskError.changed`, `.templateUnknown`, `.periodOnce`, `.notABeat`, `.beatUnknown`,
  ///   `RosterError.seatUnknown`.
  public func put(
    _ plan: TaskPlan, replacing revision: Int?, at time: Date, in writer: any DutyWriter
  ) throws -> PutTaskPlan {
    try TaskBeat.require(plan.beat, field: "plan.beat_id", in: writer)
    let held = try writer.taskPlan(of: plan.beat)
    if let revision, revision != held?.revision ?? 0 { throw TaskError.changed }
    try check(plan, in: writer)
    var put = plan
    put.revision = held?.revision ?? 0
    if let held, held == put { return PutTaskPlan(plan: held, withdrawn: 0) }
    put.revision += 1
    let planned = try writer.unsignedTasks(of: plan.beat, about: nil).filter {
      $0.state == .planned && $0.bases.allSatisfy { $0.source == .plan }
    }
    for task in planned {
      try writer.withdraw(task, into: nil)
      writer.record(
        .taskWithdrawn(TaskWithdrawal(id: task.id, beat: task.beat, into: nil)), incident: nil,
        occurTime: time)
    }
    try writer.save(put)
    writer.record(.taskPlanSet(put), incident: nil, occurTime: time)
    return PutTaskPlan(plan: put, withdrawn: planned.count)
  }

  private func check(_ plan: TaskPlan, in reader: any DutyReader) throws {
    if let seat = plan.seatCode, try reader.seat(code: seat) == nil {
      throw RosterError.seatUnknown(seat, field: "plan.seat_code")
    }
    var known: [String: TaskTemplate] = [:]
    for (index, entry) in plan.entries.enumerated() {
      let field = "plan.entries[\(index)].template_code"
      guard
        let template = try known[entry.templateCode]
          ?? reader.taskTemplate(code: entry.templateCode, version: nil)
      else { throw TaskError.templateUnknown(entry.templateCode, field: field) }
      known[entry.templateCode] = template
      if template.timing.period == .once { throw TaskError.periodOnce(template.code, field: field) }
    }
  }

  /// The tasks of the plan for these days; what was made is not made again.
  /// - Throws: `TaskError.planUnknown`.
  public func make(
    for beat: OrgUnitID, _ days: ClosedRange<RosterDay>, at time: Date, in writer: any DutyWriter
  ) throws -> MadeTaskList {
    guard let plan = try writer.taskPlan(of: beat) else { throw TaskError.planUnknown(beat) }
    var list = MadeTaskList()
    let first = max(days.lowerBound, plan.first)
    let last = min(days.upperBound, plan.last ?? days.upperBound)
    guard first <= last else { return list }
    let entries = try self.entries(of: plan, in: writer)
    var book = TaskBook(writer: writer, at: time)
    var done: Set<String> = []
    for day in (0...(last.number - first.number)).map(first.adding) {
      let isRest = try isRestDay(day, of: plan, in: writer)
      if isRest { list.restDays += 1 }
      for (entry, template) in entries {
        let timing = template.timing
        if timing.period == .daily {
          if isRest { continue }
          if !timing.weekdays.isEmpty && !timing.weekdays.contains(day.weekday) { continue }
        }
        guard let window = TaskWindow(of: template, on: day, notBefore: plan.first) else {
          continue
        }
        let key = "plan/\(beat)/\(template.code)/\(entry.place.code)/\(window.first)"
        guard done.insert(key).inserted else { continue }
        let need = TaskNeed(
          template: template, beat: beat, place: entry.place,
          basis: TaskBasis(template: template, source: .plan, start: window.start, due: window.due),
          key: key)
        switch try book.meet(need) {
        case .made: list.made += 1
        case .merged: list.merged += 1
        case .kept: list.kept += 1
        }
      }
    }
    try writer.settleTaskList(of: beat, through: last)
    return list
  }

  /// The longest periods first, so that a day's work joins what the week has to be done anyway.
  private func entries(
    of plan: TaskPlan, in reader: any DutyReader
  ) throws -> [(TaskPlan.Entry, TaskTemplate)] {
    var known: [String: TaskTemplate?] = [:]
    return try plan.entries.compactMap { entry -> (TaskPlan.Entry, TaskTemplate)? in
      let template =
        try known[entry.templateCode]
        ?? reader.taskTemplate(code: entry.templateCode, version: nil)
      known[entry.templateCode] = .some(template)
      guard let template, !template.isRetired else { return nil }
      return (entry, template)
    }.sorted { left, right in
      let lengths = (left.1.timing.period.longestLimit, right.1.timing.period.longestLimit)
      if lengths.0 != lengths.1 { return lengths.0 > lengths.1 }
      return (left.1.code, left.0.place.code) < (right.1.code, right.0.place.code)
    }
  }

  /// Whether the roster has nobody on in the plan's seat on this day.
  private func isRestDay(
    _ day: RosterDay, of plan: TaskPlan, in reader: any DutyReader
  ) throws -> Bool {
    guard let seat = plan.seatCode else { return false }
    return try reader.shifts(
      touching: day.start..<day.adding(1).start, seat: seat, onlyGaps: false, after: nil,
      limit: 50
    ).allSatisfy { shift in shift.plan.members.allSatisfy { $0.standing != .on } }
  }
}

/// Lists belong to beats.
enum TaskBeat {
  /// - Throws: `TaskError.beatUnknown`, `.notABeat`, `.outsideReach`.
  static func require(_ id: OrgUnitID, field: String, in reader: any DutyReader) throws {
    guard let unit = try reader.orgUnit(id) else {
      throw DutyError.orgUnitUnknown(id, field: field)
    }
    guard reader.reaches(id) else { throw TaskError.outsideReach(field: field) }
    guard unit.rank == .beat else { throw TaskError.notABeat(id) }
  }
}
