// A rapid group as Hengyang has it, of one command car, two cars and eight motorcycles with thirty people:
// its parts are units of their own, and the whole is what they are.
import Access
import DutyDomain
import DutyRPC
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension Station {
  var groups: UnitGroupService { UnitGroupService(store: store, clock: { noon }) }

  @discardableResult
  func put(
    _ callSign: String, _ kind: Quintet_Duty_V1_UnitKind,
    _ change: (inout Quintet_Duty_V1_PutUnitRequest) -> Void = { _ in }
  ) async throws -> Quintet_Duty_V1_Unit {
    var request = Quintet_Duty_V1_PutUnitRequest.with {
      $0.requestID = "unit-\(UUID())"
      $0.callSign = callSign
      $0.kind = kind
    }
    change(&request)
    return try await call("PutUnit") { [request] in
      try await units.putUnit(request: request, context: $0).unit
    }
  }

  /// - Returns: the group, and its parts by call sign.
  func rapidGroup() async throws -> (Quintet_Duty_V1_Unit, [Quintet_Duty_V1_Unit]) {
    let group = try await put("快警1", .group)
    let crews: [(String, Quintet_Duty_V1_UnitKind, Int32)] =
      [("快警1-指", .commandCar, 4), ("快警1-车1", .car, 5), ("快警1-车2", .car, 5)]
      + (1...8).map { ("快警1-骑\($0)", .motorcycle, 2) }
    for (callSign, kind, crew) in crews {
      try await put(callSign, kind) {
        $0.groupID = group.id
        $0.headcount = crew
      }
    }
    let whole = try await getUnit(group.id)
    return (whole, try await whole.group.parts.asyncMap { try await getUnit($0.unitID) })
  }

  func propose(
    _ group: String, _ change: (inout Quintet_Duty_V1_ProposeGroupRequest) -> Void = { _ in }
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    var request = Quintet_Duty_V1_ProposeGroupRequest.with {
      $0.groupID = group
      $0.point = point(28, 120.6)
    }
    change(&request)
    return try await call("ProposeGroup", of: "UnitGroupService") { [request] in
      try await groups.proposeGroup(request: request, context: $0).recommendation
    }
  }
}

@Suite struct GroupTests {
  @Test func theWholeIsWhatItsPartsAre() async throws {
    try await Station.with { station in
      let (whole, parts) = try await station.rapidGroup()
      #expect(parts.count == 11 && whole.headcount == 30)
      #expect(whole.availability == .available && whole.secondaryStatus == .unspecified)
      #expect(whole.group.freeCount == 11 && whole.group.freeHeadcount == 30)
      #expect(!whole.hasPosition && whole.group.leadUnitID.isEmpty)
      #expect(parts.allSatisfy { $0.groupID == whole.id && !$0.hasGroup })
      let signs = parts.map(\.callSign)
      #expect(signs == signs.sorted())

      // One part goes, and makes none of the others busy.
      let rider = try #require(parts.first { $0.callSign == "快警1-骑3" })
      try await station.apply([
        moved("a", unit: try UnitID(parsing: rider.id), incident: "1", to: .enRoute)
      ])
      var seen = try await station.getUnit("快警1")
      #expect(seen.availability == .conditionallyAvailable && seen.secondaryStatus == .enRoute)
      #expect(seen.group.freeCount == 10 && seen.group.freeHeadcount == 28)
      #expect(seen.incidentIds == [id("1", IncidentTag.self).description])
      for part in parts where part.id != rider.id {
        #expect(try await station.getUnit(part.id).availability == .available)
      }
      #expect(seen.etag == whole.etag)

      // All others go off duty: the whole cannot be sent, and is still under way.
      for part in parts where part.id != rider.id {
        try await station.setStatus(part.id, .notAvailable, .offDuty)
      }
      seen = try await station.getUnit("快警1")
      #expect(seen.availability == .notAvailable && seen.secondaryStatus == .enRoute)
      try await station.apply([
        moved("a", unit: try UnitID(parsing: rider.id), incident: "1", to: .cleared)
      ])
      try await station.setStatus(rider.id, .notAvailable, .offDuty)
      seen = try await station.getUnit("快警1")
      #expect(seen.availability == .notAvailable && seen.secondaryStatus == .offDuty)
      #expect(seen.incidentIds.isEmpty && seen.group.freeHeadcount == 0)

      let listed = try await call("ListUnits") {
        try await station.units.listUnits(request: .init(), context: $0).units
      }
      #expect(listed.count == 12 && listed.first { $0.callSign == "快警1" } == seen)
    }
  }

  @Test func theCommandCarIsWhereTheGroupIs() async throws {
    try await Station.with { station in
      let (whole, parts) = try await station.rapidGroup()
      let rider = parts.first { $0.kind == .motorcycle }?.id ?? ""
      let other = parts.last { $0.kind == .motorcycle }?.id ?? ""
      let commander = parts.first { $0.kind == .commandCar }?.id ?? ""
      try await station.report([
        position(rider, 28.01, at: noon.addingTimeInterval(-20)),
        position(other, 28.02, at: noon.addingTimeInterval(-10)),
      ])
      #expect(try await station.getUnit(whole.id).position.point.latitude == 28.02)
      try await station.report([position(commander, 28.03, at: noon.addingTimeInterval(-300))])
      let seen = try await station.getUnit(whole.id)
      #expect(seen.position.point.latitude == 28.03 && seen.group.leadUnitID == commander)
      // The circle shows the parts, never the whole.
      let near = try await call("ListUnitsNearby") {
        try await station.units.listUnitsNearby(
          request: .with {
            $0.point = point(28, 120.6)
            $0.radiusM = 50_000
          }, context: $0
        ).units
      }
      #expect(near.map(\.unit.id) == [rider, other, commander])
    }
  }

  @Test func sendingTheWholeMeansItsFreePartsEachWithItsReason() async throws {
    try await Station.with { station in
      let (whole, parts) = try await station.rapidGroup()
      let ids = Dictionary(uniqueKeysWithValues: parts.map { ($0.callSign, $0.id) })
      func at(_ sign: String, _ latitude: Double, age: Double = 5)
        -> Quintet_Duty_V1_ReportPositionsRequest
      {
        position(ids[sign] ?? "", latitude, at: noon.addingTimeInterval(-age))
      }
      try await station.report([
        at("快警1-指", 28.01), at("快警1-车1", 28.002), at("快警1-骑1", 28.001),
        at("快警1-骑2", 28.5, age: 700),
      ])
      let busy = try UnitID(parsing: ids["快警1-车2"] ?? "")
      try await station.apply([moved("a", unit: busy, incident: "1", to: .onScene)])
      try await station.setStatus(ids["快警1-骑8"] ?? "", .notAvailable, .outOfService)
      try await station.setStatus(ids["快警1-骑7"] ?? "", .conditionallyAvailable)
      let answer = try await station.propose(whole.id)
      #expect(answer.units.count + answer.passedOver.count == 11)
      // Nearest first; those that do not say where they are go from where the group is.
      #expect(
        answer.units.map(\.callSign) == [
          "快警1-骑1", "快警1-车1", "快警1-指", "快警1-骑2", "快警1-骑3", "快警1-骑4", "快警1-骑5",
          "快警1-骑6", "快警1-骑7",
        ])
      #expect(answer.units[0].reason.hasPrefix("随 快警1 出动：With 快警1: 直线 111 米"))
      #expect(answer.units[4].reason.contains("按编组位置"))
      #expect(answer.units[8].reason.contains("有条件可派"))
      #expect(answer.passedOver.map(\.callSign) == ["快警1-车2", "快警1-骑8"])
      #expect(answer.passedOver.map(\.reason) == [.assigned, .notAvailable])
      #expect(answer.passedOver[0].detail.contains("在现场"))
      #expect(answer.passedOver[1].detail.contains("停用"))
      // With an incident it is told, once.
      for _ in 0..<2 {
        _ = try await station.propose(whole.id) {
          $0.requestID = "p"
          $0.incidentID = id("2", IncidentTag.self).description
        }
      }
      let told = try await station.events().filter {
        $0.type == Quintet_Duty_V1_RecommendationMade.protoMessageName
      }
      #expect(told.count == 1)
    }
  }

  @Test func nobodyIsPartOfWhatTheyCannotBePartOf() async throws {
    try await Station.with { station in
      let home = try await station.putOrgUnit("A", .county).id
      let other = try await station.putOrgUnit("B", .county).id
      let group = try await station.put("G", .group) { $0.orgUnitID = home }
      let car = try await station.put("C", .car) {
        $0.orgUnitID = home
        $0.groupID = group.id
      }
      func refused(
        _ callSign: String, _ kind: Quintet_Duty_V1_UnitKind,
        _ change: @escaping (inout Quintet_Duty_V1_PutUnitRequest) -> Void
      ) async -> String {
        let failure = await refusal { try await station.put(callSign, kind, change) }
        return "\(failure?.reason ?? "taken") \(failure?.field ?? "")"
      }
      let before = try await station.rows()
      #expect(await refused("H", .group) { $0.groupID = group.id } == "KIND_NOT_ALLOWED group_id")
      #expect(await refused("H", .group) { $0.headcount = 3 } == "KIND_NOT_ALLOWED headcount")
      #expect(await refused("D", .car) { $0.headcount = 1001 } == "OUT_OF_RANGE headcount")
      #expect(await refused("D", .car) { $0.headcount = -1 } == "OUT_OF_RANGE headcount")
      #expect(await refused("D", .car) { $0.groupID = "x" } == "ID_INVALID group_id")
      #expect(
        await refused("D", .car) { $0.groupID = id("nobody", UnitTag.self).description }
          == "UNIT_UNKNOWN group_id")
      #expect(await refused("D", .car) { $0.groupID = car.id } == "UNIT_NOT_A_GROUP ")
      #expect(
        await refused("D", .car) {
          $0.groupID = group.id
          $0.orgUnitID = other
        } == "GROUP_OF_ANOTHER_ORG_UNIT ")
      #expect(await refused("G", .car) { $0.orgUnitID = home } == "GROUP_KIND_FIXED ")
      #expect(await refused("C", .group) { $0.orgUnitID = home } == "GROUP_KIND_FIXED ")
      #expect(await refused("G", .group) { $0.orgUnitID = other } == "GROUP_HAS_PARTS ")
      let status = await refusal { try await station.setStatus(group.id, .notAvailable) }
      #expect(status?.reason == "UNIT_IS_GROUP")
      let proposal = await refusal { try await station.propose(car.id) }
      #expect(proposal?.reason == "UNIT_NOT_A_GROUP")
      #expect(try await station.rows() == before)
      let told = try await station.report([position(group.id)])
      #expect(told.refusedCount == 1 && told.problems.map(\.reason) == ["UNIT_IS_GROUP"])
      for number in 2...50 {
        try await station.put("C\(number)", .car) {
          $0.orgUnitID = home
          $0.groupID = group.id
        }
      }
      #expect(
        await refused("C51", .car) {
          $0.orgUnitID = home
          $0.groupID = group.id
        } == "GROUP_FULL ")
      // Whoever is in already may change; whoever leaves makes room.
      try await station.put("C2", .motorcycle) {
        $0.orgUnitID = home
        $0.groupID = group.id
      }
      try await station.put("C3", .car) { $0.orgUnitID = home }
      #expect(try await station.getUnit("G").group.parts.count == 49)
    }
  }

  @Test func whoeverLeadsAGroupSeesItsPartsAndNobodyElse() async throws {
    try await Station.with { station in
      let (whole, parts) = try await station.rapidGroup()
      try await station.put("C", .car)
      let leader = Reach(seat: whole.id)
      let seen = try await call("ListUnits", reach: leader) {
        try await station.units.listUnits(request: .init(), context: $0).units
      }
      #expect(Set(seen.map(\.id)) == Set(parts.map(\.id) + [whole.id]))
      let rider = try await call("ListUnits", reach: Reach(seat: parts[0].id)) {
        try await station.units.listUnits(request: .init(), context: $0).units
      }
      #expect(rider.map(\.id) == [parts[0].id])
    }
  }
}
