// `quintet audit show`: who looked at or changed what, for an auditor.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "审计 / Who looked at what.",
    subcommands: [Show.self, Findings.self])

  struct Findings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "findings",
      abstract: "异常查询，新的在前 / Unusual look-ups, the newest first.")

    @OptionGroup var suite: SuiteOptions

    @Flag(help: "也列出已有结论者 / Those that were answered, too.")
    var all = false

    func run() async throws {
      var request = Quintet_Supervision_V1_ListLookUpFindingsRequest.with {
        $0.pageSize = 500
        $0.states = all ? [] : [.open]
      }
      var count = 0
      repeat {
        let page = try await suite.withService("supervision", as: [.auditor]) { [request] client in
          try await Quintet_Supervision_V1_LookUpService.Client(wrapping: client)
            .listLookUpFindings(request, options: .operatorCall)
        }
        for finding in page.findings { print(Self.line(finding)) }
        count += page.findings.count
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      if count == 0 { print("没有异常查询 No look-up is unusual.") }
    }

    private static func line(_ finding: Quintet_Supervision_V1_LookUpFinding) -> String {
      let state: String =
        switch finding.state {
        case .open: "待核 open"
        case .explained: "已说明 explained"
        case .passedOn: "已移交 passed on"
        case .unspecified, .UNRECOGNIZED: "不明 unknown"
        }
      let times = [finding.firstTime, finding.lastTime].map { LocalTime.text($0.microsecondDate) }
      var parts = [
        state, finding.actor, finding.reason, times.joined(separator: " – "), finding.id,
      ]
      if !finding.answer.isEmpty { parts.append("\(finding.answeredBy): \(finding.answer)") }
      return parts.joined(separator: "  ")
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "按人、案件或记录查审计日志，新的在前 / Audit entries, the newest first.")

    @OptionGroup var suite: SuiteOptions

    @Option(name: .customLong("case"), help: "警情 / Incident, inc_….")
    var incident: String = ""

    @Option(help: "操作人或其所代表者 / Who acted, or for whom: person/….")
    var actor: String = ""

    @Option(help: "记录 / Record that was shown or changed, such as call_….")
    var record: String = ""

    @Option(help: "各服务最多几条，1–500 / Entries of each service at most, 1 to 500.")
    var limit: Int32 = 50

    @Argument(help: "服务名，缺省全部 / Services; all when left out.")
    var services: [String] = []

    func validate() throws {
      for name in services { try SuiteProcess.check(service: name) }
      guard (1...500).contains(limit) else {
        throw ValidationError("--limit 须为 1–500 / --limit takes 1 to 500.")
      }
    }

    func run() async throws {
      let request = Quintet_Audit_V1_ListAuditEntriesRequest.with {
        $0.pageSize = limit
        $0.incidentID = incident
        $0.actor = actor
        $0.recordID = record
      }
      var entries: [Quintet_Audit_V1_ListedAuditEntry] = []
      for name in services.isEmpty ? SuiteProcess.services.map(\.rawValue) : services {
        entries += try await suite.withService(name, as: [.auditor]) { client in
          try await Quintet_Audit_V1_AuditService.Client(wrapping: client)
            .listAuditEntries(request, options: .operatorCall).entries
        }
      }
      entries.sort { $0.entry.time.microsecondDate > $1.entry.time.microsecondDate }
      for entry in entries { print(Self.line(entry)) }
      if entries.isEmpty { print("没有符合的记录 Nothing of that kind is recorded.") }
    }

    private static func line(_ listed: Quintet_Audit_V1_ListedAuditEntry) -> String {
      let entry = listed.entry
      let who = entry.onBehalfOf.isEmpty ? entry.actor : "\(entry.actor) 代 for \(entry.onBehalfOf)"
      let what = entry.method.split(separator: ".").last.map(String.init) ?? ""
      var parts = [
        LocalTime.text(entry.time.microsecondDate), "\(entry.service) #\(listed.entryIndex)",
        word(entry.kind), who, what,
      ]
      let named = ([entry.incidentID] + entry.subjects).filter { !$0.isEmpty }
      if !named.isEmpty { parts.append("对象 of \(named.joined(separator: ", "))") }
      if !entry.purpose.isEmpty { parts.append("事由 purpose \(entry.purpose)") }
      if !["", "OK"].contains(entry.resultCode) {
        parts.append("结果 result \(entry.resultCode) \(entry.resultReason)")
      }
      if entry.furtherCount > 0 { parts.append("另有 and \(entry.furtherCount) 次 more") }
      if entry.removedBelow > 0 { parts.append("此前 before #\(entry.removedBelow)") }
      if !entry.origin.isEmpty { parts.append("来自 from \(entry.origin)") }
      return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func word(_ kind: Quintet_Audit_V1_AuditEntry.Kind) -> String {
      switch kind {
      case .read: "查看 read"
      case .change: "变更 change"
      case .lookup: "查询 look-up"
      case .refusal: "拒绝 refused"
      case .retention: "清理 removed"
      case .unspecified, .UNRECOGNIZED: "不明 unknown"
      }
    }
  }
}
