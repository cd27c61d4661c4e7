// Every RPC against what it must refuse: the code, the reason and the field, and that nothing
// changed. (ReportPositions, which refuses inside its stream, has its table in PositionTests.)
import DutyDomain
import DutyRPC
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct BadInputTests {
  /// Changes of a request that is good without them.
  typealias Changes<Request> = [(
    change: (inout Request) -> Void, code: RPCError.Code, reason: String, field: String?
  )]

  func check<Request: Message, R>(
    _ station: Station, _ method: String, of service: String = "UnitService", good: Request,
    _ changes: Changes<Request>, _ body: (Request, ServerContext) async throws -> R
  ) async throws {
    let before = try await station.rows()
    for (index, bad) in changes.enumerated() {
      var request = good
      bad.change(&request)
      let failure = await refusal {
        try await call(method, of: service) { [request] in try await body(request, $0) }
      }
      let what: Comment = "\(method) \(index): \(bad.reason) \(bad.field ?? "")"
      #expect(failure?.code == bad.code, what)
      #expect(failure?.reason == bad.reason, what)
      #expect(failure?.field == bad.field, what)
    }
    #expect(try await station.rows() == before, "\(method) changed something")
    // Without its faults the request is taken, so the faults were the reason.
    _ = try await call(method, of: service) { try await body(good, $0) }
  }

  let long = String(repeating: "长", count: 81)
  let future = noon.addingTimeInterval(5.001).timestamp
  let nobody = id("nobody", UnitTag.self).description
  let nowhere = id("nowhere", OrgUnitTag.self).description

  @Test func putOrgUnit() async throws {
    try await Station.with { station in
      try await check(
        station, "PutOrgUnit", of: "OrganisationService",
        good: Quintet_Duty_V1_PutOrgUnitRequest.with {
          $0.requestID = "r"
          $0.code = "330304"
          $0.name = "瓯海分局"
          $0.rank = .county
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          (
            { $0.requestID = String(repeating: "x", count: 129) }, .invalidArgument, "TOO_LONG",
            "request_id"
          ),
          ({ $0.requestID = "请求" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "request_id"),
          ({ $0.code = "" }, .invalidArgument, "REQUIRED", "code"),
          (
            { $0.code = String(repeating: "1", count: 33) }, .invalidArgument, "TOO_LONG", "code"
          ),
          ({ $0.code = "a_b" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "code"),
          ({ $0.name = " " }, .invalidArgument, "REQUIRED", "name"),
          ({ $0.name = long }, .invalidArgument, "TOO_LONG", "name"),
          ({ $0.name = "a\u{0}" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "name"),
          ({ $0.rank = .unspecified }, .invalidArgument, "UNSPECIFIED", "rank"),
          ({ $0.rank = .UNRECOGNIZED(9) }, .invalidArgument, "UNSPECIFIED", "rank"),
          ({ $0.parentID = "x" }, .invalidArgument, "ID_INVALID", "parent_id"),
          ({ $0.parentID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "parent_id"),
          ({ $0.occurTime = future }, .invalidArgument, "TIME_IN_FUTURE", "occur_time"),
          ({ $0.occurTime.nanos = -1 }, .invalidArgument, "OUT_OF_RANGE", "occur_time"),
        ]
      ) { try await station.organisation.putOrgUnit(request: $0, context: $1) }
    }
  }

  @Test func putJurisdiction() async throws {
    try await Station.with { station in
      let orgUnit = try await station.putOrgUnit("1", .county).id
      let corners = [point(0, 0), point(0, 1), point(1, 1)]
      try await check(
        station, "PutJurisdiction", of: "OrganisationService",
        good: Quintet_Duty_V1_PutJurisdictionRequest.with {
          $0.requestID = "r"
          $0.orgUnitID = orgUnit
          $0.areaClass = .centre
          $0.area.corners = corners
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.orgUnitID = "" }, .invalidArgument, "REQUIRED", "org_unit_id"),
          ({ $0.orgUnitID = nobody }, .invalidArgument, "ID_INVALID", "org_unit_id"),
          ({ $0.orgUnitID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          ({ $0.areaClass = .unspecified }, .invalidArgument, "UNSPECIFIED", "area_class"),
          ({ $0.areaClass = .UNRECOGNIZED(9) }, .invalidArgument, "UNSPECIFIED", "area_class"),
          ({ $0.clearArea() }, .invalidArgument, "REQUIRED", "area"),
          ({ $0.area.corners.removeLast() }, .invalidArgument, "TOO_FEW_CORNERS", "area.corners"),
          (
            { $0.area.corners = Array(repeating: corners[0], count: 2001) }, .invalidArgument,
            "TOO_MANY", "area.corners"
          ),
          (
            { $0.area.corners[1].datum = .unspecified }, .invalidArgument, "DATUM_REQUIRED",
            "area.corners[1].datum"
          ),
          ({ $0.area.corners[1].datum = .gcj02 }, .invalidArgument, "DATUM_MIXED", "area.corners"),
          (
            { $0.area.corners[2].latitude = 91 }, .invalidArgument, "OUT_OF_RANGE",
            "area.corners[2].latitude"
          ),
          (
            { $0.area.corners[2] = point(0, 0) }, .invalidArgument, "POLYGON_INVALID",
            "area.corners"
          ),
          ({ $0.occurTime = future }, .invalidArgument, "TIME_IN_FUTURE", "occur_time"),
        ]
      ) { try await station.organisation.putJurisdiction(request: $0, context: $1) }
    }
  }

  @Test func locatePoint() async throws {
    try await Station.with { station in
      try await check(
        station, "LocatePoint", of: "OrganisationService",
        good: Quintet_Duty_V1_LocatePointRequest.with { $0.point = point(0, 0) },
        [
          ({ $0.clearPoint() }, .invalidArgument, "REQUIRED", "point"),
          (
            { $0.point.datum = .unspecified }, .invalidArgument, "DATUM_REQUIRED", "point.datum"
          ),
          (
            { $0.point.longitude = -181 }, .invalidArgument, "OUT_OF_RANGE", "point.longitude"
          ),
        ]
      ) { try await station.organisation.locatePoint(request: $0, context: $1) }
    }
  }

  @Test func lists() async throws {
    try await Station.with { station in
      try await check(
        station, "ListOrgUnits", of: "OrganisationService",
        good: Quintet_Duty_V1_ListOrgUnitsRequest(),
        [
          ({ $0.pageSize = -1 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          ({ $0.pageSize = 501 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          ({ $0.pageToken = "%" }, .invalidArgument, "PAGE_TOKEN_INVALID", "page_token"),
        ]
      ) { try await station.organisation.listOrgUnits(request: $0, context: $1) }
      try await check(
        station, "ListJurisdictions", of: "OrganisationService",
        good: Quintet_Duty_V1_ListJurisdictionsRequest(),
        [
          ({ $0.pageSize = 501 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          (
            { $0.pageToken = PageToken.encode(["1"]) }, .invalidArgument, "PAGE_TOKEN_INVALID",
            "page_token"
          ),
          (
            { $0.pageToken = PageToken.encode(["1", "x"]) }, .invalidArgument,
            "PAGE_TOKEN_INVALID", "page_token"
          ),
        ]
      ) { try await station.organisation.listJurisdictions(request: $0, context: $1) }
      try await check(
        station, "ListUnits", good: Quintet_Duty_V1_ListUnitsRequest(),
        [
          ({ $0.pageSize = 501 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          (
            { $0.pageToken = PageToken.encode(["1", "2"]) }, .invalidArgument,
            "PAGE_TOKEN_INVALID", "page_token"
          ),
        ]
      ) { try await station.units.listUnits(request: $0, context: $1) }
    }
  }

  @Test func putUnit() async throws {
    try await Station.with { station in
      try await check(
        station, "PutUnit",
        good: Quintet_Duty_V1_PutUnitRequest.with {
          $0.requestID = "r"
          $0.callSign = "巡 101"
          $0.kind = .car
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.callSign = "" }, .invalidArgument, "REQUIRED", "call_sign"),
          ({ $0.callSign = long }, .invalidArgument, "TOO_LONG", "call_sign"),
          ({ $0.kind = .unspecified }, .invalidArgument, "UNSPECIFIED", "kind"),
          ({ $0.kind = .UNRECOGNIZED(99) }, .invalidArgument, "UNSPECIFIED", "kind"),
          ({ $0.orgUnitID = "org" }, .invalidArgument, "ID_INVALID", "org_unit_id"),
          ({ $0.orgUnitID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          (
            { $0.capabilities = (0..<17).map { "c\($0)" } }, .invalidArgument, "TOO_MANY",
            "capabilities"
          ),
          (
            { $0.capabilities = ["medic", "Boat"] }, .invalidArgument, "CHARACTERS_NOT_ALLOWED",
            "capabilities[1]"
          ),
          ({ $0.capabilities = [""] }, .invalidArgument, "REQUIRED", "capabilities[0]"),
          ({ $0.occurTime = future }, .invalidArgument, "TIME_IN_FUTURE", "occur_time"),
        ]
      ) { try await station.units.putUnit(request: $0, context: $1) }
    }
  }

  @Test func getUnit() async throws {
    try await Station.with { station in
      try await station.putUnit("U1")
      try await check(
        station, "GetUnit", good: Quintet_Duty_V1_GetUnitRequest.with { $0.unitID = "U1" },
        [
          ({ $0.unitID = "" }, .invalidArgument, "REQUIRED", "unit_id"),
          ({ $0.unitID = long }, .invalidArgument, "TOO_LONG", "unit_id"),
          ({ $0.unitID = nobody }, .notFound, "UNIT_UNKNOWN", "unit_id"),
        ]
      ) { try await station.units.getUnit(request: $0, context: $1) }
    }
  }

  @Test func setUnitStatus() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.setStatus(unit, .available, .staging)
      try await check(
        station, "SetUnitStatus",
        good: Quintet_Duty_V1_SetUnitStatusRequest.with {
          $0.requestID = "r"
          $0.unitID = unit
          $0.etag = "2"
          $0.availability = .notAvailable
          $0.secondaryStatus = .outOfService
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.unitID = "" }, .invalidArgument, "REQUIRED", "unit_id"),
          ({ $0.unitID = "U1" }, .invalidArgument, "ID_INVALID", "unit_id"),
          ({ $0.unitID = nobody }, .notFound, "UNIT_UNKNOWN", "unit_id"),
          ({ $0.etag = "1" }, .aborted, "ETAG_MISMATCH", "etag"),
          ({ $0.availability = .unspecified }, .invalidArgument, "UNSPECIFIED", "availability"),
          (
            { $0.availability = .UNRECOGNIZED(9) }, .invalidArgument, "UNSPECIFIED",
            "availability"
          ),
          (
            { $0.secondaryStatus = .enRoute }, .invalidArgument, "UNSPECIFIED",
            "secondary_status"
          ),
          (
            { $0.secondaryStatus = .UNRECOGNIZED(99) }, .invalidArgument, "UNSPECIFIED",
            "secondary_status"
          ),
          ({ $0.occurTime = future }, .invalidArgument, "TIME_IN_FUTURE", "occur_time"),
          (
            { $0.occurTime = noon.addingTimeInterval(-1).timestamp }, .failedPrecondition,
            "TIME_BEFORE_LAST_CHANGE", nil
          ),
        ]
      ) { try await station.units.setUnitStatus(request: $0, context: $1) }
    }
  }

  @Test func recommendUnits() async throws {
    try await Station.with { station in
      try await check(
        station, "RecommendUnits",
        good: Quintet_Duty_V1_RecommendUnitsRequest.with {
          $0.requestID = "r"
          $0.incidentID = id("1", IncidentTag.self).description
          $0.point = point(28, 120)
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.incidentID = nobody }, .invalidArgument, "ID_INVALID", "incident_id"),
          ({ $0.clearPoint() }, .invalidArgument, "REQUIRED", "point"),
          (
            { $0.point.datum = .unspecified }, .invalidArgument, "DATUM_REQUIRED", "point.datum"
          ),
          ({ $0.point.latitude = 90.5 }, .invalidArgument, "OUT_OF_RANGE", "point.latitude"),
          ({ $0.limit = 21 }, .invalidArgument, "OUT_OF_RANGE", "limit"),
          ({ $0.limit = -1 }, .invalidArgument, "OUT_OF_RANGE", "limit"),
          (
            { $0.capabilities = (0..<17).map { "c\($0)" } }, .invalidArgument, "TOO_MANY",
            "capabilities"
          ),
          (
            { $0.capabilities = ["a b"] }, .invalidArgument, "CHARACTERS_NOT_ALLOWED",
            "capabilities[0]"
          ),
          ({ $0.asOfTime = future }, .invalidArgument, "TIME_IN_FUTURE", "as_of_time"),
        ]
      ) { try await station.units.recommendUnits(request: $0, context: $1) }
    }
  }

  @Test func putTravelModel() async throws {
    try await Station.with { station in
      try await check(
        station, "PutTravelModel",
        good: Quintet_Duty_V1_PutTravelModelRequest.with {
          $0.requestID = "r"
          $0.model.detourFactor = 1.4
          $0.model.speedMps = 8
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.clearModel() }, .invalidArgument, "REQUIRED", "model"),
          (
            { $0.model.detourFactor = 0.9 }, .invalidArgument, "OUT_OF_RANGE",
            "model.detour_factor"
          ),
          ({ $0.model.speedMps = 0.4 }, .invalidArgument, "OUT_OF_RANGE", "model.speed_mps"),
          ({ $0.model.speedMps = .nan }, .invalidArgument, "OUT_OF_RANGE", "model.speed_mps"),
          ({ $0.model.turnoutS = 601 }, .invalidArgument, "OUT_OF_RANGE", "model.turnout_s"),
        ]
      ) { try await station.units.putTravelModel(request: $0, context: $1) }
    }
  }
}
