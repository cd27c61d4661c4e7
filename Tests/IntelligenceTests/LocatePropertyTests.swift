// However a name is garbled once, it is found; and no answer breaks what was asked for.

import Foundation
import Geography
import Testing

@testable import IntelligenceDomain

/// One mistake of whoever hears or types a name.
enum Garbling: String, CaseIterable, Sendable {
  case sameSound, nearSound, left, added, exchanged, wrong, width, spaced

  private static let homophones: [Character: Character] = [
    "青": "清", "澜": "兰", "望": "旺", "云": "芸", "松": "嵩", "枫": "风", "柳": "绺", "梅": "煤",
    "竹": "烛", "鹭": "路", "霞": "匣", "岚": "蓝", "碧": "壁", "翠": "脆", "锦": "紧", "银": "吟",
    "玉": "育", "沙": "纱", "桐": "童", "杏": "幸", "荷": "河", "菱": "陵", "芦": "炉", "雁": "燕",
    "鹤": "贺", "莺": "英", "晴": "情", "华": "滑", "新": "欣", "东": "冬", "安": "庵", "福": "服",
    "永": "勇", "泰": "太", "康": "糠", "兴": "星", "隆": "龙", "德": "得", "昌": "猖",
  ]
  private static let near: [Character: Character] = [
    "兴": "心", "沙": "撒", "昌": "仓", "银": "赢", "晴": "勤", "青": "亲", "柳": "扭", "岚": "难",
    "澜": "南", "菱": "林", "莺": "音", "梅": "煤", "杏": "信", "隆": "农",
  ]

  /// - Returns: nil where this mistake cannot be made in this name.
  func garble(_ name: String, _ generator: inout SeededGenerator) -> String? {
    var letters = Array(name)
    // Endings such as 公园 are not what a name is known by.
    let own = 0..<min(letters.count, 4)
    let index = Int.random(in: own, using: &generator)
    switch self {
    case .sameSound, .nearSound:
      let table = self == .sameSound ? Self.homophones : Self.near
      guard let at = own.first(where: { table[letters[$0]] != nil }), let other = table[letters[at]]
      else { return nil }
      letters[at] = other
    case .left: letters.remove(at: index)
    case .added: letters.insert("个", at: index)
    case .exchanged:
      let next = min(index, own.count - 2)
      guard letters[next] != letters[next + 1] else { return nil }
      letters.swapAt(next, next + 1)
    case .wrong: letters[index] = "乙"
    case .width: letters.append("Ａ")
    case .spaced: letters.insert("　", at: index)
    }
    return String(letters)
  }
}

@Test(arguments: Garbling.allCases)
func aNameGarbledOnceIsAmongTheFirstThreeOfTenThousand(_ garbling: Garbling) throws {
  let names = TenThousand.names
  var generator = SeededGenerator(state: 41)
  var tried = 0
  var missed: [String] = []
  for _ in 0..<120 {
    let index = Int.random(in: names.indices, using: &generator)
    guard let told = garbling.garble(names[index], &generator), told != names[index] else {
      continue
    }
    // Garbled into another name of the town it is that name.
    guard !TenThousand.known.contains(told) else { continue }
    tried += 1
    let answer = try Locating().locate(
      LocateQuery(address: told, limit: 3), in: TenThousand.gazetteer)
    if !answer.candidates.contains(where: { $0.name == names[index] }) {
      missed.append("\(told) ≠ \(names[index]), but \(answer.candidates.map(\.name))")
    }
  }
  #expect(tried > 20)
  // Of two names that differ in the very character that was lost, either may be meant.
  #expect(missed.count <= 1 + tried / 50, "\(missed.count) of \(tried): \(missed.prefix(5))")
}

@Test func aNameToTheLetterIsAlwaysFirstAndCertain() throws {
  for name in TenThousand.names.prefix(200) {
    let answer = try Locating().locate(
      LocateQuery(address: name, limit: 5), in: TenThousand.gazetteer)
    let first = try #require(answer.candidates.first)
    #expect(first.name == name)
    #expect(first.confidence == 1)
    #expect(first.evidence.map(\.kind) == [.exact])
    #expect(answer.candidates.dropFirst().allSatisfy { $0.confidence < 1 })
  }
}

@Test func nothingOutsideTheSearchedAreaIsEverAnswered() throws {
  var generator = SeededGenerator(state: 7)
  var answered = 0
  for _ in 0..<30 {
    let name = TenThousand.names.randomElement(using: &generator) ?? ""
    let middle = try MadeTown.spot(Int.random(in: 0..<10_000, using: &generator))
    let size = Double.random(in: 200...3_000, using: &generator)
    let area = try Polygon(
      corners: [(1.0, 1.0), (1, -1), (-1, -1), (-1, 1)].map {
        middle.offset(northMetres: $0 * size, eastMetres: $1 * size)
      })
    var query = LocateQuery(
      address: String(name.dropFirst()), description: name,
      point: try GivenPoint(
        latitude: middle.latitude, longitude: middle.longitude, datum: .wgs84), limit: 50)
    query.area = area
    for candidate in try Locating().locate(query, in: TenThousand.gazetteer).candidates {
      answered += 1
      #expect(area.contains(candidate.coordinate))
    }
    query.area = nil
    query.near = middle
    query.nearRadiusMetres = size
    for candidate in try Locating().locate(query, in: TenThousand.gazetteer).candidates {
      answered += 1
      #expect(middle.distance(to: candidate.coordinate) <= size)
    }
  }
  #expect(answered > 300)
}

@Test func confidenceFallsWithTheDistanceFromTheHint() throws {
  for index in stride(from: 0, to: 10_000, by: 397) {
    let name = TenThousand.names[index]
    let spot = try MadeTown.spot(index)
    var last = 1.1
    for metres in [0.0, 50, 300, 1_000, 5_000, 20_000] {
      let hint = spot.offset(northMetres: metres, eastMetres: 0)
      let answer = try Locating().locate(
        LocateQuery(address: name, near: hint), in: TenThousand.gazetteer)
      let confidence = try #require(answer.candidates.first { $0.name == name }).confidence
      #expect(confidence < last)
      #expect((0...1).contains(confidence))
      last = confidence
    }
  }
}

@Test func confidenceFallsWithEveryMistake() throws {
  var generator = SeededGenerator(state: 3)
  for index in stride(from: 0, to: 10_000, by: 61) {
    let name = FoldedName(TenThousand.names[index])
    var told = name.characters
    var last = NameMatch(told: name, name: name).fit
    #expect(last == 1)
    for position in Array(0..<min(3, told.count)).shuffled(using: &generator) {
      told[position] = FoldedName("乙").characters[0]
      let fit = NameMatch(told: FoldedName(told), name: name).fit
      #expect(fit < last)
      last = fit
    }
  }
}

@Test func theSamePointInAnyDatumIsTheSameCandidate() throws {
  for index in stride(from: 0, to: 10_000, by: 811) {
    let spot = try MadeTown.spot(index)
    for datum in Datum.allCases {
      let given = spot.converted(to: datum)
      let answer = try Locating().locate(
        LocateQuery(
          point: try GivenPoint(
            latitude: given.latitude, longitude: given.longitude, datum: datum)),
        in: TenThousand.gazetteer)
      let first = try #require(answer.candidates.first)
      #expect(first.name == TenThousand.names[index])
      #expect(first.evidence[0].distanceMetres < 1)
      let nearest = answer.candidates.map { spot.distance(to: $0.coordinate) }
      #expect(nearest == nearest.sorted())
    }
  }
}

/// Made once for all: nothing in these tests changes it.
enum TenThousand {
  static let names = MadeTown.names(10_000, seed: 1)
  static let known = Set(names)
  nonisolated(unsafe) static let gazetteer: MemoryGazetteer = {
    do { return try MadeTown.gazetteer(names) } catch { fatalError("\(error)") }
  }()
}
