// Coverage and deployments against what they must refuse: the code, the reason and the field, and that
// nothing changed.
import DutyDomain
import DutyRPC
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct DeploymentBadInputTests {
  let table = BadInputTests()
  let long = String(repeating: "长", count: 600)
  let future = noon.addingTimeInterval(60).timestamp
  let nowhere = id("nowhere", OrgUnitTag.self).description

  @Test func suggestDeployment() async throws {
    try await DeploymentServiceTests.with { post in
      try await table.check(
        post.station, "SuggestDeployment", of: "DeploymentService",
        good: DeploymentServiceTests.Post.suggestion(post.orgUnit),
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.orgUnitID = "" }, .invalidArgument, "REQUIRED", "org_unit_id"),
          ({ $0.orgUnitID = "x" }, .invalidArgument, "ID_INVALID", "org_unit_id"),
          ({ $0.orgUnitID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          ({ $0.date = "" }, .invalidArgument, "REQUIRED", "date"),
          ({ $0.date = "2016-02-30" }, .invalidArgument, "DATE_INVALID", "date"),
          ({ $0.date = "2017-01-08" }, .invalidArgument, "DATE_TOO_FAR", "date"),
          ({ $0.startHour = 24 }, .invalidArgument, "OUT_OF_RANGE", "start_hour"),
          ({ $0.startHour = -1 }, .invalidArgument, "OUT_OF_RANGE", "start_hour"),
          ({ $0.hourCount = 25 }, .invalidArgument, "OUT_OF_RANGE", "hour_count"),
          ({ $0.windowHours = 13 }, .invalidArgument, "OUT_OF_RANGE", "window_hours"),
          ({ $0.radiusM = 99 }, .invalidArgument, "OUT_OF_RANGE", "radius_m"),
          ({ $0.radiusM = .nan }, .invalidArgument, "OUT_OF_RANGE", "radius_m"),
          ({ $0.days = 6 }, .invalidArgument, "OUT_OF_RANGE", "days"),
          ({ $0.unitIds = ["x"] }, .invalidArgument, "ID_INVALID", "unit_ids[0]"),
          (
            { $0.unitIds = [id("nobody", UnitTag.self).description] }, .notFound, "UNIT_UNKNOWN",
            "unit_ids[0]"
          ),
          (
            { $0.unitIds = Array(repeating: post.unit, count: 31) }, .invalidArgument, "TOO_MANY",
            "unit_ids"
          ),
          ({ $0.asOfTime = future }, .invalidArgument, "TIME_IN_FUTURE", "as_of_time"),
        ]
      ) { try await post.service.suggestDeployment(request: $0, context: $1) }
      let bare = try await post.station.putOrgUnit("P9", .station).id
      let noArea = await refusal {
        try await call("SuggestDeployment", of: "DeploymentService") {
          try await post.service.suggestDeployment(
            request: DeploymentServiceTests.Post.suggestion(bare, request: "bare"), context: $0)
        }
      }
      #expect(noArea?.reason == "AREA_MISSING")
      try await post.station.putJurisdiction(bare, .other, [(29, 120), (29, 121), (30, 121)])
      let nobody = await refusal {
        try await call("SuggestDeployment", of: "DeploymentService") {
          try await post.service.suggestDeployment(
            request: DeploymentServiceTests.Post.suggestion(bare, request: "bare"), context: $0)
        }
      }
      #expect(nobody?.reason == "NO_UNITS")
    }
  }

  @Test func importPastCalls() async throws {
    try await DeploymentServiceTests.with { post in
      try await table.check(
        post.station, "ImportPastCalls", of: "DeploymentService",
        good: Quintet_Duty_V1_ImportPastCallsRequest.with {
          $0.requestID = "r"
          $0.source = "old"
          $0.calls = [
            .with {
              $0.reference = "1"
              $0.origin = .citizenReported
              $0.point = point(28, 120.6)
              $0.receiveTime = noon.timestamp
            }
          ]
        },
        [
          ({ $0.source = "" }, .invalidArgument, "REQUIRED", "source"),
          ({ $0.source = "某系统" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "source"),
          ({ $0.calls = [] }, .invalidArgument, "REQUIRED", "calls"),
          (
            { $0.calls = Array(repeating: $0.calls[0], count: 1001) }, .invalidArgument,
            "TOO_MANY", "calls"
          ),
          ({ $0.calls[0].reference = " " }, .invalidArgument, "REQUIRED", "calls[0].reference"),
          ({ $0.calls[0].reference = long }, .invalidArgument, "TOO_LONG", "calls[0].reference"),
          (
            { $0.calls[0].origin = .unspecified }, .invalidArgument, "UNSPECIFIED",
            "calls[0].origin"
          ),
          (
            { $0.calls[0].incidentClass = .UNRECOGNIZED(99) }, .invalidArgument, "UNSPECIFIED",
            "calls[0].incident_class"
          ),
          ({ $0.calls[0].clearPoint() }, .invalidArgument, "REQUIRED", "calls[0].point"),
          (
            { $0.calls[0].point.datum = .unspecified }, .invalidArgument, "DATUM_REQUIRED",
            "calls[0].point.datum"
          ),
          (
            { $0.calls[0].clearReceiveTime() }, .invalidArgument, "REQUIRED",
            "calls[0].receive_time"
          ),
          (
            { $0.calls[0].receiveTime = future }, .invalidArgument, "TIME_IN_FUTURE",
            "calls[0].receive_time"
          ),
        ]
      ) { try await post.service.importPastCalls(request: $0, context: $1) }
    }
  }

  @Test func refuseDeployment() async throws {
    try await DeploymentServiceTests.with { post in
      let made = try await post.suggest()
      try await table.check(
        post.station, "RefuseDeployment", of: "DeploymentService",
        good: Quintet_Duty_V1_RefuseDeploymentRequest.with {
          $0.requestID = "r"
          $0.deploymentID = made.id
          $0.etag = made.etag
          $0.reason = "另有安排"
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.deploymentID = "" }, .invalidArgument, "REQUIRED", "deployment_id"),
          ({ $0.deploymentID = "dpl_x" }, .invalidArgument, "ID_INVALID", "deployment_id"),
          (
            { $0.deploymentID = id("none", DeploymentTag.self).description }, .notFound,
            "DEPLOYMENT_UNKNOWN", "deployment_id"
          ),
          ({ $0.etag = "7" }, .aborted, "ETAG_MISMATCH", "etag"),
          ({ $0.reason = " " }, .invalidArgument, "REQUIRED", "reason"),
          ({ $0.reason = long }, .invalidArgument, "TOO_LONG", "reason"),
          ({ $0.occurTime = future }, .invalidArgument, "TIME_IN_FUTURE", "occur_time"),
        ]
      ) { try await post.service.refuseDeployment(request: $0, context: $1) }
    }
  }

  @Test func getCoverageAndItsSamples() async throws {
    try await DeploymentServiceTests.with { post in
      try await table.check(
        post.station, "GetCoverage", of: "CoverageService",
        good: Quintet_Duty_V1_GetCoverageRequest(),
        [
          ({ $0.orgUnitID = "x" }, .invalidArgument, "ID_INVALID", "org_unit_id"),
          ({ $0.orgUnitID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          ({ $0.cellM = 99 }, .invalidArgument, "OUT_OF_RANGE", "cell_m"),
          ({ $0.cellM = 5001 }, .invalidArgument, "OUT_OF_RANGE", "cell_m"),
          ({ $0.days = 91 }, .invalidArgument, "OUT_OF_RANGE", "days"),
          ({ $0.asOfTime = future }, .invalidArgument, "TIME_IN_FUTURE", "as_of_time"),
        ]
      ) { try await post.coverage.getCoverage(request: $0, context: $1) }
      try await table.check(
        post.station, "ListCoverageSamples", of: "CoverageService",
        good: Quintet_Duty_V1_ListCoverageSamplesRequest(),
        [
          ({ $0.orgUnitID = nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          ({ $0.pageSize = 501 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          ({ $0.pageToken = "x" }, .invalidArgument, "PAGE_TOKEN_INVALID", "page_token"),
          (
            { $0.startTime = noon.addingTimeInterval(1).timestamp }, .invalidArgument,
            "TIMES_REVERSED", "end_time"
          ),
          (
            { $0.startTime = noon.addingTimeInterval(-32 * 86_400).timestamp }, .invalidArgument,
            "OUT_OF_RANGE", "end_time"
          ),
          ({ $0.startTime.nanos = -1 }, .invalidArgument, "OUT_OF_RANGE", "start_time"),
        ]
      ) { try await post.coverage.listCoverageSamples(request: $0, context: $1) }
    }
  }
}
