// `quintet feed prune`: history that is too old is removed, for good, and only when everybody in the
// suite has read it.
import Access
import ArgumentParser
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct FeedPrune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "清理过期的历史事件 / Remove old events of one service, for good.",
    discussion: """
      未结警情、未完成指令的全部事件，以及机构、辖区、警力的最新情况总是保留。已结警情被清理后，其时间线不再显示。
      有订阅者未读完，或有服务无应答，则拒绝（--anyway 除外）。
      All events of incidents and directives that are not over stay, and so does the newest of each \
      organisation, area and unit. The timeline of an incident that was removed is gone. \
      Refused when a consumer has not read that far, or a service does not answer, unless --anyway.
      """)

  @OptionGroup var suite: SuiteOptions

  @Option(help: "保留最近多少天 / Keep what is not older than this, 365 to 36500 days.")
  var keepDays: Int32 = 1825

  @Flag(help: "不问订阅者进度 / Do not ask how far consumers have read.")
  var anyway = false

  @Argument(help: "服务名 / The service.")
  var service: String

  func validate() throws {
    try SuiteProcess.check(service: service)
    guard (365...36_500).contains(keepDays) else {
      throw ValidationError(
        "--keep-days 须在 365 到 36500 之间 / --keep-days must be from 365 to 36500.")
    }
  }

  func run() async throws {
    let cursors = anyway ? [:] : try await cursors()
    let open = try await openMatters()
    let request = Quintet_Operations_V1_PruneFeedRequest.with {
      $0.keepDays = keepDays
      $0.openIds = open
      if let least = cursors.values.min() { $0.readThroughSequence = least }
    }
    var options = CallOptions.defaults
    options.timeout = .seconds(3600)
    do {
      let done = try await suite.withService(service, as: [.operator]) { [options] client in
        try await Quintet_Operations_V1_FeedService.Client(wrapping: client)
          .pruneFeed(request, options: options)
      }
      print(
        "已清理至 Pruned through \(done.prunedThroughSequence) · 删除 removed \(done.removedCount)"
          + " · 保留 kept \(done.keptCount)")
    } catch let error as RPCError where error.code == .failedPrecondition {
      tell(error.message)
      for (reader, cursor) in cursors.sorted(by: { $0.value < $1.value }) {
        tell("  \(reader.column(14)) 游标 cursor \(cursor)")
      }
      throw ExitCode(1)
    }
  }

  /// How far each service has read the feed that is to be pruned.
  private func cursors() async throws -> [String: UInt64] {
    let feeds = try await suite.feedStatuses()
    let silent = SuiteProcess.services.map(\.rawValue).filter { feeds[$0] == nil }
    guard silent.isEmpty else {
      tell(
        "无应答，不知其进度 No answer, so nobody knows how far it has read: "
          + silent.joined(separator: ", "))
      throw ExitCode(1)
    }
    return feeds.compactMapValues { feed in
      feed.subscriptions.first { $0.source == service }?.cursor
    }
  }

  /// Ids of what is not over: incidents with their calls, and directives that serve no incident.
  private func openMatters() async throws -> [String] {
    try await suite.withService("command", as: [.dispatcher]) { client in
      try await openIncidents(client) + openDirectives(client)
    }
  }

  private func openIncidents(_ client: ServiceClient) async throws -> [String] {
    let incidents = Quintet_Command_V1_IncidentService.Client(wrapping: client)
    var ids: [String] = []
    var token = ""
    repeat {
      let request = Quintet_Command_V1_ListIncidentsRequest.with {
        $0.pageSize = 500
        $0.pageToken = token
        $0.states = [
          .new, .queued, .active, .monitored, .diverted, .awaitingFeedback, .inReview,
        ]
      }
      let page = try await incidents.listIncidents(request, options: .operatorCall)
      for incident in page.incidents { ids += [incident.id] + incident.callReportIds }
      token = page.nextPageToken
    } while !token.isEmpty
    return ids
  }

  private func openDirectives(_ client: ServiceClient) async throws -> [String] {
    let directives = Quintet_Command_V1_DirectiveService.Client(wrapping: client)
    var ids: [String] = []
    var token = ""
    repeat {
      let request = Quintet_Command_V1_ListDirectivesRequest.with {
        $0.pageSize = 500
        $0.pageToken = token
      }
      let page = try await directives.listDirectives(request, options: .operatorCall)
      for directive in page.directives where directive.incidentID.isEmpty {
        let isOpen = directive.recipients.contains {
          ![.accepted, .cancelled, .reassigned].contains($0.state)
        }
        if isOpen { ids.append(directive.id) }
      }
      token = page.nextPageToken
    } while !token.isEmpty
    return ids
  }
}
