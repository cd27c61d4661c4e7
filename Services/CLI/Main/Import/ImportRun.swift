// One run of an import: all rows in the order of the file over one stream, then the count of repeats
// once intelligence has seen them all.
import Classification
import Datasets
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct ImportRun: Sendable {
  /// Rows handed over at a time; between two of these a Ctrl-C is noticed.
  private static let chunk = 1000

  let suite: SuiteCalls
  let file: PartnerFile
  let source: String
  let start: ContinuousClock.Instant

  func run() async throws -> ImportReport {
    let reports = suite.reportPipeline()
    let journal = ReplayJournal()
    let total = file.calls.count
    let began = ContinuousClock.now
    let seconds = try await ProgressLine.show {
      let rows = await reports.answerCount
      let rate = Double(rows) / max(0.001, began.duration(to: .now).inSeconds)
      return "录入 import \(rows)/\(total)　每秒 per second \(short(rate))"
    } during: {
      try await reports.during { try await send(reports, journal) }
      return began.duration(to: .now).inSeconds
    }
    try await suite.waitUntil("intelligence", hasReadAllOf: "command")
    let counts = try await suite.call("CountAssessments") {
      try await suite.assessments.countAssessments(.with { $0.source = source }, options: .item)
    }
    let now = journal.snapshot
    return ImportReport(
      rows: file.rowCount, accepted: now.calls, quarantined: file.quarantine.report,
      repeats: Int(counts.repeatCount),
      rowsPerSecond: seconds > 0 ? Double(now.calls) / seconds : 0,
      failed: .init(count: now.failureCount, first: now.failures),
      wallSeconds: start.duration(to: .now).inSeconds)
  }

  private func send(_ reports: ReportPipeline, _ journal: ReplayJournal) async throws {
    for first in stride(from: 0, to: file.calls.count, by: Self.chunk) {
      try suite.patience.interruption.check()
      let calls = file.calls[first..<min(first + Self.chunk, file.calls.count)]
      for answer in try await reports.sendAll(calls.map(request)) {
        switch answer.result {
        case .accepted: journal.called()
        case .error(let problem): journal.failed(answer.requestID, problem.words)
        case nil: journal.failed(answer.requestID, "empty answer")
        }
      }
    }
  }

  private func request(_ call: PartnerCall) -> Quintet_Command_V1_StreamReportsRequest {
    .with { item in
      item.report.requestID = "\(source):\(call.reference)"
      item.report.title = call.title
      item.report.incidentClass = .init(IncidentClass(rawValue: call.classCode))
      item.report.content.channel = .partner
      item.report.content.origin = .citizenReported
      item.report.content.location.address = call.address
      item.report.content.location.point = .with {
        $0.latitude = call.point.latitude
        $0.longitude = call.point.longitude
        $0.datum = .wgs84
      }
      item.report.content.narrative = call.narrative
      item.report.content.receiveTime = call.received.timestamp
      item.report.content.source = source
      item.report.content.externalReference = call.reference
    }
  }
}

struct ImportReport: Encodable, Sendable {
  /// Rows of the file, good and bad.
  let rows: Int
  /// Rows that the suite holds; those of an earlier run included.
  let accepted: Int
  let quarantined: Quarantine.Report
  /// Calls that intelligence found to repeat an earlier one.
  let repeats: Int
  /// Rows made durable in a second.
  let rowsPerSecond: Double
  let failed: ReplayReport.Failed
  let wallSeconds: Double

  enum CodingKeys: String, CodingKey {
    case rows, accepted, quarantined, repeats, failed
    case rowsPerSecond = "rows_per_s"
    case wallSeconds = "wall_s"
  }

  /// A few lines for the person at the terminal.
  var summary: String {
    let refused = failed.first.map { "  \($0)" }
    return
      ([
        "行 rows \(rows)，录入 accepted \(accepted)，隔离 quarantined \(quarantined.count)，"
          + "重复 repeats \(repeats)",
        "每秒 per second \(short(rowsPerSecond))，用时 wall \(short(wallSeconds)) s",
      ] + (failed.count > 0 ? ["未能录入 refused \(failed.count)："] : []) + refused)
      .joined(separator: "\n")
  }
}
