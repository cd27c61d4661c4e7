// What people name when they call: schools, malls, markets, estates, and the villages between them.
import Foundation
public import Geography

/// What kind of place it is.
public enum LandmarkKind: String, Sendable, Hashable, CaseIterable {
  case railwayStation = "railway_station"
  case square, mall, hospital, school, metro
  case busStation = "bus_station"
  case market, park, estate, factory, hotel, bank, bar, office, village, kiosk
  case standbyPoint = "standby_point"

  /// The term on the map.
  public var chineseName: String {
    switch self {
    case .railwayStation: "火车站"
    case .square: "广场"
    case .mall: "商场"
    case .hospital: "医院"
    case .school: "学校"
    case .metro: "地铁站"
    case .busStation: "客运站"
    case .market: "市场"
    case .park: "公园"
    case .estate: "小区"
    case .factory: "厂区"
    case .hotel: "宾馆"
    case .bank: "银行"
    case .bar: "酒吧街"
    case .office: "写字楼"
    case .village: "村"
    case .kiosk: "警务岗亭"
    case .standbyPoint: "待命点"
    }
  }
}

/// A place with a name and a point.
public struct Landmark: Sendable, Hashable {
  public let kind: LandmarkKind
  public let name: String
  public let address: String
  public let point: Coordinate
  /// Index into `Bureau.beats`.
  public let beat: Int
}

/// 重点部位: a place with a target of one minute, and the area around it.
public struct KeyPlace: Sendable, Hashable {
  /// Index into `Bureau.places`.
  public let place: Int
  /// Index into `Bureau.beats`; no two key places are in one beat.
  public let beat: Int
  public let area: Polygon
}

struct LandmarkPlan {
  private(set) var places: [Landmark] = []
  private(set) var keyPlaces: [KeyPlace] = []
  private(set) var villages: [Landmark] = []
  private(set) var kiosks: [Landmark] = []
  private(set) var standbyPoints: [Landmark] = []

  private let beats: [Beat]
  private let roads: [Road]
  private var generator: SeededGenerator

  static let villageCount = 181
  static let kioskCount = 37
  static let keyPlaceCount = 10

  /// How many of each, and what may follow the name.
  private static let counts: [(kind: LandmarkKind, count: Int, endings: [String])] = [
    (.square, 1, ["市民广场"]),
    (.mall, 8, ["购物中心", "天地", "百货", "奥莱广场"]),
    (.hospital, 4, ["医院", "中医院", "妇儿医院"]),
    (.metro, 6, ["地铁站"]),
    (.busStation, 2, ["客运站"]),
    (.bar, 1, ["酒吧街"]),
    (.school, 22, ["小学", "中学", "实验学校", "职业学校", "幼儿园"]),
    (.market, 12, ["农贸市场", "综合市场", "建材市场"]),
    (.park, 9, ["公园", "湿地公园", "体育公园"]),
    (.estate, 48, ["花园", "家园", "名苑", "新村", "公寓"]),
    (.factory, 9, ["工业园", "鞋业园", "锁具厂", "物流园"]),
    (.hotel, 8, ["宾馆", "大酒店", "民宿"]),
    (.bank, 10, ["银行网点"]),
    (.office, 6, ["大厦", "商务中心"]),
  ]

  init(seed: UInt64, beats: [Beat], roads: [Road], names: inout NamePool) throws {
    self.beats = beats
    self.roads = roads
    generator = SeededGenerator(seed: seed, part: "landmarks")
    addPlaces(&names)
    try addKeyPlaces()
    addKiosks()
    addStandbyPoints()
    addVillages()
  }

  private mutating func addPlaces(_ names: inout NamePool) {
    places.append(place(.railwayStation, "青澜站", spread: 0.12))
    for (kind, count, endings) in Self.counts {
      for _ in 0..<count {
        let spread = kind == .factory || kind == .school ? 0.5 : 0.28
        places.append(place(kind, names.next() + generator.pick(endings), spread: spread))
      }
    }
  }

  /// Beside a road, the likelier the nearer to the middle. `spread` is the standard width of the
  /// place along the road, as a share of its length.
  private mutating func place(_ kind: LandmarkKind, _ name: String, spread: Double) -> Landmark {
    while true {
      let road = generator.pick(roads)
      let share = 0.5 + (generator.number(-1...1) + generator.number(-1...1)) * spread
      let side: Double = generator.chance(0.5) ? 1 : -1
      let plot = road.plot(share: share, aside: side * generator.number(30...140))
      let point = plot.point.coordinate
      // The first roads and last shares may lead over the border: draw again.
      guard (0.02...0.98).contains(share), let beat = beat(at: point) else { continue }
      return Landmark(kind: kind, name: name, address: plot.address, point: point, beat: beat)
    }
  }

  private func beat(at point: Coordinate) -> Int? {
    beats.firstIndex { $0.area.contains(point) }
  }

  private mutating func addKeyPlaces() throws {
    let wanted: [LandmarkKind] = [
      .railwayStation, .square, .bar, .mall, .busStation, .hospital, .metro, .school, .market,
    ]
    // Every kind once, then once more, until there are enough in beats of their own.
    let candidates = (0..<4).flatMap { round in
      wanted.compactMap { kind in
        places.indices.filter { places[$0].kind == kind }.dropFirst(round).first
      }
    }
    for index in candidates where keyPlaces.count < Self.keyPlaceCount {
      let place = places[index]
      guard !keyPlaces.contains(where: { $0.beat == place.beat }) else { continue }
      let radius = generator.number(130...190)
      let corners = stride(from: 0.0, to: 2 * .pi, by: .pi / 4).map { angle in
        place.point.offset(northMetres: radius * sin(angle), eastMetres: radius * cos(angle))
      }
      guard corners.allSatisfy(beats[place.beat].area.contains) else { continue }
      keyPlaces.append(
        KeyPlace(place: index, beat: place.beat, area: try Polygon(corners: corners)))
    }
  }

  /// One at each key place, the others along the roads.
  private mutating func addKiosks() {
    for key in keyPlaces {
      let place = places[key.place]
      kiosks.append(
        Landmark(
          kind: .kiosk, name: "\(place.name)岗亭", address: place.address,
          point: place.point.offset(
            northMetres: generator.number(-60...60), eastMetres: generator.number(-60...60)),
          beat: place.beat))
    }
    while kiosks.count < Self.kioskCount {
      var kiosk = place(.kiosk, "", spread: 0.2)
      kiosk = Landmark(
        kind: .kiosk, name: "\(kiosk.address)岗亭", address: kiosk.address, point: kiosk.point,
        beat: kiosk.beat)
      kiosks.append(kiosk)
    }
  }

  private mutating func addStandbyPoints() {
    for (name, east, north) in [("城心", 300.0, 400.0), ("城西", -5_600, -600), ("城东", 5_700, 900)] {
      let point = LocalPoint(east: east, north: north).coordinate
      guard let beat = beat(at: point) else { continue }
      standbyPoints.append(
        Landmark(
          kind: .standbyPoint, name: "\(name)巡特警待命点", address: "\(name)待命点", point: point,
          beat: beat))
    }
  }

  /// Villages lie outside the centre, in every beat there.
  private mutating func addVillages() {
    let outer = beats.indices.filter { !beats[$0].isCentre }
    let endings = ["家岙村", "宅村", "家埭村", "垟村", "家坪村", "岭脚村", "湾底村", "家桥村"]
    var used: Set<String> = []
    while villages.count < Self.villageCount {
      let beat = outer[villages.count % outer.count]
      let name = "\(generator.pick(NamePool.surnames))\(generator.pick(endings))"
      // 200 names for 181 villages: a second one of a name is called upper or lower.
      let free = [name, "上\(name)", "下\(name)"].first { !used.contains($0) }
      guard let free else { continue }
      used.insert(free)
      villages.append(
        Landmark(
          kind: .village, name: free, address: free,
          point: Self.point(in: beats[beat].area, &generator), beat: beat))
    }
  }

  /// A point of the area, every one equally likely.
  static func point(in area: Polygon, _ generator: inout SeededGenerator) -> Coordinate {
    let bounds = area.bounds
    for _ in 0..<1_000 {
      let point = try? Coordinate(
        latitude: generator.number(bounds.south...bounds.north),
        longitude: generator.number(bounds.west...bounds.east))
      if let point, area.contains(point) { return point }
    }
    // A field fills most of its rectangle; a thousand misses do not happen.
    return area.centroid
  }
}
