// What a unit is doing follows from Command's assignments, however their events come together.
import DutyDomain
import DutyRPC
import DutyStore
import DutySubscriptions
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct CommitmentTests {
  static let steps: [Quintet_Command_V1_AssignmentState] = [
    .assigned, .dispatched, .acknowledged, .enRoute, .onScene, .cleared,
  ]

  @Test func theMostAdvancedAssignmentIsWhatAUnitIsDoing() throws {
    let unit = DutyUnit(
      id: id("u", UnitTag.self), callSign: "U", kind: .car, condition: .staging)
    func view(_ states: [CommitmentState]) -> UnitView {
      UnitView(
        unit: unit,
        commitments: states.enumerated().map { index, state in
          Commitment(
            assignmentID: id("\(index)", AssignmentTag.self), unitID: unit.id,
            incidentID: id("\(index)", IncidentTag.self), state: state)
        })
    }
    let ascending: [CommitmentState] = [
      .ended, .assigned, .dispatched, .acknowledged, .enRoute, .onScene,
    ]
    for (left, first) in ascending.enumerated() {
      for (right, second) in ascending.enumerated() {
        let expected = ascending[max(left, right)]
        let seen = view([first, second])
        #expect(seen.availability == (expected == .ended ? .available : .notAvailable))
        #expect(
          seen.activity == (expected == .ended ? .own(.staging) : .committed(expected)),
          "\(first) and \(second)")
        #expect(seen.incidentIDs.count == [first, second].filter(\.isOpen).count)
      }
    }
  }

  @Test func aUnitIsBusyUntilItsLastAssignmentEnds() async throws {
    try await Station.with { station in
      let unit = try UnitID(parsing: try await station.putUnit("U1").id)
      try await station.apply([
        moved("a", unit: unit, incident: "1", to: .onScene),
        moved("b", unit: unit, incident: "2", to: .acknowledged),
      ])
      var seen = try await station.getUnit("U1")
      #expect(seen.availability == .notAvailable)
      #expect(seen.secondaryStatus == .onScene)
      #expect(seen.incidentIds.count == 2)
      try await station.apply([moved("a", unit: unit, incident: "1", to: .cleared)])
      seen = try await station.getUnit(unit.description)
      #expect(seen.availability == .notAvailable)
      #expect(seen.secondaryStatus == .dispatched)
      try await station.apply([moved("b", unit: unit, incident: "2", to: .cancelled)])
      seen = try await station.getUnit("U1")
      #expect(seen.availability == .available)
      #expect(seen.secondaryStatus == .unspecified)
      #expect(seen.incidentIds.isEmpty)
      // None of this is the unit's own doing: nothing is told, and its etag stays.
      #expect(try await station.events().count == 1)
      #expect(seen.etag == "1")
    }
  }

  /// An event that was parked and is applied late comes after those that followed it.
  @Test func anEventThatIsAppliedLateTakesNothingBack() async throws {
    for late in Self.steps {
      try await Station.with { station in
        let events = Self.steps.map { moved("a", unit: id("u"), incident: "1", to: $0) }
        try await station.apply(events)
        try await station.apply([moved("a", unit: id("u"), incident: "1", to: late)])
        let kept = try await station.rows().filter { $0.hasPrefix("unit_commitment|") }
        #expect(kept.count == 1)
        #expect(kept.allSatisfy { $0.contains(#""state":"ended""#) }, "\(late)")
      }
    }
  }

  @Test func aListShowsWhatEachUnitIsDoing() async throws {
    try await Station.with { station in
      for number in 1...5 { try await station.putUnit("U\(number)") }
      let busy = try UnitID(parsing: try await station.getUnit("U3").id)
      try await station.apply([moved("a", unit: busy, incident: "1", to: .enRoute)])
      try await station.report([position(busy.description)])
      let list = try await call("ListUnits") {
        try await station.units.listUnits(request: .init(), context: $0).units
      }
      #expect(list.map(\.callSign) == ["U1", "U2", "U3", "U4", "U5"])
      #expect(list[2] == (try await station.getUnit("U3")))
      #expect(list.map(\.hasPosition) == [false, false, true, false, false])
      #expect(list.filter { $0.availability == .available }.count == 4)
    }
  }

  @Test func anAssignmentOfAUnitThatIsNotKnownYetIsKept() async throws {
    try await Station.with { station in
      // The id that this request will be given.
      let unit = try await Station.with { try await $0.putUnit("U1", request: "r").id }
      try await station.apply([
        moved("a", unit: try UnitID(parsing: unit), incident: "1", to: .enRoute)
      ])
      #expect(try await station.putUnit("U1", request: "r").id == unit)
      try await station.report([position(unit)])
      #expect(try await station.getUnit("U1").secondaryStatus == .enRoute)
      #expect(try await station.recommend().passedOver.map(\.reason) == [.assigned])
    }
  }

  @Test func eventsOfDifferentIncidentsMayInterleaveAnyhow() async throws {
    var random = Seeded(11)
    let units = (0..<4).map { id("u\($0)", UnitTag.self) }
    let incidents = (0..<12).map { incident in
      (0..<3).flatMap { number in
        let unit = units.randomElement(using: &random) ?? units[0]
        let last = Int.random(in: 1...Self.steps.count, using: &random)
        return Self.steps.prefix(last).map {
          moved("\(incident)/\(number)", unit: unit, incident: "\(incident)", to: $0)
        }
      }
    }
    var seen: Set<[String]> = []
    for _ in 0..<8 {
      var waiting = incidents.map { $0[...] }
      var order: [Quintet_Events_V1_Event] = []
      while let next = waiting.indices.filter({ !waiting[$0].isEmpty })
        .randomElement(using: &random)
      {
        order.append(waiting[next].removeFirst())
      }
      seen.insert(
        try await Station.with { station in
          try await station.apply(order)
          return try await station.canonicalRows()
        })
    }
    #expect(seen.count == 1)
    // The rows, the roster's counter, and how long each kind of record is kept, audit entries too.
    #expect(seen.first?.count == 12 * 3 + 1 + DutySchema.retention.count + 1)
  }

  @Test func whatIsNoAssignmentIsPassedOverAndWhatCannotBeReadIsRefused() async throws {
    try await Station.with { station in
      let before = try await station.rows()
      var other = moved("a", unit: id("u"), incident: "1", to: .enRoute)
      other.type = "quintet.command.v1.UnitsRecommended"
      try await station.apply([other])
      #expect(try await station.rows() == before)

      var damaged = moved("a", unit: id("u"), incident: "1", to: .enRoute)
      damaged.payload.value = Data([0xFF])
      let stateless = moved("a", unit: id("u"), incident: "1", to: .unspecified)
      for event in [damaged, stateless] {
        await #expect(throws: (any Error).self) { try await station.apply([event]) }
      }
      #expect(try await station.rows() == before)
    }
  }
}
