// The grid must never change an answer: whatever moved or left, wherever on Earth, the nearest are
// those that going through all points would find.

import Geography
import Testing

@Suite struct PointIndexTests {
  /// Where points lie, in degrees, and how wide the cells are.
  struct Region: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let latitudes: ClosedRange<Double>
    let longitudes: ClosedRange<Double>
    let cellMetres: Double
  }

  static let regions = [
    Region(
      testDescription: "a county", latitudes: 27.9...28.1, longitudes: 120.5...120.7,
      cellMetres: 500),
    Region(
      testDescription: "one cell", latitudes: 28...28.001, longitudes: 120...120.001,
      cellMetres: 50_000),
    Region(
      testDescription: "around the world at 60 degrees", latitudes: 59.5...60.5,
      longitudes: -180...180, cellMetres: 20_000),
    Region(
      testDescription: "a town at 60 degrees", latitudes: 59.95...60.05,
      longitudes: 29.9...30.1, cellMetres: 300),
    Region(
      testDescription: "the north pole", latitudes: 89.9...90, longitudes: -180...180,
      cellMetres: 500),
    Region(
      testDescription: "the south", latitudes: -90 ... -80, longitudes: -180...180,
      cellMetres: 9000),
    Region(
      testDescription: "the whole Earth", latitudes: -90...90, longitudes: -180...180,
      cellMetres: 100_000),
  ]

  private func somewhere(in region: Region, using generator: inout SeededGenerator) throws
    -> Coordinate
  {
    // Every fourth point on a coarse lattice: ends of the ranges, and many equal places.
    let lattice = Int.random(in: 0..<4, using: &generator) == 0
    func draw(_ range: ClosedRange<Double>) -> Double {
      let part =
        lattice
        ? Double(Int.random(in: 0...4, using: &generator)) / 4
        : Double.random(in: 0...1, using: &generator)
      return min(range.upperBound, range.lowerBound + part * (range.upperBound - range.lowerBound))
    }
    return try point(draw(region.latitudes), draw(region.longitudes))
  }

  /// Every point's distance, in the promised order.
  private func everything(_ model: [Int: Coordinate], from place: Coordinate)
    -> [(key: Int, distance: Double)]
  {
    model.map { (key: $0.key, distance: place.distance(to: $0.value)) }
      .sorted { ($0.distance, "\($0.key)") < ($1.distance, "\($1.key)") }
  }

  private func expectSame(
    _ found: [(key: Int, distance: Double)], _ expected: some Sequence<(key: Int, distance: Double)>
  ) {
    let expected = Array(expected)
    #expect(found.map(\.key) == expected.map(\.key))
    #expect(found.map(\.distance) == expected.map(\.distance))
  }

  @Test(arguments: regions)
  func answersAreThoseOfGoingThroughAllPoints(region: Region) throws {
    var generator = SeededGenerator(seed: 41)
    var index = PointIndex<Int>(cellMetres: region.cellMetres)
    var model: [Int: Coordinate] = [:]
    for step in 0..<3000 {
      let key = Int.random(in: 0..<250, using: &generator)
      if Int.random(in: 0..<5, using: &generator) == 0 {
        index.remove(key)
        model[key] = nil
      } else {
        let place = try somewhere(in: region, using: &generator)
        index.set(key, at: place)
        model[key] = place
      }
      guard step % 15 == 0 else { continue }
      let place = try somewhere(in: region, using: &generator)
      let all = everything(model, from: place)
      let limit = Int.random(in: 1...8, using: &generator)
      expectSame(index.nearest(to: place, limit: limit), all.prefix(limit))
      let divisor = Int.random(in: 1...40, using: &generator)
      expectSame(
        index.nearest(to: place, limit: limit) { $0 % divisor == 0 },
        all.filter { $0.key % divisor == 0 }.prefix(limit))
      let metres = region.cellMetres * .random(in: 0...4, using: &generator)
      expectSame(
        index.within(metres: metres, of: place), all.filter { $0.distance <= metres })
      expectSame(
        index.nearest(to: place, limit: limit, within: metres) { $0 % divisor == 0 },
        all.filter { $0.distance <= metres && $0.key % divisor == 0 }.prefix(limit))
    }
    #expect(index.count == model.count)
    for (key, place) in model { #expect(index.position(of: key) == place) }
  }

  @Test func theNearestAcrossThe180thMeridianIsFound() throws {
    for latitude in [-60.0, 0, 60] {
      var index = PointIndex<String>()
      index.set("across", at: try point(latitude, -179.999))
      index.set("meridian", at: try point(latitude, 180))
      for number in 1...200 {
        index.set("far \(number)", at: try point(latitude, 179.9 - Double(number) / 100))
      }
      let found = index.nearest(to: try point(latitude, 179.9995), limit: 2)
      #expect(found.map(\.key) == ["meridian", "across"])
      let near = index.within(metres: 200, of: try point(latitude, -180))
      #expect(near.map(\.key) == ["meridian", "across"])
    }
  }

  @Test func aQuestionFromFarAwayIsAnswered() throws {
    var index = PointIndex<Int>()
    for number in 0..<300 {
      index.set(number, at: try point(28 + Double(number) / 1000, 120.65))
    }
    #expect(index.nearest(to: try point(37.77, -122.42), limit: 1).map(\.key) == [299])
    #expect(index.nearest(to: try point(-28, -59.35), limit: 300).count == 300)
  }

  @Test func atOneStationTheKeysDecideTheOrder() throws {
    var generator = SeededGenerator(seed: 42)
    let station = try point(28, 120.65)
    let keys = (0..<40).map { "unit-\($0 + 10)" }
    for _ in 0..<20 {
      var index = PointIndex<String>()
      for key in keys.shuffled(using: &generator) { index.set(key, at: station) }
      #expect(index.nearest(to: station, limit: 5).map(\.key) == Array(keys.prefix(5)))
    }
  }

  @Test func aPointIsAtOnePlaceOnly() throws {
    var index = PointIndex<String>()
    let (home, away) = try (point(28, 120.65), point(28.5, 121))
    index.set("car", at: home)
    index.set("car", at: away)
    #expect(index.count == 1)
    #expect(index.position(of: "car") == away)
    #expect(index.within(metres: 1000, of: home).isEmpty)
    index.remove("car")
    index.remove("car")
    #expect(index.count == 0)
    #expect(index.position(of: "car") == nil)
    #expect(index.nearest(to: away, limit: 3).isEmpty)
  }

  @Test func questionsWithoutAnAnswerGetNone() throws {
    var index = PointIndex<Int>()
    let place = try point(28, 120.65)
    index.set(1, at: place)
    #expect(index.nearest(to: place, limit: 0).isEmpty)
    #expect(index.nearest(to: place, limit: -1).isEmpty)
    #expect(index.nearest(to: place, limit: 5) { _ in false }.isEmpty)
    #expect(index.within(metres: -1, of: place).isEmpty)
    #expect(index.within(metres: .nan, of: place).isEmpty)
    #expect(index.within(metres: 0, of: place).map(\.key) == [1])
    #expect(index.within(metres: .infinity, of: place).map(\.key) == [1])
  }
}
