// Pages without gaps, and the timeline in order.
import Access
import EventLog
import Foundation
import Identifiers
import Persistence
import Testing

@testable import CommandDomain
@testable import CommandStore

struct ListingTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  /// Walks all pages of three.
  private func pages<Item, Key>(
    key: KeyPath<Item, Key>, _ page: (Key?) throws -> [Item]
  ) rethrows -> [Item] {
    var all: [Item] = []
    while true {
      let next = try page(all.last?[keyPath: key])
      all += next
      if next.count < 3 { return all }
    }
  }

  @Test func pagesHoldEveryIncidentOnceNewestFirstWithAllThatBelongsToIt() async throws {
    for index in 0..<11 {
      try await bench.hall("i-\(index)", now: Sample.time(Double(index))) { hall in
        let id = try hall.submit(Sample.content(source: index % 2 == 0 ? "12345" : "")).incidentID
        _ = try hall.attach(hall.answer().id, to: id)
        if index % 3 == 0 { try hall.dispatch(id, [1, 2, 3]) }
        if index == 4 { try hall.move(.cancel, id) }
      }
    }
    try await bench.store.read(within: .everywhere) { reader in
      func list(_ filter: IncidentFilter) throws -> [IncidentView] {
        try pages(key: \.incident.id) { try reader.views(filter, before: $0, limit: 3) }
      }
      let all = try list(.init())
      #expect(
        all.map(\.incident.number)
          == (1...11).reversed().map {
            IncidentNumber.format(day: "20161231", sequence: $0)
          })
      #expect(try all.allSatisfy { try reader.view($0.incident.id) == $0 })
      #expect(all.allSatisfy { $0.incident.callReportIDs.count == 2 })
      #expect(all.map(\.assignments.count) == [0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 3])
      #expect(try list(.init(states: [.active])).count == 4)
      #expect(try list(.init(states: [.active, .cancelled])).count == 5)
      #expect(try list(.init(source: "12345")).count == 6)
      #expect(try list(.init(states: [.active], source: "12345")).count == 2)

      func calls(_ filter: CallReportFilter) throws -> [CallReport] {
        try pages(key: \.id) { try reader.callReports(filter, before: $0, limit: 3) }
      }
      #expect(try calls(.init()).count == 22)
      #expect(try calls(.init(state: .active)).isEmpty)
      #expect(try calls(.init(state: .ended, incidentID: all[2].incident.id)).count == 2)
    }
  }

  @Test func directivesAreFoundByRecipientAndIncident() async throws {
    for index in 0..<8 {
      try await bench.hall("d-\(index)", now: Sample.time(Double(index))) { hall in
        let id = try hall.submit().incidentID
        let order = try hall.issue(
          Sample.directive(incident: index < 5 ? id : nil, recipients: 1 + index % 2))
        if index == 0 { try hall.course(.cancel, order.id, order.courses[0].recipient) }
      }
    }
    try await bench.store.read(within: .everywhere) { reader in
      func list(_ filter: DirectiveFilter) throws -> [Directive] {
        try pages(key: \.id) { try reader.directives(filter, before: $0, limit: 3) }
      }
      let all = try list(.init())
      #expect(all.count == 8)
      #expect(all.map(\.id) == all.map(\.id).sorted(by: >))
      #expect(try all.allSatisfy { try reader.directive($0.id) == $0 })
      let first = Recipient(kind: .station, id: "station-1")
      let second = Recipient(kind: .station, id: "station-2")
      #expect(try list(.init(recipient: first)).count == 8)
      #expect(try list(.init(recipient: second)).count == 4)
      #expect(try list(.init(recipient: .init(kind: .beat, id: "station-1"))).isEmpty)
      let incident = try #require(all.last?.incidentID)
      #expect(try list(.init(incidentID: incident, recipient: first)).count == 1)
      let open = try reader.openDirectives(of: first, limit: 100)
      #expect(open.map(\.id) == Array(all.map(\.id).reversed().dropFirst()))
      #expect(try reader.openDirectives(of: first, limit: 2).count == 2)
    }
  }

  @Test func openDirectivesAreFoundThroughTheirOwnIndex() async throws {
    let plan = try await bench.database.read { tx in
      try tx.query(
        """
        EXPLAIN QUERY PLAN SELECT directive_id FROM directive_recipient
        WHERE partition = $1 AND kind = $2 AND recipient_id = $3
          AND state IN (\(TransactionReader.openStates))
        """, ["main", "unit", "unit_1"]
      ).map { try $0.get("detail", as: String.self) }
    }
    #expect(plan.contains { $0.contains("directive_recipient_open") }, "\(plan)")
  }

  @Test func theTimelineHoldsAllServicesInOrderOfOccurrence() async throws {
    let id = try await bench.hall("timeline") { hall in
      let id = try hall.submit().incidentID
      try hall.dispatch(id, [1], at: 60)
      let facts = NeighbourFacts()
      // Told late, and one of them twice.
      let told: [(String, Int64, Double)] = [
        ("supervision", 7, 61.0), ("intelligence", 3, 1.0), ("duty", 2, 1.0), ("duty", 1, 1.0),
        ("duty", 1, 1.0), ("publicopinion", 1, 9000.0),
        ("publicopinion", 2, 9000.0),
      ]
      for (service, sequence, seconds) in told {
        try facts.keep(
          event(service, sequence, at: seconds, incident: id.description), in: hall.writer)
      }
      try facts.keep(event("duty", 9, at: 1, incident: nil), in: hall.writer)
      try facts.keep(
        event("duty", 10, at: 1, incident: Sample.id("x", IncidentTag.self).description),
        in: hall.writer)
      return id
    }
    let timeline = try await bench.store.read(within: .everywhere) {
      try $0.timeline(of: id, limit: 2000)
    }
    #expect(
      timeline.map { "\($0.service) \($0.sequence)" } == [
        "command 1", "command 2", "command 3", "duty 1", "duty 2", "intelligence 3", "command 4",
        "command 5", "command 6", "supervision 7", "publicopinion 2", "publicopinion 1",
      ])
    #expect(timeline[5] == event("intelligence", 3, at: 1, incident: id.description))
    #expect(timeline[0].actor == "person/test")
    #expect(timeline[0].cause == "request/timeline")
    let short = try await bench.store.read(within: .everywhere) {
      try $0.timeline(of: id, limit: 4)
    }
    #expect(short == Array(timeline.prefix(4)))
  }

  private func event(
    _ service: String, _ sequence: Int64, at seconds: Double, incident: String?
  ) -> TimelineEvent {
    TimelineEvent(
      service: service, partition: "main", sequence: sequence,
      id: Sample.id("\(service) \(sequence)", EventTag.self).description, type: "test.\(service)",
      subject: "x", incidentID: incident, occurTime: Sample.time(seconds),
      // The higher its number, the earlier it was recorded, to tell the two orders apart.
      recordTime: Sample.time(seconds - (service == "publicopinion" ? Double(sequence) : 0)),
      actor: "service/\(service)", cause: "event/x", trace: "",
      payload: [1, 2, 3])
  }
}
