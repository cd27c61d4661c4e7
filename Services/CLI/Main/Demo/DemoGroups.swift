// A rapid group as Hengyang has it, of units that the bureau has anyway: a command car, two cars and eight
// motorcycles with thirty people; and a volunteer group, which is asked for by name alone.
import DemoBureau
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct DemoGroups: Sendable {
  let suite: SuiteCalls
  let bureau: Bureau
  /// When all this is put in.
  let time: Date

  private static let callSign = "快警1组"
  private static let commandCar = "特巡13"
  /// People in each part.
  private static let crews: [String: Int32] = {
    var crews: [String: Int32] = [commandCar: 4, "特巡11": 5, "特巡12": 5]
    for number in 1...8 { crews["交骑0\(number)"] = 2 }
    return crews
  }()

  /// - Parameter home: the bureau itself.
  func put(home: String) async throws {
    let group = try await put(Self.callSign, .group, home)
    for unit in bureau.units {
      guard let crew = Self.crews[unit.callSign] else { continue }
      let kind = Quintet_Duty_V1_UnitKind(unit.kind)
      _ = try await put(unit.callSign, unit.callSign == Self.commandCar ? .commandCar : kind, home)
      {
        $0.capabilities = unit.capabilities
        $0.groupID = group
        $0.headcount = crew
      }
    }
    let volunteers = try await put("义警1队", .volunteer, home) { $0.headcount = 12 }
    try await suite.report([
      .with {
        $0.unitID = volunteers
        $0.position.point = Quintet_Type_V1_GeoPoint(bureau.units[0].home)
        $0.position.fixTime = time.timestamp
      }
    ])
  }

  private func put(
    _ callSign: String, _ kind: Quintet_Duty_V1_UnitKind, _ home: String,
    _ change: (inout Quintet_Duty_V1_PutUnitRequest) -> Void = { _ in }
  ) async throws -> String {
    // A request's id is ASCII, a call sign is not.
    let spelt = callSign.utf8.map { String($0, radix: 16) }.joined()
    var request = Quintet_Duty_V1_PutUnitRequest.with {
      $0.requestID = "demo/group/\(spelt)"
      $0.callSign = callSign
      $0.kind = kind
      $0.orgUnitID = home
      $0.occurTime = time.timestamp
    }
    change(&request)
    return try await suite.call("PutUnit \(callSign)") { [request] in
      try await suite.units.putUnit(request, options: .item).unit.id
    }
  }

  /// What the group is made of, as duty has it.
  func tell(_ narrator: DemoNarrator) async throws {
    let whole = try await suite.call("GetUnit \(Self.callSign)") {
      try await suite.units.getUnit(.with { $0.unitID = Self.callSign }, options: .item).unit
    }
    narrator.plain(
      "编组 \(whole.callSign)：\(whole.group.parts.count) 个单元、\(whole.headcount) 人，"
        + "\(whole.group.freeCount) 个可派 / a group of \(whole.group.parts.count) units and "
        + "\(whole.headcount) people, \(whole.group.freeCount) of them free")
  }
}
