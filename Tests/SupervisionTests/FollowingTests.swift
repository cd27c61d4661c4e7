// Events of the neighbours: what each means here, and that what cannot be understood is not guessed.

import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import QuintetAPI
import SupervisionDomain
import SupervisionStore
import SupervisionSubscriptions
import SwiftProtobuf
import Testing
import Wire

@Suite struct FollowingTests {
  static func event<M: SwiftProtobuf.Message>(_ message: M) throws -> Quintet_Events_V1_Event {
    var ids = TestIDs("event")
    let id: EventID = ids.next()
    return try .with {
      $0.id = id.description
      $0.type = M.protoMessageName
      $0.occurTime = Bench.start.timestamp
      $0.trace = "abc"
      $0.payload.value = try message.serializedData()
    }
  }

  @Test func anEventsWorkRestsOnTheEventAndHappensAtItsTime() async throws {
    try await Bench.with { bench in
      var ids = TestIDs()
      let assignment: AssignmentID = ids.next()
      let incident: IncidentID = ids.next()
      let unit: UnitID = ids.next()
      let event = try Self.event(
        Quintet_Command_V1_AssignmentMoved.with {
          $0.assignment.id = assignment.description
          $0.assignment.incidentID = incident.description
          $0.assignment.unitID = unit.description
          $0.assignment.state = .dispatched
        })
      bench.clock.pass(86_400)
      let (store, now) = (bench.store, bench.clock.wall)
      try await bench.database.write { tx in
        try store.apply(in: tx, provenance: event.provenance, now: now) { writer in
          try FromCommand.apply(event, writer)
        }
      }
      let deadline = try #require(try await bench.allDeadlines().first)
      #expect(deadline.startTime == Bench.start)
      #expect(deadline.startCause == "event/\(event.id)")
      #expect(deadline.responsible == "unit/\(unit)")
      let told = try #require(try await bench.allEvents().first)
      #expect(told.cause == "event/\(event.id)" && told.trace == "abc")
      #expect(told.occurTime == Bench.start && told.incidentID == incident.description)
      #expect(told.recordTime == now)
    }
  }

  @Test func draftsDispatchesAndUnknownTypesMeanNothing() throws {
    var ids = TestIDs()
    let directive: DirectiveID = ids.next()
    var issued = Quintet_Command_V1_DirectiveIssued.with {
      $0.directive.id = directive.description
      $0.directive.directiveClass = .urgent
      $0.directive.state = .draft
    }
    #expect(try FromCommand.fact(Self.event(issued)) == nil)
    issued.directive.state = .issued
    issued.directive.recipients = [
      .with {
        $0.recipient.kind = .seat
        $0.recipient.id = "hall-1"
      }
    ]
    #expect(
      try FromCommand.fact(Self.event(issued))
        == .directiveIssued(
          DirectiveIssue(
            directive: directive, incident: nil, directiveClass: .urgent,
            recipients: [Recipient(kind: .seat, id: "hall-1")])))
    issued.directive.directiveClass = .dispatch
    #expect(try FromCommand.fact(Self.event(issued)) == nil)
    #expect(try FromCommand.fact(Self.event(Quintet_Command_V1_CallReportEnded())) == nil)
    #expect(try FromDuty.fact(Self.event(Quintet_Duty_V1_UnitStatusSet())) == nil)
    #expect(try FromPublicOpinion.fact(Self.event(Quintet_Publicopinion_V1_TopicFed())) == nil)
  }

  @Test func whatCannotBeUnderstoodIsNotGuessed() throws {
    var ids = TestIDs()
    var moved = Quintet_Command_V1_AssignmentMoved()
    #expect(throws: Failure.self) { try FromCommand.fact(Self.event(moved)) }
    let (assignment, incident, unit) = (
      ids.next(AssignmentTag.self), ids.next(IncidentTag.self), ids.next(UnitTag.self)
    )
    moved.assignment.id = assignment.description
    moved.assignment.incidentID = incident.description
    moved.assignment.unitID = unit.description
    moved.assignment.state = .UNRECOGNIZED(42)
    #expect(throws: Failure.self) { try FromCommand.fact(Self.event(moved)) }
    var broken = try Self.event(moved)
    broken.payload.value = Data([0xFF, 0xFF])
    #expect(throws: (any Error).self) { try FromCommand.fact(broken) }
  }

  @Test func incidentsAndAreasKeepTheirPoints() throws {
    var ids = TestIDs()
    let incident: IncidentID = ids.next()
    let opened = Quintet_Command_V1_IncidentOpened.with {
      $0.incident.id = incident.description
      $0.incident.location.point = .with {
        $0.latitude = 1
        $0.longitude = 2
        $0.datum = .cgcs2000
      }
    }
    #expect(
      try FromCommand.fact(Self.event(opened))
        == .incidentPlaced(incident, try Coordinate(latitude: 1, longitude: 2)))
    let nowhere = Quintet_Command_V1_IncidentClassified.with {
      $0.incident.id = incident.description
      $0.incident.location.address = "瓯海区"
    }
    #expect(try FromCommand.fact(Self.event(nowhere)) == .incidentPlaced(incident, nil))
    let jurisdiction: JurisdictionID = ids.next()
    let defined = Quintet_Duty_V1_JurisdictionDefined.with {
      $0.jurisdiction.id = jurisdiction.description
      $0.jurisdiction.areaClass = .keyPlace
      $0.jurisdiction.area.corners = [(0, 0), (0, 1), (1, 1)].map { corner in
        .with {
          $0.latitude = corner.0
          $0.longitude = corner.1
          $0.datum = .wgs84
        }
      }
    }
    let fact = try FromDuty.fact(Self.event(defined))
    guard case .areaDefined(let area) = fact else {
      Issue.record("not an area: \(String(describing: fact))")
      return
    }
    #expect(area.areaClass == .keyPlace && area.id == jurisdiction)
    #expect(area.polygon.corners.count == 3)
  }

  @Test func topicsAreAwaitedFromTheirTieToTheirAnswer() async throws {
    try await Bench.with { bench in
      var ids = TestIDs()
      let topic: TopicID = ids.next()
      let incident: IncidentID = ids.next()
      let message = Quintet_Publicopinion_V1_Topic.with {
        $0.id = topic.description
        $0.incidentID = incident.description
      }
      let tied = try #require(
        try FromPublicOpinion.fact(
          Self.event(Quintet_Publicopinion_V1_TopicTied.with { $0.topic = message })))
      let answered = try #require(
        try FromPublicOpinion.fact(
          Self.event(Quintet_Publicopinion_V1_TopicAnswered.with { $0.topic = message })))
      try await bench.play([
        Happening(id: ids.next(), time: Bench.start, fact: tied),
        Happening(id: ids.next(), time: Bench.start + 14_400, fact: answered),
        Happening(id: ids.next(), time: Bench.start + 20_000, fact: tied),
      ])
      let deadlines = try await bench.allDeadlines()
      #expect(deadlines.map(\.state) == [.met])
      #expect(deadlines.first?.incidentID == incident)
    }
  }
}
