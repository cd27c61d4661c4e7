// Coverage and deployments through the real store and the real services: from command's events to a
// suggestion, the leader's word, and what came of it; who may, what is refused, and that a repeat
// changes nothing.
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

@Suite struct DeploymentServiceTests {
  typealias Past = Quintet_Duty_V1_ImportPastCallsRequest
  typealias Suggest = Quintet_Duty_V1_SuggestDeploymentRequest
  typealias Accept = Quintet_Duty_V1_AcceptDeploymentRequest

  /// The post of the tests: 10 km square, one car in its south-west.
  struct Post {
    let station: Station
    let service: DeploymentService
    let coverage: CoverageService
    let orgUnit: String
    let unit: String

    init(_ station: Station) async throws {
      self.station = station
      service = DeploymentService(store: station.store, clock: { noon })
      coverage = CoverageService(store: station.store, clock: { noon })
      orgUnit = try await station.putOrgUnit("P1", .station).id
      try await station.putJurisdiction(
        orgUnit, .other, [(28, 120.6), (28, 120.7), (28.09, 120.7), (28.09, 120.6)])
      unit = try await station.putUnit("巡1", orgUnit: orgUnit).id
      try await station.report([position(unit, 28.001, 120.601)])
    }

    /// noon is eight in the morning of 2016-12-31 in Shanghai.
    static let date = "2016-12-31"

    func past(
      _ calls: [(Double, Double, Int, Quintet_Type_V1_IncidentOrigin)], request: String = "past"
    ) async throws {
      _ = try await call("ImportPastCalls", of: "DeploymentService") { context in
        try await service.importPastCalls(
          request: Past.with {
            $0.requestID = request
            $0.source = "old"
            $0.calls = calls.enumerated().map { index, told in
              .with {
                $0.reference = "\(request) \(index)"
                $0.origin = told.3
                $0.point = point(told.0, told.1)
                $0.receiveTime = noon.addingTimeInterval(Double(-told.2) * 86_400 + 7200).timestamp
              }
            }
          }, context: context)
      }
    }

    static func suggestion(_ orgUnit: String, request: String = "ask") -> Suggest {
      .with {
        $0.requestID = request
        $0.orgUnitID = orgUnit
        $0.date = date
        $0.startHour = 9
        $0.hourCount = 6
      }
    }

    func suggest(
      request: String = "ask", reach: Reach = .everywhere
    ) async throws -> Quintet_Duty_V1_Deployment {
      try await call(
        "SuggestDeployment", of: "DeploymentService", as: "person/leader", reach: reach
      ) {
        try await service.suggestDeployment(
          request: Self.suggestion(orgUnit, request: request), context: $0
        ).deployment
      }
    }

    func accept(
      _ id: String, request: String = "yes", at time: Date = noon, reach: Reach = .everywhere,
      _ change: (inout Accept) -> Void = { _ in }
    ) async throws -> Quintet_Duty_V1_Deployment {
      var message = Accept.with {
        $0.requestID = request
        $0.deploymentID = id
        $0.occurTime = time.timestamp
      }
      change(&message)
      return try await call(
        "AcceptDeployment", of: "DeploymentService", as: "person/leader", reach: reach
      ) { [message] in
        try await service.acceptDeployment(request: message, context: $0).deployment
      }
    }
  }

  static func with(_ body: (Post) async throws -> Void) async throws {
    try await Station.with { try await body(try await Post($0)) }
  }

  /// Forty calls in the north-east at ten in the morning.
  static let north = (1...20).flatMap { day in
    (0..<2).map {
      (28.06 + Double($0) / 1000, 120.66, day, Quintet_Type_V1_IncidentOrigin.citizenReported)
    }
  }

  @Test func aSuggestionIsAcceptedOnceAndTheUnitsSeeIt() async throws {
    try await Self.with { post in
      try await post.past(Self.north)
      let made = try await post.suggest()
      #expect(made.state == .proposed && made.posts.isEmpty && made.etag == "1")
      #expect(made.suggestion.posts.map(\.isMoved) == [true])
      #expect(made.suggestion.posts[0].placeName == "机构 P1")
      let gains = made.suggestion.gains
      #expect(gains.map(\.callCount) == [40, 0] && gains.map(\.beforeCount) == [0, 0])
      #expect(gains.map(\.afterCount) == [40, 0])
      #expect(made.suggestion.basis.countedCount == 40 && made.suggestedBy == "person/leader")
      // The same request has the same answer, a new one its own deployment of the same content.
      #expect(try await post.suggest() == made)
      #expect(try await post.suggest(request: "again").suggestion == made.suggestion)
      let stale = await refusal { try await post.accept(made.id, request: "old") { $0.etag = "9" } }
      #expect(stale?.reason == "ETAG_MISMATCH")
      let accepted = try await post.accept(made.id)
      #expect(accepted.state == .accepted && !accepted.isChanged && accepted.etag == "2")
      #expect(accepted.posts == made.suggestion.posts && accepted.gains == gains)
      #expect(try await post.accept(made.id) == accepted)
      let twice = await refusal { try await post.accept(made.id, request: "twice") }
      #expect(twice?.reason == "MOVE_NOT_ALLOWED")
      // The unit sees what it is in, and no suggestion.
      let seen = try await call(
        "ListDeployments", of: "DeploymentService", reach: Reach(seat: post.unit)
      ) {
        try await post.service.listDeployments(request: .init(), context: $0).deployments
      }
      #expect(seen.map(\.id) == [made.id])
      let told = try await post.station.events().filter {
        $0.type == Quintet_Duty_V1_DeploymentMoved.protoMessageName
      }
      #expect(told.count == 3)
      let last = try Quintet_Duty_V1_DeploymentMoved(serializedBytes: told[2].payload)
      #expect(last.from == .proposed && last.deployment.state == .accepted)
    }
  }

  @Test func anyNumberOfWhatPatrolsFoundChangesNoSuggestion() async throws {
    try await Self.with { post in
      try await post.past(Self.north)
      let plain = try await post.suggest().suggestion
      for round in 0..<3 {
        try await post.past(
          (0..<300).map { (28.01, 120.69, 1 + $0 % 20, .officerDiscovered) },
          request: "found-\(round)")
        let mixed = try await post.suggest(request: "with-\(round)").suggestion
        #expect(mixed.posts == plain.posts && mixed.gains == plain.gains)
        #expect(mixed.summary == plain.summary)
        #expect(mixed.basis.leftOut.map(\.count) == [Int64(300 * (round + 1))])
      }
      // They are shown, apart.
      let demand = try await call("GetDemand", of: "DeploymentService") { context in
        try await post.service.getDemand(
          request: .with { $0.orgUnitID = post.orgUnit }, context: context)
      }
      #expect(demand.places.map { $0.citizenHours.reduce(0, +) } == [0, 20, 20])
      #expect(demand.places.map { $0.discoveredHours.reduce(0, +) } == [900, 0, 0])
      #expect(demand.places[1].citizenHours[10] == 20)
    }
  }

  @Test func aLeadersOwnPostsNeedAReasonAndAreHeldToTheHours() async throws {
    try await Self.with { post in
      try await post.past(Self.north)
      let made = try await post.suggest()
      func chosen(_ from: Int, _ until: Int) -> Quintet_Duty_V1_ChosenPost {
        .with {
          $0.unitID = post.unit
          $0.point = point(28.03, 120.63)
          $0.startTime = noon.addingTimeInterval(Double(from) * 3600).timestamp
          $0.endTime = noon.addingTimeInterval(Double(until) * 3600).timestamp
        }
      }
      let before = try await post.station.rows()
      let cases: [([Quintet_Duty_V1_ChosenPost], String, String, String)] = [
        ([chosen(1, 4)], "", "REQUIRED", "reason"),
        ([chosen(0, 4)], "因", "HOURS_INVALID", "posts[0].start_time"),
        ([chosen(1, 8)], "因", "HOURS_INVALID", "posts[0].start_time"),
        ([chosen(4, 1)], "因", "HOURS_INVALID", "posts[0].end_time"),
        ([chosen(1, 4), chosen(3, 5)], "因", "HOURS_OVERLAP", "posts[1].start_time"),
      ]
      for (index, (posts, reason, expected, field)) in cases.enumerated() {
        let refused = await refusal {
          try await post.accept(made.id, request: "bad-\(index)") {
            $0.posts = posts
            $0.reason = reason
          }
        }
        #expect(refused?.reason == expected && refused?.field == field, "\(index)")
      }
      #expect(try await post.station.rows() == before)
      let changed = try await post.accept(made.id) {
        $0.posts = [chosen(1, 4)]
        $0.reason = "学校放学 school is out"
      }
      #expect(changed.isChanged && changed.reason == "学校放学 school is out")
      #expect(changed.posts.map(\.callSign) == ["巡1"] && changed.posts[0].isMoved)
      // What it gains is judged by the same model: from there the north is too far.
      #expect(changed.gains[0].callCount == 40)
      #expect(changed.gains[0].afterCount < made.suggestion.gains[0].afterCount)
      #expect(changed.decidedBy == "person/leader")
    }
  }

  @Test func whoseAreaItIsNotNeitherSuggestsNorSeesNorDecides() async throws {
    try await Self.with { post in
      try await post.past(Self.north)
      let other = try await post.station.putOrgUnit("P2", .station).id
      let reach = Reach(areas: [other])
      let outside = await refusal { try await post.suggest(reach: reach) }
      #expect(outside?.code == .permissionDenied)
      let made = try await post.suggest(reach: Reach(areas: [post.orgUnit]))
      let unseen = await refusal { try await post.accept(made.id, reach: reach) }
      #expect(unseen?.reason == "DEPLOYMENT_UNKNOWN")
      let listed = try await call("ListDeployments", of: "DeploymentService", reach: reach) {
        try await post.service.listDeployments(request: .init(), context: $0).deployments
      }
      #expect(listed.isEmpty)
      // A unit that is in it reads it, and decides nothing.
      _ = try await post.accept(made.id, reach: Reach(areas: [post.orgUnit]))
      let byUnit = await refusal {
        try await call(
          "WithdrawDeployment", of: "DeploymentService", reach: Reach(seat: post.unit)
        ) { context in
          try await post.service.withdrawDeployment(
            request: .with {
              $0.requestID = "off"
              $0.deploymentID = made.id
              $0.reason = "因"
            }, context: context)
        }
      }
      #expect(byUnit?.reason == "OUTSIDE_AREA")
    }
  }
}
