// Taking reports of phones: each once and in the order of its device, whatever is sent twice, in parts or
// days later. A report that does not fit any more moves nothing and is kept; nothing of it is lost.
import Forms
public import Foundation
import Identifiers

public struct TaskReporting: Sendable {
  let actor: String
  let device: String
  let now: Date

  public init(actor: String, device: String, now: Date) {
    self.actor = actor
    self.device = device
    self.now = now
  }

  /// - Parameter reports: with ordinals that follow each other.
  public func take(
    _ reports: [TaskReport], in writer: any DutyWriter
  ) throws -> TaskReportAnswers {
    var next = try writer.lastReportOrdinal(of: actor, device) + 1
    let answers = try reports.map { report -> TaskReportAnswer in
      if report.ordinal > next { return .ordinalGap }
      if report.ordinal < next {
        let taken = try writer.taskReport(of: actor, device, ordinal: report.ordinal)
        guard let taken, taken.report.id == report.id else { return .ordinalReused }
        return .taken(taken.outcome)
      }
      if try writer.hasTaskReport(of: actor, device, id: report.id) { return .ordinalReused }
      let outcome = try apply(report, in: writer)
      try writer.save(
        TakenTaskReport(report: report, outcome: outcome, actor: actor, device: device), at: now)
      next += 1
      return .taken(outcome)
    }
    return TaskReportAnswers(answers: answers, next: next)
  }

  private func apply(
    _ report: TaskReport, in writer: any DutyWriter
  ) throws -> TaskReportOutcome {
    let ahead = Double(report.clockAheadMilliseconds) / 1_000
    let told = min(now, report.deviceTime.addingTimeInterval(-ahead))
    guard var task = try find(report.taskID, at: told, in: writer) else {
      return TaskReportOutcome(misfit: try whyGone(report.taskID, in: writer), time: told)
    }
    // A phone that was out of reach knows that the time has come as well as the service does.
    if task.state == .planned, task.start <= told {
      var book = TaskBook(writer: writer, at: max(task.start, task.moveTime))
      try book.issue(task.id, merging: false)
      task = try writer.task(report.taskID) ?? task
    }
    // Moves of one task follow each other, whatever a device's clock says.
    let time = max(told, task.moveTime)
    if report.taskRevision < task.reassignedRevision {
      return TaskReportOutcome(misfit: .reassigned, time: time)
    }
    switch report.act {
    case .sign: return try sign(&task, report, at: time, in: writer)
    case .done(let answers): return try finish(&task, report, answers, at: time, in: writer)
    case .giveBack(let reason):
      guard task.state == .signed else { return misfit(task, report, at: time) }
      task.state = .returned
      task.returnReason = reason
      try move(&task, from: .signed, at: time, in: writer)
      return TaskReportOutcome(misfit: nil, time: time)
    }
  }

  private func find(_ id: TaskID, at time: Date, in writer: any DutyWriter) throws -> DutyTask? {
    if let task = try writer.task(id) { return task }
    guard case .merged(let other) = try writer.departure(of: id) else { return nil }
    var book = TaskBook(writer: writer, at: time)
    return try book.revive(id, in: other)
  }

  private func whyGone(
    _ id: TaskID, in reader: any DutyReader
  ) throws -> TaskReportMisfit {
    switch try reader.departure(of: id) {
    case .reassigned: .reassigned
    case .withdrawn: .withdrawn
    case .merged: .alreadyDone
    case nil: .taskUnknown
    }
  }

  private func sign(
    _ task: inout DutyTask, _ report: TaskReport, at time: Date, in writer: any DutyWriter
  ) throws -> TaskReportOutcome {
    guard task.state == .issued else {
      return task.state == .signed
        ? TaskReportOutcome(misfit: .alreadySigned, time: time) : misfit(task, report, at: time)
    }
    task.state = .signed
    try move(&task, from: .issued, at: time, in: writer)
    return TaskReportOutcome(misfit: nil, time: time)
  }

  private func misfit(
    _ task: DutyTask, _ report: TaskReport, at time: Date
  ) -> TaskReportOutcome {
    let misfit: TaskReportMisfit =
      switch task.state {
      case .planned: .notIssued
      case .issued: .notSigned
      case .signed: .moveNotAllowed
      case .done: .alreadyDone
      case .returned:
        report.taskRevision < task.takenBackRevision ? .returnedMeanwhile : .moveNotAllowed
      }
    return TaskReportOutcome(misfit: misfit, time: time)
  }

  private func move(
    _ task: inout DutyTask, from: TaskState, at time: Date, in writer: any DutyWriter
  ) throws {
    task.moveTime = time
    task.revision += 1
    try writer.save(task)
    writer.record(.taskMoved(TaskMove(task: task, from: from)), incident: nil, occurTime: time)
  }

  // MARK: - Done

  private func finish(
    _ task: inout DutyTask, _ report: TaskReport, _ answers: [FormAnswer], at time: Date,
    in writer: any DutyWriter
  ) throws -> TaskReportOutcome {
    let isKnown = report.taskRevision >= task.takenBackRevision
    guard task.state == .signed || (task.state == .returned && isKnown) else {
      return misfit(task, report, at: time)
    }
    var book = TaskBook(writer: writer, at: time)
    let templates = try book.all(of: task)
    let all = Self.joined(answers, task.answers)
    var bases = task.bases
    var violations = try Self.violations(task.id, all, task.form(templates), writer)
    if !violations.isEmpty {
      // What came after the phone last heard could not be asked: it stays to be done.
      let known = bases.filter { $0.addedRevision <= report.taskRevision }
      if !known.isEmpty, known.count < bases.count {
        bases = known
        violations = try Self.violations(
          task.id, all, task.form(of: known, templates), writer)
      }
    }
    guard violations.isEmpty else {
      return TaskReportOutcome(
        misfit: .answersInvalid,
        problems: violations.map { .init(fieldCode: $0.fieldCode, rule: $0.rule.rawValue) },
        time: time)
    }
    let later = task.bases.filter { !bases.contains($0) }
    let from = task.state
    task.bases = bases
    let codes = Set(task.form(templates).fields.map(\.code))
    task.answers = all.filter { codes.contains($0.answer.fieldCode) }
    task.state = .done
    task.doneTime = time
    task.doneBy = actor
    task.returnReason = ""
    try move(&task, from: from, at: time, in: writer)
    try remember(task, templates, at: time, in: writer)
    if !later.isEmpty { try split(later, from: task, &book, in: writer) }
    try tellOthers(of: task, &book, in: writer)
    return TaskReportOutcome(misfit: nil, time: time)
  }

  /// What was filled in, and of what was known before the rest.
  private static func joined(_ answers: [FormAnswer], _ known: [TaskAnswer]) -> [TaskAnswer] {
    let filled = Set(answers.map(\.fieldCode))
    return answers.map { TaskAnswer(answer: $0) }
      + known.filter { $0.given != nil && !filled.contains($0.answer.fieldCode) }
  }

  private static func violations(
    _ id: TaskID, _ answers: [TaskAnswer], _ form: Form, _ reader: any DutyReader
  ) throws -> [FormViolation] {
    let known = Set(form.fields.map(\.code))
    // What was known of a field that is no longer asked is no answer to it.
    let asked = answers.filter { $0.given == nil || known.contains($0.answer.fieldCode) }
    return try form.violations(in: asked.map(\.answer)) {
      try reader.hasTaskPhoto($0, of: id)
    }
  }

  /// Facts about the place, for those who would ask again.
  private func remember(
    _ task: DutyTask, _ templates: TaskTemplates, at time: Date, in writer: any DutyWriter
  ) throws {
    let codes = Set(task.templateKeys.flatMap { templates[$0]?.factCodes ?? [] })
    for answer in task.answers where answer.given == nil {
      guard codes.contains(answer.answer.fieldCode) else { continue }
      try writer.save(
        TaskFact(
          place: task.place.code, answer: answer.answer,
          given: TaskAnswer.Given(task: task.id, time: time)))
    }
  }

  /// Bases that nobody could know of stay to be done, as the task that they were, or one of their own.
  private func split(
    _ bases: [TaskBasis], from task: DutyTask, _ book: inout TaskBook, in writer: any DutyWriter
  ) throws {
    for (origin, part) in Dictionary(grouping: bases, by: \.origin).sorted(by: {
      ($0.key?.description ?? "") < ($1.key?.description ?? "")
    }) {
      _ = try book.makeIssued(origin ?? writer.mint(TaskTag.self), of: part, like: task)
    }
  }

  /// Tasks about the same place are not asked what has just been told.
  private func tellOthers(
    of task: DutyTask, _ book: inout TaskBook, in writer: any DutyWriter
  ) throws {
    for var other in try writer.openTasks(about: task.place.code, limit: 100)
    where other.id != task.id {
      let before = other.answers
      try book.prefill(&other)
      guard other.answers != before else { continue }
      other.revision += 1
      try writer.save(other)
    }
  }
}
