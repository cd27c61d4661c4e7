// Recommendations through the service: what is kept and told, and that memory shows what is stored.
import DutyDomain
import DutyRPC
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RecommendationTests {
  @Test func aRecommendationForAnIncidentIsKeptAndToldOnItsTimeline() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.report([position(unit, 28.001)])
      let incident = id("1", IncidentTag.self).description
      let given = try await station.recommend {
        $0.requestID = "r1"
        $0.incidentID = incident
        $0.asOfTime = noon.addingTimeInterval(-60).timestamp
      }
      #expect(given.units.map(\.unitID) == [unit])
      let event = try #require(try await station.events().last)
      #expect(event.type == Quintet_Duty_V1_RecommendationMade.protoMessageName)
      #expect(event.incidentID == incident)
      #expect(event.subject == incident)
      #expect(event.occurTime == noon.addingTimeInterval(-60))
      let told = try Quintet_Duty_V1_RecommendationMade(serializedBytes: event.payload)
      #expect(told.recommendation == given)
      let rows = try await station.database.read {
        try $0.query("SELECT incident_id, as_of_time, document FROM recommendation")
          .map { try ($0.get("incident_id", as: String.self), $0.get("as_of_time", as: Date.self)) }
      }
      #expect(rows.map(\.0) == [incident])
      #expect(rows.map(\.1) == [noon.addingTimeInterval(-60)])
    }
  }

  @Test func aRepeatGivesTheSameRecommendationThoughUnitsHaveMoved() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.report([position(unit, 28.001)])
      let ask = { (request: inout Quintet_Duty_V1_RecommendUnitsRequest) in
        request.requestID = "r1"
        request.incidentID = id("1", IncidentTag.self).description
      }
      let first = try await station.recommend(ask)
      try await station.report([position(unit, 28.1)])
      #expect(try await station.recommend(ask) == first)
      #expect(try await station.recommend().units.map(\.distanceM) != first.units.map(\.distanceM))
      #expect(try await station.events().count == 2)
    }
  }

  @Test func aPlainQuestionChangesNothing() async throws {
    try await Station.with { station in
      try await station.report([position(try await station.putUnit("U1").id)])
      let before = try await station.rows()
      #expect(try await station.recommend { $0.requestID = "r1" }.units.count == 1)
      #expect(try await station.rows() == before)
    }
  }

  @Test func theTravelModelThatWasSetIsInForceAtOnceAndAfterAStart() async throws {
    try await Station.with { station in
      try await station.report([position(try await station.putUnit("U1").id, 28.01)])
      let first = try await station.recommend()
      #expect(first.estimator == "straight_line factor=1.40 speed_mps=8.30 turnout_s=60")
      _ = try await call("PutTravelModel") {
        try await station.units.putTravelModel(
          request: .with {
            $0.requestID = "m"
            $0.model = .with {
              $0.detourFactor = 1
              $0.speedMps = 10
            }
          }, context: $0)
      }
      let second = try await station.recommend()
      #expect(second.estimator == "straight_line factor=1.00 speed_mps=10.00 turnout_s=0")
      let unit = try #require(second.units.first)
      #expect(abs(unit.travelTimeS - unit.distanceM / 10) < 1e-9)
      #expect(try await Station(path: station.path).recommend() == second)
    }
  }

  @Test func memoryShowsWhatIsStoredAfterAnyChangesAndAfterAStart() async throws {
    try await Station.with { station in
      var random = Seeded(3)
      var units: [String] = []
      for number in 0..<30 { units.append(try await station.putUnit("U\(number)").id) }
      for round in 0..<25 {
        for _ in 0..<20 { try await change(station, units, &random) }
        let incremental = try await station.recommend { $0.limit = 20 }
        let reread = try await Station(path: station.path).recommend { $0.limit = 20 }
        #expect(incremental == reread, "round \(round)")
      }
    }
  }

  func change(_ station: Station, _ units: [String], _ random: inout Seeded) async throws {
    let unit = units.randomElement(using: &random) ?? units[0]
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      try await station.setStatus(
        unit,
        [.available, .conditionallyAvailable, .notAvailable]
          .randomElement(using: &random) ?? .available)
    case 1:
      try await station.apply([
        moved(
          "\(Int.random(in: 0..<20, using: &random))", unit: try UnitID(parsing: unit),
          incident: "1",
          to: CommitmentTests.steps.randomElement(using: &random) ?? .cleared)
      ])
    default:
      try await station.report([
        position(
          unit, .random(in: 27.9...28.1, using: &random),
          .random(in: 120.5...120.7, using: &random),
          at: noon.addingTimeInterval(.random(in: -700...0, using: &random)))
      ])
    }
  }
}
