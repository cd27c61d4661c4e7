// The gazetteer's questions are one SQL text for both engines: each must answer them alike.
import EventLog
import Foundation
import Geography
import Identifiers
import IntelligenceDomain
import Testing

@testable import IntelligenceStore
@testable import Persistence

private let start = Date(timeIntervalSince1970: 1_483_200_000)

private func open(_ engine: Engine, _ folder: StoreFolder) throws -> (
  any Database, IntelligenceDatabaseStore
) {
  let database = try engine.open(folder, IntelligenceDatabaseStore.migrations)
  let store = IntelligenceDatabaseStore(
    database: database, log: EventLog(service: "intelligence", partition: "main")
  ) { _ in ("quintet.intelligence.v1.PlaceDefined", "plc_x", []) }
  return (database, store)
}

private func put(_ contents: [PlaceContent], _ id: String, in store: IntelligenceDatabaseStore)
  async throws
{
  let key = RequestKey(id: id, method: "/test/Put", fingerprint: id)
  let outcomes = try await store.writeGazetteer(
    key, provenance: Provenance(actor: "person/test", cause: "request/\(id)", trace: ""),
    now: start
  ) { writer in
    try GazetteerKeeping().put(
      all: contents.map { PutPlace(content: $0, occurTime: start) }, in: writer)
  }
  #expect(outcomes.count == contents.count)
}

private func town() throws -> [PlaceContent] {
  let middle = try Coordinate(latitude: 28, longitude: 120.6)
  func spot(_ metres: Double) -> Coordinate { middle.offset(northMetres: metres, eastMetres: 0) }
  return [
    PlaceContent(code: "r1", kind: .road, name: "中山路", coordinate: spot(0)),
    PlaceContent(
      code: "a118", kind: .address, name: "中山路118号", address: "中山路118号", coordinate: spot(100)),
    PlaceContent(
      code: "a122", kind: .address, name: "中山路122号", address: "中山路122号", coordinate: spot(140)),
    PlaceContent(
      code: "park", kind: .park, name: "望江公园", aliases: ["江边公园"], area: "鼓楼区",
      coordinate: spot(400)),
    PlaceContent(
      code: "QL-0137", kind: .plate, name: "0137号牌", description: "一块大石头，两棵松树，看得见灯塔",
      deviceCode: "d-1", coordinate: spot(900)),
    PlaceContent(
      code: "QL-0138", kind: .plate, name: "0138号牌", description: "一块大石头，一片竹林",
      coordinate: spot(930)),
  ]
}

private let questions: [(LocateQuery, String)] = [
  (LocateQuery(address: "望江公园"), "park"), (LocateQuery(address: "旺江公园"), "park"),
  (LocateQuery(address: "江边公园对面"), "park"), (LocateQuery(address: "中山路118号"), "a118"),
  (LocateQuery(address: "鼓楼区望江公"), "park"), (LocateQuery(plateNumber: "ql0137"), "QL-0137"),
  (LocateQuery(plateNumber: "QL-0187"), "QL-0137"), (LocateQuery(plateNumber: "138"), "QL-0138"),
  (LocateQuery(deviceCode: "d-1"), "QL-0137"),
  (LocateQuery(description: "大石头 竹林"), "QL-0138"), (LocateQuery(description: "灯塔"), "QL-0137"),
]

@Test(arguments: Engine.allCases)
func everyKindOfWordsIsFoundOnEitherEngine(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  defer { withExtendedLifetime(folder) {} }
  let (database, store) = try open(engine, folder)
  try await put(town(), "all", in: store)
  for (query, code) in questions {
    let answer = try await store.readGazetteer { try Locating().locate(query, in: $0) }
    #expect(answer.candidates.first?.place?.content.code == code, "\(query)")
    var bounded = query
    // Five metres and more from everything.
    bounded.near = try Coordinate(latitude: 27.99995, longitude: 120.6)
    bounded.nearRadiusMetres = 2_000
    let same = try await store.readGazetteer { [bounded] in try Locating().locate(bounded, in: $0) }
    #expect(same.candidates.first?.place?.content.code == code)
    bounded.nearRadiusMetres = 1
    let none = try await store.readGazetteer { [bounded] in try Locating().locate(bounded, in: $0) }
    #expect(none.candidates.isEmpty)
  }
  let between = try await store.readGazetteer {
    try Locating().locate(LocateQuery(address: "中山路120号"), in: $0)
  }
  #expect(between.candidates.first?.place == nil)
  let point = try GivenPoint(latitude: 28, longitude: 120.6, datum: .wgs84)
  let near = try await store.readGazetteer {
    try Locating().locate(LocateQuery(point: point), in: $0)
  }
  #expect(near.candidates.map { $0.place?.content.code }.prefix(2) == ["r1", "a118"])
  try await database.close()
}

@Test(arguments: Engine.allCases)
func puttingTheSameAgainChangesNothingOnEitherEngine(_ engine: Engine) async throws {
  let folder = try StoreFolder()
  defer { withExtendedLifetime(folder) {} }
  let (database, store) = try open(engine, folder)
  try await put(town(), "first", in: store)
  func dump() async throws -> [String] {
    try await database.read { tx in
      try ["place", "place_name", "gazetteer_name", "gazetteer_term", "event"].flatMap { table in
        try tx.query("SELECT * FROM \(table)").map { row in
          row.columns.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        }
      }.sorted()
    }
  }
  let before = try await dump()
  try await put(town(), "first", in: store)
  try await put(town(), "second", in: store)
  #expect(try await dump() == before)
  let page = try await store.readGazetteer {
    try $0.places(after: "a118", kinds: [.park, .address], limit: 10).map(\.content.code)
  }
  #expect(page == ["a122", "park"])
  try await database.close()
}
