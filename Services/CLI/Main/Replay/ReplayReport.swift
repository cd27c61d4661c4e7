// The report of a replay: figures that anyone can compute from the file by other means, taken from
// what the suite holds afterwards.
import Datasets
import Foundation
import QuintetAPI
import Wire

struct ReplayReport: Encodable {
  var mode: String
  /// Rows of the file, good and bad.
  var rows: Int
  var quarantined: Quarantine.Report
  /// Calls made of the good rows.
  var calls: Int
  /// Incidents of these calls that the suite holds.
  var incidents: Int
  /// By priority. What was observed; in mode `recommend` from the file, since the suite then holds
  /// what might have been.
  var intervals: [String: ResponseIntervals]
  var recommendedIntervals: [String: ResponseIntervals]?
  var recommendation: RecommendOutcome?
  var travelModel: TravelModelReport?
  var deadlines: DeadlineFigures
  var failed: Failed
  /// Seconds, earlier runs of an interrupted replay included.
  var wallSeconds: Double

  enum CodingKeys: String, CodingKey {
    case mode, rows, quarantined, calls, incidents, intervals, deadlines, failed, recommendation
    case recommendedIntervals = "recommended_intervals"
    case travelModel = "travel_model"
    case wallSeconds = "wall_s"
  }

  /// Acts that the suite refused.
  struct Failed: Encodable {
    var count: Int
    var first: [String]
  }

  /// Deadlines of these incidents.
  struct DeadlineFigures: Encodable {
    var total = DeadlineCount()
    var byRule: [String: DeadlineCount] = [:]

    enum CodingKeys: String, CodingKey {
      case byRule = "by_rule"
    }

    func encode(to encoder: any Encoder) throws {
      try total.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(byRule, forKey: .byRule)
    }

    mutating func add(_ deadline: Quintet_Supervision_V1_Deadline) {
      total.add(deadline.state)
      byRule[deadline.ruleCode, default: DeadlineCount()].add(deadline.state)
    }
  }

  struct DeadlineCount: Encodable {
    var started = 0
    var met = 0
    /// Stopped too late, or past due and still awaited.
    var missed = 0
    var cancelled = 0
    var running = 0

    mutating func add(_ state: Quintet_Supervision_V1_DeadlineState) {
      started += 1
      switch state {
      case .met: met += 1
      case .missed, .overdue: missed += 1
      case .cancelled: cancelled += 1
      case .running, .warned: running += 1
      case .unspecified, .UNRECOGNIZED: break
      }
    }
  }
}

/// What the suite holds of a file's calls.
struct ReplayFindings: Sendable {
  var incidents = 0
  var samples: [ResponseIntervals.Sample] = []
  var deadlines = ReplayReport.DeadlineFigures()

  /// - Parameters:
  ///   - calls: of the file; other incidents of the same source are none of this report's business.
  ///   - unrecorded: units whose dispatch nobody recorded, by call number; the suite has a time for
  ///     them because it must, and that time is no finding.
  static func read(
    _ suite: SuiteCalls, source: String, calls: [FireCall], fleet: ReplayFleet,
    unrecorded: [String: Set<String>]
  ) async throws -> ReplayFindings {
    let priorities = Dictionary(uniqueKeysWithValues: calls.map { ($0.number, $0.priority) })
    var findings = ReplayFindings()
    var incidents: Set<String> = []
    try await suite.forEachIncident(source: source) { incident in
      guard let priority = priorities[incident.externalReference] else { return }
      incidents.insert(incident.id)
      let without = unrecorded[incident.externalReference] ?? []
      let dispatches = incident.assignments.filter { assignment in
        assignment.hasDispatchTime
          && !without.contains(fleet.callSigns[assignment.unitID] ?? "")
      }
      findings.samples.append(
        ResponseIntervals.Sample(
          priority: priority, received: incident.receiveTime.microsecondDate,
          dispatch: dispatches.map(\.dispatchTime.microsecondDate).min(),
          onScene: incident.assignments.filter(\.hasArriveTime)
            .map(\.arriveTime.microsecondDate).min()))
    }
    findings.incidents = incidents.count
    try await suite.forEachDeadline { deadline in
      if incidents.contains(deadline.incidentID) { findings.deadlines.add(deadline) }
    }
    return findings
  }
}

/// Writes a report where it was asked for.
enum ReportFile {
  static func write(_ report: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(report)
    data.append(UInt8(ascii: "\n"))
    try data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

extension ReplayReport {
  /// A few lines for the person at the terminal.
  var summary: String {
    var lines = [
      "行 rows \(rows)，隔离 quarantined \(quarantined.count)，接警 calls \(calls)，"
        + "警情 incidents \(incidents)"
    ]
    lines += Self.lines(intervals, "实际 observed")
    lines += Self.lines(recommendedIntervals ?? [:], "推荐 recommended")
    let total = deadlines.total
    lines.append(
      "时限 deadlines \(total.started)：按时 met \(total.met)，逾期 missed \(total.missed)，"
        + "撤销 cancelled \(total.cancelled)，未了 running \(total.running)")
    lines.append("用时 wall \(short(wallSeconds)) s")
    return lines.joined(separator: "\n")
  }

  private static func lines(_ intervals: [String: ResponseIntervals], _ title: String) -> [String] {
    intervals.sorted { $0.key < $1.key }.map { priority, intervals in
      "\(title)，等级 priority \(priority)："
        + "接警→派警 to dispatch \(words(intervals.receivedToDispatch))；"
        + "接警→到场 to scene \(words(intervals.receivedToOnScene))"
    }
  }

  private static func words(_ summary: IntervalSummary) -> String {
    let figures = [summary.medianSeconds, summary.p90Seconds].map { $0.map(short) ?? "–" }
    return "\(figures[0]) / \(figures[1]) s (n=\(summary.count))"
  }
}
