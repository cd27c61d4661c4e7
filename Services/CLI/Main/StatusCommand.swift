// `quintet status`: is everything there, and does everyone keep up?
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "各进程健康与订阅滞后 / Health of each process and how far each reads its neighbours.",
    discussion: "全部健康则返回 0，否则 1 / Exits 0 when all are healthy, else 1.")

  @OptionGroup var suite: SuiteOptions

  func run() async throws {
    let feeds = try await suite.feedStatuses()
    let heads = feeds.mapValues(\.headSequence)
    var allHealthy = true
    for process in SuiteProcess.allCases {
      let healthy = await isServing(process)
      allHealthy = allHealthy && healthy
      let state = healthy ? "健康 healthy " : "无应答 no answer"
      let name = process.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0)
      print("\(name) \(state)  \(Self.describe(feeds[process.rawValue], heads))")
    }
    if !allHealthy { throw ExitCode(1) }
  }

  private static func describe(
    _ feed: Quintet_Events_V1_GetFeedStatusResponse?, _ heads: [String: UInt64]
  ) -> String {
    guard let feed else { return "" }
    let readers = feed.subscriptions.map { reader in
      let lag = heads[reader.source].map { head in
        head > reader.cursor ? String(head - reader.cursor) : "0"
      }
      let parked = reader.parkedCount > 0 ? " 搁置 parked \(reader.parkedCount)" : ""
      return "\(reader.source) 滞后 lag \(lag ?? "?")\(parked)"
    }
    return (["事件 events \(feed.headSequence)"] + readers).joined(separator: " · ")
  }

  private func isServing(_ process: SuiteProcess) async -> Bool {
    guard let client = try? Connection.unix(path: suite.host.socketPath(of: process.rawValue))
    else { return false }
    let answer = try? await Connection.with(client) { client in
      try await Grpc_Health_V1_Health.Client(wrapping: client)
        .check(.init(), options: .operatorCall)
    }
    return answer?.status == .serving
  }
}
