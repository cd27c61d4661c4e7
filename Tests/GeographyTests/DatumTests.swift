// A point given in a Chinese map's datum must be found where it is, and others left alone.

import Geography
import Testing

@Suite struct DatumTests {
  struct Pair: Sendable {
    let wgs84: (Double, Double)
    let gcj02: (Double, Double)
  }

  /// The first three: googollee/eviltransform `go/transform_test.go`; the fourth: hutool's
  /// `CoordinateUtilTest` (after wandergis/coordtransform).
  static let published = [
    Pair(wgs84: (31.1774276, 121.5272106), gcj02: (31.17530398364597, 121.531541859215)),
    Pair(wgs84: (22.543847, 113.912316), gcj02: (22.540796131694766, 113.9171764808363)),
    Pair(wgs84: (39.911954, 116.377817), gcj02: (39.91334545536069, 116.38404722455657)),
    Pair(wgs84: (39.915, 116.404), gcj02: (39.91640428150164, 116.41024449916938)),
  ]

  @Test(arguments: published) func publishedPairsAreMet(pair: Pair) throws {
    let shifted = try point(pair.wgs84.0, pair.wgs84.1).converted(to: .gcj02)
    #expect(abs(shifted.latitude - pair.gcj02.0) < 1e-12)
    #expect(abs(shifted.longitude - pair.gcj02.1) < 1e-12)
    let back = try Coordinate(latitude: pair.gcj02.0, longitude: pair.gcj02.1, datum: .gcj02)
    #expect(back.distance(to: try point(pair.wgs84.0, pair.wgs84.1)) < 0.001)
  }

  @Test func tiananmenIsWithinTwoMetresOfItsPlaceOnChineseMaps() throws {
    let shifted = try point(39.90733, 116.39111).converted(to: .gcj02)
    let onTheMap = try point(39.90873, 116.39734)
    #expect(try point(shifted.latitude, shifted.longitude).distance(to: onTheMap) < 2)
  }

  @Test func thereAndBackIsUnderHalfAMetreOverAllOfChina() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<5000 {
      let original = try point(
        .random(in: 18...53.6, using: &generator), .random(in: 73.5...135.1, using: &generator))
      let shifted = original.converted(to: .gcj02)
      let back = try Coordinate(
        latitude: shifted.latitude, longitude: shifted.longitude, datum: .gcj02)
      #expect(back.distance(to: original) < 0.5)
      let length = try point(shifted.latitude, shifted.longitude).distance(to: original)
      #expect((10...800).contains(length))
    }
  }

  @Test func theFormulasKinkAtLongitude105IsInvertedToo() throws {
    for step in -50...50 {
      let original = try point(30.5, 105 + Double(step) * 1e-9)
      let shifted = original.converted(to: .gcj02)
      let back = try Coordinate(
        latitude: shifted.latitude, longitude: shifted.longitude, datum: .gcj02)
      #expect(back.distance(to: original) < 0.001)
    }
  }

  @Test func outsideChinaNothingIsShifted() throws {
    var generator = SeededGenerator(seed: 12)
    var outside = 0
    while outside < 3000 {
      let latitude = Double.random(in: -90...90, using: &generator)
      let longitude = Double.random(in: -180...180, using: &generator)
      if (0.8...55.9).contains(latitude), (72...137.9).contains(longitude) { continue }
      outside += 1
      let original = try point(latitude, longitude)
      #expect(original.converted(to: .gcj02) == (latitude, longitude))
      let read = try Coordinate(latitude: latitude, longitude: longitude, datum: .gcj02)
      #expect(read == original)
    }
  }

  @Test func theOtherDatumsChangeNothing() throws {
    for datum in [Datum.wgs84, .cgcs2000] {
      let read = try Coordinate(latitude: 28.01, longitude: 120.65, datum: datum)
      #expect(try read == point(28.01, 120.65))
      #expect(read.converted(to: datum) == (28.01, 120.65))
    }
  }
}
