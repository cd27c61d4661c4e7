// Response plans and roads through the real store and the real services: what is put is what is read,
// what changes nothing is not told, and a plan is filled from what Command has told.
import Access
import DutyDomain
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyRPC

@Suite struct ResponsePlanTests {
  func put(
    _ station: Station, request: String = "plan-\(UUID())",
    _ change: (inout Quintet_Duty_V1_PutResponsePlanRequest) -> Void = { _ in }
  ) async throws -> Quintet_Duty_V1_ResponsePlan {
    var message = Quintet_Duty_V1_PutResponsePlanRequest.with {
      $0.requestID = request
      $0.name = "一级响应 Level 1"
      $0.level = .incidentLevel1
      $0.takesFromLowerLevels = true
      $0.keepsCoverage = true
      $0.lines = [
        .with {
          $0.title = "先到 First"
          $0.count = 2
          $0.kinds = [.car]
          $0.withinS = 600
        }
      ]
    }
    change(&message)
    let service = ResponsePlanService(store: station.store, clock: { noon })
    return try await call("PutResponsePlan", of: "ResponsePlanService") { [message] in
      try await service.putResponsePlan(request: message, context: $0).plan
    }
  }

  func list(_ station: Station, size: Int32, token: String = "") async throws
    -> Quintet_Duty_V1_ListResponsePlansResponse
  {
    let service = ResponsePlanService(store: station.store, clock: { noon })
    return try await call("ListResponsePlans", of: "ResponsePlanService") { context in
      try await service.listResponsePlans(
        request: .with {
          $0.pageSize = size
          $0.pageToken = token
        }, context: context)
    }
  }

  func plan(
    _ station: Station, incident: String = "", request: String = ""
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    let service = DispatchPlanService(store: station.store, clock: { noon })
    return try await call("PlanDispatch", of: "DispatchPlanService") { context in
      try await service.planDispatch(
        request: .with {
          $0.requestID = request
          $0.incidentID = incident
          $0.incidentClass = .disaster
          $0.level = .incidentLevel1
          $0.point = point(28, 120.6)
        }, context: context
      ).recommendation
    }
  }

  @Test func aPlanIsKeptToldOnceAndChangedOnlyByWhoSawItsState() async throws {
    try await Station.with { station in
      let made = try await put(station, request: "one")
      #expect(made.etag == "1" && made.id.hasPrefix("plan_") && !made.isStandard)
      #expect(try await put(station, request: "one") == made)
      #expect(try await put(station) == made)
      #expect(try await station.events().count == 1)
      let stale = await refusal {
        try await put(station) {
          $0.etag = "7"
          $0.name = "别的 Other"
        }
      }
      #expect(stale?.reason == "ETAG_MISMATCH")
      let changed = try await put(station) {
        $0.etag = "1"
        $0.name = "新名 New name"
      }
      #expect(changed.etag == "2" && changed.id == made.id)
      #expect(try await station.events().count == 2)
      #expect(
        try await station.events().last?.type == Quintet_Duty_V1_ResponsePlanSet.protoMessageName)
    }
  }

  @Test func listsShowTheBureausPlansAndTheStandardOnesTheyDoNotReplace() async throws {
    try await Station.with { station in
      _ = try await put(station)
      _ = try await put(station) { $0.incidentClass = .massEvent }
      var names: [String] = []
      var token = ""
      repeat {
        let page = try await list(station, size: 2, token: token)
        names += page.plans.map { "\($0.level.rawValue) \($0.incidentClass) \($0.isStandard)" }
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(
        names == [
          "1 unspecified false", "1 massEvent false", "2 unspecified true", "3 unspecified true",
          "3 traffic true", "4 unspecified true",
        ])
    }
  }

  @Test(arguments: [
    ("REQUIRED", "lines"), ("TOO_MANY", "lines"), ("UNSPECIFIED", "level"),
    ("OUT_OF_RANGE", "lines[0].within_s"), ("REQUIRED", "lines[0].title"),
    ("UNSPECIFIED", "lines[0].kinds[0]"),
  ])
  func aBadPlanIsRefusedByFieldAndNothingIsKept(_ reason: String, _ field: String) async throws {
    try await Station.with { station in
      let refused = await refusal {
        try await put(station) { message in
          switch (reason, field) {
          case ("REQUIRED", "lines"): message.lines = []
          case ("TOO_MANY", _):
            message.lines = Array(repeating: message.lines[0], count: 2)
            message.lines[0].count = 20
            message.lines[1].count = 13
          case (_, "level"): message.level = .unspecified
          case (_, "lines[0].within_s"): message.lines[0].withinS = 7201
          case (_, "lines[0].title"): message.lines[0].title = " "
          default: message.lines[0].kinds = [.unspecified]
          }
        }
      }
      #expect(refused?.reason == reason)
      #expect(refused?.field == field)
      let told = try await station.events()
      #expect(told.isEmpty)
    }
  }

  // MARK: Filling

  func incident(
    _ name: String, level: Quintet_Type_V1_IncidentLevel, etag: String = "1",
    state: Quintet_Command_V1_IncidentState = .active
  ) throws -> Quintet_Events_V1_Event {
    let told = Quintet_Command_V1_IncidentMoved.with {
      $0.incident.id = id(name, IncidentTag.self).description
      $0.incident.level = level
      $0.incident.etag = etag
      $0.incident.state = state
    }
    let bytes: Data = try told.serializedBytes()
    return .with {
      $0.id = id("\(name) \(etag)", EventTag.self).description
      $0.type = Quintet_Command_V1_IncidentMoved.protoMessageName
      $0.payload.value = bytes
    }
  }

  @Test func aUnitIsTakenFromALowerIncidentAsLongAsThatIsOpen() async throws {
    try await Station.with { station in
      _ = try await put(station)
      let unit = try await station.putUnit("巡1")
      try await station.report([position(unit.id)])
      let unitID = try UnitID(parsing: unit.id)
      try await station.apply([
        try incident("low", level: .incidentLevel4),
        moved("a", unit: unitID, incident: "low", to: .enRoute),
      ])
      let taken = try await plan(station)
      #expect(taken.plan.lines[0].units.map(\.source) == [.reassigned])
      #expect(
        taken.plan.lines[0].units[0].takenFromIncidentIds
          == [id("low", IncidentTag.self).description])
      #expect(taken.plan.lines[0].missingCount == 1)
      #expect(!taken.plan.isComplete)
      // It turns out to be as grave; the event before is told again, and changes nothing.
      try await station.apply([
        try incident("low", level: .incidentLevel1, etag: "2"),
        try incident("low", level: .incidentLevel4),
      ])
      let left = try await plan(station)
      #expect(left.plan.lines[0].units.isEmpty)
      #expect(left.passedOver.map(\.reason) == [.assigned])
      #expect(left.passedOver[0].detail.hasSuffix("Not to be taken from there."))
    }
  }

  @Test func whatIsPlannedForAnIncidentIsToldOnceWithItsReasons() async throws {
    try await Station.with { station in
      _ = try await put(station)
      let unit = try await station.putUnit("巡1")
      try await station.report([position(unit.id)])
      let name = id("own", IncidentTag.self).description
      let answer = try await plan(station, incident: name, request: "ask")
      #expect(try await plan(station, incident: name, request: "ask") == answer)
      let told = try await station.events().filter {
        $0.type == Quintet_Duty_V1_RecommendationMade.protoMessageName
      }
      #expect(told.count == 1)
      let payload = try Quintet_Duty_V1_RecommendationMade(serializedBytes: told[0].payload)
      #expect(payload.recommendation == answer)
      #expect(answer.plan.planName == "一级响应 Level 1")
      #expect(answer.plan.summary.contains("需 2 个单元，已定 1 个"))
      #expect(answer.units[0].reason.hasPrefix("空闲："))
    }
  }

  // MARK: Nearby

  @Test func theUnitsInACircleAreListedNearestFirstWithTheirReasons() async throws {
    try await Station.with { station in
      for (name, north) in [("近", 0.001), ("中", 0.003), ("远", 0.009)] {
        let unit = try await station.putUnit(name, capabilities: name == "中" ? ["medic"] : [])
        try await station.report([position(unit.id, 28 + north)])
        if name == "近" { try await station.setStatus(unit.id, .notAvailable, .offDuty) }
      }
      func nearby(
        _ change: (inout Quintet_Duty_V1_ListUnitsNearbyRequest) -> Void = { _ in }
      ) async throws -> Quintet_Duty_V1_ListUnitsNearbyResponse {
        var message = Quintet_Duty_V1_ListUnitsNearbyRequest.with { $0.point = point(28, 120.6) }
        change(&message)
        return try await call("ListUnitsNearby") { [message] in
          try await station.units.listUnitsNearby(request: message, context: $0)
        }
      }
      let all = try await nearby()
      #expect(all.units.map(\.unit.callSign) == ["近", "中"])
      #expect(all.units.map(\.canBeSent) == [false, true])
      #expect(all.units[0].reason == "不可派：下勤。Not available: off duty.")
      #expect(abs(all.units[1].distanceM - 334) < 1)
      #expect(try await nearby { $0.radiusM = 1100 }.units.count == 3)
      #expect(try await nearby { $0.capabilities = ["medic"] }.units.count == 1)
      #expect(try await nearby { $0.availabilities = [.notAvailable] }.units.count == 1)
      #expect(try await nearby { $0.kinds = [.boat] }.units.isEmpty)
      let first = try await nearby { $0.pageSize = 1 }
      let second = try await nearby {
        $0.pageSize = 1
        $0.pageToken = first.nextPageToken
      }
      #expect((first.units + second.units).map(\.unit.callSign) == ["近", "中"])
      #expect(second.nextPageToken.isEmpty)
      let tooFar = await refusal { try await nearby { $0.radiusM = 50_001 } }
      #expect(tooFar?.field == "radius_m")
      // Whoever may see nothing sees nobody.
      let unseen = try await CallContext.$current.withValue(CallContext()) {
        try await withServerContextRPCCancellationHandle { handle in
          try await station.units.listUnitsNearby(
            request: .with { $0.point = point(28, 120.6) },
            context: ServerContext(
              descriptor: MethodDescriptor(
                fullyQualifiedService: "quintet.duty.v1.UnitService", method: "ListUnitsNearby"),
              remotePeer: "in-process:1", localPeer: "in-process:1", cancellation: handle))
        }
      }
      #expect(unseen.units.isEmpty)
    }
  }

  // MARK: Roads

  func importRoads(
    _ station: Station, request: String = UUID().uuidString, nodes: [(Int64, Double, Double)],
    edges: [(Int64, Int64, Double)], cut: Bool = false
  ) async throws -> Quintet_Duty_V1_ImportRoadsResponse {
    struct Broken: Error {}
    let stream = AsyncThrowingStream<Quintet_Duty_V1_ImportRoadsRequest, any Error> { stream in
      stream.yield(
        .with {
          $0.header.requestID = request
          $0.header.source = "试验 test"
        })
      stream.yield(
        .with {
          $0.batch.nodes = nodes.enumerated().map { line, node in
            .with {
              ($0.id, $0.latitude, $0.longitude) = node
              $0.line = Int32(line + 1)
            }
          }
          $0.batch.edges = edges.enumerated().map { line, edge in
            .with {
              ($0.fromID, $0.toID, $0.lengthM) = edge
              $0.roadClass = "primary"
              $0.line = Int32(nodes.count + line + 1)
            }
          }
        })
      stream.finish(throwing: cut ? Broken() : nil)
    }
    let service = RoadNetworkService(store: station.store, clock: { noon })
    return try await call("ImportRoads", of: "RoadNetworkService") { context in
      try await service.importRoads(
        request: RPCAsyncSequence(wrapping: stream), context: context)
    }
  }

  func estimate(_ station: Station) async throws -> Quintet_Duty_V1_EstimateTravelResponse {
    let service = RoadNetworkService(store: station.store, clock: { noon })
    return try await call("EstimateTravel", of: "RoadNetworkService") { context in
      try await service.estimateTravel(
        request: .with {
          $0.origins = [point(28, 120.6)]
          $0.destination = point(28, 120.61)
          $0.kind = .car
        }, context: context)
    }
  }

  @Test func roadsReplaceThoseBeforeAsAWholeAndBadOnesAreToldByLine() async throws {
    try await Station.with { station in
      #expect(try await estimate(station).estimator.hasPrefix("straight_line"))
      let nodes: [(Int64, Double, Double)] = [
        (1, 28, 120.6), (2, 28, 120.61), (2, 28, 120.62), (3, 91, 120.6),
      ]
      let answer = try await importRoads(
        station, request: "roads",
        nodes: nodes, edges: [(1, 2, 1500), (2, 9, 10), (2, 1, 0)])
      #expect(answer.network.edgeCount == 1 && answer.network.nodeCount == 2)
      #expect(answer.refusedCount == 4)
      #expect(
        answer.problems.map(\.message).map { $0.prefix(6) }
          == ["第 3 行", "第 4 行", "第 6 行", "第 7 行"].map { $0 + "：" })
      let times = try await estimate(station)
      #expect(abs(times.estimates[0].travelTimeS - 1500 / (50 / 3.6)) < 0.01)
      #expect(times.estimates[0].words.hasPrefix("沿路网 1500 米"))
      // The same again gives the same answer; other roads under that id are refused.
      let again = try await importRoads(
        station, request: "roads",
        nodes: nodes, edges: [(1, 2, 1500), (2, 9, 10), (2, 1, 0)])
      #expect(again.network == answer.network)
      await #expect(throws: RequestReused.self) {
        try await importRoads(station, request: "roads", nodes: nodes, edges: [(1, 2, 99)])
      }
      // A stream that breaks off, and one without a good road, change nothing.
      await #expect(throws: (any Error).self) {
        try await importRoads(station, nodes: nodes, edges: [(1, 2, 3000)], cut: true)
      }
      let empty = await refusal { try await importRoads(station, nodes: nodes, edges: []) }
      #expect(empty?.reason == "NETWORK_EMPTY")
      #expect(try await estimate(station) == times)
      // A new one takes its place; a station that starts anew reads it.
      let other = try await importRoads(station, nodes: nodes, edges: [(1, 2, 3000)])
      #expect(other.network.id != answer.network.id)
      #expect(try await estimate(station).estimates[0].wayM == 3000)
      let reopened = try Station(path: station.path)
      #expect(try await estimate(reopened).estimates[0].wayM == 3000)
      try await reopened.database.close()
    }
  }
}
