// 任务: a piece of work for a beat about a place. It has one basis or several, and all of them are
// answered at once.
public import Forms
public import Foundation
public import Identifiers

/// planned → issued → signed → done | returned → done. Late is computed.
public enum TaskState: String, Codable, Sendable, Hashable, CaseIterable {
  case planned, issued, signed, done, returned
}

public enum TaskSource: String, Codable, Sendable, Hashable, CaseIterable {
  case plan, room
}

/// One reason why a task is due.
public struct TaskBasis: Codable, Sendable, Hashable {
  public let template: TaskTemplateKey
  public let name: String
  public let period: TaskPeriod
  public let source: TaskSource
  public let start: Date
  public let due: Date
  public let standardMinutes: Int
  public let note: String
  public let reference: String
  /// The revision of the task with which it came.
  public var addedRevision: Int
  /// The task whose it was, before doubles were made one; nil for this one.
  public var origin: TaskID?

  public init(
    template: TaskTemplate, source: TaskSource, start: Date, due: Date, note: String = "",
    reference: String = ""
  ) {
    self.template = template.key
    name = template.words.name
    period = template.timing.period
    self.source = source
    self.start = start
    self.due = due
    standardMinutes = template.timing.standardMinutes
    self.note = note
    self.reference = reference
    addedRevision = 1
  }
}

/// What is known of one field: by the task itself, or given before with another.
public struct TaskAnswer: Codable, Sendable, Hashable {
  public let answer: FormAnswer
  /// Nil where it was filled in with the task itself.
  public let given: Given?

  public struct Given: Codable, Sendable, Hashable {
    public let task: TaskID
    public let time: Date

    public init(task: TaskID, time: Date) {
      self.task = task
      self.time = time
    }
  }

  public init(answer: FormAnswer, given: Given? = nil) {
    self.answer = answer
    self.given = given
  }
}

/// What a form's field told about a place, and when.
public struct TaskFact: Codable, Sendable, Hashable {
  public let place: String
  public let answer: FormAnswer
  public let given: TaskAnswer.Given

  public init(place: String, answer: FormAnswer, given: TaskAnswer.Given) {
    self.place = place
    self.answer = answer
    self.given = given
  }
}

public struct DutyTask: Codable, Sendable, Hashable {
  public let id: TaskID
  public var beat: OrgUnitID
  public let place: TaskPlace
  public var state: TaskState
  /// At least one.
  public var bases: [TaskBasis]
  /// Before it is done what need not be asked, afterwards all answers; in the order of the form.
  public var answers: [TaskAnswer]
  public var returnReason: String
  public var doneTime: Date?
  /// Who did it, such as `person/zhang.wei`; empty before.
  public var doneBy: String
  public var moveTime: Date
  public var revision: Int
  /// With which revision the room took it back, or gave it to another beat; 0 for never. Whoever has not
  /// seen that revision reports of a task that is no longer theirs to do.
  public var takenBackRevision: Int
  public var reassignedRevision: Int

  public init(
    id: TaskID, beat: OrgUnitID, place: TaskPlace, state: TaskState, bases: [TaskBasis],
    moveTime: Date
  ) {
    self.id = id
    self.beat = beat
    self.place = place
    self.state = state
    self.bases = bases
    self.moveTime = moveTime
    answers = []
    returnReason = ""
    doneBy = ""
    revision = 1
    takenBackRevision = 0
    reassignedRevision = 0
  }

  public static let basisLimit = 10
  /// As a form may have.
  public static let fieldLimit = 40

  /// The latest of its bases.
  public var start: Date { bases.map(\.start).max() ?? moveTime }
  /// The earliest of its bases.
  public var due: Date { bases.map(\.due).min() ?? moveTime }
  /// One visit serves all.
  public var standardMinutes: Int { bases.map(\.standardMinutes).max() ?? 0 }

  public func isLate(at now: Date) -> Bool { (doneTime ?? now) > due }

  public var templateKeys: [TaskTemplateKey] { bases.map(\.template) }

  /// Whether nobody has begun with it.
  var isUnsigned: Bool { state == .planned || state == .issued }
}

/// A task moved.
public struct TaskMove: Sendable, Hashable {
  public let task: DutyTask
  /// Nil for a new one.
  public let from: TaskState?
  /// The beat that had it before; nil unless it was given to another.
  public let formerBeat: OrgUnitID?

  public init(task: DutyTask, from: TaskState?, formerBeat: OrgUnitID? = nil) {
    self.task = task
    self.from = from
    self.formerBeat = formerBeat
  }
}

/// A task is no longer needed: its plan changed, or another task got its bases.
public struct TaskWithdrawal: Sendable, Hashable {
  public let id: TaskID
  public let beat: OrgUnitID
  public let into: TaskID?

  public init(id: TaskID, beat: OrgUnitID, into: TaskID?) {
    self.id = id
    self.beat = beat
    self.into = into
  }
}

/// A task with the templates that it rests on: without them it has no form.
public struct TaskView: Codable, Sendable, Hashable {
  public let task: DutyTask
  public let templates: [TaskTemplate]

  public init(task: DutyTask, templates: [TaskTemplate]) {
    self.task = task
    self.templates = templates
  }

  public static func all(_ tasks: [DutyTask], in reader: any DutyReader) throws -> [TaskView] {
    let templates = try reader.taskTemplates(Set(tasks.flatMap(\.templateKeys)))
    let byKey = Dictionary(uniqueKeysWithValues: templates.map { ($0.key, $0) })
    return tasks.map { task in
      TaskView(task: task, templates: Set(task.templateKeys).sorted().compactMap { byKey[$0] })
    }
  }

  public init(_ task: DutyTask, in reader: any DutyReader) throws {
    self.task = task
    templates = try reader.taskTemplates(Set(task.templateKeys))
  }

  /// What is to be filled in.
  public var form: Form {
    task.form(Dictionary(uniqueKeysWithValues: templates.map { ($0.key, $0) }))
  }
}
