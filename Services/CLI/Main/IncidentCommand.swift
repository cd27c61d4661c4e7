// `quintet incident show`: one incident from the first call to the evaluation.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct IncidentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incident", abstract: "警情 / Incidents.", subcommands: [Show.self, List.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "一起警情的时间线 / The timeline of one incident, over all five services.")

    @OptionGroup var suite: SuiteOptions

    @Argument(help: "inc_… 或警情编号 / inc_… or the incident's number.")
    var id: String

    func run() async throws {
      let id = id
      let events = try await suite.withGateway(as: [.supervisor]) { client in
        try await Quintet_Command_V1_IncidentService.Client(wrapping: client)
          .getTimeline(.with { $0.incidentID = id }, options: .operatorCall).events
      }
      for event in events { print(Self.line(event)) }
    }

    private static func line(_ event: Quintet_Events_V1_Event) -> String {
      let time = LocalTime.text(event.occurTime.microsecondDate)
      let service = event.service.padding(toLength: 13, withPad: " ", startingAt: 0)
      return "\(time)  \(service)  \(EventWords.describe(event))  ← \(event.actor) · \(event.cause)"
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "最近的警情 / The newest incidents.")

    @OptionGroup var suite: SuiteOptions

    @Option(help: "最多几起 / How many at most, 1 to 500.")
    var limit: Int32 = 20

    func run() async throws {
      let limit = limit
      let incidents = try await suite.withGateway(as: [.supervisor]) { client in
        try await Quintet_Command_V1_IncidentService.Client(wrapping: client)
          .listIncidents(.with { $0.pageSize = limit }, options: .operatorCall).incidents
      }
      for incident in incidents {
        let time = LocalTime.text(incident.receiveTime.microsecondDate)
        print(
          "\(incident.number)  \(time)  \(EventWords.name(incident.state))  \(incident.title)  "
            + incident.id)
      }
    }
  }
}

/// Times on the screen: Asia/Shanghai.
enum LocalTime {
  static func text(_ date: Date) -> String {
    // UTC+8 all year: Asia/Shanghai has had no summer time since 1991.
    let local = date.addingTimeInterval(8 * 3600)
    return local.formatted(
      .iso8601.year().month().day().dateTimeSeparator(.space).time(
        includingFractionalSeconds: false)
    )
  }
}
