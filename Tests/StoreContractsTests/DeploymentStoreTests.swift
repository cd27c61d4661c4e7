// Calls, coverage and deployments on both engines: one story through every table, read back by every
// query, the same on both, and let go when its time is over.
import Access
import Audit
import Classification
import DutyDomain
import DutyStore
import EventLog
import Foundation
import Geography
import Identifiers
import Testing

@testable import Persistence
@testable import Retention

/// 2026-11-23, 09:00 in Shanghai.
private let morning = RosterDay("2026-11-23")!.start.addingTimeInterval(9 * 3600)

private func id<Tag: IdentifierTag>(_ seed: String, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
  var mint = IdentifierMint(service: "tests", cause: seed, now: morning)
  return mint.next(tag)
}

private func provenance(_ cause: String) -> Provenance {
  Provenance(actor: "person/test", cause: "request/\(cause)", trace: "")
}

private func store(_ database: any Database) -> DutyDatabaseStore {
  DutyDatabaseStore(
    database: database, log: EventLog(service: "duty", partition: "main"),
    encode: { _ in ("quintet.duty.v1.DeploymentMoved", []) })
}

private func point(_ latitude: Double, _ longitude: Double) throws -> Coordinate {
  try Coordinate(latitude: latitude, longitude: longitude)
}

private func incident(
  _ name: String, _ origin: IncidentOrigin = .citizenReported, hoursAgo: Double, revision: Int = 1,
  _ standing: DemandIncident.Standing = .counts, latitude: Double? = 28.04
) throws -> DemandIncident {
  DemandIncident(
    id: id(name), origin: origin, incidentClass: .traffic,
    point: try latitude.map { try point($0, 120.65) },
    receiveTime: morning.addingTimeInterval(-hoursAgo * 3600), standing: standing,
    revision: revision)
}

private func play(_ store: DutyDatabaseStore) async throws -> Deployment {
  func write<R: Sendable>(
    _ cause: String, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    try await store.write(provenance: provenance(cause), now: morning, body)
  }
  let post = try await write("org") {
    try Organisation().put(
      PutOrgUnit(code: "P", name: "警务站", rank: .station, parentID: nil, occurTime: morning), in: $0
    ).orgUnit
  }
  let area = try Polygon(corners: [
    point(28, 120.6), point(28, 120.7), point(28.09, 120.7), point(28.09, 120.6),
  ])
  _ = try await write("area") {
    try Organisation().put(
      PutJurisdiction(orgUnitID: post.id, areaClass: .other, area: area, occurTime: morning),
      in: $0)
  }
  let unit = try await write("unit") {
    try UnitKeeping().put(
      PutUnit(
        callSign: "巡1", kind: .car, orgUnitID: post.id, capabilities: [], occurTime: morning),
      in: $0
    ).unit
  }
  _ = try await store.report(
    [
      PositionReport(
        unitID: unit.id,
        position: UnitPosition(coordinate: point(28.001, 120.601), fixTime: morning))
    ], within: .everywhere, now: morning)
  try await write("calls") { writer in
    for number in 0..<40 {
      try writer.save(try incident("c\(number)", hoursAgo: Double(24 * (number % 20 + 1) - 2)))
    }
    try writer.save(try incident("found", .officerDiscovered, hoursAgo: 30))
    // Of three words on one, told in the wrong order, the newest holds.
    for revision in [2, 3, 1] {
      try writer.save(
        try incident(
          "c0", hoursAgo: 22, revision: revision, revision == 2 ? .merged : .counts,
          latitude: revision == 3 ? 28.05 : 28.04))
    }
    try writer.save(try incident("nowhere", hoursAgo: 3, latitude: nil))
    for (order, arrive) in [(60.0, 500.0), (30, nil), (90, 300)] as [(Double, Double?)] {
      try writer.save(
        DemandArrival(
          incidentID: id("c1"), orderTime: morning.addingTimeInterval(order),
          arriveTime: arrive.map { morning.addingTimeInterval($0) }))
    }
    for (reference, latitude) in [("1", 28.02), ("2", 28.03), ("1", 28.05)] {
      try writer.save(
        PastCall(
          source: "old", reference: reference, origin: .citizenReported, incidentClass: nil,
          point: try point(latitude, 120.66), receiveTime: morning.addingTimeInterval(-50 * 3600)))
    }
  }
  let command = SuggestDeployment(
    orgUnitID: post.id, hours: morning..<morning.addingTimeInterval(6 * 3600), windowHours: 3,
    radius: nil, days: 28, unitIDs: [], asOf: morning)
  let (orgUnit, wish, travel) = try await store.consult(within: .everywhere) { roster, reader in
    let (orgUnit, wish) = try DeploymentPlanning().wish(for: command, roster, in: reader)
    return (orgUnit, wish, roster.travel)
  }
  #expect(wish.calls.count == 42 && wish.basis.leftOut.map(\.count) == [1])
  let planned = PlannedDeployment(
    orgUnit: orgUnit, suggestion: DeploymentPlanner(wish, by: travel).suggestion())
  let made = try await write("suggest") {
    try DeploymentPlanning().propose(planned, for: command, by: "person/leader", in: $0)
  }
  let accepted = try await write("accept") {
    try DeploymentPlanning().accept(
      made.id, etag: "1", nil,
      Deployment.Decision(actor: "person/leader", time: morning, reason: ""), in: $0)
  }
  let sampler = CoverageSampler(store: store)
  #expect(try await sampler.take(at: morning, provenance: provenance("sample")) == 1)
  #expect(try await sampler.take(at: morning, provenance: provenance("again")) == 0)
  #expect(
    try await sampler.take(
      at: morning.addingTimeInterval(3600), provenance: provenance("next")) == 1)
  let over = accepted.end.addingTimeInterval(3600)
  let outcome = try await store.consult(within: .everywhere) {
    try DeploymentPlanning().outcome(of: made.id, at: over, $0, in: $1)
  }
  return try await write("compare") {
    try DeploymentPlanning().compare(made.id, outcome, in: $0)
  }
}

@Test func callsCoverageAndDeploymentsAreTheSameOnBothEngines() async throws {
  var dumps: [[String]] = []
  for engine in Engine.allCases {
    let folder = try StoreFolder()
    let database = try engine.open(folder, DutyDatabaseStore.migrations)
    let store = store(database)
    let held = try await play(store)
    let unit = try #require(held.posts.first?.unitID)
    let (read, byUnit, ended, other, span, hours, due) = try await store.read(within: .everywhere) {
      let now = held.end
      return (
        try $0.deployment(held.id),
        try $0.deployments(DeploymentQuery(unitID: unit, now: now, limit: 5)),
        try $0.deployments(
          DeploymentQuery(
            orgUnitID: held.orgUnitID, standings: [.ended, .refused, .lapsed], now: now, limit: 5)),
        try $0.deployments(
          DeploymentQuery(
            standings: [.proposed, .accepted], now: now,
            after: TimeKey(time: now, id: ""), limit: 5)),
        try $0.coverageSamples(
          morning..<held.end, of: [held.orgUnitID],
          after: CoverageSampleKey(hour: morning, orgUnitCode: "P", areaClass: .other), limit: 5),
        try $0.sampledHours(morning..<held.end),
        try $0.deploymentsToCompare(
          endedBy: held.end, recent: held.end, comparedBefore: held.end, limit: 5)
      )
    }
    #expect(read == held && byUnit == [held] && ended == [held] && other.isEmpty)
    #expect(span.map(\.hour) == [morning.addingTimeInterval(3600)])
    #expect(hours == [morning, morning.addingTimeInterval(3600)] && due.isEmpty)
    let records = try await store.read(within: .everywhere) {
      try $0.demand(
        from: morning.addingTimeInterval(-28 * 86_400), until: morning)
    }
    #expect(records.count == 43 && records.compactMap(\.arrivalSeconds) == [270])
    // Whose area it is not, sees none of it.
    let unseen = try await store.read(
      within: Reach(areas: [id("else", OrgUnitTag.self).description])
    ) {
      (
        try $0.deployment(held.id),
        try $0.coverageSamples(morning..<held.end, of: nil, after: nil, limit: 5)
      )
    }
    #expect(unseen.0 == nil && unseen.1.isEmpty)
    dumps.append(
      try await database.read { try StoreDump.canonical(in: $0) { _, _ in nil } }
        .filter { !$0.hasPrefix("schema_migration|") })
    try await database.close()
  }
  #expect(dumps[0].count > 50)
  #expect(dumps[0] == dumps[1])
}

@Test(arguments: Engine.allCases)
func callsGoAfterTheirPeriodAndDeploymentsAfterTheirs(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, DutyDatabaseStore.migrations)
  _ = try await play(store(database))
  func sweep(_ days: Double, open: Set<String> = []) async throws -> [String: Int] {
    let results = try await RetentionSweep(
      database: database, audit: AuditLog(service: "duty", partition: "main"),
      kinds: DutySchema.retention.filter {
        ["demand_incident", "past_call", "coverage_sample", "deployment"].contains($0.code)
      }, openIncidents: { open }
    ).run(
      for: provenance("sweep \(days)"), now: morning.addingTimeInterval(days * 86_400),
      isDry: false)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.period.kind, $0.count) })
      .filter { $0.value > 0 }
  }
  #expect(try await sweep(119) == [:])
  let open = id("c3", IncidentTag.self).description
  #expect(try await sweep(121, open: [open]) == ["demand_incident": 41, "past_call": 2])
  #expect(try await sweep(122) == ["demand_incident": 1])
  #expect(try await sweep(366) == ["coverage_sample": 2])
  #expect(try await sweep(1097) == ["deployment": 1])
  let rest = try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  for table in [
    "demand_incident", "demand_arrival", "past_call", "coverage_sample", "deployment",
    "deployment_unit",
  ] {
    #expect(!rest.contains { $0.hasPrefix("\(table)|") }, "\(table)")
  }
  try await database.close()
}
