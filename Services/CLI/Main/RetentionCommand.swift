// `quintet retention`: how long each kind of record is kept, and what is past that.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct RetentionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "保存期限与到期清理 / How long records are kept; let go what is past that.",
    discussion: """
      各服务每六小时自行清理一次；此命令立即清理，--dry-run 只计数、不改动。未结警情的记录一律保留。
      Each service sweeps by itself every six hours; this sweeps at once, and with --dry-run only \
      counts. What belongs to an incident that is not over always stays.
      """)

  @OptionGroup var suite: SuiteOptions

  @Flag(help: "只计数，不改动 / Change nothing; tell what would go.")
  var dryRun = false

  @Argument(help: "服务名，缺省全部 / Services; all when left out.")
  var services: [String] = []

  func validate() throws {
    for name in services { try SuiteProcess.check(service: name) }
  }

  func run() async throws {
    let names = services.isEmpty ? SuiteProcess.services.map(\.rawValue) : services
    var options = CallOptions.defaults
    options.timeout = .seconds(3600)
    let count = dryRun ? "将清理 would go" : "已清理 went"
    print(
      "服务 service".column(16) + "期限 period".column(14) + "早于 before".column(14)
        + count.column(18) + "种类 kind")
    var failures: [String] = []
    for name in names {
      let request = Quintet_Operations_V1_RunRetentionRequest.with {
        $0.requestID = "retention-\(UUID().uuidString)"
        $0.dryRun = dryRun
      }
      do {
        let answer = try await suite.withService(name, as: [.operator]) { [options] client in
          try await Quintet_Operations_V1_RetentionService.Client(wrapping: client)
            .runRetention(request, options: options)
        }
        for result in answer.results { print(Self.line(name, result)) }
      } catch let error as RPCError {
        failures.append("\(name)：\(error.message)")
      }
    }
    for failure in failures { tell(failure) }
    if !failures.isEmpty { throw ExitCode(1) }
  }

  private static func line(
    _ service: String, _ result: Quintet_Operations_V1_RetentionResult
  ) -> String {
    let period = result.period
    let action =
      switch period.action {
      case .delete: "删除 delete"
      case .anonymise: "匿名 anonymise"
      default: "—"
      }
    let day = Date(timeIntervalSince1970: Double(result.cutoffTime.seconds))
      .formatted(.iso8601.year().month().day())
    return service.column(16) + "\(period.days) 天 days".column(14) + day.column(14)
      + "\(result.recordCount)".column(18) + "\(action) · \(period.kind) · \(period.name)"
  }
}
