// What the service says in its log. The rooms say what happened; Main gives the words a logger, so
// that no room links a logging backend.
import Identifiers

/// One line: a fixed sentence, its data beside it.
public struct LogLine: Sendable, Hashable {
  public enum Level: String, Sendable, Hashable {
    case info, warning, error
  }

  public var level: Level
  public var message: String
  public var metadata: [String: String]

  public init(_ level: Level = .info, _ message: String, _ metadata: [String: String] = [:]) {
    self.level = level
    self.message = message
    self.metadata = metadata
  }
}

/// Takes lines of the log.
public typealias LogReport = @Sendable (LogLine) -> Void

extension SupervisionEvent {
  /// The line that tells of this event.
  public func logLine(trace: String) -> LogLine {
    switch self {
    case .started(let deadline):
      return deadline.stateLine(from: "none", trace: trace)
    case .stopped(let deadline, let from):
      return deadline.stateLine(from: from.rawValue, trace: trace)
    case .fired(let firing):
      var metadata = firing.deadline.metadata(trace: trace)
      let message: String
      switch firing.step {
      case .warned: message = "deadline warned"
      case .overdue: message = "deadline overdue"
      case .escalated(let level):
        message = "deadline escalated"
        metadata["level"] = "\(level)"
      }
      return LogLine(.info, message, metadata)
    case .feedbackFoundWeak(let subject, let recipient, _):
      var metadata = ["subject": subject, "trace": trace]
      metadata["recipient"] = recipient?.description
      if subject.hasPrefix("inc_") { metadata["incident"] = subject }
      return LogLine(.info, "feedback found weak", metadata)
    case .findingChanged(let finding):
      return LogLine(
        .info, "look-up finding changed",
        [
          "entity": "look_up_finding", "id": finding.id.description, "of": finding.actor,
          "concern": finding.concern.rawValue, "to": finding.state.rawValue,
          "look_ups": "\(finding.count.lookUps)", "trace": trace,
        ])
    case .evaluated(let evaluation):
      return LogLine(
        .info, "incident evaluated",
        [
          "incident": evaluation.incidentID.description, "grade": evaluation.grade.rawValue,
          "met": "\(evaluation.tally.met)", "missed": "\(evaluation.tally.missed)",
          "excluded": "\(evaluation.tally.excluded)", "trace": trace,
        ])
    }
  }
}

extension Deadline {
  fileprivate func metadata(trace: String) -> [String: String] {
    var metadata = [
      "entity": "deadline", "id": id.description, "rule": ruleCode, "subject": subject,
      "responsible": responsible, "trace": trace,
    ]
    metadata["incident"] = incidentID?.description
    return metadata
  }

  fileprivate func stateLine(from: String, trace: String) -> LogLine {
    var metadata = metadata(trace: trace)
    metadata["from"] = from
    metadata["to"] = state.rawValue
    return LogLine(.info, "state changed", metadata)
  }
}
