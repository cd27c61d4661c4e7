// What callers say, one by one, and what is to be made of it.

import Foundation
import Geography
import Testing

@testable import IntelligenceDomain

private func town() throws -> MemoryGazetteer {
  let town = MemoryGazetteer()
  func put(
    _ code: String, _ kind: PlaceKind, _ name: String, _ spot: Int, address: String = "",
    area: String = "", aliases: [String] = [], description: String = "", device: String = ""
  ) throws {
    try town.put(
      PlaceContent(
        code: code, kind: kind, name: name, aliases: aliases, address: address, area: area,
        description: description, deviceCode: device, coordinate: MadeTown.spot(spot)))
  }
  try put("r1", .road, "中山路", 5)
  try put("r2", .road, "人民北路", 700)
  try put("a118", .address, "中山路118号", 10, address: "中山路118号")
  try put("a122", .address, "中山路122号", 12, address: "中山路122号")
  try put("a119", .shop, "老王五金店", 110, address: "中山路119号")
  try put("x1", .intersection, "中山路与解放路交叉口", 20)
  try put("park", .park, "中山公园", 30, area: "鼓楼区", aliases: ["中央公园"])
  try put("park2", .park, "中山公园", 3_000, area: "台江区")
  try put("gz", .transport, "广场南站", 40)
  try put("rm1", .shop, "新华书店", 710, address: "人民北路8号")
  try put("xh1", .shop, "兴化饭店", 711, address: "兴化路3号")
  try put("QL-0137", .plate, "0137号牌", 50, description: "一块大石头，两棵松树，看得见灯塔")
  try put("QL-0138", .plate, "0138号牌", 51, description: "一块大石头，一片竹林，看得见码头")
  try put("QL-0255", .plate, "0255号牌", 52, description: "刻字石碑，两棵松树，看得见凉亭")
  try put("P-01", .pillar, "报警柱1号", 60, description: "码头", device: "sos-1")
  return town
}

private func locate(_ query: LocateQuery) throws -> [LocateCandidate] {
  try Locating().locate(query, in: town()).candidates
}

private func first(_ address: String) throws -> LocateCandidate {
  try #require(try locate(LocateQuery(address: address)).first)
}

@Test func aHouseNumberThatIsKnownIsThatHouse() throws {
  let found = try first("中山路１１８号")
  #expect(found.place?.content.code == "a118")
  #expect(found.confidence == 1)
  #expect(try first("福建省福州市鼓楼区中山路118号3楼").place?.content.code == "a118")
  #expect(try first("中山路119号").place?.content.code == "a119")
}

@Test func aHouseNumberBetweenTwoIsWorkedOutAndLessCertain() throws {
  let found = try first("中山路120号")
  #expect(found.place == nil)
  #expect(found.coordinate.distance(to: try MadeTown.spot(11)) < 1)
  #expect(found.uncertaintyMetres > 99)
  #expect(found.confidence < 1)
  #expect(found.evidence.map(\.kind) == [.exact, .interpolated])
  #expect(found.reason.contains("118号与122号"))
}

@Test func aHouseNumberBeyondTheLastIsBesideItAndFarLessCertain() throws {
  func beyond(_ told: String) throws -> LocateCandidate {
    // Far beyond, the road itself is as good a guess, and comes beside it.
    try #require(try locate(LocateQuery(address: told)).first { $0.place == nil })
  }
  let near = try beyond("中山路126号")
  let far = try beyond("中山路190号")
  #expect(near.coordinate == far.coordinate)
  #expect(near.confidence > far.confidence)
  #expect(near.uncertaintyMetres < far.uncertaintyMetres)
}

@Test func aRoadMisheardStillLeadsToTheHouse() throws {
  let found = try first("钟山路118号")
  #expect(found.place?.content.code == "a118")
  #expect(found.confidence < 1)
  #expect(found.evidence[0].kind == .soundsAlike)
}

@Test(arguments: [
  "中山路与解放路交叉口", "中山路和解放路路口", "解放路中山路交汇处", "解放路与中山路口", "中山路/解放路十字路口",
])
func aCrossingIsFoundWhicheverRoadComesFirst(_ told: String) throws {
  let found = try first(told)
  #expect(found.place?.content.code == "x1", "\(told): \(found.name)")
  #expect(found.confidence >= 0.99)
}

@Test func aCrossingThatNobodyEnteredIsWhereTheRoadsComeNearest() throws {
  let found = try first("人民北路与兴化路路口")
  #expect(found.place == nil)
  #expect(found.evidence.map(\.kind) == [.crossing])
  #expect(found.coordinate.distance(to: try MadeTown.spot(710)) < 60)
  #expect(found.uncertaintyMetres >= 60)
}

@Test func wordsOfDirectionMoveThePoint() throws {
  let found = try first("中山公园东侧50米")
  let park = try MadeTown.spot(30)
  #expect(abs(found.coordinate.distance(to: park) - 50) < 0.5)
  #expect(found.coordinate.longitude > park.longitude)
  #expect(found.evidence.last?.kind == .relative)
  #expect(try first("中山公园往北2公里").coordinate.distance(to: park) > 1_990)
}

@Test func wordsWithoutADistanceMakeItLessCertain() throws {
  let plain = try first("中央公园")
  let beside = try first("中央公园对面")
  #expect(beside.coordinate == plain.coordinate)
  #expect(beside.uncertaintyMetres > plain.uncertaintyMetres)
  #expect(beside.confidence < plain.confidence)
  #expect(beside.reason.contains("对面"))
}

@Test func theSameNameInTwoAreasIsToldApartByTheArea() throws {
  let both = try locate(LocateQuery(address: "中山公园"))
  #expect(Set(both.prefix(2).map(\.place?.content.code)) == ["park", "park2"])
  #expect(try first("台江区中山公园").place?.content.code == "park2")
  #expect(try first("鼓楼区中山公园").place?.content.code == "park")
}

@Test func traditionalAndFullWidthFormsAreTheSameName() throws {
  #expect(try first("廣場南站").confidence == 1)
  #expect(try first("　中山公園　").confidence == 1)
}

@Test func aSentenceAroundANameStillFindsIt() throws {
  #expect(try first("我在新华书店门口").name.hasPrefix("新华书店"))
  #expect(try first("就是那个新华书店").place?.content.code == "rm1")
}

@Test func everyPlateIsFoundByItsNumberHoweverItIsWritten() throws {
  for told in ["QL-0137", "ql0137", "ＱＬ－０１３７", "QL 0137号"] {
    let found = try locate(LocateQuery(plateNumber: told))
    #expect(found.map(\.place?.content.code) == ["QL-0137"], "\(told)")
    #expect(found[0].confidence == 1)
  }
  let digits = try locate(LocateQuery(plateNumber: "137"))
  #expect(digits.first?.place?.content.code == "QL-0137")
  #expect(digits[0].confidence < 1)
}

@Test func oneMisreadCharacterIsForgivenAndSaid() throws {
  for told in ["QL-0131", "QL-O137", "QL-0317", "QL-137", "QL-01337"] {
    let found = try locate(LocateQuery(plateNumber: told))
    let plate = try #require(found.first { $0.place?.content.code == "QL-0137" }, "\(told)")
    #expect(plate.confidence < 0.9)
    #expect(plate.evidence[0].kind == .misread || told == "QL-137")
    #expect(!plate.reason.isEmpty)
  }
  #expect(try locate(LocateQuery(plateNumber: "QL-9999")).isEmpty)
}

@Test func aDescriptionLeadsToThePlateThatHasAllOfIt() throws {
  let found = try locate(LocateQuery(description: "大石头 两棵松树 灯塔"))
  #expect(found.first?.place?.content.code == "QL-0137")
  #expect(found[0].evidence.count == 3)
  let spoken = try locate(LocateQuery(description: "旁边有大石头，看得见码头，还有竹林"))
  #expect(spoken.first?.place?.content.code == "QL-0138")
}

@Test func aMisreadNumberAndADescriptionStrengthenEachOther() throws {
  let number = try locate(LocateQuery(plateNumber: "QL-0235"))
  let both = try locate(LocateQuery(description: "石碑 凉亭", plateNumber: "QL-0235"))
  #expect(number.first?.place?.content.code == "QL-0255")
  #expect(both.first?.place?.content.code == "QL-0255")
  #expect(both[0].confidence > number[0].confidence)
}

@Test func aFixedDeviceIsWhereItStands() throws {
  let found = try locate(LocateQuery(deviceCode: "sos-1"))
  #expect(found.map(\.place?.content.code) == ["P-01"])
  #expect(found[0].confidence == 1)
  #expect(try locate(LocateQuery(deviceCode: "sos-2")).isEmpty)
}

@Test func aPointInTheWrongDatumIsNoticed() throws {
  let park = try MadeTown.spot(30)
  let shifted = park.converted(to: .gcj02)
  let query = LocateQuery(
    address: "鼓楼区中山公园",
    point: try GivenPoint(
      latitude: shifted.latitude, longitude: shifted.longitude, datum: .wgs84))
  let notices = try Locating().locate(query, in: town()).notices
  #expect(notices.map(\.datum) == [.gcj02])
  #expect(notices[0].otherDistanceMetres < 1)
  let right = LocateQuery(
    address: "鼓楼区中山公园",
    point: try GivenPoint(
      latitude: shifted.latitude, longitude: shifted.longitude, datum: .gcj02))
  #expect(try Locating().locate(right, in: town()).notices.isEmpty)
}

@Test func whatIsRetiredIsFoundByNothing() throws {
  let town = try town()
  var plate = try #require(town.place(code: "P-01")).content
  plate.isRetired = true
  try town.put(plate)
  for query in [
    LocateQuery(deviceCode: "sos-1"), LocateQuery(plateNumber: "P-01"),
    LocateQuery(address: "报警柱1号"),
  ] {
    let found = try Locating().locate(query, in: town).candidates
    #expect(!found.contains { $0.place?.content.code == "P-01" })
  }
}

// MARK: - Keeping

@Test func aPlaceIsReplacedByItsCodeAndUntouchedByTheSame() throws {
  let town = try town()
  let before = try #require(town.place(code: "park"))
  let told = town.recorded.count
  #expect(try town.put(before.content) == before)
  #expect(town.recorded.count == told)
  var content = before.content
  content.name = "逸仙公园"
  let after = try town.put(content)
  #expect(after.id == before.id)
  #expect(after.revision == before.revision + 1)
  let answer = try Locating().locate(LocateQuery(address: "逸仙公园"), in: town)
  #expect(answer.candidates.first?.confidence == 1)
}

@Test func aCodeOfAnotherKindADeviceTakenAndAStaleEtagAreRefused() throws {
  let town = try town()
  let spot = try MadeTown.spot(1)
  #expect(throws: GazetteerProblem.codeTaken) {
    try town.put(PlaceContent(code: "QL-0137", kind: .park, name: "甲", coordinate: spot))
  }
  #expect(throws: GazetteerProblem.codeTaken) {
    try town.put(PlaceContent(code: "park", kind: .plate, name: "甲", coordinate: spot))
  }
  #expect(throws: GazetteerProblem.deviceCodeTaken) {
    try town.put(
      PlaceContent(
        code: "P-02", kind: .pillar, name: "甲", deviceCode: "sos-1", coordinate: spot))
  }
  #expect(throws: GazetteerProblem.changedMeanwhile) {
    try town.put(
      PlaceContent(code: "park", kind: .park, name: "甲", coordinate: spot), etag: "9")
  }
  #expect(throws: GazetteerProblem.changedMeanwhile) {
    try town.put(PlaceContent(code: "new", kind: .park, name: "甲", coordinate: spot), etag: "1")
  }
}

@Test func oneBadEntryStopsNoneOfTheOthers() throws {
  let town = try town()
  let spot = try MadeTown.spot(1)
  let outcomes = try GazetteerKeeping().put(
    all: ["n1", "QL-0137", "park"].map {
      PutPlace(
        content: PlaceContent(code: $0, kind: .park, name: "新\($0)", coordinate: spot),
        occurTime: midnight)
    }, in: town)
  #expect(outcomes == [.added, .refused(.codeTaken), .kept])
}

// MARK: - Words

@Test(arguments: [
  ("中山路120号", "中山路", 120), ("广东省深圳市福田区深南大道6008号", "深南大道", 6_008),
  ("福田区 中山路 12-3号 5楼", "中山路", 12), ("解放路8", "解放路", 8), ("幸福里3号", "幸福里", 3),
])
func houseNumbersAreRead(_ text: String, _ road: String, _ number: Int) throws {
  let house = try #require(HouseNumber(text))
  #expect(house.road == road)
  #expect(house.number == number)
}

@Test(arguments: ["中山路", "120号", "中山路东侧", "中山路3米", "第3中学", "人民路2个", ""])
func whatIsNoHouseNumberIsNot(_ text: String) {
  #expect(HouseNumber(text) == nil)
}

@Test(arguments: [
  ("中山公园东侧50米", "中山公园", 0.0, 50.0), ("灯塔以北约200米处", "灯塔", 200, 0),
  ("码头向西1.5公里", "码头", 0, -1_500), ("大桥东北侧100米", "大桥", 70.71, 70.71), ("大桥南侧", "大桥", 0, 0),
])
func directionsAreRead(_ text: String, _ rest: String, _ north: Double, _ east: Double) throws {
  let words = try #require(RelativeWords(text))
  #expect(words.rest == rest)
  #expect(abs(words.north - north) < 0.01)
  #expect(abs(words.east - east) < 0.01)
}

@Test(arguments: ["东方广场", "南门", "西面馆", "中山公园", "对面", ""])
func whatIsNoDirectionIsNot(_ text: String) {
  #expect(RelativeWords(text) == nil)
}

@Test func descriptionsFallApartIntoThings() {
  #expect(DescriptionWords.phrases(of: "大石头 两棵松树 灯塔") == ["大石头", "两棵松树", "灯塔"])
  #expect(
    DescriptionWords.phrases(of: "旁边有一块大石头两棵松树，看得见灯塔。") == ["一块大石头", "两棵松树", "灯塔"])
}

@Test func soundsAreComparedAsTheyAreHeard() {
  func fit(_ told: String, _ name: String) -> Double {
    NameMatch(told: FoldedName(told), name: FoldedName(name)).fit
  }
  #expect(fit("中山公园", "中山公园") == 1)
  #expect(fit("钟山公园", "中山公园") > fit("宗山公园", "中山公园"))
  #expect(fit("宗山公园", "中山公园") > fit("乙山公园", "中山公园"))
  #expect(FoldedName("龍華").key == "龙华")
  #expect(FoldedName("第３中学（东区）").key == "第3中学东区")
}
