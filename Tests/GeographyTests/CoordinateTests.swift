// Whoever holds a coordinate holds numbers in range, and distances that one can rely on.

import Foundation
import Geography
import Testing

@Suite struct CoordinateTests {
  @Test(arguments: [
    (90.000001, 0, CoordinateError.latitudeOutOfRange), (-90.1, 0, .latitudeOutOfRange),
    (.infinity, 0, .latitudeOutOfRange), (0, 180.000001, .longitudeOutOfRange),
    (0, -181, .longitudeOutOfRange), (0, -.infinity, .longitudeOutOfRange),
    (.nan, 0, .notANumber), (0, .nan, .notANumber), (91, .nan, .notANumber),
  ])
  func whatIsNoPlaceIsRefusedInEveryDatum(latitude: Double, longitude: Double, why: CoordinateError)
  {
    #expect(throws: why) { try Coordinate(latitude: latitude, longitude: longitude) }
    for datum in Datum.allCases {
      #expect(throws: why) {
        try Coordinate(latitude: latitude, longitude: longitude, datum: datum)
      }
    }
  }

  @Test func theEndsOfTheRangesArePlaces() throws {
    for (latitude, longitude) in [(90.0, 180.0), (-90, -180), (0, 0)] {
      let place = try point(latitude, longitude)
      #expect(place.latitude == latitude)
      #expect(place.longitude == longitude)
    }
  }

  @Test func knownDistancesAreMet() throws {
    let radius = 6_371_008.8
    // A degree of latitude, a quarter around the equator, and half of the way around the poles.
    #expect(try abs(point(0, 0).distance(to: point(1, 0)) - radius * .pi / 180) < 1e-6)
    #expect(try abs(point(0, 0).distance(to: point(0, 90)) - radius * .pi / 2) < 1e-6)
    #expect(try abs(point(90, 0).distance(to: point(-90, 77)) - radius * .pi) < 1e-6)
    // Across the 180th meridian: two hundredths of a degree of the equator.
    let across = try point(0, 179.99).distance(to: point(0, -179.99))
    #expect(abs(across - 0.02 * radius * .pi / 180) < 1e-6)
    // The worked example of Rosetta Code's "Haversine formula", BNA to LAX: 2 887.26 km on 6 372.8.
    let flight = try point(36.12, -86.67).distance(to: point(33.94, -118.40))
    #expect(abs(flight - 2_887_259.95 * radius / 6_372_800) < 1)
  }

  @Test func distanceAgreesWithTheAngleBetweenVectors() throws {
    var generator = SeededGenerator(seed: 21)
    func vector(_ c: Coordinate) -> [Double] {
      let (p, l) = (c.latitude * .pi / 180, c.longitude * .pi / 180)
      return [cos(p) * cos(l), cos(p) * sin(l), sin(p)]
    }
    for _ in 0..<2000 {
      let one = try randomPoint(using: &generator)
      let other = try randomPoint(using: &generator)
      let (a, b) = (vector(one), vector(other))
      let cross = [
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
      ]
      let sine = cross.map { $0 * $0 }.reduce(0, +).squareRoot()
      let cosine = zip(a, b).map(*).reduce(0, +)
      let distance = one.distance(to: other)
      #expect(abs(distance - 6_371_008.8 * atan2(sine, cosine)) < 0.2)
      #expect(distance == other.distance(to: one))
    }
  }

  @Test func anOffsetLeadsAsFarAsItSaysAndToTheRightSide() throws {
    var generator = SeededGenerator(seed: 22)
    for _ in 0..<3000 {
      let start = try randomPoint(using: &generator)
      let north = Double.random(in: -50_000...50_000, using: &generator)
      let east = Double.random(in: -50_000...50_000, using: &generator)
      let end = start.offset(northMetres: north, eastMetres: east)
      let length = (north * north + east * east).squareRoot()
      #expect(abs(start.distance(to: end) - length) < 0.01)
      #expect((-90...90).contains(end.latitude) && (-180...180).contains(end.longitude))
      guard abs(start.latitude) < 60 else { continue }
      // Great circles bend, by metres at such lengths; a kilometre tells the sides apart.
      if abs(north) > 1000 { #expect((end.latitude > start.latitude) == (north > 0)) }
      let turn = (end.longitude - start.longitude).remainder(dividingBy: 360)
      if abs(east) > 1000 { #expect((turn > 0) == (east > 0)) }
    }
  }

  @Test func aShortOffsetIsItsVectorOnTheGround() throws {
    let station = try point(28.0, 120.65)
    let end = station.offset(northMetres: 300, eastMetres: -400)
    let north = (end.latitude - 28) * .pi / 180 * 6_371_008.8
    let east = (end.longitude - 120.65) * .pi / 180 * 6_371_008.8 * cos(28 * .pi / 180)
    #expect(abs(north - 300) < 0.05)
    #expect(abs(east + 400) < 0.05)
    #expect(station.offset(northMetres: 0, eastMetres: 0) == station)
  }

  @Test func offsetsCrossTheMeridianAndThePole() throws {
    let across = try point(0, 179.999).offset(northMetres: 0, eastMetres: 1000)
    #expect(across.longitude < -179.9)
    let over = try point(89.99, 10).offset(northMetres: 3000, eastMetres: 0)
    #expect(abs(over.longitude + 170) < 1e-6)
    #expect(over.latitude < 90)
  }

  @Test func codedWithNamesAndCheckedWhenDecoded() throws {
    let place = try point(30.25, 120.5)
    let decoded = try JSONDecoder().decode(Coordinate.self, from: JSONEncoder().encode(place))
    #expect(decoded == place)
    let named = Data(#"{"latitude":30.25,"longitude":120.5}"#.utf8)
    #expect(try JSONDecoder().decode(Coordinate.self, from: named) == place)
    let nowhere = Data(#"{"latitude":95,"longitude":120.5}"#.utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Coordinate.self, from: nowhere)
    }
  }

  private func randomPoint(using generator: inout SeededGenerator) throws -> Coordinate {
    try point(
      .random(in: -89.9...89.9, using: &generator), .random(in: -180...180, using: &generator))
  }
}
