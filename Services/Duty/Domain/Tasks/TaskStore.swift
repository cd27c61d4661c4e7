// What tasks need of a store, beside the rest of duty's.
public import Foundation
public import Identifiers

/// Which tasks to list.
public struct TaskFilter: Sendable, Hashable {
  public var beat: OrgUnitID?
  /// Empty for all.
  public var states: [TaskState]
  public var dueFrom: Date?
  public var dueBefore: Date?
  /// Only what is not done and was due before this; nil for all.
  public var overdueAt: Date?

  public init(
    beat: OrgUnitID? = nil, states: [TaskState] = [], dueFrom: Date? = nil,
    dueBefore: Date? = nil, overdueAt: Date? = nil
  ) {
    self.beat = beat
    self.states = states
    self.dueFrom = dueFrom
    self.dueBefore = dueBefore
    self.overdueAt = overdueAt
  }
}

/// A change of a list, with the number of the change.
public struct TaskChange: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case task(DutyTask)
    /// It is no longer on the list.
    case gone(TaskID)
  }

  public let sequence: Int64
  public let kind: Kind

  public init(sequence: Int64, kind: Kind) {
    self.sequence = sequence
    self.kind = kind
  }
}

/// How a task left a list.
public enum TaskDeparture: Sendable, Hashable {
  /// Another beat has it.
  case reassigned
  /// The plan changed.
  case withdrawn
  /// Another task has its bases.
  case merged(TaskID)
}

/// A photo or signature.
public struct TaskPhoto: Sendable, Hashable {
  public let digest: String
  public let mediaType: String
  public let data: [UInt8]

  public init(digest: String, mediaType: String, data: [UInt8]) {
    self.digest = digest
    self.mediaType = mediaType
    self.data = data
  }

  /// Of one task.
  public static let limit = 40
}

/// Reads within one transaction. Templates are known to all; of tasks and plans what the caller does not
/// reach is as if it were not there. `unsignedTasks`, `openTasks` and facts are whosever they are: needs
/// are merged and facts remembered whoever asks.
public protocol TaskReader {
  /// - Parameter version: nil for the newest.
  func taskTemplate(code: String, version: Int?) throws -> TaskTemplate?
  func taskTemplates(_ keys: Set<TaskTemplateKey>) throws -> [TaskTemplate]
  /// The newest versions by code, those after `code`.
  func taskTemplates(after code: String?, limit: Int) throws -> [TaskTemplate]
  func taskPlan(of beat: OrgUnitID) throws -> TaskPlan?
  /// Beats whose list is not made through the last of these days, as far as their plan goes.
  func beatsToMake(for days: ClosedRange<RosterDay>, limit: Int) throws -> [OrgUnitID]

  func task(_ id: TaskID) throws -> DutyTask?
  /// By due time and id, those after `key`.
  func tasks(_ filter: TaskFilter, after key: TimeKey?, limit: Int) throws -> [DutyTask]
  /// - Parameter place: nil for all places.
  func unsignedTasks(of beat: OrgUnitID, about place: String?) throws -> [DutyTask]
  /// Those not done.
  func openTasks(about place: String, limit: Int) throws -> [DutyTask]
  func tasksToIssue(by time: Date, limit: Int) throws -> [TaskID]
  func hasTaskBasis(_ key: String) throws -> Bool
  func facts(about place: String) throws -> [TaskFact]
  /// How a task left a list that the caller reaches; nil for one that never did.
  func departure(of id: TaskID) throws -> TaskDeparture?

  /// In the order of the changes, those after `sequence`.
  /// - Parameter doneSince: leaves out what was done before; nil for nothing.
  func taskChanges(
    of beat: OrgUnitID, after sequence: Int64, doneSince: Date?, limit: Int
  ) throws -> [TaskChange]

  /// 0 before the first.
  func lastReportOrdinal(of actor: String, _ device: String) throws -> Int64
  func taskReport(of actor: String, _ device: String, ordinal: Int64) throws -> TakenTaskReport?
  func hasTaskReport(of actor: String, _ device: String, id: String) throws -> Bool
  /// Those that did not fit, oldest first.
  func keptReports(of task: TaskID, limit: Int) throws -> [TakenTaskReport]
  func taskPhoto(_ digest: String, of task: TaskID) throws -> TaskPhoto?
  func hasTaskPhoto(_ digest: String, of task: TaskID) throws -> Bool
  func taskPhotoCount(of task: TaskID) throws -> Int
  /// Of beats that the caller reaches.
  func taskFigures(dueWithin time: Range<Date>, asOf now: Date) throws -> [BeatFigures]
}

/// Changes within one transaction.
public protocol TaskWriter: TaskReader {
  func save(_ template: TaskTemplate) throws
  /// Its list is to be made anew.
  func save(_ plan: TaskPlan) throws
  func settleTaskList(of beat: OrgUnitID, through day: RosterDay) throws
  /// Numbers the change.
  func save(_ task: DutyTask) throws
  func keepTaskBasis(_ key: String, of task: TaskID) throws
  /// The task is no more; its needs are those of `other`, or may be met anew.
  func withdraw(_ task: DutyTask, into other: TaskID?) throws
  /// The task is no longer on a list.
  func leave(_ task: TaskID, the beat: OrgUnitID) throws
  func save(_ fact: TaskFact) throws
  func save(_ report: TakenTaskReport, at time: Date) throws
  func save(_ photo: TaskPhoto, of task: TaskID) throws
}
