// What phones report, with or without a link, and what became of it.
public import Forms
public import Foundation
public import Identifiers

/// One thing that was done on a phone.
public struct TaskReport: Codable, Sendable, Hashable {
  public enum Act: Codable, Sendable, Hashable {
    case sign
    case done([FormAnswer])
    case giveBack(reason: String)
  }

  /// Made by the phone.
  public let id: String
  /// 1, 2, 3 … on each device.
  public let ordinal: Int64
  public let taskID: TaskID
  public let act: Act
  /// By the clock of the device.
  public let deviceTime: Date
  /// How far that clock was ahead when the phone last heard from the service.
  public let clockAheadMilliseconds: Int64
  /// Of the task as the phone had it.
  public let taskRevision: Int

  public init(
    id: String, ordinal: Int64, taskID: TaskID, act: Act, deviceTime: Date,
    clockAheadMilliseconds: Int64 = 0, taskRevision: Int
  ) {
    self.id = id
    self.ordinal = ordinal
    self.taskID = taskID
    self.act = act
    self.deviceTime = deviceTime
    self.clockAheadMilliseconds = clockAheadMilliseconds
    self.taskRevision = taskRevision
  }
}

/// Why a report does not fit any more; the raw values are what a phone is told.
public enum TaskReportMisfit: String, Codable, Sendable, Hashable, CaseIterable {
  case alreadySigned = "ALREADY_SIGNED"
  case alreadyDone = "ALREADY_DONE"
  case notIssued = "NOT_ISSUED"
  case notSigned = "NOT_SIGNED"
  case reassigned = "REASSIGNED"
  case withdrawn = "WITHDRAWN"
  case returnedMeanwhile = "RETURNED_MEANWHILE"
  case moveNotAllowed = "MOVE_NOT_ALLOWED"
  case answersInvalid = "ANSWERS_INVALID"
  case taskUnknown = "TASK_UNKNOWN"
}

/// What became of a report that was taken.
public struct TaskReportOutcome: Codable, Sendable, Hashable {
  public struct Problem: Codable, Sendable, Hashable {
    public let fieldCode: String
    /// Such as `REQUIRED`.
    public let rule: String

    public init(fieldCode: String, rule: String) {
      self.fieldCode = fieldCode
      self.rule = rule
    }
  }

  /// Nil when the task moved.
  public let misfit: TaskReportMisfit?
  public let problems: [Problem]
  /// When it counts as done.
  public let time: Date

  public init(misfit: TaskReportMisfit?, problems: [Problem] = [], time: Date) {
    self.misfit = misfit
    self.problems = problems
    self.time = time
  }
}

/// A report as it was taken: once, in its place.
public struct TakenTaskReport: Codable, Sendable, Hashable {
  public let report: TaskReport
  public let outcome: TaskReportOutcome
  public let actor: String
  public let device: String

  public init(report: TaskReport, outcome: TaskReportOutcome, actor: String, device: String) {
    self.report = report
    self.outcome = outcome
    self.actor = actor
    self.device = device
  }
}

/// What a phone is answered for one report.
public enum TaskReportAnswer: Codable, Sendable, Hashable {
  case taken(TaskReportOutcome)
  /// Those before it have not come.
  case ordinalGap
  /// Another report has its ordinal, or its id.
  case ordinalReused
}

/// What a phone is answered for a batch.
public struct TaskReportAnswers: Codable, Sendable, Hashable {
  public let answers: [TaskReportAnswer]
  public let next: Int64
}
