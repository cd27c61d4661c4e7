// What the station's room does with tasks: asks for one more, gives one to another beat, takes one back.
public import Foundation
public import Identifiers

/// One more thing for a beat.
public struct AddTask: Sendable, Hashable {
  public let beat: OrgUnitID
  public let templateCode: String
  public let place: TaskPlace
  /// Nil for what the template says.
  public let due: Date?
  public let note: String
  public let reference: String
  public let time: Date

  public init(
    beat: OrgUnitID, templateCode: String, place: TaskPlace, due: Date?, note: String,
    reference: String, time: Date
  ) {
    self.beat = beat
    self.templateCode = templateCode
    self.place = place
    self.due = due
    self.note = note
    self.reference = reference
    self.time = time
  }
}

/// A task, and whether it was there before.
public struct AddedTask: Codable, Sendable, Hashable {
  public let task: DutyTask
  public let isMerged: Bool
}

public struct TaskRoom: Sendable {
  public init() {}

  /// - Parameter key: names the need, such as the request that asks for it.
  /// - Throws: `TaskError.beatUnknown`, `.notABeat`, `.templateUnknown`, `.templateRetired`,
  ///   `.dueTimeOutOfRange`.
  public func add(
    _ command: AddTask, key: String, in writer: any DutyWriter
  ) throws -> AddedTask {
    try TaskBeat.require(command.beat, field: "beat_id", in: writer)
    guard let template = try writer.taskTemplate(code: command.templateCode, version: nil) else {
      throw TaskError.templateUnknown(command.templateCode, field: "template_code")
    }
    if template.isRetired { throw TaskError.templateRetired(template.code) }
    let timing = template.timing
    let minutes =
      timing.limitMinutes ?? timing.period.standardLimit ?? timing.period.longestLimit
    let due = command.due ?? command.time.addingTimeInterval(Double(minutes) * 60)
    let longest = command.time.addingTimeInterval(31 * 86_400)
    guard command.time < due, due <= longest else { throw TaskError.dueTimeOutOfRange }
    let need = TaskNeed(
      template: template, beat: command.beat, place: command.place,
      basis: TaskBasis(
        template: template, source: .room, start: command.time, due: due, note: command.note,
        reference: command.reference), key: "room/\(key)")
    var book = TaskBook(writer: writer, at: command.time)
    switch try book.meet(need) {
    case .made(let task): return AddedTask(task: task, isMerged: false)
    case .merged(let task): return AddedTask(task: task, isMerged: true)
    case .kept: throw TaskError.changed
    }
  }

  /// Unsigned, or returned.
  /// - Throws: `TaskError.taskUnknown`, `.changed`, `.moveNotAllowed`, `.notABeat`, `.sameBeat`.
  public func reassign(
    _ id: TaskID, revision: Int?, to beat: OrgUnitID, reason: String, at time: Date,
    in writer: any DutyWriter
  ) throws -> DutyTask {
    var task = try existing(id, revision, in: writer)
    try TaskBeat.require(beat, field: "beat_id", in: writer)
    guard task.isUnsigned || task.state == .returned else {
      throw TaskError.moveNotAllowed(from: task.state, to: "reassigned")
    }
    guard task.beat != beat else { throw TaskError.sameBeat }
    let former = task.beat
    task.beat = beat
    task.revision += 1
    task.reassignedRevision = task.revision
    task.moveTime = max(time, task.moveTime)
    if task.state == .returned { task.returnReason = reason }
    try writer.leave(task.id, the: former)
    try writer.save(task)
    writer.record(
      .taskMoved(TaskMove(task: task, from: task.state, formerBeat: former)), incident: nil,
      occurTime: task.moveTime)
    return task
  }

  /// - Throws: `TaskError.taskUnknown`, `.changed`, `.moveNotAllowed`.
  public func takeBack(
    _ id: TaskID, revision: Int?, reason: String, at time: Date, in writer: any DutyWriter
  ) throws -> DutyTask {
    var task = try existing(id, revision, in: writer)
    guard task.state == .signed else {
      throw TaskError.moveNotAllowed(from: task.state, to: TaskState.returned.rawValue)
    }
    task.state = .returned
    task.returnReason = reason
    task.revision += 1
    task.takenBackRevision = task.revision
    task.moveTime = max(time, task.moveTime)
    try writer.save(task)
    writer.record(
      .taskMoved(TaskMove(task: task, from: .signed)), incident: nil, occurTime: task.moveTime)
    return task
  }

  private func existing(
    _ id: TaskID, _ revision: Int?, in reader: any DutyReader
  ) throws -> DutyTask {
    guard let task = try reader.task(id) else { throw TaskError.taskUnknown(id) }
    if let revision, task.revision != revision { throw TaskError.changed }
    return task
  }
}
