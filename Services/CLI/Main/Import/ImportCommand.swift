// `quintet import`: a partner's calls, taken in as fast as the suite stores them; and, by `places`, the
// names of a gazetteer.
import ArgumentParser
import Classification
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import Wire

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "录入外部数据 / Takes in data from outside.",
    subcommands: [
      ImportCallsCommand.self, ImportPlacesCommand.self, ImportRoadsCommand.self,
      ImportCampaignCommand.self, ImportTasksCommand.self,
    ],
    defaultSubcommand: ImportCallsCommand.self)
}

struct ImportCallsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calls",
    abstract: "全速录入外单位接警记录（可省略 calls） / Takes in a partner's calls at full speed; the default.",
    discussion: """
      每行在应答时已经落盘。随时可以 Ctrl-C 中断，再运行同一命令即可，不会重复。
      Every row is durable when it is acknowledged. Stop with Ctrl-C at any time; run again, and \
      nothing is doubled.
      全部录入返回 0，否则 1；中断返回 130 / Exits 0 when all went in, else 1; 130 when interrupted.
      """)

  enum Profile: String, ExpressibleByArgument, CaseIterable {
    case montco
  }

  @OptionGroup var suite: SuiteOptions

  @Option(help: "文件格式 / Shape of the file.")
  var profile: Profile

  @Option(help: "报告文件 / Where to write the report, as JSON.")
  var report: String?

  @Argument(help: "CSV 文件，可为 .gz / The file, CSV, plain or gzip.")
  var file: String

  func run() async throws {
    do {
      try await Interruption.during { try await take($0) }
    } catch is Interrupted {
      tell("已停止；再次运行同一命令即可继续。Stopped; run the same command again to go on.")
      throw ExitCode(Interrupted.exitCode)
    } catch let error as DatasetError {
      tell("\(error)")
      throw ExitCode(1)
    } catch let error as SuiteAway {
      tell(
        "系统未运行（\(suite.runDirectory)）：\(error.reason)；请先运行 quintet up。"
          + "The suite does not run; start it with quintet up.")
      throw ExitCode(1)
    } catch let error where error is GaveUp || error is ReaderStuck || error is RPCError {
      tell(
        "未完成：\(words(for: error))；再次运行同一命令即可继续。"
          + "Not finished; run the same command again to go on.")
      throw ExitCode(1)
    }
  }

  private func take(_ interruption: Interruption) async throws {
    let start = ContinuousClock.now
    let file = try PartnerFile(DataFile(path: self.file), now: Date())
    let report = try await suite.withGateway(as: CommandTokens.wholeHall) { client in
      let calling = SuiteCalls(
        client: client, partition: suite.host.partition,
        patience: Patience(interruption: interruption))
      try await calling.checkRunning()
      let run = ImportRun(suite: calling, file: file, source: profile.rawValue, start: start)
      return try await run.run()
    }
    if let path = self.report { try ReportFile.write(report, to: path) }
    print(report.summary)
    if report.failed.count > 0 { throw ExitCode(1) }
  }
}
