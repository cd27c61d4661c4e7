// `quintet feed`: what an operator does when an event could not be applied.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct FeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed",
    abstract: "事件流：进度、搁置事件、清理历史 / Feeds: progress, parked events, pruning.",
    subcommands: [Status.self, Parked.self, Retry.self, Skip.self, FeedPrune.self])

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status",
      abstract: "各事件流的首尾与各订阅的进度 / Each feed's bounds, and how far each is read.")

    @OptionGroup var suite: SuiteOptions

    func run() async throws {
      let feeds = try await suite.feedStatuses()
      for process in SuiteProcess.services {
        let name = process.rawValue
        guard let feed = feeds[name] else {
          print("\(name.column(14)) 无应答 no answer")
          continue
        }
        print(
          "\(name.column(14)) 最新 head \(feed.headSequence) · 最早 oldest \(feed.oldestSequence)"
            + " · 已清理至 pruned through \(feed.prunedThroughSequence)")
        for reader in feed.subscriptions {
          let lag = feeds[reader.source].map {
            $0.headSequence - min($0.headSequence, reader.cursor)
          }
          print(
            "  ← \(reader.source.column(14)) 游标 cursor \(reader.cursor)"
              + " · 滞后 lag \(lag.map(String.init) ?? "?") · 搁置 parked \(reader.parkedCount)")
        }
      }
      if feeds.count < SuiteProcess.services.count { throw ExitCode(1) }
    }
  }

  struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "parked",
      abstract: "列出搁置的事件 / List the events that could not be applied.")

    @OptionGroup var suite: SuiteOptions

    @Flag(help: "连同已跳过的 / List those that were skipped as well.")
    var all = false

    @Argument(help: "服务名，缺省全部 / Service; all when left out.")
    var service: String?

    func validate() throws { try service.map(SuiteProcess.check(service:)) }

    func run() async throws {
      var count = 0
      for name in service.map({ [$0] }) ?? SuiteProcess.services.map(\.rawValue) {
        for event in try await events(of: name) {
          if count == 0 { print(Self.heading) }
          print(Self.line(name, event))
          print("    错误 error: \(event.error)")
          if event.hasSkip { print("    " + Self.describe(event.skip)) }
          count += 1
        }
      }
      if count == 0 { print("没有搁置的事件 No event is parked.") }
    }

    private func events(of name: String) async throws -> [Quintet_Operations_V1_ParkedEvent] {
      let all = all
      return try await suite.withService(name, as: [.operator]) { client in
        let feeds = Quintet_Operations_V1_FeedService.Client(wrapping: client)
        var events: [Quintet_Operations_V1_ParkedEvent] = []
        var token = ""
        repeat {
          let request = Quintet_Operations_V1_ListParkedEventsRequest.with {
            $0.pageSize = 500
            $0.pageToken = token
            $0.includeSkipped = all
          }
          let page = try await feeds.listParkedEvents(request, options: .operatorCall)
          events += page.parkedEvents
          token = page.nextPageToken
        } while !token.isEmpty
        return events
      }
    }

    private static let heading =
      "服务 service   来源 source    序号 sequence  次数 tries  搁置时间 parked at    类型 type · 对象 subject"

    private static func line(_ name: String, _ event: Quintet_Operations_V1_ParkedEvent) -> String {
      let type = event.type.split(separator: ".").last.map(String.init) ?? event.type
      let isOfAnother = !["", event.subject].contains(event.incidentID)
      let incident = isOfAnother ? " · 警情 incident \(event.incidentID)" : ""
      return [
        name.column(14), event.source.column(14), "\(event.sequence)".column(14),
        "\(event.tries)".column(11), LocalTime.text(event.parkTime.microsecondDate).column(22),
        "\(type) · \(event.subject)\(incident)",
      ].joined()
    }

    private static func describe(_ skip: Quintet_Operations_V1_ParkedEventSkip) -> String {
      let time = LocalTime.text(skip.skipTime.microsecondDate)
      return "已跳过 skipped \(time) \(skip.actor): \(skip.reason)"
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retry",
      abstract: "再试一次搁置的事件 / Apply a parked event once more.",
      discussion: """
        其后的事件可能已先处理。仍失败则留在搁置中，返回 1。
        Later events may have been applied before it. If it fails again it stays parked; exits 1.
        """)

    @OptionGroup var suite: SuiteOptions
    @OptionGroup var place: ParkedPlace

    func run() async throws {
      let request = Quintet_Operations_V1_RetryParkedEventRequest.with {
        $0.source = place.source
        $0.sequence = place.sequence
      }
      let answer = try await suite.withService(place.service, as: [.operator]) { client in
        try await Quintet_Operations_V1_FeedService.Client(wrapping: client)
          .retryParkedEvent(request, options: .operatorCall)
      }
      guard answer.hasStillParked else {
        print("已处理 Applied: \(place)")
        return
      }
      let still = answer.stillParked
      tell("仍失败（第 \(still.tries) 次） Failed again (try \(still.tries)): \(still.error)")
      throw ExitCode(1)
    }
  }

  struct Skip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "skip",
      abstract: "决定不再处理某个搁置的事件 / Give a parked event up for good.",
      discussion: "记录仍保留，不能撤回 / The record of it is kept. It cannot be taken back.")

    @OptionGroup var suite: SuiteOptions
    @OptionGroup var place: ParkedPlace

    @Option(help: "理由，必填 / Why; required.")
    var reason: String

    func run() async throws {
      let request = Quintet_Operations_V1_SkipParkedEventRequest.with {
        $0.source = place.source
        $0.sequence = place.sequence
        $0.reason = reason
      }
      try await suite.withService(place.service, as: [.operator]) { client in
        _ = try await Quintet_Operations_V1_FeedService.Client(wrapping: client)
          .skipParkedEvent(request, options: .operatorCall)
      }
      print("已跳过 Skipped: \(place)")
    }
  }
}

/// Names one parked event.
struct ParkedPlace: ParsableArguments, CustomStringConvertible {
  @Argument(help: "搁置它的服务 / The service that set it aside.")
  var service: String

  @Argument(help: "来源服务 / The service whose feed it came from.")
  var source: String

  @Argument(help: "序号 / Its number in that feed.")
  var sequence: UInt64

  var description: String { "\(service) ← \(source) \(sequence)" }

  func validate() throws {
    try SuiteProcess.check(service: service)
    try SuiteProcess.check(service: source)
  }
}

extension SuiteProcess {
  /// - Throws: `ValidationError` unless it names one of the five with a store.
  static func check(service name: String) throws {
    guard services.map(\.rawValue).contains(name) else {
      throw ValidationError("没有服务 \(name) / There is no service \(name).")
    }
  }
}

extension SuiteOptions {
  /// Where each feed stands and how far each service reads; without those that do not answer.
  /// - Throws: `KeyFolderError` where there is no token to ask with.
  func feedStatuses() async throws -> [String: Quintet_Events_V1_GetFeedStatusResponse] {
    let partition = host.partition
    _ = try await CommandTokens(host: host, file: tokenFile, roles: [.operator]).token()
    var answers: [String: Quintet_Events_V1_GetFeedStatusResponse] = [:]
    for process in SuiteProcess.services {
      answers[process.rawValue] = try? await withService(process.rawValue, as: [.operator]) {
        client in
        try await Quintet_Events_V1_EventService.Client(wrapping: client)
          .getFeedStatus(.with { $0.partition = partition }, options: .operatorCall)
      }
    }
    return answers
  }
}

extension String {
  /// Left in a column of that many characters.
  func column(_ width: Int) -> String {
    count < width ? padding(toLength: width, withPad: " ", startingAt: 0) : self + " "
  }
}
