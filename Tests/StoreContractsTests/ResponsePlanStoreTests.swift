// Roads, plans, levels and rules on both engines: what is written is what is read, by the roster in
// memory too.
import Access
import Classification
import DutyDomain
import DutyStore
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@testable import CommandDomain
@testable import CommandStore

private let now = Date(timeIntervalSince1970: 1_760_000_000)

private func id<Tag: IdentifierTag>(_ seed: String, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
  var mint = IdentifierMint(service: "tests", cause: seed, now: now)
  return mint.next(tag)
}

private func key(_ id: String) -> RequestKey {
  RequestKey(id: id, method: "test", fingerprint: "")
}

/// Ids are made from the cause: each request has its own.
private func somebody(_ request: String) -> Provenance {
  Provenance(actor: "person/zhang.wei", cause: "request/\(request)", trace: "")
}

@Test(arguments: Engine.allCases)
func whatDutyPlansByIsReadAsItWasWritten(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, DutyDatabaseStore.migrations)
  let log = EventLog(service: "duty", partition: "main")
  let store = DutyDatabaseStore(database: database, log: log, encode: { _ in ("t", []) })
  #expect(try await store.consult { $0.roads == nil })
  var survey = RoadSurvey(source: "test", speeds: TravelSpeeds(changes: ["primary": 12.5]))
  // More than one part.
  for number in 0..<4500 {
    survey.addNode(
      Int64(number), latitude: 22.5 + Double(number) / 10_000, longitude: 114, line: number)
  }
  for number in 0..<4499 {
    survey.addEdge(
      GivenRoad(
        from: Int64(number), to: Int64(number + 1), metres: 6.25, roadClass: "primary", limit: 0),
      line: number)
  }
  let whole = survey
  let plan = PutResponsePlan(
    key: ResponseKey(incidentClass: .traffic, level: .level2),
    terms: ResponseTerms(
      name: "交通 Traffic",
      lines: [
        ResponseLine(
          title: "先到", count: 2, kinds: [.car, .boat], capabilities: ["b", "a"], within: 90,
          isStaging: true)
      ], takesFromLowerLevels: true), etag: nil, occurTime: now)
  let facts = try await store.write(
    key("1"), provenance: somebody("1"), reach: .everywhere, now: now
  ) {
    writer in
    for revision in [2, 1] {
      try writer.save(
        KnownIncident(
          id: id("inc"), level: revision == 2 ? .level3 : nil, isOpen: true, revision: revision))
    }
    _ = try ResponsePlanning().put(plan, in: writer)
    return try RoadKeeping().replace(with: whole, in: writer, now: now)
  }
  let read = try await store.read(within: .everywhere) {
    (try $0.roadNetwork(), try $0.responsePlans())
  }
  #expect(read.0 == facts)
  #expect(read.1.map(\.terms) == [plan.terms])
  #expect(read.1.map(\.key) == [plan.key])
  let (count, estimate) = try await store.consult { roster in
    var search = roster.travel.search(to: try #require(whole.nodes.last))
    return (
      roster.roads?.edgeCount, search.estimate(from: try #require(whole.nodes.first), by: .car)
    )
  }
  #expect(count == 4499)
  #expect(abs(estimate.seconds - 4499 * 6.25 / 12.5) < 0.001)
  let level = try await database.read {
    try $0.query("SELECT level FROM known_incident WHERE partition = 'main'")
      .map { try $0.get("level", as: Int?.self) }
  }
  // The older word, told later, changed nothing.
  #expect(level == [3])
  try await database.close()
}

@Test(arguments: Engine.allCases)
func aRuleOfAutomaticDispatchIsReadAsItWasWritten(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, CommandSchema.migrations)
  let store = CommandDatabaseStore(
    database: database, log: EventLog(service: "command", partition: "main"),
    encode: { EncodedEvent(type: "t", subject: $0.subject, payload: []) })
  let command = SwitchOnDispatchRule(
    classes: [.traffic, .help], levels: [.level3, .level4], stationID: id("station"),
    reason: "台风", actor: "person/zhang.wei", duration: 60)
  let rule = try await store.write(
    key("on"), provenance: somebody("on"), reach: .everywhere, now: now
  ) {
    try DispatchRuling().switchOn(command, in: $0, now: now)
  }
  let held = try await store.read(within: .everywhere) {
    (try $0.dispatchRulesNotSwitchedOff(), try $0.dispatchRules(before: nil, limit: 5))
  }
  #expect(held.0 == [rule] && held.1 == [rule])
  let off = try await store.write(
    key("off"), provenance: somebody("off"), reach: .everywhere, now: now
  ) {
    try DispatchRuling().switchOff(rule.id, by: "person/li.na", in: $0, now: now)
  }
  let left = try await store.read(within: .everywhere) {
    (try $0.dispatchRulesNotSwitchedOff(), try $0.dispatchRule(rule.id))
  }
  #expect(left.0.isEmpty && left.1 == off && off.switchedOffBy == "person/li.na")
  await #expect(throws: CommandError.self) {
    try await store.write(key("again"), provenance: somebody("again"), reach: .everywhere, now: now)
    {
      try DispatchRuling().switchOff(rule.id, by: "person/li.na", in: $0, now: now)
    }
  }
  try await database.close()
}
