// The names of the bureau as a gazetteer has them: roads, places, villages, kiosks, and the island with
// its 220 numbered plates and pillars (SCENARIOS.md C8; all names invented).
import Foundation
public import Geography

/// One entry of the demo's gazetteer.
public struct DemoPlace: Sendable, Hashable {
  /// Its code, or a plate's number.
  public let code: String
  /// A word of `quintet import places`.
  public let kind: String
  public let name: String
  public let address: String
  public let area: String
  public let description: String
  public let deviceCode: String
  public let point: Coordinate
  public let radiusMetres: Double

  public init(
    code: String, kind: String, name: String, address: String = "", area: String = "",
    description: String = "", deviceCode: String = "", point: Coordinate, radiusMetres: Double = 0
  ) {
    self.code = code
    self.kind = kind
    self.name = name
    self.address = address
    self.area = area
    self.description = description
    self.deviceCode = deviceCode
    self.point = point
    self.radiusMetres = radiusMetres
  }

  /// Whether it has a number to be read.
  public var isPlate: Bool { ["plate", "pillar", "kiosk"].contains(kind) }
}

extension LandmarkKind {
  fileprivate var gazetteerKind: String {
    switch self {
    case .railwayStation, .metro, .busStation: "transport"
    case .mall, .market, .bank, .hotel: "shop"
    case .hospital: "hospital"
    case .school: "school"
    case .park: "park"
    case .estate: "estate"
    case .factory, .office: "office"
    case .village: "village"
    case .kiosk: "kiosk"
    case .square, .bar: "landmark"
    case .standbyPoint: "other"
    }
  }
}

extension Bureau {
  /// All of it: some 600 entries, the same for the same seed.
  public var gazetteer: [DemoPlace] {
    roadEntries + landmarkEntries + IslandPlates(seed: seed, riverside: riverside).entries
  }

  private var roadEntries: [DemoPlace] {
    roads.enumerated().compactMap { index, road in
      guard let first = road.points.first, let last = road.points.last else { return nil }
      return DemoPlace(
        code: "road.\(index + 1)", kind: "road", name: road.name, area: Self.name,
        point: road.points[road.points.count / 2], radiusMetres: first.distance(to: last) / 2)
    }
  }

  private var landmarkEntries: [DemoPlace] {
    (places + villages + kiosks + standbyPoints).enumerated().map { index, landmark in
      let number = String(index + 1)
      return DemoPlace(
        code: landmark.kind == .kiosk ? "KIOSK-\(number)" : "place.\(number)",
        kind: landmark.kind.gazetteerKind, name: landmark.name, address: landmark.address,
        area: stations[beats[landmark.beat].station].shortName, point: landmark.point)
    }
  }
}

/// 208 plates all over the island and the 12 pillars on its shore.
struct IslandPlates {
  static let plateCount = 208

  private static let stones = [
    "一块大石头", "平顶大石", "三块叠石", "一道石坎", "鹰嘴石", "龟背石", "半截石柱", "一堆鹅卵石", "断崖", "刻字石碑",
    "石凳", "白色礁石",
  ]
  private static let trees = [
    "两棵松树", "一棵歪脖子柳树", "一片竹林", "三棵樟树", "一株老榕树", "成排水杉", "几棵棕榈", "一丛芦苇", "桂花树", "枯树桩",
    "两棵银杏", "一片桃林",
  ]
  private static let sights = [
    "灯塔", "码头", "凉亭", "小石桥", "木栈道", "风车", "红色浮标", "土地庙", "瞭望台", "水泵房", "沙滩", "露营地",
  ]

  let entries: [DemoPlace]

  init(seed: UInt64, riverside: Riverside) {
    var generator = SeededGenerator(seed: seed, part: "plates")
    let middle = riverside.island.centroid
    // Every third thing seen differs, so that no two plates look the same.
    var looks = Self.stones.flatMap { stone in
      Self.trees.flatMap { tree in Self.sights.map { "\(stone)，\(tree)，看得见\($0)" } }
    }
    looks.shuffle(using: &generator)
    let plates = (1...Self.plateCount).map { index in
      // The golden angle spreads points evenly over an ellipse that lies within the shore.
      let (turn, reach) = (
        Double(index) * 2.399_963, (Double(index) / Double(Self.plateCount)).squareRoot()
      )
      let number = Self.number(index)
      return DemoPlace(
        code: number, kind: "plate", name: "\(riverside.islandName)\(number)号定位牌",
        area: riverside.islandName, description: looks[index - 1],
        point: middle.offset(
          northMetres: 100 * reach * sin(turn), eastMetres: 380 * reach * cos(turn)))
    }
    let pillars = riverside.pillars.enumerated().map { index, point in
      DemoPlace(
        code: "P-\(twoDigits(index + 1))", kind: "pillar",
        name: "\(riverside.islandName)报警柱\(index + 1)号", area: riverside.islandName,
        description: looks[Self.plateCount + index],
        deviceCode: "sos-pillar-\(twoDigits(index + 1))", point: point)
    }
    entries = plates + pillars
  }

  /// Three digits and a fourth that tells when any one of them was misread.
  static func number(_ index: Int) -> String {
    let digits = [index / 100, index / 10 % 10, index % 10]
    let check = (digits[0] * 3 + digits[1] * 7 + digits[2] * 9) % 10
    return "QL-" + (digits + [check]).map(String.init).joined()
  }
}
