// Rows of facts on both engines: whatever order, however often and however late events are heard, the
// figures are those of a recount from scratch by a model that knows nothing of rows.
import Access
import Classification
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import SupervisionDomain
import SupervisionRPC
import SupervisionStore
import Testing

@Suite struct FigureStoreTests {
  private static let period = FigurePeriod(
    start: FigureScript.start, end: FigureScript.start.addingTimeInterval(86_400))!

  private struct Shelf {
    let folder: StoreFolder
    let database: any Database
    let store: SupervisionDatabaseStore

    init(_ engine: Engine) async throws {
      folder = try StoreFolder()
      database = try engine.open(folder, SupervisionSchema.all)
      store = SupervisionDatabaseStore(
        database: database, log: EventLog(service: "supervision", partition: "main"),
        encode: EventEncoder.encode, report: { _ in })
    }

    func hear(_ told: [ToldFact], _ script: FigureScript) async throws {
      let areas = script.areas
      try await store.write(now: FigureScript.start) { writer in
        for area in areas { try writer.save(area) }
        for one in told { try writer.keep(one.fact, sequence: one.sequence) }
        for orgUnit in script.stations { try writer.save(orgUnit, under: nil) }
        try writer.save(script.beat, under: script.stations[0])
        for one in told {
          if case .unit(let unit) = one.fact { try writer.save(unit.id, of: unit.orgUnit) }
        }
      }
    }

    func samples(within reach: Reach = .everywhere) async throws -> [IntervalFigure] {
      try await store.read(within: reach) { reader in
        let places = try reader.places()
        let samples = IntervalSampler(period: FigureStoreTests.period, places: places).samples(
          of: try reader.stories(in: FigureStoreTests.period, places),
          try reader.calls(in: FigureStoreTests.period, places))
        return IntervalFigure.figures(of: samples, by: [], places)
      }
    }
  }

  private static func lines(_ figures: [IntervalFigure]) -> [String] {
    figures.map { figure in
      var counts = figure.exclusions.map { ("\($0.key.rawValue)", $0.value) }
      if figure.within > 0 { counts.append(("within", figure.within)) }
      let words = counts.sorted { $0.0 < $1.0 }.map { "\($0.1) \($0.0)" }
      let key = figure.key
      let middle = figure.percentile(50).map { "\($0)" } ?? "-"
      return "\(key.measure.rawValue) \(key.origin.rawValue) \(key.target ?? 0): "
        + "\(figure.total) total, \(words.joined(separator: ", ")), p50 \(middle)"
    }.sorted()
  }

  @Test(arguments: Engine.allCases, 1...3 as ClosedRange<UInt64>)
  func anyOrderOfTheSameEventsGivesTheFiguresOfARecount(
    _ engine: Engine, seed: UInt64
  ) async throws {
    let script = try FigureScript(seed: seed, incidents: 60)
    let expected = FigureModel(script, Self.period).lines
    #expect(expected.count > 15)
    var random = FigureRandom(state: seed &+ 99)
    for round in 0..<2 {
      let shelf = try await Shelf(engine)
      var told = script.told
      if round == 1 {
        // Some twice, all in any order, and the last ones in another transaction.
        told = (told + told.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
      }
      try await shelf.hear(Array(told.prefix(told.count * 2 / 3)), script)
      try await shelf.hear(Array(told.dropFirst(told.count * 2 / 3)), script)
      let found = Self.lines(try await shelf.samples())
      #expect(found == expected, "round \(round)")
      try await shelf.database.close()
    }
  }

  @Test(arguments: Engine.allCases, 11...12 as ClosedRange<UInt64>)
  func utilisationIsWhatCountingMinutesGives(_ engine: Engine, seed: UInt64) async throws {
    let script = try FigureScript(seed: seed, incidents: 80)
    let expected = FigureModel(script, Self.period).minutes()
    #expect(expected.onDuty > 500 && expected.citizen > 20 && expected.officer > 20)
    let shelf = try await Shelf(engine)
    var random = FigureRandom(state: seed)
    try await shelf.hear(script.told.shuffled(using: &random), script)
    let (statuses, commitments, places) = try await shelf.store.read(within: .everywhere) {
      (try $0.unitStatuses(in: Self.period), try $0.commitments(in: Self.period), try $0.places())
    }
    // All of one kind and one station: nothing is withheld but hours with hardly anybody.
    let everyone = PlaceMap(
      orgUnits: [],
      units: places.units.values.map {
        UnitActivity(id: $0.id, kind: "car", orgUnit: nil)
      }, areas: [], holders: [:])
    let figures = Utilisation.figures(
      statuses, commitments, in: Self.period, everyone, now: .distantFuture)
    #expect(figures.allSatisfy { $0.isWithheld == ($0.unitCount < 3) })
    let told = figures.filter { !$0.isWithheld }
    try #require(told.count == 48)
    func sum(_ origin: IncidentOrigin, _ part: (UtilisationFigure) -> Int64) -> Int {
      Int(told.filter { $0.key.origin == origin }.reduce(0) { $0 + part($1) } / 60_000_000)
    }
    #expect(sum(.citizenReported, \.onDuty) == expected.onDuty)
    #expect(sum(.citizenReported, \.committed) == expected.citizen)
    #expect(sum(.officerDiscovered, \.committed) == expected.officer)
    try await shelf.database.close()
  }

  @Test(arguments: Engine.allCases)
  func aStationSeesWhatLiesInItsAreaAndWhatItsUnitsDid(_ engine: Engine) async throws {
    let script = try FigureScript(seed: 5, incidents: 80)
    let shelf = try await Shelf(engine)
    try await shelf.hear(script.told, script)
    let whole = try await shelf.samples()
    let parts = try await [
      shelf.samples(within: Reach(areas: [script.stations[0].description])),
      shelf.samples(within: Reach(areas: [script.stations[1].description])),
    ]
    func total(_ figures: [IntervalFigure], _ measure: IntervalMeasure) -> Int {
      figures.filter { $0.key.measure == measure }.reduce(0) { $0 + $1.total }
    }
    // Areas do not overlap, so incidents and calls come apart; what lies in neither is nobody's.
    for measure in [IntervalMeasure.answer, .response, .queue] {
      let both = parts.map { total($0, measure) }
      #expect(both.allSatisfy { $0 > 0 })
      #expect(both[0] + both[1] < total(whole, measure))
    }
    // A unit of one station that goes to the other's area is seen by both.
    #expect(parts.map { total($0, .sign) }.reduce(0, +) > total(whole, .sign) / 2)
    #expect(try await shelf.samples(within: .nothing).isEmpty)
    let lines = try await shelf.store.read(
      within: Reach(areas: [script.stations[0].description])
    ) { reader in
      var bulletin = Bulletin(
        period: Self.period, places: try reader.places(),
        visible: try reader.visibleOrgUnits())
      bulletin.add(try reader.stories(in: Self.period, try reader.places()))
      bulletin.add(try reader.courses(in: Self.period))
      bulletin.add(try reader.clockTallies(in: Self.period))
      bulletin.add(try reader.judged(in: Self.period))
      return bulletin.all
    }
    // What its area shows of other stations' units is told of in no line of theirs.
    #expect(lines.allSatisfy { $0.key.station == script.stations[0] })
    #expect(lines.contains { $0.key.station == script.stations[0] && $0.signed.total > 0 })
    try await shelf.database.close()
  }
}
