// Tracks, groups and kinds on both engines: what is kept is the same, position by position.
import Access
import DutyDomain
import DutyStore
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

private let now = Date(timeIntervalSince1970: 1_760_000_000)

private func id<Tag: IdentifierTag>(_ seed: String, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
  var mint = IdentifierMint(service: "tests", cause: seed, now: now)
  return mint.next(tag)
}

private func duty(_ database: any Database) -> DutyDatabaseStore {
  DutyDatabaseStore(
    database: database, log: EventLog(service: "duty", partition: "main"),
    encode: { _ in ("t", []) })
}

private func put(
  _ store: DutyDatabaseStore, _ callSign: String, _ kind: UnitKind, group: UnitID? = nil,
  headcount: Int? = nil
) async throws -> UnitView {
  let request = RequestKey(id: callSign, method: "test", fingerprint: "")
  let provenance = Provenance(
    actor: "person/zhang.wei", cause: "request/\(callSign)", trace: "")
  return try await store.write(request, provenance: provenance, reach: .everywhere, now: now) {
    try UnitKeeping().put(
      PutUnit(
        callSign: callSign, kind: kind, orgUnitID: nil, groupID: group, headcount: headcount,
        capabilities: [], occurTime: now), in: $0)
  }
}

/// Straight on with a corner, in pairs that are turned round now and then.
private func fixes() throws -> [UnitPosition] {
  let start = try Coordinate(latitude: 28, longitude: 120.6)
  var made = (0..<200).map { number in
    let second = Double(number) * 7.25
    return UnitPosition(
      coordinate: start.offset(
        northMetres: second * 9 + (number.isMultiple(of: 37) ? 25 : 0),
        eastMetres: number > 120 ? (second - 870) * 12 : 0),
      fixTime: now.addingTimeInterval(second - 2000), speed: 9, heading: 45)
  }
  for index in stride(from: 5, to: 190, by: 11) { made.swapAt(index, index + 1) }
  return made
}

@Test(arguments: Engine.allCases)
func aTrackIsTheSameOnEveryEngineAndAfterARestart(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  var database = try engine.open(folder, DutyDatabaseStore.migrations)
  let unit = try await put(duty(database), "U", .commandCar, headcount: 3).unit
  #expect(unit.kind == .commandCar && unit.headcount == 3)
  let fixes = try fixes()
  var outcomes: [PositionOutcome] = []
  for start in stride(from: 0, to: fixes.count, by: 50) {
    outcomes += try await duty(database).report(
      fixes[start..<start + 50].map { PositionReport(unitID: unit.id, position: $0) },
      within: .everywhere, now: now)
    // What is open stands in the store: whoever goes on need not have begun.
    try await database.close()
    database = try engine.open(folder, DutyDatabaseStore.migrations)
  }
  #expect(outcomes.count { $0 == .superseded } == 17)
  let reader = duty(database)
  let points = try await reader.read(within: .everywhere) {
    try $0.track(of: unit.id, from: .distantPast, to: now, after: nil, limit: 1000)
  }
  #expect(points.count + points.reduce(0) { $0 + $1.droppedCount } == fixes.count)
  #expect(points.count > 10 && points.count < fixes.count / 2)
  #expect(points.map(\.position.fixTime) == points.map(\.position.fixTime).sorted())
  var paged: [TrackPoint] = []
  while true {
    let after = paged.last?.key
    let page = try await reader.read(within: .everywhere) {
      try $0.track(of: unit.id, from: .distantPast, to: now, after: after, limit: 7)
    }
    if page.isEmpty { break }
    paged += page
  }
  #expect(paged == points)
  try await database.close()
}

@Test(arguments: Engine.allCases)
func aGroupIsReadWithItsPartsAndASealedCaseIsKnown(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  let database = try engine.open(folder, DutyDatabaseStore.migrations)
  let store = duty(database)
  let group = try await put(store, "G", .group).unit.id
  let parts = [
    try await put(store, "G-2", .motorcycle, group: group, headcount: 2).unit.id,
    try await put(store, "G-1", .securityGuard, group: group).unit.id,
  ]
  let request = RequestKey(id: "assignments", method: "test", fingerprint: "")
  let provenance = Provenance(actor: "person/zhang.wei", cause: "request/a", trace: "")
  _ = try await store.write(request, provenance: provenance, reach: .everywhere, now: now) {
    writer in
    try writer.save(
      Commitment(
        assignmentID: id("a"), unitID: parts[0], incidentID: id("i"), state: .onScene))
    try writer.save(KnownIncident(id: id("i"), level: nil, isOpen: true, revision: 1))
    return 0
  }
  try await store.read(within: .everywhere) { reader in
    let whole = try #require(try reader.unit(group))
    #expect(whole.parts?.map(\.unit.callSign) == ["G-1", "G-2"])
    #expect(whole.headcount == 2 && whole.availability == .conditionallyAvailable)
    #expect(whole.activity == .committed(.onScene) && whole.incidentIDs == [id("i")])
    #expect(try reader.units(after: nil, limit: 10).first == whole)
    #expect(try reader.wasSent(parts[0], to: id("i")) && !reader.wasSent(parts[1], to: id("i")))
    #expect(try reader.isOpen(id("i")) && !reader.isOpen(id("other")))
  }
  try await database.close()
}
