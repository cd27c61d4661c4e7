// Who can be sent: cars, motorcycles, foot patrols, two drones and a boat, each on a round of its own.
import Foundation
public import Geography

/// What kind of unit.
public enum PatrolKind: String, Sendable, Hashable, CaseIterable {
  case car, motorcycle, foot, drone, boat

  /// Metres per second on the way to a call, on its own kind of way.
  public var speed: Double {
    switch self {
    case .car: 12
    case .motorcycle: 12
    case .foot: 2.6
    case .drone: 14
    case .boat: 8
    }
  }

  /// Length of its way over the straight line.
  public var detour: Double {
    switch self {
    case .car: 1.3
    case .motorcycle: 1.2
    case .foot, .boat: 1.15
    case .drone: 1
    }
  }
}

/// Someone who can be sent, and the round it makes while nothing happens.
public struct PatrolUnit: Sendable, Hashable {
  public let callSign: String
  public let kind: PatrolKind
  /// Index into `Bureau.stations`; nil for units of the bureau itself.
  public let station: Int?
  /// Codes such as `vehicle`, `water_rescue`.
  public let capabilities: [String]
  /// Middle of its round.
  public let home: Coordinate
  /// Radius of its round in metres.
  public let roundMetres: Double
  /// Seconds for one round.
  public let roundSeconds: Double
  let phase: Double

  /// Where it is on its round, `second` seconds after midnight.
  public func position(at second: Double) -> Coordinate {
    let angle = phase + 2 * .pi * second / roundSeconds
    return home.offset(
      northMetres: roundMetres * sin(angle), eastMetres: roundMetres * cos(angle))
  }

  /// Seconds to get from one point to another at its usual speed.
  public func travelSeconds(from start: Coordinate, to end: Coordinate) -> Double {
    start.distance(to: end) * kind.detour / kind.speed
  }
}

struct Fleet {
  private(set) var units: [PatrolUnit] = []
  private var generator: SeededGenerator

  /// 36 of the centre's stations, 84 of the others, 12 of the standby points, 15 of the traffic
  /// police, 6 of the bureau: 153 cars.
  init(
    seed: UInt64, stations: [Station], beats: [Beat], kiosks: [Landmark],
    standbyPoints: [Landmark], riverside: Riverside
  ) {
    generator = SeededGenerator(seed: seed, part: "fleet")
    for (index, station) in stations.enumerated() {
      for number in 1...(station.isCentre ? 12 : 7) {
        let beat = beats[station.beats[number % station.beats.count]]
        let extra = number == 1 ? ["negotiation"] : number == 2 ? ["medic"] : []
        add(
          "\(station.shortName)巡\(number)", .car, index, ["vehicle"] + extra,
          LandmarkPlan.point(in: beat.area, &generator))
      }
      for number in 1...2 {
        let beat = beats[station.beats[(number * 2) % station.beats.count]]
        add(
          "\(station.shortName)骑\(number)", .motorcycle, index, ["vehicle"],
          LandmarkPlan.point(in: beat.area, &generator))
      }
    }
    for (point, standby) in standbyPoints.enumerated() {
      for number in 1...4 {
        add("特巡\(point + 1)\(number)", .car, nil, ["vehicle", "armed"], standby.point)
      }
    }
    let centre = beats.filter(\.isCentre)
    for number in 1...15 {
      let beat = number % 3 == 0 ? generator.pick(centre) : generator.pick(beats)
      add(
        "交巡\(twoDigits(number))", .car, nil, ["vehicle", "traffic"],
        LandmarkPlan.point(in: beat.area, &generator))
    }
    for number in 1...10 {
      add(
        "交骑\(twoDigits(number))", .motorcycle, nil, ["vehicle", "traffic"],
        LandmarkPlan.point(in: generator.pick(centre).area, &generator))
    }
    for number in 1...6 {
      add(
        "刑勘\(number)", .car, nil, ["forensics"],
        LandmarkPlan.point(in: generator.pick(centre).area, &generator))
    }
    for (index, kiosk) in kiosks.enumerated() {
      add("步巡\(twoDigits(index + 1))", .foot, beats[kiosk.beat].station, [], kiosk.point)
    }
    for number in 1...2 {
      add("澜鹰\(number)", .drone, nil, ["aerial"], standbyPoints[number % standbyPoints.count].point)
    }
    add(
      "澜艇1", .boat, nil, ["water_rescue"],
      riverside.island.centroid.offset(
        northMetres: 150, eastMetres: 600))
  }

  private mutating func add(
    _ callSign: String, _ kind: PatrolKind, _ station: Int?, _ capabilities: [String],
    _ home: Coordinate
  ) {
    let metres: ClosedRange<Double> =
      switch kind {
      case .car, .motorcycle: 150...450
      case .foot: 20...60
      case .drone: 0...10
      case .boat: 80...150
      }
    // Who is sent to whatever comes up; the others are asked for by what they can do.
    let isPatrol = ![.drone, .boat].contains(kind) && !capabilities.contains("forensics")
    units.append(
      PatrolUnit(
        callSign: callSign, kind: kind, station: station,
        capabilities: (isPatrol ? ["patrol"] : []) + capabilities, home: home,
        roundMetres: generator.number(metres), roundSeconds: generator.number(700...1_500),
        phase: generator.number(0...(2 * .pi))))
  }
}
