// `quintet roster`: who sits where, rosters made from patterns, and the gaps ahead.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct RosterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roster", abstract: "排班 / Rosters: who is on, and who is missing.",
    subcommands: [Show.self, Generate.self, Gaps.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "此时谁在哪个席位 / Who sits where at a moment.")

    @OptionGroup var suite: SuiteOptions

    @Option(help: "时刻，RFC 3339，缺省现在 / The moment; now when left out.")
    var at: Moment?

    func run() async throws {
      let request = Quintet_Duty_V1_ListSeatsRequest.with {
        if let at { $0.asOfTime = at.date.timestamp }
      }
      let seats = try await suite.withGateway(as: [.shiftLeader]) { client in
        try await Quintet_Duty_V1_SeatService.Client(wrapping: client)
          .listSeats(request, options: .operatorCall).seats
      }
      if seats.isEmpty { print("没有席位 / There are no seats") }
      for seat in seats { print(Self.line(seat)) }
    }

    private static func line(_ view: Quintet_Duty_V1_SeatView) -> String {
      let holders = view.holders.map { holder in
        let since = LocalTime.text(holder.taking.takeTime.microsecondDate)
        return "\(holder.name)（\(holder.taking.officerNumber)）\(since) 起 since then"
      }
      let missing = view.shifts.map(\.missingCount).reduce(0, +)
      let crews = view.shifts.map(\.crew).joined(separator: "、")
      let seated = holders.isEmpty ? "无人在席 nobody" : holders.joined(separator: "，")
      let short = missing > 0 ? "  缺 \(missing) 人 short of \(missing)" : ""
      return "\(view.seat.code)  \(view.seat.name)  \(crews)  \(seated)\(short)"
    }
  }

  struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "generate",
      abstract: "按班制生成班次，缺省只预览 / Make shifts from a pattern; only a preview unless published.")

    @OptionGroup var suite: SuiteOptions

    @Option(help: "席位代码 / Code of the seat.")
    var seat: String

    @Option(help: "班制代码，如 5c4t / Code of the pattern, such as 5c4t.")
    var pattern: String

    @Option(help: "首日 YYYY-MM-DD / The first day.")
    var from: String

    @Option(help: "末日 YYYY-MM-DD / The last day.")
    var to: String

    @Option(help: "班组，如 一班:P001,P002，按班制顺序给出 / A crew; repeat, in the pattern's order.")
    var crew: [CrewArgument]

    @Flag(help: "发布，而不只是预览 / Publish it instead of showing it.")
    var publish = false

    func run() async throws {
      let plan = Quintet_Duty_V1_RosterPlan.with {
        $0.seatCode = seat
        $0.patternCode = pattern
        $0.fromDate = from
        $0.toDate = to
        $0.crews = crew.map { crew in
          .with {
            $0.name = crew.name
            $0.officerNumbers = crew.officers
          }
        }
      }
      let isPublishing = publish
      let findings = try await suite.withGateway(as: [.shiftLeader]) { client in
        let rosters = Quintet_Duty_V1_RosterService.Client(wrapping: client)
        if isPublishing {
          let made = try await rosters.publishRoster(
            .with {
              $0.requestID = UUID().uuidString
              $0.plan = plan
            }, options: .operatorCall)
          print(
            "已发布 \(made.madeCount) 个班次，替换 \(made.replacedCount)，已开始而保留 \(made.keptCount) / "
              + "published, replaced, kept as begun")
          return made.findings
        }
        let draft = try await rosters.previewRoster(
          .with { $0.plan = plan }, options: .operatorCall)
        for shift in draft.shifts { print(RosterCommand.line(shift)) }
        print(
          "预览 \(draft.madeCount) 个班次，将替换 \(draft.replacedCount)，已开始而保留 \(draft.keptCount)；"
            + "加 --publish 发布 / a preview: add --publish")
        return draft.findings
      }
      for finding in findings { print("! \(finding.detail)") }
    }
  }

  struct Gaps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gaps",
      abstract: "今后缺人的班次 / Shifts ahead that are short of somebody.",
      discussion: "有缺岗返回 1 / Exits 1 when there are any.")

    @OptionGroup var suite: SuiteOptions

    @Option(help: "今后多少小时，1 到 2160 / How many hours ahead.")
    var hours = 48

    func validate() throws {
      guard (1...2160).contains(hours) else {
        throw ValidationError("--hours 须为 1 到 2160 / --hours takes 1 to 2160.")
      }
    }

    func run() async throws {
      let now = Date()
      var request = Quintet_Duty_V1_ListGapsRequest.with {
        $0.startTime = now.timestamp
        $0.endTime = now.addingTimeInterval(Double(hours) * 3600).timestamp
        $0.pageSize = 500
      }
      let gaps = try await suite.withGateway(as: [.shiftLeader]) { client in
        let rosters = Quintet_Duty_V1_RosterService.Client(wrapping: client)
        var all: [Quintet_Duty_V1_Shift] = []
        repeat {
          let page = try await rosters.listGaps(request, options: .operatorCall)
          all += page.shifts
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        return all
      }
      for gap in gaps { print(RosterCommand.line(gap)) }
      guard !gaps.isEmpty else {
        return print("今后 \(hours) 小时无缺岗 / No gap in the next \(hours) hours")
      }
      throw ExitCode(1)
    }
  }

  fileprivate static func line(_ shift: Quintet_Duty_V1_Shift) -> String {
    let start = LocalTime.text(shift.startTime.microsecondDate)
    let end = LocalTime.text(shift.endTime.microsecondDate)
    let officers = shift.officers.map { officer in
      switch officer.standing {
      case .leave: "(\(officer.officerNumber) 请假 leave)"
      case .swapped: "(\(officer.officerNumber) 换出 swapped)"
      default: officer.officerNumber + (officer.substitute ? " 顶班 substitute" : "")
      }
    }.joined(separator: "、")
    let short = shift.missingCount > 0 ? "  缺 \(shift.missingCount) 人 short" : ""
    let flagged = shift.hasFlagTime ? "  已预警 flagged" : ""
    return "\(start) – \(end)  \(shift.seatCode)  \(shift.turnCode)  \(shift.crew)  "
      + "\(officers)\(short)\(flagged)"
  }
}

/// `一班:P001,P002`, or `一班` for a crew of nobody yet.
struct CrewArgument: ExpressibleByArgument {
  let name: String
  let officers: [String]

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return nil }
    self.name = name
    officers = parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : []
  }
}
