// `quintet replay`: records of the past, played into a running suite as if they happened now.
import ArgumentParser
import Datasets
import Foundation
import GRPCCore
import ServiceHost

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "回放真实接处警记录 / Replays recorded calls through the running suite.",
    discussion: """
      时间按文件所写、不带时区，一律当作 UTC。随时可以 Ctrl-C 中断，再运行同一命令即接着回放，不会重复。
      Times are taken as written, without a zone, as if they were UTC. Stop with Ctrl-C at any time; \
      the same command goes on from there and doubles nothing.
      全部录入返回 0，否则 1；中断返回 130 / Exits 0 when all went in, else 1; 130 when interrupted.
      """)

  enum Profile: String, ExpressibleByArgument, CaseIterable {
    case sfFire = "sf-fire"
  }

  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case observed, recommend
  }

  @OptionGroup var suite: SuiteOptions

  @Option(help: "文件格式 / Shape of the file.")
  var profile: Profile

  @Option(help: "observed 按实际派警；recommend 由系统推荐 / Who goes: as it was, or as the suite says.")
  var mode: Mode = .observed

  @Option(help: "每真实秒的模拟秒数，或 max / Simulated seconds per real second, or max.")
  var speed: ReplaySpeed = .max

  @Option(help: "报告文件 / Where to write the report, as JSON.")
  var report: String?

  @Argument(help: "CSV 文件，可为 .gz / The file, CSV, plain or gzip.")
  var file: String

  func run() async throws {
    do {
      try await Interruption.during { try await replay($0) }
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

  private func replay(_ interruption: Interruption) async throws {
    let start = ContinuousClock.now
    let file = try FireFile(DataFile(path: self.file), now: Date())
    let calls = FireCall.group(file.responses)
    let journal = ReplayJournal()
    let report = try await suite.withGateway(as: CommandTokens.wholeHall) { client in
      let calling = SuiteCalls(
        client: client, partition: suite.host.partition,
        patience: Patience(interruption: interruption))
      try await calling.checkRunning()
      let run = ReplayRun(
        suite: calling, file: file, calls: calls, mode: mode, journal: journal,
        pace: ReplayPace(speed), runDirectory: suite.runDirectory, start: start)
      defer { journal.tellFailures() }
      return try await ProgressLine.show {
        let now = journal.snapshot
        return "回放 replay \(WallTime.format(now.time))　接警 calls \(now.calls)/\(calls.count)　"
          + "动作 acts \(now.acts)　拒绝 refused \(now.failureCount)"
      } during: {
        try await run.run()
      }
    }
    if let path = self.report { try ReportFile.write(report, to: path) }
    print(report.summary)
    if report.failed.count > 0 || report.incidents != report.calls { throw ExitCode(1) }
  }
}
