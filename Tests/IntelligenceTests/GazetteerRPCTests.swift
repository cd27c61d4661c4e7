// The gazetteer as callers meet it: puts, imports, refusals, and the store behind them compared with
// plain dictionaries.

import Access
import EventLog
import Foundation
import GRPCCore
import Geography
import Identifiers
import IntelligenceRPC
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import IntelligenceDomain
@testable import IntelligenceStore

extension Desk {
  var gazetteer: GazetteerService { GazetteerService(store: store, clock: clock) }

  @discardableResult
  func put(
    _ place: Quintet_Intelligence_V1_PlaceContent, id: String = UUID().uuidString,
    etag: String = ""
  ) async throws -> Quintet_Intelligence_V1_Place {
    try await calling("PutPlace") {
      try await self.gazetteer.putPlace(
        request: .with {
          $0.requestID = id
          $0.place = place
          $0.etag = etag
        }, context: $0)
    }.place
  }

  @discardableResult
  func put(
    plate: Quintet_Intelligence_V1_LocationPlateContent, id: String = UUID().uuidString
  ) async throws -> Quintet_Intelligence_V1_Place {
    try await calling("PutLocationPlate") {
      try await self.gazetteer.putLocationPlate(
        request: .with {
          $0.requestID = id
          $0.plate = plate
        }, context: $0)
    }.place
  }

  func locate(
    _ change: @escaping @Sendable (inout Quintet_Intelligence_V1_LocateRequest) -> Void
  ) async throws -> Quintet_Intelligence_V1_LocateResponse {
    try await calling("Locate") {
      try await self.gazetteer.locate(request: .with(change), context: $0)
    }
  }

  func bring(
    _ batches: [Quintet_Intelligence_V1_ImportPlacesRequest]
  ) async throws -> [Quintet_Intelligence_V1_ImportPlacesResponse] {
    let answers = Answers()
    try await calling("ImportPlaces") {
      try await self.gazetteer.importPlaces(
        request: RPCAsyncSequence(
          wrapping: AsyncThrowingStream { continuation in
            for batch in batches { continuation.yield(batch) }
            continuation.finish()
          }), response: RPCWriter(wrapping: answers), context: $0)
    }
    return answers.all
  }
}

private final class Answers: RPCWriterProtocol {
  private let taken = Mutex<[Quintet_Intelligence_V1_ImportPlacesResponse]>([])

  var all: [Quintet_Intelligence_V1_ImportPlacesResponse] { taken.withLock { $0 } }

  func write(_ element: Quintet_Intelligence_V1_ImportPlacesResponse) async throws {
    taken.withLock { $0.append(element) }
  }

  func write(
    contentsOf elements: some Sequence<Quintet_Intelligence_V1_ImportPlacesResponse>
  ) async throws {
    for element in elements { try await write(element) }
  }
}

private func park(
  _ code: String = "park", _ name: String = "中山公园"
) -> Quintet_Intelligence_V1_PlaceContent {
  .with {
    $0.code = code
    $0.kind = .park
    $0.name = name
    $0.point = townHall.message
  }
}

private func plate(_ number: String) -> Quintet_Intelligence_V1_LocationPlateContent {
  .with {
    $0.number = number
    $0.kind = .plate
    $0.description_p = "一块大石头，两棵松树"
    $0.point = townHall.message
  }
}

@Test func aPlacePutIsReadListedFoundAndTold() async throws {
  let desk = try Desk()
  let made = try await desk.put(park(), id: "r1")
  #expect(made.id.hasPrefix("plc_"))
  #expect(made.etag == "1")
  let again = try await desk.put(park(), id: "r1")
  #expect(again == made)
  for id in [made.id, "park"] {
    let read = try await calling("GetPlace") { context in
      try await desk.gazetteer.getPlace(request: .with { $0.id = id }, context: context)
    }
    #expect(read.place == made)
  }
  let found = try await desk.locate { $0.address = "中三公园" }
  #expect(found.candidates.first?.place == made)
  let events = try await desk.recorded()
  #expect(events.map(\.type) == [Quintet_Intelligence_V1_PlaceDefined.protoMessageName])
  #expect(events[0].subject == made.id)
  let told = try Quintet_Intelligence_V1_PlaceDefined(serializedBytes: events[0].payload)
  #expect(told.place == made)
}

@Test func aRequestIDUsedForSomethingElseAndAStaleEtagAreRefused() async throws {
  let desk = try Desk()
  try await desk.put(park(), id: "r1")
  await #expect(throws: (any Error).self) { try await desk.put(park("other"), id: "r1") }
  let stale = await refusal { try await desk.put(park("park", "新名"), etag: "7") }
  // The domain's own error: the host says it as ETAG_MISMATCH.
  #expect(stale == nil)
  await #expect(throws: GazetteerProblem.changedMeanwhile) {
    try await desk.put(park("park", "新名"), etag: "7")
  }
  #expect(GazetteerProblem.changedMeanwhile.failure.reason == "ETAG_MISMATCH")
  #expect(GazetteerProblem.codeTaken.failure.reason == "CODE_TAKEN")
  #expect(GazetteerProblem.deviceCodeTaken.failure.reason == "DEVICE_CODE_TAKEN")
}

@Test func badPlacesAreRefusedWithFieldAndRule() async throws {
  let desk = try Desk()
  let cases: [(String, String, (inout Quintet_Intelligence_V1_PlaceContent) -> Void)] = [
    ("REQUIRED", "place.code", { $0.code = "" }),
    ("CHARACTERS_NOT_ALLOWED", "place.code", { $0.code = "公园" }),
    ("UNSPECIFIED", "place.kind", { $0.kind = .unspecified }),
    ("KIND_NOT_ALLOWED", "place.kind", { $0.kind = .pillar }),
    ("REQUIRED", "place.name", { $0.name = " " }),
    ("TOO_LONG", "place.name", { $0.name = String(repeating: "长", count: 81) }),
    ("TOO_MANY", "place.aliases", { $0.aliases = Array(repeating: "甲", count: 17) }),
    ("REQUIRED", "place.aliases[1]", { $0.aliases = ["甲", ""] }),
    ("REQUIRED", "place.point", { $0.clearPoint() }),
    ("DATUM_REQUIRED", "place.point.datum", { $0.point.datum = .unspecified }),
    ("OUT_OF_RANGE", "place.point.latitude", { $0.point.latitude = 91 }),
    ("OUT_OF_RANGE", "place.radius_m", { $0.radiusM = -1 }),
    ("OUT_OF_RANGE", "place.radius_m", { $0.radiusM = .nan }),
  ]
  for (reason, field, spoil) in cases {
    var place = park()
    spoil(&place)
    let spoiled = place
    let failure = await refusal { try await desk.put(spoiled) }
    #expect(failure?.reason == reason, "\(field)")
    #expect(failure?.field == field)
  }
  let kind = await refusal { try await desk.put(plate: .with { $0.kind = .park }) }
  #expect(kind?.reason == "KIND_NOT_ALLOWED")
  let number = await refusal {
    var bad = plate("---")
    bad.kind = .pillar
    return try await desk.put(plate: bad)
  }
  #expect(number?.field == "plate.number")
  #expect(try await desk.count(of: "place") == 0)
}

@Test func badQuestionsAreRefusedWithFieldAndRule() async throws {
  let desk = try Desk()
  let cases: [(String, String, @Sendable (inout Quintet_Intelligence_V1_LocateRequest) -> Void)] = [
    ("REQUIRED", "address", { _ in }),
    (
      "REQUIRED", "near_point",
      {
        $0.address = "甲"
        $0.nearRadiusM = 5
      }
    ),
    ("TOO_LONG", "address", { $0.address = String(repeating: "长", count: 301) }),
    ("TOO_LONG", "plate_number", { $0.plateNumber = String(repeating: "1", count: 65) }),
    ("DATUM_REQUIRED", "point.datum", { $0.point.latitude = 1 }),
    (
      "OUT_OF_RANGE", "limit",
      {
        $0.address = "甲"
        $0.limit = 51
      }
    ),
    (
      "TOO_FEW_CORNERS", "area.corners",
      {
        $0.address = "甲"
        $0.area = .init()
      }
    ),
  ]
  for (reason, field, change) in cases {
    let failure = await refusal { try await desk.locate(change) }
    #expect(failure?.reason == reason, "\(field)")
    #expect(failure?.field == field)
  }
}

@Test func anImportKeepsWhatIsGoodTellsWhatIsBadAndDoublesNothing() async throws {
  let desk = try Desk()
  let batch = Quintet_Intelligence_V1_ImportPlacesRequest.with {
    $0.requestID = "file:0"
    $0.entries = [
      .with { $0.place = park() }, .with { $0.place = park("", "无编号") },
      .with { $0.plate = plate("QL-0137") }, .init(),
      .with { $0.place = park("QL-0137", "与牌同号") },
    ]
  }
  let empty = Quintet_Intelligence_V1_ImportPlacesRequest.with { $0.requestID = "file:1" }
  let answers = try await desk.bring([batch, empty, .init(), batch])
  #expect(answers.map(\.requestID) == ["file:0", "file:1", "", "file:0"])
  #expect(answers[0].storedCount == 2)
  #expect(answers[0].addedCount == 2)
  #expect(answers[0].problems.map(\.index) == [1, 3, 4])
  #expect(
    answers[0].problems.map(\.problem.reason) == ["REQUIRED", "REQUIRED", "CODE_TAKEN"])
  #expect(answers[0].problems.map(\.problem.field) == ["place.code", "content", "code"])
  #expect(answers[1].problems.map(\.index) == [-1])
  #expect(answers[2].problems.map(\.problem.field) == ["request_id"])
  #expect(answers[3] == answers[0])
  #expect(try await desk.count(of: "place") == 2)
  #expect(try await desk.recorded().count == 2)
}

@Test func placesAreListedByCodeAndKindInPages() async throws {
  let desk = try Desk()
  for index in 0..<7 { try await desk.put(park("p\(index)", "公园\(index)")) }
  try await desk.put(plate: plate("QL-1"))
  var codes: [String] = []
  var token = ""
  repeat {
    let position = token
    let page = try await calling("ListPlaces") { context in
      try await desk.gazetteer.listPlaces(
        request: .with {
          $0.pageSize = 3
          $0.pageToken = position
          $0.kinds = [.park]
        }, context: context)
    }
    codes += page.places.map(\.code)
    token = page.nextPageToken
  } while !token.isEmpty
  #expect(codes == (0..<7).map { "p\($0)" })
}

// MARK: - The store and the dictionaries

@Test func theStoreFindsWhatPlainDictionariesFind() async throws {
  let desk = try Desk()
  let names = MadeTown.names(400, seed: 9)
  let model = try MadeTown.gazetteer(names)
  let entries = try names.enumerated().map { index, name in
    try Quintet_Intelligence_V1_ImportEntry.with {
      $0.place = park("p\(index)", name)
      $0.place.kind = .landmark
      $0.place.point = .init(try MadeTown.spot(index))
    }
  }
  _ = try await desk.bring([
    .with {
      $0.requestID = "all"
      $0.entries = entries
    }
  ])
  var generator = SeededGenerator(state: 5)
  var asked = 0
  for name in names.prefix(20) {
    for garbling in Garbling.allCases {
      guard let told = garbling.garble(name, &generator) else { continue }
      asked += 1
      let query = LocateQuery(address: told, near: try MadeTown.spot(asked % 400), limit: 5)
      let stored = try await desk.store.readGazetteer { try Locating().locate(query, in: $0) }
      let plain = try Locating().locate(query, in: model)
      #expect(
        stored.candidates.map(\.confidence) == plain.candidates.map(\.confidence), "\(told)")
      #expect(stored.candidates.first?.name == plain.candidates.first?.name, "\(told)")
    }
  }
  #expect(asked > 90)
}

/// Names of a place that changed lead to it no more, and leave nothing behind.
@Test func aNewNameTakesThePlaceOfTheOld() async throws {
  let desk = try Desk()
  try await desk.put(park("park", "望江公园"))
  try await desk.put(park("other", "鹭岛公园"))
  let before = try await desk.count(of: "gazetteer_term")
  try await desk.put(park("park", "逸仙公园"))
  #expect(try await desk.locate { $0.address = "望江公园" }.candidates.first?.confidence ?? 0 < 0.9)
  #expect(try await desk.locate { $0.address = "逸仙公园" }.candidates.first?.confidence == 1)
  #expect(try await desk.count(of: "gazetteer_term") == before)
  var gone = park("park", "逸仙公园")
  gone.retired = true
  try await desk.put(gone)
  #expect(
    try await desk.locate { $0.address = "逸仙公园" }.candidates.allSatisfy { $0.place.code == "other" }
  )
  #expect(try await desk.count(of: "gazetteer_name") == 1)
  gone.retired = false
  try await desk.put(gone)
  #expect(try await desk.locate { $0.address = "逸仙公园" }.candidates.first?.confidence == 1)
}

/// A home is no kind of place, and no field says who is where.
@Test func noFieldOfTheGazetteerSpeaksOfAPerson() throws {
  let set = try Google_Protobuf_FileDescriptorSet(
    serializedBytes: QuintetDescriptors.fileDescriptorSet)
  let file = try #require(set.file.first { $0.name.hasSuffix("gazetteer_service.proto") })
  let banned = [
    "person", "owner", "resident", "tenant", "holder", "phone", "identity", "home", "residence",
    "dwelling", "family", "household",
  ]
  let names =
    file.messageType.flatMap { message in message.field.map(\.name) }
    + file.enumType.flatMap { $0.value.map { $0.name.lowercased() } }
  #expect(names.count > 80)
  for name in names { #expect(banned.allSatisfy { !name.contains($0) }, "\(name)") }
}
