// What a track promises: whatever is left out lies within ten metres of the line at its own moment, and
// within five minutes of a point before and one after, in whichever order positions come.
import Access
import DutyDomain
import DutyStore
import Foundation
import Geography
import Identifiers
import Persistence
import QuintetAPI
import Testing
import Wire

/// One unit's way as it would really be reported: standing, driving, silent, thrown about by houses.
struct Wanderer {
  var random: Seeded
  private var place: Coordinate
  private var heading = 0.0
  private var speed = 0.0
  private var second: Double

  init(seed: UInt64, from place: Coordinate, start: Double) {
    random = Seeded(seed)
    self.place = place
    second = start
  }

  mutating func next() -> (place: Coordinate, second: Double) {
    let silence = Int.random(in: 0..<60, using: &random) == 0
    let step =
      silence
      ? Double.random(in: 60...1500, using: &random) : .random(in: 0.2...20, using: &random)
    second += step
    if Int.random(in: 0..<6, using: &random) == 0 {
      heading = .random(in: 0..<(2 * .pi), using: &random)
      speed = Bool.random(using: &random) ? 0 : .random(in: 1...40, using: &random)
    }
    place = place.offset(
      northMetres: step * speed * cos(heading), eastMetres: step * speed * sin(heading))
    let scatter = Int.random(in: 0..<200, using: &random) == 0 ? 8000.0 : 6
    return (
      place.offset(
        northMetres: .random(in: -scatter...scatter, using: &random),
        eastMetres: .random(in: -scatter...scatter, using: &random)), second
    )
  }

  /// Some come later than they were made, a few of them twice.
  mutating func shuffled(_ made: [UnitPosition]) -> [UnitPosition] {
    var sent = made
    for index in sent.indices where Int.random(in: 0..<12, using: &random) == 0 {
      let later = min(sent.count - 1, index + .random(in: 1...40, using: &random))
      sent.insert(sent[index], at: later)
      if Int.random(in: 0..<4, using: &random) > 0 { sent.remove(at: index) }
    }
    return sent
  }
}

/// Knows nothing of how a track is made.
struct TrackOracle {
  let points: [TrackPoint]
  private let line: [TrackPoint]

  init(_ points: [TrackPoint]) {
    self.points = points
    line = points.filter { !$0.isAside }
  }

  /// Why the promise is broken for a position that was reported; nil when it is kept.
  func complaint(of fix: UnitPosition) -> String? {
    let isPoint = points.contains {
      $0.position.coordinate == fix.coordinate && abs(seconds($0, fix)) < 1e-6
    }
    if isPoint { return nil }
    var nearest = Double.infinity
    for (from, to) in zip(line, line.dropFirst())
    where seconds(from, fix) <= 1e-6 && seconds(to, fix) >= -1e-6 {
      guard max(-seconds(from, fix), seconds(to, fix)) <= TrackPromise.gap + 1e-6 else { continue }
      nearest = min(nearest, distance(of: fix, from, to))
    }
    return nearest <= TrackPromise.tolerance ? nil : "\(nearest) m at \(fix.fixTime)"
  }

  private func seconds(_ point: TrackPoint, _ fix: UnitPosition) -> Double {
    point.position.fixTime.timeIntervalSince(fix.fixTime)
  }

  private func distance(of fix: UnitPosition, _ from: TrackPoint, _ to: TrackPoint) -> Double {
    let (start, end) = (from.position.coordinate, to.position.coordinate)
    let whole = to.position.fixTime.timeIntervalSince(from.position.fixTime)
    let share = whole > 0 ? -seconds(from, fix) / whole : 0
    var east = end.longitude - start.longitude
    if abs(east) > 180 { east -= 360 * (east > 0 ? 1 : -1) }
    var longitude = start.longitude + share * east
    if abs(longitude) > 180 { longitude -= 360 * (longitude > 0 ? 1 : -1) }
    let place = try? Coordinate(
      latitude: start.latitude + share * (end.latitude - start.latitude), longitude: longitude)
    return place.map(fix.coordinate.distance(to:)) ?? .infinity
  }
}

@Suite struct TrackTests {
  /// What was sent, and what is kept of it.
  private func walked(
    _ station: Station, _ callSign: String, seed: UInt64, from place: Coordinate, count: Int = 900
  ) async throws -> (sent: [UnitPosition], points: [TrackPoint]) {
    let unit = try UnitID(parsing: try await station.putUnit(callSign).id)
    var wanderer = Wanderer(seed: seed, from: place, start: -500_000)
    let made = (0..<count).map { _ in
      let next = wanderer.next()
      return UnitPosition(
        coordinate: next.place,
        fixTime: Date(
          timeIntervalSince1970: ((noon.timeIntervalSince1970 + next.second) * 1e6).rounded() / 1e6)
      )
    }
    let sent = wanderer.shuffled(made)
    var rest = sent[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Int.random(in: 1...200, using: &wanderer.random))
      rest = rest.dropFirst(batch.count)
      _ = try await station.store.report(
        batch.map { PositionReport(unitID: unit, position: $0) }, within: .everywhere, now: noon)
    }
    let points = try await station.store.read(within: .everywhere) {
      try $0.track(of: unit, from: .distantPast, to: noon, after: nil, limit: 100_000)
    }
    return (sent, points)
  }

  @Test(arguments: [(28.0, 120.6), (-59.5, 20), (59, 179.9), (0, -179.95)])
  func whateverIsLeftOutLiesWithinTheToleranceOfTheLine(
    latitude: Double, longitude: Double
  ) async throws {
    let place = try Coordinate(latitude: latitude, longitude: longitude)
    try await Station.with { station in
      for seed in 1...6 as ClosedRange<UInt64> {
        let (sent, points) = try await walked(station, "U\(seed)", seed: seed, from: place)
        let oracle = TrackOracle(points)
        let complaints = sent.compactMap(oracle.complaint(of:))
        #expect(complaints.isEmpty, "seed \(seed): \(complaints.prefix(3))")
        // Every position is a point, or counted where it was left out; one sent again may be both.
        let counted = points.count + points.reduce(0) { $0 + $1.droppedCount }
        #expect((Set(sent).count...sent.count).contains(counted), "seed \(seed): \(counted)")
        #expect(points.count < sent.count * 9 / 10)
        let times = points.map(\.position.fixTime)
        #expect(times == times.sorted())
        #expect(points.filter(\.isNewest).count <= 1)
      }
    }
  }

  @Test func whoeverStandsStillIsAPointEveryFiveMinutesAndWhoeverDrivesOnToo() async throws {
    let home = try centre
    try await Station.with { station in
      for (callSign, speed) in [("standing", 0.0), ("driving", 20.0)] {
        let unit = try UnitID(parsing: try await station.putUnit(callSign).id)
        let reports = (0..<361).map { number in
          let second = Double(number) * 10
          let place = home.offset(northMetres: speed * second, eastMetres: 0)
          return PositionReport(
            unitID: unit,
            position: UnitPosition(
              coordinate: place, fixTime: noon.addingTimeInterval(second - 3600)))
        }
        _ = try await station.store.report(reports, within: .everywhere, now: noon)
        let points = try await station.store.read(within: .everywhere) {
          try $0.track(of: unit, from: .distantPast, to: noon, after: nil, limit: 1000)
        }
        // An hour: its beginning, eleven points on the way, and its end.
        #expect(points.count == 13)
        #expect(points.map(\.droppedCount).reduce(0, +) == 348)
        #expect(points.map(\.isNewest) == Array(repeating: false, count: 12) + [true])
      }
    }
  }

  private var centre: Coordinate {
    get throws { try Coordinate(latitude: 28, longitude: 120.6) }
  }

  private func fix(_ second: Double, north: Double = 0, east: Double = 0) throws -> UnitPosition {
    UnitPosition(
      coordinate: try centre.offset(northMetres: north, eastMetres: east),
      fixTime: noon.addingTimeInterval(second - 1000))
  }

  private func track(
    _ station: Station, _ fixes: [UnitPosition]
  ) async throws -> [TrackPoint] {
    let unit = try UnitID(parsing: try await station.putUnit("U").id)
    _ = try await station.store.report(
      fixes.map { PositionReport(unitID: unit, position: $0) }, within: .everywhere, now: noon)
    return try await station.store.read(within: .everywhere) {
      try $0.track(of: unit, from: .distantPast, to: noon, after: nil, limit: 1000)
    }
  }

  @Test func bothEndsOfAJumpAreKept() async throws {
    try await Station.with { station in
      let fixes = [
        try fix(0), try fix(10), try fix(20), try fix(30, north: 50_000), try fix(40),
        try fix(50), try fix(60),
      ]
      let points = try await track(station, fixes)
      #expect(points.map(\.position.fixTime) == [0, 2, 3, 4, 6].map { fixes[$0].fixTime })
      #expect(
        points.map { $0.position.jumps?.isLatest == true } == [false, false, true, true, false])
      #expect(points.map(\.droppedCount) == [0, 1, 0, 0, 1])
    }
  }

  @Test func whatComesLateIsPutWhereItBelongs() async throws {
    try await Station.with { station in
      let points = try await track(
        station,
        [
          // A gap of three minutes, of which two positions come afterwards.
          try fix(0), try fix(180, north: 900), try fix(60, north: 300, east: 80),
          try fix(120, north: 600, east: 80),
          // Straight on; one that contradicts it comes late, and one that does not.
          try fix(190, north: 1000), try fix(200, north: 1100), try fix(210, north: 1200),
          try fix(195, north: 1050, east: 400), try fix(205, north: 1150, east: 3),
        ])
      #expect(
        points.map { Int($0.position.fixTime.timeIntervalSince(noon)) + 1000 }
          == [0, 60, 120, 180, 195, 210])
      #expect(points.map(\.isAside) == [false, false, false, false, true, false])
      #expect(points.map(\.droppedCount) == [0, 0, 0, 0, 0, 3])
    }
  }

  @Test func aUnitThatHadNoTrackBeforeBeginsOneWithTheNewestOfThen() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U").id
      try await station.report([position(unit, at: noon.addingTimeInterval(-30))])
      // As a store was before there were tracks.
      try await station.database.write { tx in
        try tx.execute("DELETE FROM track_point")
        try tx.execute("UPDATE unit_position SET start_time = NULL, start_latitude = NULL")
      }
      let late = try await station.report([position(unit, at: noon.addingTimeInterval(-40))])
      #expect(late.supersededCount == 1)
      try await station.report([position(unit, 28.01, at: noon.addingTimeInterval(-10))])
      let id = try UnitID(parsing: unit)
      let points = try await station.store.read(within: .everywhere) {
        try $0.track(of: id, from: .distantPast, to: noon, after: nil, limit: 10)
      }
      #expect(points.map { $0.position.coordinate.latitude } == [28, 28.01])
      #expect(points.map(\.isNewest) == [false, true])
    }
  }
}
