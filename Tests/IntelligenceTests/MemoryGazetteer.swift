// The gazetteer's port over plain dictionaries: what the pure tests search in, and what the store's
// answers are compared with.

import Foundation
import Geography
import Identifiers

@testable import IntelligenceDomain

final class MemoryGazetteer: GazetteerWriter {
  let now = midnight
  private(set) var all: [PlaceID: GazetteerPlace] = [:]
  private(set) var recorded: [IntelligenceEvent] = []
  private var codes: [String: PlaceID] = [:]
  private var keys: [String: Int64] = [:]
  private var texts: [Int64: String] = [:]
  private var sizes: [Int64: Int] = [:]
  private var terms: [String: Set<Int64>] = [:]
  private var names: [PlaceID: [(number: Int64, field: NameField)]] = [:]
  private var holders: [Int64: [(place: PlaceID, field: NameField)]] = [:]
  private var houses: [Int64: [HousePlace]] = [:]
  private var minted = 0

  @discardableResult
  func put(_ content: PlaceContent, etag: String = "") throws -> GazetteerPlace {
    try GazetteerKeeping().put(
      PutPlace(content: content, etag: etag, occurTime: midnight), in: self
    ).place
  }

  func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag> {
    minted += 1
    var mint = IdentifierMint(service: "test", cause: "place/\(minted)", now: now)
    return mint.next()
  }

  func record(_ event: IntelligenceEvent, incident: IncidentID?, occurTime: Date) {
    recorded.append(event)
  }

  func save(_ place: GazetteerPlace, names new: PlaceNames) throws {
    for (number, _) in names[place.id] ?? [] {
      holders[number]?.removeAll { $0.place == place.id }
      houses[number]?.removeAll { $0.place.id == place.id }
    }
    all[place.id] = place
    codes[place.content.code] = place.id
    names[place.id] = []
    guard !place.content.isRetired else { return }
    for name in new.names {
      let number = keys[name.key] ?? Int64(keys.count + 1)
      keys[name.key] = number
      texts[number] = name.key
      sizes[number] = name.key.count
      for term in name.terms { terms[term, default: []].insert(number) }
      names[place.id]?.append((number, name.field))
      holders[number, default: []].append((place.id, name.field))
      if let house = new.house, house.road == name.key, name.field == .road {
        houses[number, default: []].append(HousePlace(place: place, number: house.number))
      }
    }
  }

  func place(_ id: PlaceID) -> GazetteerPlace? { all[id] }
  func place(code: String) -> GazetteerPlace? { codes[code].flatMap { all[$0] } }

  func place(device: String) -> GazetteerPlace? {
    all.values.first { $0.content.deviceCode == device && !$0.content.isRetired }
  }

  func places(after code: String?, kinds: Set<PlaceKind>, limit: Int) -> [GazetteerPlace] {
    let sorted = all.values.sorted { $0.content.code < $1.content.code }
    return Array(
      sorted.filter {
        $0.content.code > (code ?? "") && (kinds.isEmpty || kinds.contains($0.content.kind))
      }.prefix(limit))
  }

  func names(sharing told: [String], length: Int, limit: Int) -> [IndexedName] {
    var weights: [Int64: Double] = [:]
    for term in told {
      guard let having = terms[term] else { continue }
      for number in having { weights[number, default: 0] += log(200_000 / Double(having.count)) }
    }
    let values = weights.map { number, weight in
      (number: number, value: weight / Double(size(number) + length + 4))
    }
    // Thousands of values and a few that are wanted: only those are put in order with care.
    let least = values.map(\.value).sorted().suffix(limit).first ?? 0
    return values.filter { $0.value >= least }
      .sorted { ($1.value, $0.number) < ($0.value, $1.number) }
      .prefix(limit).map { IndexedName(number: $0.number, key: texts[$0.number] ?? "") }
  }

  private func size(_ number: Int64) -> Int { sizes[number] ?? 0 }

  func names(equalTo told: [String]) -> [IndexedName] {
    told.compactMap { key in keys[key].map { IndexedName(number: $0, key: key) } }
  }

  func places(
    named weights: [Int64: Double], in fields: Set<NameField>, within bounds: Polygon.Bounds?,
    limit: Int
  ) -> [NamedPlace] {
    var found: [PlaceID: [Int64: NameField]] = [:]
    for number in weights.keys {
      for (place, field) in holders[number] ?? [] where fields.contains(field) {
        guard let content = all[place]?.content, bounds?.contains(content.coordinate) ?? true else {
          continue
        }
        if found[place]?[number] != .name { found[place, default: [:]][number] = field }
      }
    }
    return found.compactMap { id, names in
      all[id].map { NamedPlace(place: $0, names: names) }
    }
  }

  func houses(on road: Int64, around number: Int, limit: Int) -> [HousePlace] {
    let sorted = (houses[road] ?? []).sorted { $0.number < $1.number }
    return sorted.filter { $0.number <= number }.suffix(limit)
      + sorted.filter { $0.number > number }.prefix(limit)
  }

  func plates(numbered told: [String]) -> [GazetteerPlace] {
    let wanted = Set(told)
    let digits = Set(told.filter { $0.allSatisfy(\.isNumber) }.map(Self.digits))
    return all.values.filter { place in
      let key = PlateNumber.key(place.content.code)
      return place.content.kind.isPlate && !place.content.isRetired
        && (wanted.contains(key) || digits.contains(Self.digits(key)))
    }.sorted { $0.content.code < $1.content.code }
  }

  private static func digits(_ key: String) -> String {
    String(key.filter(\.isNumber).drop { $0 == "0" })
  }

  func places(around point: Coordinate, metres: Double, limit: Int) -> [GazetteerPlace] {
    all.values.filter {
      !$0.content.isRetired && $0.content.coordinate.distance(to: point) <= metres
    }
  }
}

/// A made-up town for the pure tests, the same in every run.
enum MadeTown {
  static let middle = Corner(latitude: 22.54, longitude: 114.06)

  struct Corner {
    let latitude: Double
    let longitude: Double
  }

  private static let letters = Array("青澜望云松枫柳梅竹鹭霞岚碧翠锦银玉沙桐杏荷菱芦雁鹤莺晴朗华新东安福永泰康兴隆德昌")
  private static let endings = [
    "公园", "小区", "大厦", "广场", "小学", "医院", "农贸市场", "购物中心", "派出所", "水库", "大桥", "酒店",
  ]

  /// - Returns: so many names, no two equal, of five characters and more.
  static func names(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(state: seed)
    var seen: Set<String> = []
    var names: [String] = []
    while names.count < count {
      let chosen = (0..<Int.random(in: 3...4, using: &generator)).map { _ in
        letters.randomElement(using: &generator) ?? "青"
      }
      let name = String(chosen) + (endings.randomElement(using: &generator) ?? "公园")
      if seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  static func gazetteer(_ names: [String]) throws -> MemoryGazetteer {
    let gazetteer = MemoryGazetteer()
    for (index, name) in names.enumerated() {
      try gazetteer.put(place(name, code: "p\(index)", at: index))
    }
    return gazetteer
  }

  static func place(
    _ name: String, code: String, kind: PlaceKind = .landmark, at index: Int = 0
  ) throws -> PlaceContent {
    PlaceContent(code: code, kind: kind, name: name, coordinate: try spot(index))
  }

  /// Spots 100 m apart, a hundred to a row.
  static func spot(_ index: Int) throws -> Coordinate {
    try Coordinate(latitude: middle.latitude, longitude: middle.longitude)
      .offset(
        northMetres: Double(index / 100) * 100, eastMetres: Double(index % 100) * 100)
  }
}
