// What phones report, and what they are answered, between wire and domain.
import DutyDomain
import Forms
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension TaskReport {
  /// A device's clock may be ahead: its times may lie in the future.
  init(_ report: Quintet_Duty_V1_TaskReport, field: String) throws {
    guard report.hasDeviceTime else { throw Failure.required("\(field).device_time") }
    let id = try Check.code(report.id, field: "\(field).id", max: 64, required: true)
    self.init(
      id: id,
      ordinal: try Self.number(report.ordinal, "\(field).ordinal", 1...(1 << 53)),
      taskID: try Check.identifier(report.taskID, field: "\(field).task_id"),
      act: try Act(report, field: field),
      deviceTime: try Check.time(
        report.deviceTime, field: "\(field).device_time", now: .distantFuture),
      clockAheadMilliseconds: try Self.number(
        report.clockAheadMs, "\(field).clock_ahead_ms", -86_400_000...86_400_000),
      taskRevision: try TaskCheck.revision(report.taskEtag, field: "\(field).task_etag"))
  }

  private static func number(
    _ value: Int64, _ field: String, _ bounds: ClosedRange<Int64>
  ) throws -> Int64 {
    guard bounds.contains(value) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: field,
        "\(field) 须在 \(bounds.lowerBound) 到 \(bounds.upperBound) 之间。"
          + "\(field) must lie between \(bounds.lowerBound) and \(bounds.upperBound).")
    }
    return value
  }

  /// 1 … 100, one ordinal after the other.
  static func all(_ reports: [Quintet_Duty_V1_TaskReport]) throws -> [TaskReport] {
    let checked = try Check.list(reports, field: "reports", 1...100).enumerated().map {
      try TaskReport($1, field: "reports[\($0)]")
    }
    for (index, pair) in zip(checked, checked.dropFirst()).enumerated()
    where pair.1.ordinal != pair.0.ordinal + 1 {
      throw Failure.invalid(
        "ORDINALS_DISORDERED", field: "reports[\(index + 1)].ordinal",
        "每条上报的序号须比前一条大一。Each ordinal must be one more than that before.")
    }
    return checked
  }
}

extension TaskReport.Act {
  fileprivate init(_ report: Quintet_Duty_V1_TaskReport, field: String) throws {
    // A device's clock may be ahead: times that were filled in may lie in the future.
    let answers = try Check.answers(
      report.answers, field: "\(field).answers", now: .distantFuture)
    let reason = try Check.text(
      report.reason, field: "\(field).reason", max: 500, required: report.kind == .return)
    switch report.kind {
    case .sign: self = .sign
    case .done: self = .done(answers)
    case .return: self = .giveBack(reason: reason)
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("\(field).kind")
    }
  }
}

extension Quintet_Duty_V1_TaskReport {
  init(_ report: TaskReport) {
    self = .with {
      $0.id = report.id
      $0.ordinal = report.ordinal
      $0.taskID = report.taskID.description
      $0.deviceTime = report.deviceTime.timestamp
      $0.clockAheadMs = report.clockAheadMilliseconds
      $0.taskEtag = String(report.taskRevision)
      switch report.act {
      case .sign: $0.kind = .sign
      case .done(let answers):
        $0.kind = .done
        $0.answers = answers.map(Quintet_Type_V1_FormAnswer.init)
      case .giveBack(let reason):
        $0.kind = .return
        $0.reason = reason
      }
    }
  }
}

extension Quintet_Duty_V1_TaskReportOutcome {
  init(_ report: TaskReport, _ answer: TaskReportAnswer) {
    self.init()
    reportID = report.id
    ordinal = report.ordinal
    switch answer {
    case .ordinalGap:
      result = .notTaken
      reason = "ORDINAL_GAP"
    case .ordinalReused:
      result = .notTaken
      reason = "ORDINAL_REUSED"
    case .taken(let outcome):
      result = outcome.misfit == nil ? .applied : .kept
      reason = outcome.misfit?.rawValue ?? ""
      problems = outcome.problems.map { problem in
        .with {
          $0.fieldCode = problem.fieldCode
          $0.rule = problem.rule
        }
      }
      occurTime = outcome.time.timestamp
    }
  }
}

extension Quintet_Duty_V1_KeptTaskReport {
  init(_ taken: TakenTaskReport) {
    self = .with {
      $0.report = Quintet_Duty_V1_TaskReport(taken.report)
      $0.outcome = Quintet_Duty_V1_TaskReportOutcome(taken.report, .taken(taken.outcome))
      $0.actor = taken.actor
      $0.deviceCode = taken.device
    }
  }
}

/// Where a phone's copy of a list ends.
struct TaskSyncToken {
  /// Seconds after which a phone begins anew.
  static let age: TimeInterval = 90 * 86_400
  /// Done tasks are on a list for so many seconds.
  static let doneAge: TimeInterval = 14 * 86_400

  let sequence: Int64
  /// Whether the list is still being given from its beginning.
  let isBeginning: Bool

  init(sequence: Int64, isBeginning: Bool) {
    self.sequence = sequence
    self.isBeginning = isBeginning
  }

  /// Nil for a token of another list, of another service, or too old.
  init?(_ text: String, of beat: OrgUnitID, now: Date) {
    guard let keys = try? PageToken.decode(text, count: 4), keys[0] == beat.description,
      let sequence = Int64(keys[1]), sequence >= 0, let seconds = Int64(keys[2]),
      now.timeIntervalSince1970 - Double(seconds) <= Self.age
    else { return nil }
    self.init(sequence: sequence, isBeginning: keys[3] == "all")
  }

  func text(of beat: OrgUnitID, now: Date) -> String {
    PageToken.encode([
      beat.description, String(sequence), String(Int64(now.timeIntervalSince1970)),
      isBeginning ? "all" : "changes",
    ])
  }
}
