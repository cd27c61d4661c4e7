// `quintet up`: the whole suite on one machine, for development and small sites.
import ArgumentParser
import Foundation
import ServiceHost
import UnixSignals

struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "启动六个进程，直到 Ctrl-C / Start the six processes and keep them until Ctrl-C.",
    discussion: """
      进程异常退出会自动重启；正常停止（SIGTERM）则不再启动。
      A process that dies is started again; one that was stopped (SIGTERM) is left alone.
      """)

  @OptionGroup var host: HostOptions
  @OptionGroup var listening: ListeningOptions

  @Flag(name: .customLong("no-restart"), help: "进程异常退出后不重启 / Leave a dead process dead.")
  var leavesDead = false

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let runner = SuiteRunner(
      host: host, listening: listening, restarts: !leavesDead, say: say)
    try await runner.run(until: signals) { started in
      say(
        "已就绪：六个进程健康，用时 \(started.milliseconds) ms，套接字 \(host.runDirectory)，"
          + "HTTP \(started.http) / ready: six processes healthy in \(started.milliseconds) ms, "
          + "sockets in \(host.runDirectory), HTTP \(started.http)")
    }
  }
}

/// Where the gateway listens.
struct ListeningOptions: ParsableArguments {
  @OptionGroup var tls: TLSOptions
  @OptionGroup var shown: PageOptions

  @Option(help: "网关 HTTP 地址 / HOST:PORT of the gateway's HTTP; port 0 takes a free one.")
  var http = "127.0.0.1:8080"

  @Option(help: "网关 gRPC 地址，缺省只用套接字 / HOST:PORT for gRPC besides the socket.")
  var grpc: String?
}
