// What concerns the whole bureau on the demo's day: an afternoon at war footing, and a list of sites that the
// stations work off.
import Classification
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

enum DemoWideStep: Sendable {
  case war
  /// Index of the member.
  case acknowledge(Int)
  case come(Int)
  case excuse
  case standDown
  case list
  case handOut
  /// Index of the order.
  case order(Int, DemoCourseStep)
  case close
}

struct DemoWide: Sendable {
  /// One station's part of the campaign.
  struct Order: Sendable {
    let station: String
    let name: String
    let directive: String
  }

  var muster = ""
  var memberCount = 0
  var campaign = ""
  var orders: [Order] = []

  static let plan = "major"
  /// Seconds after midnight.
  static let agenda: [(second: Double, step: DemoWideStep)] = [
    (8.5 * 3_600, .list), (9 * 3_600, .handOut), (15.2 * 3_600, .war),
    (15.2 * 3_600 + 900, .excuse), (16 * 3_600, .standDown), (17.5 * 3_600, .close),
  ]
  /// Besides the stations.
  static let departments = [
    "刑侦大队", "特巡警大队", "交警大队", "治安大队", "网安大队", "技术中队", "图侦中心", "法制大队", "宣传科", "警务保障室",
  ]
  static let rowCount = 300
}

// MARK: - War footing

extension DemoPlayer {
  func carryOut(_ step: DemoWideStep) async throws {
    switch step {
    case .war: try await goToWar()
    case .acknowledge(let index): try await acknowledge(member: index)
    case .come(let index): try await come(index)
    case .excuse: try await excuse()
    case .standDown: try await standDown()
    case .list: try await makeList()
    case .handOut: try await handOut()
    case .order(let index, let step): try await follow(index, step)
    case .close: try await closeCampaign()
    }
  }

  private func members() -> [Quintet_Command_V1_ModeMember] {
    let stations = bureau.stations.enumerated().map { index, station in
      Quintet_Command_V1_ModeMember.with {
        $0.code = station.code
        $0.name = station.name
        $0.contact.kind = .station
        $0.contact.id = fleet.stationIDs[index]
        $0.seats = ["war.\(station.code)"]
        $0.fromLevel = 2
      }
    }
    let departments = DemoWide.departments.enumerated().map { index, name in
      Quintet_Command_V1_ModeMember.with {
        $0.code = "D\(index + 1)"
        $0.name = name
        $0.contact.kind = .seat
        $0.contact.id = "duty.D\(index + 1)"
        $0.seats = ["war.D\(index + 1)"]
        $0.fromLevel = 2
      }
    }
    return departments + stations
  }

  private func goToWar() async throws {
    let members = members()
    let plan = Quintet_Command_V1_PutModePlanRequest.with {
      $0.requestID = "demo/mode-plan"
      $0.plan.code = DemoWide.plan
      $0.plan.name = "重大突发事件"
      $0.plan.levels = [(1, "一级响应", 1_200), (2, "二级响应", 1_800)].map { level, name, limit in
        .with {
          $0.level = Int32(level)
          $0.name = name
          $0.musterLimitS = Int32(limit)
        }
      }
      $0.plan.members = members
    }
    // One that somebody is on the way to; there may be none.
    let cause = cases.values.filter { $0.openTrips > 0 && $0.plan.level <= .level2 }
      .max { $0.number < $1.number }
    let order = Quintet_Command_V1_SwitchToWarRequest.with {
      $0.requestID = "demo/war"
      $0.planCode = DemoWide.plan
      $0.level = 2
      $0.reason = "演练：商场发生持刀伤人警情，启动战时指挥"
      $0.incidentID = cause?.id ?? ""
      $0.occurTime = time.timestamp
    }
    let muster = try await suite.ask("SwitchToWar") { suite in
      _ = try await suite.modes.putModePlan(
        plan, metadata: DemoActor.shiftLeader, options: .item)
      return try await suite.modes.switchToWar(
        order, metadata: DemoActor.shiftLeader, options: .item
      ).muster
    }
    (wide.muster, wide.memberCount) = (muster.id, muster.members.count)
    narrator.line(
      now, "★ 转战时 at war footing「\(muster.planName)」：召集 summoned \(muster.members.count)")
    for index in muster.members.indices where index != 3 {
      self.plan(.wide(.acknowledge(index)), in: 20 + 7 * index)
      // The last comes late.
      let isLast = index == muster.members.count - 1
      self.plan(.wide(.come(index)), in: isLast ? 2_000 : 240 + 50 * index)
    }
  }

  private func acknowledge(member index: Int) async throws {
    let member = members()[index]
    let request = Quintet_Command_V1_AcknowledgeSummonsRequest.with {
      $0.requestID = "demo/muster/\(member.code)/sign"
      $0.musterID = wide.muster
      $0.memberCode = member.code
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("AcknowledgeSummons") { suite in
      try await suite.modes.acknowledgeSummons(
        request, metadata: DemoActor.recipient(member.code), options: .item)
    }
  }

  private func come(_ index: Int) async throws {
    let member = members()[index]
    let request = Quintet_Command_V1_ReportMusterRequest.with {
      $0.requestID = "demo/muster/\(member.code)/come"
      $0.musterID = wide.muster
      $0.memberCode = member.code
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ReportMuster") { suite in
      try await suite.modes.reportMuster(
        request, metadata: DemoActor.recipient(member.code), options: .item)
    }
  }

  private func excuse() async throws {
    let request = Quintet_Command_V1_ExcuseMemberRequest.with {
      $0.requestID = "demo/muster/excuse"
      $0.musterID = wide.muster
      $0.memberCode = members()[3].code
      $0.reason = "正在处置另一起警情"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ExcuseMember") { suite in
      try await suite.modes.excuseMember(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
  }

  private func standDown() async throws {
    let request = Quintet_Command_V1_StandDownRequest.with {
      $0.requestID = "demo/peace"
      $0.reason = "嫌疑人已控制，转入常态"
      $0.occurTime = time.timestamp
    }
    let summary = try await suite.ask("StandDown") { suite in
      try await suite.modes.standDown(
        request, metadata: DemoActor.shiftLeader, options: .item
      ).muster.summary
    }
    narrator.line(
      now,
      "★ 转平时 stood down：到位 in place \(summary.musteredCount)/\(summary.summonedCount)，"
        + "迟到 late \(summary.lateCount)，准假 excused \(summary.excusedCount)，"
        + "过半用时 half within \(summary.medianMusterS) s")
  }
}
