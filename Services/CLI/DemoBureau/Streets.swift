// Main roads, the river and its island: where calls have addresses, and where cars are slow.
import Foundation
public import Geography

/// A main road with house numbers that grow along it.
public struct Road: Sendable, Hashable {
  public let name: String
  /// At least two, some 300 m apart.
  public let points: [Coordinate]
  let line: [LocalPoint]

  init(name: String, line: [LocalPoint]) {
    self.name = name
    self.line = line
    self.points = line.map(\.coordinate)
  }

  /// A plot beside the road: `share` of the way along it, `aside` metres off.
  func plot(share: Double, aside: Double) -> (point: LocalPoint, address: String) {
    let position = min(max(share, 0), 0.999) * Double(line.count - 1)
    let index = Int(position)
    let point = line[index].between(
      line[index + 1], share: position - Double(index), aside: aside)
    // A number every 40 m, even ones to the left.
    let number = Int(position * 300 / 40) * 2 + (aside > 0 ? 2 : 1)
    return (point, "\(name)\(number)号")
  }
}

/// The river, its island and the pillars on it.
public struct Riverside: Sendable, Hashable {
  public let riverName: String
  public let river: [Coordinate]
  public let islandName: String
  public let island: Polygon
  /// 一键报警柱, numbered from 1.
  public let pillars: [Coordinate]
}

struct StreetPlan {
  let roads: [Road]
  let riverside: Riverside

  init(seed: UInt64, bureau: Polygon, names: inout NamePool) throws {
    var generator = SeededGenerator(seed: seed, part: "streets")
    var roads: [Road] = []
    let kinds = ["大道", "路", "路", "街", "路"]
    for (index, north) in [-6_700.0, -2_050, 150, 2_050, 4_400, 6_900].enumerated() {
      roads.append(
        Self.road(
          names.next() + kinds[index % kinds.count],
          Self.line(length: 9_600, generator: &generator) {
            LocalPoint(east: $0, north: north + $1)
          },
          within: bureau))
    }
    for (index, east) in [-7_800.0, -5_000, -2_700, -300, 2_600, 5_100, 8_000].enumerated() {
      roads.append(
        Self.road(
          names.next() + kinds[(index + 1) % kinds.count],
          Self.line(length: 8_400, generator: &generator) {
            LocalPoint(east: east + $1, north: $0)
          },
          within: bureau))
    }
    roads.append(Self.road("青澜环路", Self.ring(), within: bureau))
    self.roads = roads
    riverside = try Self.riverside(&generator, names.next(), within: bureau)
  }

  private static func road(_ name: String, _ line: [LocalPoint], within bureau: Polygon) -> Road {
    Road(name: name, line: line.filter { bureau.contains($0.coordinate) })
  }

  /// From −length to length with two gentle waves aside.
  private static func line(
    length: Double, generator: inout SeededGenerator, _ point: (Double, Double) -> LocalPoint
  ) -> [LocalPoint] {
    let (swing, wave) = (generator.number(80...320), generator.number(2_500...5_000))
    let phase = generator.number(0...(2 * .pi))
    return stride(from: -length, through: length, by: 300).map { along in
      point(along, swing * sin(along / wave + phase))
    }
  }

  private static func ring() -> [LocalPoint] {
    stride(from: 0.0, through: 2 * .pi, by: 2 * .pi / 96).map { angle in
      LocalPoint(east: 4_900 * cos(angle), north: 4_300 * sin(angle))
    }
  }

  private static func riverside(
    _ generator: inout SeededGenerator, _ name: String, within bureau: Polygon
  ) throws -> Riverside {
    let phase = generator.number(0...1)
    func river(at east: Double) -> LocalPoint {
      LocalPoint(east: east, north: -4_300 + 500 * sin(east / 2_600 + phase))
    }
    let middle = river(at: generator.number(800...1_600))
    let shore = stride(from: 0.0, to: 2 * .pi, by: .pi / 12).map { angle in
      middle.moved(
        east: (430 + generator.number(-30...30)) * cos(angle),
        north: (130 + generator.number(-12...12)) * sin(angle))
    }
    let pillars = stride(from: 0.0, to: 2 * .pi, by: .pi / 6).map { angle in
      middle.moved(east: 360 * cos(angle), north: 95 * sin(angle)).coordinate
    }
    return Riverside(
      riverName: "澜江",
      river: stride(from: -9_600.0, through: 9_600, by: 300).map { river(at: $0).coordinate }
        .filter(bureau.contains),
      islandName: name + "岛",
      island: try Polygon(corners: shore.map(\.coordinate)), pillars: pillars)
  }
}
