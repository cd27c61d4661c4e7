// Doubles are made one: a need about the same place, at the same time, that looks at the same thing, becomes
// one more basis of a task that is there. Only what nobody has signed yet can get one: whoever has begun
// must not find more to fill in at the end.
import Forms
public import Foundation
public import Identifiers

/// Something that a beat has to do, before it is known which task does it.
public struct TaskNeed: Sendable, Hashable {
  let template: TaskTemplate
  let beat: OrgUnitID
  let place: TaskPlace
  let basis: TaskBasis
  /// Names the need: it is met once.
  let key: String
}

/// Needs and tasks within one transaction.
public struct TaskBook {
  let writer: any DutyWriter
  /// When this happens.
  let time: Date
  private var templates: TaskTemplates = [:]

  public init(writer: any DutyWriter, at time: Date) {
    self.writer = writer
    self.time = time
  }

  public enum Outcome: Sendable, Hashable {
    case made(DutyTask)
    case merged(DutyTask)
    /// It was met before.
    case kept
  }

  public mutating func meet(_ need: TaskNeed) throws -> Outcome {
    guard try !writer.hasTaskBasis(need.key) else { return .kept }
    let others = try writer.unsignedTasks(of: need.beat, about: need.place.code)
    if var task = try partner(of: [need.basis], among: others) {
      try add([need.basis], to: &task)
      try writer.keepTaskBasis(need.key, of: task.id)
      return .merged(task)
    }
    var task = DutyTask(
      id: writer.mint(TaskTag.self), beat: need.beat, place: need.place,
      state: need.basis.start <= time ? .issued : .planned, bases: [need.basis], moveTime: time)
    try prefill(&task)
    try writer.save(task)
    try writer.keepTaskBasis(need.key, of: task.id)
    record(TaskMove(task: task, from: nil))
    return .made(task)
  }

  /// A planned task whose time has come. Where another that is issued can do the same, it gets the bases.
  /// - Parameter merging: false for a task that somebody has begun with already.
  public mutating func issue(_ id: TaskID, merging: Bool = true) throws {
    guard var task = try writer.task(id), task.state == .planned, task.start <= time else { return }
    let others =
      try merging
      ? writer.unsignedTasks(of: task.beat, about: task.place.code)
        .filter { $0.state == .issued && $0.id != id } : []
    if var other = try partner(of: task.bases, among: others) {
      let bases = task.bases.map { basis in
        var basis = basis
        basis.origin = id
        return basis
      }
      try add(bases, to: &other)
      try writer.withdraw(task, into: other.id)
      writer.record(
        .taskWithdrawn(TaskWithdrawal(id: id, beat: task.beat, into: other.id)), incident: nil,
        occurTime: time)
      return
    }
    task.state = .issued
    task.moveTime = time
    task.revision += 1
    try prefill(&task)
    try writer.save(task)
    record(TaskMove(task: task, from: .planned))
  }

  /// A task that was made one with another while a phone was doing it: as long as the other is not done,
  /// it is taken out of it again.
  mutating func revive(_ id: TaskID, in other: TaskID) throws -> DutyTask? {
    guard var other = try writer.task(other), other.state != .done else { return nil }
    let bases = other.bases.filter { $0.origin == id }
    guard !bases.isEmpty, bases.count < other.bases.count else { return nil }
    other.bases.removeAll { $0.origin == id }
    other.revision += 1
    try prefill(&other)
    try writer.save(other)
    record(TaskMove(task: other, from: other.state))
    return try makeIssued(id, of: bases, like: other)
  }

  /// A task of its own for bases that came later.
  mutating func makeIssued(
    _ id: TaskID, of bases: [TaskBasis], like other: DutyTask
  ) throws -> DutyTask {
    var task = DutyTask(
      id: id, beat: other.beat, place: other.place, state: .issued,
      bases: bases.map { basis in
        var basis = basis
        basis.addedRevision = 1
        basis.origin = nil
        return basis
      }, moveTime: time)
    try prefill(&task)
    try writer.save(task)
    record(TaskMove(task: task, from: nil))
    return task
  }

  // MARK: - Merging

  /// Of those that may be done now, or that begin at the same moment, the first that has to do with the
  /// same thing at the same time and can be answered at once.
  private mutating func partner(
    of bases: [TaskBasis], among tasks: [DutyTask]
  ) throws -> DutyTask? {
    let start = bases.map(\.start).max() ?? time
    let due = bases.map(\.due).min() ?? time
    for task in tasks.sorted(by: { ($0.start, $0.id) < ($1.start, $1.id) }) {
      let isNow = task.state == .issued && start <= time
      guard isNow || (task.state == .planned && task.start == start),
        max(task.start, start) < min(task.due, due), max(start, time) < task.due,
        task.bases.count + bases.count <= DutyTask.basisLimit
      else { continue }
      let mine = try templates(of: bases)
      let theirs = try templates(of: task.bases)
      let content = Set(mine.flatMap(\.contentCodes))
      guard !content.isDisjoint(with: theirs.flatMap(\.contentCodes)),
        TaskForm.union((theirs + mine).map(\.form)) != nil
      else { continue }
      return task
    }
    return nil
  }

  private mutating func add(_ bases: [TaskBasis], to task: inout DutyTask) throws {
    let revision = task.revision + 1
    task.revision = revision
    task.bases += bases.map { basis in
      var basis = basis
      basis.addedRevision = revision
      return basis
    }
    try prefill(&task)
    try writer.save(task)
    record(TaskMove(task: task, from: task.state))
  }

  // MARK: - What need not be asked

  /// Puts in what was told about the place lately, for fields that ask for it.
  mutating func prefill(_ task: inout DutyTask) throws {
    let templates = try all(of: task)
    let fields = task.form(templates).fields
    var days: [String: Int] = [:]
    for template in task.templateKeys.compactMap({ templates[$0] }) {
      for code in template.factCodes { days[code] = max(days[code] ?? 0, template.factDays) }
    }
    task.answers = []
    if days.isEmpty { return }
    let facts = try writer.facts(about: task.place.code)
    task.answers = fields.compactMap { field in
      guard let allowed = days[field.code],
        let fact = facts.first(where: { $0.answer.fieldCode == field.code }),
        time.timeIntervalSince(fact.given.time) <= Double(allowed) * 86_400,
        field.broken(by: fact.answer.value, isKept: { _ in false }) == nil
      else { return nil }
      return TaskAnswer(answer: fact.answer, given: fact.given)
    }
  }

  mutating func all(of task: DutyTask) throws -> TaskTemplates {
    _ = try templates(of: task.bases)
    return templates
  }

  private mutating func templates(of bases: [TaskBasis]) throws -> [TaskTemplate] {
    let missing = Set(bases.map(\.template)).subtracting(templates.keys)
    for template in try writer.taskTemplates(missing) { templates[template.key] = template }
    return bases.compactMap { templates[$0.template] }
  }

  func record(_ move: TaskMove) {
    writer.record(.taskMoved(move), incident: nil, occurTime: time)
  }
}
