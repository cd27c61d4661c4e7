// `quintet verify audit`: is the record of who did what still what was recorded?
import ArgumentParser
import Audit
import Foundation
import ServiceHost

struct VerifyAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "核对审计日志：逐条哈希、编号、树与检查点 / Check audit logs: hashes, numbers, tree, checkpoints.",
    discussion: """
      运行中亦可核对。--audit-dir 可指向另一台机器上的副本。完好返回 0，否则列出所见并返回 1。
      The suite may be running. Let --audit-dir name the copy that is kept on another machine. Exits 0
      when all is sound; else says what was found first and exits 1.
      """)

  @Argument(help: "服务名，缺省全部 / Services; all when left out.")
  var services: [String] = []

  @OptionGroup var host: HostOptions

  func validate() throws {
    for name in services { try SuiteProcess.check(service: name) }
  }

  func run() async throws {
    if case .dataDirectory = host.store { try StoreFiles(host: host).requireOwnFolder() }
    var isSound = true
    var count = 0
    for name in services.isEmpty ? SuiteProcess.services.map(\.rawValue) : services {
      for report in AuditCheck(service: name, directory: host.checkpointDirectory)
        .reports(on: store(of: name))
      {
        count += 1
        for line in report.findings + report.notes { say(line) }
        isSound = isSound && report.findings.isEmpty
        guard report.findings.isEmpty else { continue }
        say(
          "\(name)：完好，共 \(report.entries) 条，其中 \(report.withoutContent) 条内容已按期清理，"
            + "检查点 \(report.checkpoints) 个 / sound, \(report.entries) entries, "
            + "\(report.withoutContent) of them without content by retention, "
            + "\(report.checkpoints) checkpoints")
      }
    }
    if count == 0 {
      say("没有可核对的存储 / There is no store to check")
      throw ExitCode(1)
    }
    if !isSound { throw ExitCode(1) }
  }

  private func store(of service: String) -> AuditedStore {
    switch host.store {
    case .dataDirectory: .file(host.storePath(of: service))
    case .postgresql(let url): .server(url: url)
    }
  }
}
