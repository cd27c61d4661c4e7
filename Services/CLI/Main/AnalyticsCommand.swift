// `quintet analytics export`: figures of a period as CSV.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct AnalyticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analytics", abstract: "分析统计 / Figures of calls, incidents and units.",
    subcommands: [Export.self])

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "导出 CSV / Writes figures as CSV.",
      discussion: """
        起止是北京时间：2026-11-30 或 2026-11-30T08:00。终止时刻不含在内。
        Both ends are in Asia/Shanghai; the end is not included. What was left out is counted by reason.
        """)

    enum Table: String, ExpressibleByArgument, CaseIterable {
      case intervals, utilisation, bulletin
    }

    enum Grouping: String, ExpressibleByArgument, CaseIterable {
      case area, day, hour
    }

    @OptionGroup var suite: SuiteOptions

    @Option(help: "从 / From, such as 2026-11-30.")
    var from: LocalMoment

    @Option(help: "到（不含）/ Until, not included.")
    var to: LocalMoment

    @Option(help: "哪张表 / Which figures.")
    var table: Table = .intervals

    @Option(name: .customLong("by"), help: "时长按什么分，可重复 / What tells intervals apart; repeatable.")
    var groupings: [Grouping] = []

    @Option(help: "写到文件；无则写到标准输出 / The file; without it standard output.")
    var csv: String?

    func run() async throws {
      let request = request
      do {
        let content = try await suite.withGateway(as: [.supervisor]) { client in
          try await Quintet_Supervision_V1_AnalyticsService.Client(wrapping: client)
            .exportFigures(request, options: .query(atMost: .seconds(60))) { response in
              var content = Data()
              for try await piece in response.messages { content.append(piece.content) }
              return content
            }
        }
        if let csv {
          try content.write(to: URL(fileURLWithPath: csv), options: .atomic)
          tell("已写入 \(csv)，\(content.count) 字节 / Written, \(content.count) bytes")
        } else {
          FileHandle.standardOutput.write(content)
        }
      } catch let error as RPCError {
        tell(error.message)
        throw ExitCode(1)
      }
    }

    private var request: Quintet_Supervision_V1_ExportFiguresRequest {
      .with {
        $0.table =
          switch table {
          case .intervals: .intervals
          case .utilisation: .utilisation
          case .bulletin: .bulletin
          }
        $0.startTime = from.time.timestamp
        $0.endTime = to.time.timestamp
        $0.groupings = Set(groupings).sorted { $0.rawValue < $1.rawValue }.map { grouping in
          switch grouping {
          case .area: .area
          case .day: .day
          case .hour: .hour
          }
        }
      }
    }
  }
}

/// `2026-11-30` or `2026-11-30T08:00`, in Asia/Shanghai.
struct LocalMoment: ExpressibleByArgument {
  let time: Date

  init?(argument: String) {
    let text =
      switch argument.count {
      case 10: argument + "T00:00:00+08:00"
      case 16: argument + ":00+08:00"
      default: argument + "+08:00"
      }
    guard let time = try? Date(text, strategy: .iso8601) else { return nil }
    self.time = time
  }
}
