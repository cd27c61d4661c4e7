// What came of a deployment, from command's events as they come, late and corrected ones among them; and
// the watch, which looks at each full hour and at what is over.
import Access
import DutyDomain
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import DutyRPC
@testable import DutySubscriptions

@Suite struct DeploymentOutcomeTests {
  typealias Post = DeploymentServiceTests.Post

  // MARK: What command tells

  func incident(
    _ name: String, etag: String = "1", state: Quintet_Command_V1_IncidentState = .active,
    from: Quintet_Command_V1_IncidentState = .new,
    origin: Quintet_Type_V1_IncidentOrigin = .citizenReported, latitude: Double = 28.06,
    longitude: Double = 120.66, after seconds: Double = 3 * 3600
  ) throws -> Quintet_Events_V1_Event {
    let told = Quintet_Command_V1_IncidentMoved.with {
      $0.incident.id = id(name, IncidentTag.self).description
      $0.incident.etag = etag
      $0.incident.state = state
      $0.incident.origin = origin
      $0.incident.receiveTime = noon.addingTimeInterval(seconds).timestamp
      $0.incident.location.point = point(latitude, longitude)
      $0.from = from
    }
    let bytes: Data = try told.serializedBytes()
    return .with {
      $0.id = id("\(name) \(etag)", EventTag.self).description
      $0.type = Quintet_Command_V1_IncidentMoved.protoMessageName
      $0.payload.value = bytes
    }
  }

  func arrival(_ name: String, after seconds: Double) throws -> Quintet_Events_V1_Event {
    let told = Quintet_Command_V1_AssignmentMoved.with {
      $0.assignment.id = id("a \(name)", AssignmentTag.self).description
      $0.assignment.unitID = id("u", UnitTag.self).description
      $0.assignment.incidentID = id(name, IncidentTag.self).description
      $0.assignment.state = .onScene
      $0.assignment.dispatchTime = noon.timestamp
      $0.assignment.arriveTime = noon.addingTimeInterval(seconds).timestamp
    }
    let bytes: Data = try told.serializedBytes()
    return .with {
      $0.id = id("a \(name)", EventTag.self).description
      $0.type = Quintet_Command_V1_AssignmentMoved.protoMessageName
      $0.payload.value = bytes
    }
  }

  func compare(
    _ post: Post, _ id: String, after hours: Double, request: String
  ) async throws -> Quintet_Duty_V1_Deployment {
    let later = noon.addingTimeInterval(hours * 3600)
    let service = DeploymentService(store: post.station.store, clock: { later })
    return try await call("CompareDeployment", of: "DeploymentService") { context in
      try await service.compareDeployment(
        request: .with {
          $0.requestID = request
          $0.deploymentID = id
        }, context: context
      ).deployment
    }
  }

  @Test func whatCameOfItIsComparedWithWhatWouldHaveComeAndCorrected() async throws {
    try await DeploymentServiceTests.with { post in
      try await post.past(DeploymentServiceTests.north)
      let made = try await post.accept(try await post.suggest().id)
      let early = await refusal { try await compare(post, made.id, after: 1, request: "early") }
      #expect(early?.reason == "DEPLOYMENT_NOT_OVER")
      // One where the unit went, one where it stood, and what does not count; arrivals before their
      // incidents, and an event of before applied after its correction.
      try await post.station.apply([
        arrival("there", after: 250), try incident("there"),
        try incident("old", latitude: 28.002, longitude: 120.601),
        try incident("found", origin: .officerDiscovered),
        try incident("merged", state: .merged), try incident("called off", state: .cancelled),
        try incident("handed", etag: "3", state: .closed, from: .diverted),
        try incident("handed", etag: "2", state: .diverted),
        try incident("late", after: 8 * 3600),
      ])
      let compared = try await compare(post, made.id, after: 8, request: "one")
      let outcome = compared.outcome
      #expect(compared.state == .ended && outcome.callCount == 2)
      #expect(outcome.withCount == 1 && outcome.withoutCount == 1)
      #expect(outcome.arrivedCount == 1 && outcome.arrivedWithinCount == 1)
      #expect(outcome.leftOut.map(\.count) == [1, 1, 1, 1])
      // Nothing new is not told; a correction is: the second one was none.
      let head = try await post.station.events().count
      _ = try await compare(post, made.id, after: 9, request: "two")
      #expect(try await post.station.events().count == head)
      try await post.station.apply([try incident("old", etag: "2", state: .cancelled)])
      let corrected = try await compare(post, made.id, after: 10, request: "three")
      #expect(corrected.outcome.callCount == 1 && corrected.outcome.withoutCount == 0)
      #expect(try await post.station.events().count == head + 1)
    }
  }

  @Test func theWatchSamplesAtTheFullHourAndComparesWhatIsOver() async throws {
    final class Clock: Sendable {
      let time: Mutex<Date>
      init(_ time: Date) { self.time = Mutex(time) }
      func read() -> Date { time.withLock { $0 } }
      func set(_ date: Date) { time.withLock { $0 = date } }
    }
    try await DeploymentServiceTests.with { post in
      try await post.past(DeploymentServiceTests.north)
      let made = try await post.accept(try await post.suggest().id)
      let clock = Clock(noon.addingTimeInterval(1800))
      let watch = DutyWatch(store: post.station.store, clock: clock.read) { _ in }
      func samples() async throws -> Quintet_Duty_V1_ListCoverageSamplesResponse {
        let now = clock.read()
        let coverage = CoverageService(store: post.station.store, clock: { now })
        return try await call("ListCoverageSamples", of: "CoverageService") { context in
          try await coverage.listCoverageSamples(
            request: .with { $0.startTime = noon.timestamp }, context: context)
        }
      }
      // The hour in which it was started has none; the next has one, however often it looks.
      try await watch.look()
      clock.set(noon.addingTimeInterval(3605))
      try await watch.look()
      try await watch.look()
      // Too late for the third; the fourth is in time.
      clock.set(noon.addingTimeInterval(2 * 3600 + 400))
      try await watch.look()
      clock.set(noon.addingTimeInterval(3 * 3600 + 20))
      try await watch.look()
      let told = try await samples()
      #expect(
        told.samples.map(\.hourTime.seconds)
          == [1, 3].map { Int64(noon.timeIntervalSince1970) + $0 * 3600 })
      #expect(
        told.missingHourTimes.map(\.seconds)
          == [0, 2].map { Int64(noon.timeIntervalSince1970) + $0 * 3600 })
      #expect(told.samples.allSatisfy { $0.byArea.totalCount > 100 && $0.byCalls.totalCount == 40 })
      // The position is stale by then.
      #expect(told.samples.map(\.freePatrolCount) == [0, 0])
      clock.set(noon.addingTimeInterval(7 * 3600 + 3500))
      try await watch.look()
      let service = DeploymentService(store: post.station.store, clock: clock.read)
      func held() async throws -> Quintet_Duty_V1_Deployment {
        try await call("GetDeployment", of: "DeploymentService") { context in
          try await service.getDeployment(
            request: .with { $0.deploymentID = made.id }, context: context
          ).deployment
        }
      }
      #expect(try await !held().hasOutcome)
      clock.set(noon.addingTimeInterval(8 * 3600 + 10))
      try await watch.look()
      #expect(try await held().hasOutcome)
    }
  }
}
