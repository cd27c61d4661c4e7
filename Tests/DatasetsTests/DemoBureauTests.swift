// The demo bureau's map: it has the size it claims, tiles without gap or overlap, and is drawn alike
// from the same seed.
import DemoBureau
import Foundation
import Geography
import Testing

struct DemoBureauTests {
  static let seeds: [UInt64] = [1, 2, 7, 42, 2_021, 987_654_321]

  @Test(arguments: seeds) func hasTheSizeOfOuhai(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    #expect(bureau.stations.count == 15)
    #expect(bureau.beats.count == 56)
    #expect(bureau.villages.count == 181)
    #expect(bureau.standbyPoints.count == 3)
    #expect(bureau.kiosks.count == 37)
    #expect(bureau.keyPlaces.count == 10)
    #expect(bureau.units.filter { $0.kind == .car }.count == 153)
    #expect(bureau.units.filter { $0.kind == .motorcycle }.count == 40)
    #expect(bureau.units.filter { $0.kind == .foot }.count == 37)
    #expect(bureau.units.filter { $0.kind == .drone }.count == 2)
    #expect(bureau.units.filter { $0.kind == .boat }.count == 1)
  }

  @Test func sameSeedDrawsTheSameBytesAndAnotherSeedOthers() throws {
    let first = try Bureau(seed: 1).geoJSON()
    #expect(try Bureau(seed: 1).geoJSON() == first)
    #expect(try Bureau(seed: 2).geoJSON() != first)
  }

  @Test(arguments: seeds) func beatsTileStationsAndStationsTileTheBureau(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    for station in bureau.stations {
      let beats = station.beats.map { bureau.beats[$0].area.areaSquareMetres }.reduce(0, +)
      #expect(abs(beats / station.area.areaSquareMetres - 1) < 1e-9, "\(station.name)")
    }
    let stations = bureau.stations.map(\.area.areaSquareMetres).reduce(0, +)
    #expect(abs(stations / bureau.area.areaSquareMetres - 1) < 1e-9)
    #expect(Set(bureau.stations.flatMap(\.beats)) == Set(bureau.beats.indices))
  }

  @Test(arguments: seeds) func everyPointOfTheBureauHasOneBeatAndItsStation(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    var generator = SeededGenerator(seed: seed, part: "test points")
    let bounds = bureau.area.bounds
    var inside = 0
    for _ in 0..<3_000 {
      let point = try Coordinate(
        latitude: .random(in: bounds.south...bounds.north, using: &generator),
        longitude: .random(in: bounds.west...bounds.east, using: &generator))
      let beats = bureau.beats.indices.filter { bureau.beats[$0].area.contains(point) }
      let stations = bureau.stations.indices.filter { bureau.stations[$0].area.contains(point) }
      let expected = bureau.area.contains(point) ? 1 : 0
      #expect(beats.count == expected)
      #expect(stations.count == expected)
      #expect(beats.map { bureau.beats[$0].station } == stations)
      inside += expected
    }
    #expect(inside > 2_000)
  }

  @Test(arguments: seeds) func noBorderCrossesItself(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    for area in [bureau.area] + bureau.stations.map(\.area) + bureau.beats.map(\.area) {
      #expect(!crossesItself(area.corners))
    }
  }

  @Test(arguments: seeds) func everythingLiesWhereItSaysItDoes(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    let landmarks = bureau.places + bureau.villages + bureau.kiosks + bureau.standbyPoints
    for landmark in landmarks {
      #expect(bureau.beat(at: landmark.point) == landmark.beat, "\(landmark.name)")
    }
    for key in bureau.keyPlaces {
      #expect(key.area.contains(bureau.places[key.place].point))
      #expect(key.area.corners.allSatisfy(bureau.beats[key.beat].area.contains))
    }
    #expect(Set(bureau.keyPlaces.map(\.beat)).count == bureau.keyPlaces.count)
    #expect(bureau.roads.allSatisfy { $0.points.count > 20 })
    #expect(bureau.roads.flatMap(\.points).allSatisfy(bureau.area.contains))
    #expect(bureau.riverside.pillars.allSatisfy(bureau.riverside.island.contains))
    #expect(bureau.riverside.island.corners.allSatisfy(bureau.area.contains))
    #expect(bureau.units.allSatisfy { bureau.area.contains($0.home) })
  }

  @Test(arguments: seeds) func namesAndCodesAreUnique(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    let names =
      bureau.stations.map(\.name) + bureau.beats.map(\.name) + bureau.roads.map(\.name)
      + bureau.places.map(\.name) + bureau.villages.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(bureau.beats.map(\.code)).count == bureau.beats.count)
    #expect(Set(bureau.units.map(\.callSign)).count == bureau.units.count)
  }

  @Test func geoJSONParsesAndItsRingsAreClosedAndCounterclockwise() throws {
    let bureau = try Bureau(seed: 1)
    let parsed = try JSONSerialization.jsonObject(with: bureau.geoJSON())
    let collection = try #require(parsed as? [String: Any])
    #expect(collection["type"] as? String == "FeatureCollection")
    let features = try #require(collection["features"] as? [[String: Any]])
    var counts: [String: Int] = [:]
    for feature in features {
      #expect(feature["type"] as? String == "Feature")
      let properties = try #require(feature["properties"] as? [String: String])
      counts[try #require(properties["kind"]), default: 0] += 1
      let geometry = try #require(feature["geometry"] as? [String: Any])
      guard geometry["type"] as? String == "Polygon" else { continue }
      let rings = try #require(geometry["coordinates"] as? [[[Double]]])
      let ring = try #require(rings.first)
      #expect(rings.count == 1 && ring.count >= 4)
      #expect(ring.first == ring.last)
      #expect(signedArea(ring) > 0)
      #expect(!crossesItself(try ring.dropLast().map(coordinate)))
    }
    #expect(counts["station"] == 15)
    #expect(counts["beat"] == 56)
    #expect(counts["key_place"] == 10)
    #expect(counts["village"] == 181)
    #expect(counts["sos_pillar"] == 12)
    #expect(counts["unit_home"] == bureau.units.count)
    #expect(counts["road"] == bureau.roads.count)
  }
}

private func coordinate(_ pair: [Double]) throws -> Coordinate {
  try Coordinate(latitude: pair[1], longitude: pair[0])
}

private func signedArea(_ ring: [[Double]]) -> Double {
  zip(ring, ring.dropFirst()).reduce(0) { sum, side in
    sum + (side.0[0] - ring[0][0]) * (side.1[1] - ring[0][1])
      - (side.1[0] - ring[0][0]) * (side.0[1] - ring[0][1])
  }
}

/// Whether two sides without a common corner meet.
private func crossesItself(_ corners: [Coordinate]) -> Bool {
  let count = corners.count
  func side(_ index: Int) -> (Coordinate, Coordinate) {
    (corners[index], corners[(index + 1) % count])
  }
  func turn(_ a: Coordinate, _ b: Coordinate, _ c: Coordinate) -> Double {
    (b.longitude - a.longitude) * (c.latitude - a.latitude)
      - (b.latitude - a.latitude) * (c.longitude - a.longitude)
  }
  for first in 0..<count {
    for second in (first + 2)..<max(count, first + 2)
    where !(first == 0 && second == count - 1) {
      let (a, b) = side(first)
      let (c, d) = side(second)
      if turn(a, b, c) * turn(a, b, d) < 0, turn(c, d, a) * turn(c, d, b) < 0 { return true }
    }
  }
  return false
}
