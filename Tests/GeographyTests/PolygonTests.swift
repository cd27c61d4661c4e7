// Whose area a point is in must be decided rightly inside, and in one way only on the borders.

import Foundation
import Geography
import Testing

@Suite struct PolygonTests {
  /// A star around the centre: simple, mostly not convex, in either sense of rotation.
  private func star(
    around centre: Coordinate, corners: Int, using generator: inout SeededGenerator
  ) throws -> Polygon {
    let angles = (0..<corners).map { _ in Double.random(in: 0..<(2 * .pi), using: &generator) }
    let ring = try angles.sorted().map { angle in
      let radius = Double.random(in: 0.01...0.1, using: &generator)
      return try point(
        centre.latitude + radius * sin(angle), centre.longitude + radius * cos(angle))
    }
    return try Polygon(corners: Bool.random(using: &generator) ? ring : ring.reversed())
  }

  /// How often the border turns around the point, by adding up angles: another way than counting
  /// crossings, and slow.
  private func isEnclosed(_ p: Coordinate, by polygon: Polygon) -> Bool {
    let corners = polygon.corners
    var turned = 0.0
    for (from, to) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
      let (ax, ay) = (from.longitude - p.longitude, from.latitude - p.latitude)
      let (bx, by) = (to.longitude - p.longitude, to.latitude - p.latitude)
      turned += atan2(ax * by - ay * bx, ax * bx + ay * by)
    }
    return abs(turned) > .pi
  }

  @Test func containmentAgreesWithCountingTurns() throws {
    var generator = SeededGenerator(seed: 31)
    var inside = 0
    for _ in 0..<200 {
      let centre = try point(
        .random(in: -80...80, using: &generator), .random(in: -179...179, using: &generator))
      let corners = Int.random(in: 5...40, using: &generator)
      let polygon = try star(around: centre, corners: corners, using: &generator)
      for _ in 0..<50 {
        let p = try point(
          centre.latitude + .random(in: -0.11...0.11, using: &generator),
          centre.longitude + .random(in: -0.11...0.11, using: &generator))
        let expected = isEnclosed(p, by: polygon)
        #expect(polygon.contains(p) == expected)
        if expected { inside += 1 }
      }
    }
    #expect((500...9500).contains(inside))
  }

  @Test func aPointOnASharedBorderIsInExactlyOneArea() throws {
    var generator = SeededGenerator(seed: 32)
    let side = 6
    // Corners off the grid inside, on it along the outline; some sides are level, some upright.
    let corners = try (0...side).map { row in
      try (0...side).map { column in
        let inner = (1..<side).contains(row) && (1..<side).contains(column)
        let stays = !inner || Int.random(in: 0..<3, using: &generator) == 0
        let shift = { (g: inout SeededGenerator) in
          stays ? 0 : Double.random(in: -0.003...0.003, using: &g)
        }
        return try point(
          28 + 0.01 * Double(row) + shift(&generator),
          120 + 0.01 * Double(column) + shift(&generator))
      }
    }
    var areas: [Polygon] = []
    var borders: [(Coordinate, Coordinate)] = []
    for row in 0..<side {
      for column in 0..<side {
        var ring = [
          corners[row][column], corners[row][column + 1], corners[row + 1][column + 1],
          corners[row + 1][column],
        ]
        borders += [(ring[1], ring[2]), (ring[2], ring[3])]
        if Bool.random(using: &generator) { ring.reverse() }
        ring = Array(ring[row % 4..<4] + ring[0..<row % 4])
        areas.append(try Polygon(corners: ring))
      }
    }
    let outline = try Polygon(corners: [
      corners[0][0], corners[0][side], corners[side][side], corners[side][0],
    ])
    var probes = corners.flatMap { $0 }
    for (from, to) in borders {
      for _ in 0..<30 {
        let t = Double.random(in: 0...1, using: &generator)
        probes.append(
          try point(
            from.latitude + t * (to.latitude - from.latitude),
            from.longitude + t * (to.longitude - from.longitude)))
      }
    }
    for probe in probes {
      let owners = areas.filter { $0.contains(probe) }
      #expect(owners.count == (outline.contains(probe) ? 1 : 0))
    }
    let whole = outline.areaSquareMetres
    #expect(abs(areas.map(\.areaSquareMetres).reduce(0, +) - whole) < 1e-6 * whole)
  }

  @Test func ofARectangleTheSouthAndWestSidesBelongToIt() throws {
    let ring = try [point(10, 20), point(10, 22), point(12, 22), point(12, 20)]
    for corners in [ring, ring.reversed(), ring + [ring[0]]] {
      let polygon = try Polygon(corners: corners)
      #expect(polygon.corners.count == 4)
      #expect(try polygon.contains(point(10, 21)) && polygon.contains(point(11, 20)))
      #expect(try !polygon.contains(point(12, 21)) && !polygon.contains(point(11, 22)))
      #expect(polygon.contains(ring[0]))
      #expect(!ring.dropFirst().contains(where: polygon.contains))
      #expect(polygon.contains(try point(11.999, 21.999)))
    }
  }

  @Test func whatIsNoAreaIsRefused() throws {
    let (a, b, c) = try (point(1, 1), point(2, 2), point(3, 3))
    #expect(throws: PolygonError.tooFewCorners) { try Polygon(corners: []) }
    #expect(throws: PolygonError.tooFewCorners) { try Polygon(corners: [a]) }
    #expect(throws: PolygonError.tooFewCorners) { try Polygon(corners: [a, b, a]) }
    #expect(throws: PolygonError.tooFewCorners) { try Polygon(corners: [a, a, a, b, b]) }
    #expect(throws: PolygonError.noArea) { try Polygon(corners: [a, b, c]) }
    let ring = try [point(0, -170), point(0, 170), point(1, 170)]
    #expect(throws: PolygonError.tooWide) { try Polygon(corners: ring) }
    let crowd = Array(repeating: a, count: Polygon.cornerLimit) + [b, c]
    #expect(throws: PolygonError.tooManyCorners) { try Polygon(corners: crowd) }
  }

  @Test func knownAreasAreMet() throws {
    let sphere = 4 * Double.pi * 6_371_008.8 * 6_371_008.8
    let octant = try Polygon(corners: [point(0, 0), point(0, 90), point(90, 90), point(90, 0)])
    #expect(abs(octant.areaSquareMetres / (sphere / 8) - 1) < 1e-12)
    // A hundred metres by a hundred: about one hectare, wherever it is and whichever way round.
    for latitude in [0.0, 28, -45, 60] {
      let start = try point(latitude, 120.65)
      let north = start.offset(northMetres: 100, eastMetres: 0)
      let east = start.offset(northMetres: 0, eastMetres: 100)
      let ring = [start, east, try point(north.latitude, east.longitude), north]
      for corners in [ring, ring.reversed()] {
        #expect(try abs(Polygon(corners: corners).areaSquareMetres - 10_000) < 1)
      }
    }
  }

  @Test func theCentroidIsTheBalancePoint() throws {
    // An L of three unit squares: the mean of their centres.
    let ring = try [
      point(0, 0), point(0, 2), point(1, 2), point(1, 1), point(2, 1), point(2, 0),
    ]
    for start in 0..<6 {
      let turned = Array(ring[start...] + ring[..<start])
      for corners in [turned, turned.reversed()] {
        let centroid = try Polygon(corners: corners).centroid
        #expect(abs(centroid.latitude - 2.5 / 3) < 1e-12)
        #expect(abs(centroid.longitude - 2.5 / 3) < 1e-12)
      }
    }
  }

  @Test func boundsEncloseTheCornersTightlyAndTheCentroid() throws {
    var generator = SeededGenerator(seed: 33)
    for _ in 0..<200 {
      let polygon = try star(around: point(28, 120), corners: 12, using: &generator)
      let latitudes = polygon.corners.map(\.latitude).sorted()
      let longitudes = polygon.corners.map(\.longitude).sorted()
      #expect(polygon.bounds.south == latitudes.first && polygon.bounds.north == latitudes.last)
      #expect(polygon.bounds.west == longitudes.first && polygon.bounds.east == longitudes.last)
      #expect(polygon.bounds.contains(polygon.centroid))
    }
  }

  @Test func codedByItsCornersAndCheckedWhenDecoded() throws {
    let polygon = try Polygon(corners: [point(0, 0), point(0, 2), point(1, 2)])
    let data = try JSONEncoder().encode(polygon)
    #expect(try JSONDecoder().decode(Polygon.self, from: data) == polygon)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Polygon.self, from: Data(#"{"corners":[]}"#.utf8))
    }
  }
}
