// Writing standard work, lists and reports, and their reading half passed through.
public import DutyDomain
import Forms
public import Foundation
public import Identifiers
import Persistence

/// Numbers the changes of lists, as `RosterHead` does those of the roster: whoever has seen n has seen
/// every change up to n.
enum TaskHead {
  static func advance(_ partition: String, in tx: any Transaction) throws -> Int64 {
    let rows = try tx.query(
      """
      INSERT INTO task_head (partition, sequence) VALUES ($1, 1)
      ON CONFLICT (partition) DO UPDATE SET sequence = task_head.sequence + 1
      RETURNING sequence
      """, [partition])
    guard let sequence = try rows.first?.get("sequence", as: Int64.self) else {
      throw DatabaseError.other("the counter of lists gave no number")
    }
    return sequence
  }
}

extension StoreWriter {
  public func save(_ template: TaskTemplate) throws {
    try tx.execute(
      """
      INSERT INTO task_template (partition, code, version, document, record_time)
      VALUES ($1, $2, $3, $4, $5)
      """, [partition, template.code, template.version, try Document.encode(template), now])
  }

  public func save(_ plan: TaskPlan) throws {
    try tx.execute(
      """
      INSERT INTO task_plan (
        partition, beat_id, revision, first_day, last_day, made_day, document, record_time)
      VALUES ($1, $2, $3, $4, $5, NULL, $6, $7)
      ON CONFLICT (partition, beat_id) DO UPDATE SET
        revision = excluded.revision, first_day = excluded.first_day,
        last_day = excluded.last_day, made_day = NULL, document = excluded.document,
        record_time = excluded.record_time
      """,
      [
        partition, plan.beat, plan.revision, plan.first.number, plan.last?.number,
        try Document.encode(plan), now,
      ])
  }

  public func settleTaskList(of beat: OrgUnitID, through day: RosterDay) throws {
    try tx.execute(
      """
      UPDATE task_plan SET made_day = $3
      WHERE partition = $1 AND beat_id = $2 AND (made_day IS NULL OR made_day < $3)
      """, [partition, beat, day.number])
  }

  public func save(_ task: DutyTask) throws {
    try tx.execute(
      """
      INSERT INTO task (
        partition, id, beat_id, place_code, state, start_time, due_time, done_time,
        standard_minutes, basis_count, revision, sequence, document, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      ON CONFLICT (partition, id) DO UPDATE SET
        beat_id = excluded.beat_id, state = excluded.state, start_time = excluded.start_time,
        due_time = excluded.due_time, done_time = excluded.done_time,
        standard_minutes = excluded.standard_minutes, basis_count = excluded.basis_count,
        revision = excluded.revision, sequence = excluded.sequence,
        document = excluded.document, record_time = excluded.record_time
      """,
      [
        partition, task.id, task.beat, task.place.code, task.state, task.start, task.due,
        task.doneTime, task.standardMinutes, task.bases.count, task.revision,
        try TaskHead.advance(partition, in: tx), try Document.encode(task), now,
      ])
  }

  public func keepTaskBasis(_ key: String, of task: TaskID) throws {
    try tx.execute(
      "INSERT INTO task_basis (partition, need, task_id) VALUES ($1, $2, $3)",
      [partition, key, task])
  }

  public func withdraw(_ task: DutyTask, into other: TaskID?) throws {
    if let other {
      try tx.execute(
        "UPDATE task_basis SET task_id = $3 WHERE partition = $1 AND task_id = $2",
        [partition, task.id, other])
    } else {
      try tx.execute(
        "DELETE FROM task_basis WHERE partition = $1 AND task_id = $2", [partition, task.id])
    }
    try tx.execute("DELETE FROM task WHERE partition = $1 AND id = $2", [partition, task.id])
    try depart(task.id, task.beat, other == nil ? "withdrawn" : "merged", other)
  }

  public func leave(_ task: TaskID, the beat: OrgUnitID) throws {
    try depart(task, beat, "reassigned", nil)
  }

  private func depart(
    _ task: TaskID, _ beat: OrgUnitID, _ kind: String, _ other: TaskID?
  ) throws {
    try tx.execute(
      """
      INSERT INTO task_departure (
        partition, task_id, beat_id, sequence, kind, into_task_id, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, task_id, beat_id) DO UPDATE SET
        sequence = excluded.sequence, kind = excluded.kind,
        into_task_id = excluded.into_task_id, record_time = excluded.record_time
      """,
      [partition, task, beat, try TaskHead.advance(partition, in: tx), kind, other, now])
  }

  /// What was told last counts.
  public func save(_ fact: TaskFact) throws {
    try tx.execute(
      """
      INSERT INTO place_fact (partition, place_code, field_code, task_id, give_time, document)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (partition, place_code, field_code) DO UPDATE SET
        task_id = excluded.task_id, give_time = excluded.give_time, document = excluded.document
      WHERE excluded.give_time >= place_fact.give_time
      """,
      [
        partition, fact.place, fact.answer.fieldCode, fact.given.task, fact.given.time,
        try Document.encode(fact),
      ])
  }

  public func save(_ taken: TakenTaskReport, at time: Date) throws {
    try tx.execute(
      """
      INSERT INTO task_device (partition, actor, device_code, last_ordinal, record_time)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, actor, device_code) DO UPDATE SET
        last_ordinal = excluded.last_ordinal, record_time = excluded.record_time
      """, [partition, taken.actor, taken.device, taken.report.ordinal, time])
    try tx.execute(
      """
      INSERT INTO task_report (
        partition, actor, device_code, ordinal, report_id, task_id, misfit, document, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        partition, taken.actor, taken.device, taken.report.ordinal, taken.report.id,
        taken.report.taskID, taken.outcome.misfit?.rawValue, try Document.encode(taken), time,
      ])
  }

  public func save(_ photo: TaskPhoto, of task: TaskID) throws {
    try tx.execute(
      """
      INSERT INTO task_photo (partition, task_id, digest, media_type, data, record_time)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (partition, task_id, digest) DO NOTHING
      """, [partition, task, photo.digest, photo.mediaType, photo.data, now])
  }
}

// MARK: - Reading

extension StoreWriter {
  public func taskTemplate(code: String, version: Int?) throws -> TaskTemplate? {
    try reader.taskTemplate(code: code, version: version)
  }

  public func taskTemplates(_ keys: Set<TaskTemplateKey>) throws -> [TaskTemplate] {
    try reader.taskTemplates(keys)
  }

  public func taskTemplates(after code: String?, limit: Int) throws -> [TaskTemplate] {
    try reader.taskTemplates(after: code, limit: limit)
  }

  public func taskPlan(of beat: OrgUnitID) throws -> TaskPlan? { try reader.taskPlan(of: beat) }

  public func beatsToMake(
    for days: ClosedRange<RosterDay>, limit: Int
  ) throws -> [OrgUnitID] {
    try reader.beatsToMake(for: days, limit: limit)
  }

  public func task(_ id: TaskID) throws -> DutyTask? { try reader.task(id) }

  public func tasks(_ filter: TaskFilter, after key: TimeKey?, limit: Int) throws -> [DutyTask] {
    try reader.tasks(filter, after: key, limit: limit)
  }

  public func unsignedTasks(of beat: OrgUnitID, about place: String?) throws -> [DutyTask] {
    try reader.unsignedTasks(of: beat, about: place)
  }

  public func openTasks(about place: String, limit: Int) throws -> [DutyTask] {
    try reader.openTasks(about: place, limit: limit)
  }

  public func tasksToIssue(by time: Date, limit: Int) throws -> [TaskID] {
    try reader.tasksToIssue(by: time, limit: limit)
  }

  public func hasTaskBasis(_ key: String) throws -> Bool { try reader.hasTaskBasis(key) }

  public func facts(about place: String) throws -> [TaskFact] { try reader.facts(about: place) }

  public func departure(of id: TaskID) throws -> TaskDeparture? { try reader.departure(of: id) }

  public func taskChanges(
    of beat: OrgUnitID, after sequence: Int64, doneSince: Date?, limit: Int
  ) throws -> [TaskChange] {
    try reader.taskChanges(of: beat, after: sequence, doneSince: doneSince, limit: limit)
  }

  public func lastReportOrdinal(of actor: String, _ device: String) throws -> Int64 {
    try reader.lastReportOrdinal(of: actor, device)
  }

  public func taskReport(
    of actor: String, _ device: String, ordinal: Int64
  ) throws -> TakenTaskReport? {
    try reader.taskReport(of: actor, device, ordinal: ordinal)
  }

  public func hasTaskReport(of actor: String, _ device: String, id: String) throws -> Bool {
    try reader.hasTaskReport(of: actor, device, id: id)
  }

  public func keptReports(of task: TaskID, limit: Int) throws -> [TakenTaskReport] {
    try reader.keptReports(of: task, limit: limit)
  }

  public func taskPhoto(_ digest: String, of task: TaskID) throws -> TaskPhoto? {
    try reader.taskPhoto(digest, of: task)
  }

  public func hasTaskPhoto(_ digest: String, of task: TaskID) throws -> Bool {
    try reader.hasTaskPhoto(digest, of: task)
  }

  public func taskPhotoCount(of task: TaskID) throws -> Int {
    try reader.taskPhotoCount(of: task)
  }

  public func taskFigures(dueWithin time: Range<Date>, asOf now: Date) throws -> [BeatFigures] {
    try reader.taskFigures(dueWithin: time, asOf: now)
  }
}
