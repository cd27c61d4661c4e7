// Days that were not: small ones worked out by hand, and what must hold for any.
import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct WhatIfTests {
  static let start = Date(timeIntervalSince1970: 1_483_142_400)
  static let model = TravelModel(detourFactor: 1, speed: 10, turnout: 60)

  let centre: Coordinate
  init() throws { centre = try Coordinate(latitude: 22.54, longitude: 114.05) }

  func unit(_ code: String, metres: Double, _ capability: String = "car") -> WhatIfUnit {
    WhatIfUnit(
      code: code, capability: capability,
      base: centre.offset(northMetres: metres, eastMetres: 0))
  }

  func incident(
    _ code: String, at seconds: Double, stay: Double? = 600, by unit: String = "A",
    level: IncidentLevel = .level4, arrival: Double? = nil, count: Int = 1
  ) -> WhatIfIncident {
    let time = Self.start.addingTimeInterval(seconds)
    let task = WhatIfTask(
      capability: "car", unitCode: unit, dispatchTime: time, secondsOnScene: stay,
      secondsToCallOff: 120)
    return WhatIfIncident(
      code: code, wantedTime: time, point: centre, areaName: "中", areaClass: .other, level: level,
      tasks: Array(repeating: task, count: count),
      firstArrival: arrival.map { time.addingTimeInterval($0) })
  }

  func day(_ units: [WhatIfUnit], _ incidents: [WhatIfIncident]) -> WhatIfDay {
    WhatIfDay(units: units, incidents: incidents, utcOffset: 28_800)
  }

  func run(
    _ day: WhatIfDay, _ scenario: WhatIfScenario = WhatIfScenario(name: "x"),
    _ choice: WhatIfSimulation.Choice = .advisor
  ) -> WhatIfRun {
    var simulation = WhatIfSimulation(day, scenario, choice, model: Self.model, roads: nil)
    return simulation.finish {}
  }

  func arrivals(_ run: WhatIfRun, _ day: WhatIfDay) -> [Double?] {
    day.incidents.indices.map { index in
      run.firstArrivals[index]?.timeIntervalSince(day.incidents[index].wantedTime)
    }
  }

  @Test func theSoonestGoesAndDrivesAsLongAsTheModelSays() {
    let day = day([unit("A", metres: 3_000), unit("B", metres: -1_000)], [incident("1", at: 0)])
    #expect(arrivals(run(day), day) == [160])
    #expect(arrivals(run(day, .init(name: "x"), .recorded), day) == [360])
  }

  @Test func whoIsBusyIsWaitedForAndGoesOnFromWhereItWas() {
    // B is there after 160 s, stays 600 s; the second waits until then, and B only has to turn out.
    let day = day(
      [unit("B", metres: -1_000)], [incident("1", at: 0), incident("2", at: 100)])
    let run = run(day)
    #expect(arrivals(run, day) == [160, 720])
    #expect(run.waits == [660])
    #expect(run.wanted == 2 && run.sent == 2)
  }

  @Test func theGravestOfThoseWhoWaitComesFirst() {
    let day = day(
      [unit("B", metres: -1_000)],
      [
        incident("1", at: 0), incident("2", at: 100, level: .level4),
        incident("3", at: 200, level: .level1),
      ])
    let arrivals = arrivals(run(day), day)
    // Free at 760; the third goes first and is done at 1420.
    #expect(arrivals == [160, 1_380, 620])
  }

  @Test func whoWaitsLongerThanAnHourGetsNobody() {
    let day = day(
      [unit("B", metres: 0)], [incident("1", at: 0, stay: 9_000), incident("2", at: 10)])
    let run = run(day)
    #expect(arrivals(run, day) == [60, nil])
    #expect(run.sent == 1)
  }

  @Test func aUnitGoesHomeAfterwards() {
    // Free at 760 at the centre, home (100 s away) at 860: at 900 it starts from there again.
    let day = day(
      [unit("B", metres: -1_000)], [incident("1", at: 0), incident("2", at: 900)])
    #expect(arrivals(run(day), day) == [160, 160])
  }

  @Test func aUnitThatIsOffIsNotSentAndComesBackWithItsHour() {
    // 08:00 local; off until 09:00.
    let day = day([unit("B", metres: 0)], [incident("1", at: 600)])
    let off = WhatIfScenario(
      name: "off",
      absences: [.init(who: .units(["B"]), hours: WhatIfHours(from: 8, until: 9))])
    #expect(arrivals(run(day, off), day) == [3_060])
    let gone = WhatIfScenario(
      name: "gone", absences: [.init(who: .capability("car"), hours: .always)])
    #expect(arrivals(run(day, gone), day) == [nil])
    #expect(WhatIfHours(from: 22, until: 6).contains(23))
    #expect(WhatIfHours(from: 22, until: 6).contains(5))
    #expect(!WhatIfHours(from: 22, until: 6).contains(6))
  }

  @Test func aPlanLineSaysHowManyGo() {
    let day = day(
      [unit("A", metres: 0), unit("B", metres: 0), unit("C", metres: 0)],
      [incident("1", at: 0, count: 1), incident("2", at: 3_000, count: 3)])
    func sent(_ count: Int) -> Int {
      run(
        day,
        WhatIfScenario(
          name: "p", planLines: [.init(level: .level4, capability: "car", count: count)])
      ).sent
    }
    #expect(run(day).sent == 4)
    #expect(sent(2) == 4 && sent(1) == 2 && sent(0) == 0)
  }

  func comparison(_ seed: UInt64, units: Int, extra: Int) -> WhatIfComparison {
    var random = WhatIfRandom(seed: seed)
    func metres() -> Double { Double(random.below(8_000)) - 4_000 }
    let units = (0..<units).map { unit("U\($0)", metres: metres()) }
    let incidents = (0..<120).map { number in
      let time = Double(random.below(86_400))
      return incident(
        "I\(number)", at: time, stay: Double(300 + random.below(2_400)),
        by: "U\(random.below(units.count))", level: random.below(2) == 0 ? .level2 : .level4,
        arrival: Double(100 + random.below(600)))
    }
    let more = (0..<extra).map { unit(" \($0)", metres: Double($0) * 10) }
    return WhatIfComparison(
      day: day(units, incidents),
      scenarios: [WhatIfScenario(name: "more", additions: more), WhatIfScenario(name: "same")],
      model: Self.model, roads: nil, seed: seed, resamples: 200)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func theSameQuestionHasTheSameAnswerAndNothingChangedMakesNoDifference(seed: UInt64) throws {
    let report = try comparison(seed, units: 4, extra: 3).report()
    #expect(try report == comparison(seed, units: 4, extra: 3).report())
    let same = report.differences[1]
    #expect(same.mean == 0 && same.meanBounds == 0...0 && same.sooner + same.later == 0)
    let more = report.differences[0]
    #expect(more.mean < 0)
    #expect(more.meanBounds.contains(more.mean) && more.shareBounds.contains(more.share))
    #expect(report.results[0].queuedUnits <= report.baseline.queuedUnits)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func figuresAddUp(seed: UInt64) throws {
    let report = try comparison(seed, units: 3, extra: 2).report()
    for result in [report.observed, report.baseline] + report.results {
      let whole = result.figures[0]
      for part in [
        result.figures.filter { $0.hour != nil }, result.figures.filter { !$0.areaName.isEmpty },
      ] {
        #expect(part.reduce(0) { $0 + $1.total } == whole.total)
        #expect(part.reduce(0) { $0 + $1.within } == whole.within)
        #expect(part.reduce(0) { $0 + $1.excluded } == whole.excluded)
      }
      #expect(result.utilisation.allSatisfy { $0.committed <= $0.onDuty && $0.onDuty > 0 })
    }
  }

  /// Where the record was made by the simulation itself, the simulation is not off.
  @Test func aRecordThatFollowsTheModelIsValidatedWithoutError() throws {
    let drawn = comparison(7, units: 4, extra: 0).day
    let played = run(drawn, .init(name: "x"), .recorded)
    let recorded = WhatIfDay(
      units: drawn.units,
      incidents: drawn.incidents.enumerated().map { index, incident in
        WhatIfIncident(
          code: incident.code, wantedTime: incident.wantedTime, point: incident.point,
          areaName: incident.areaName, areaClass: incident.areaClass, level: incident.level,
          tasks: incident.tasks, firstArrival: played.firstArrivals[index])
      }, utcOffset: drawn.utcOffset)
    let found = try WhatIfComparison(
      day: recorded, scenarios: [], model: Self.model, roads: nil, seed: 1
    ).report().validation
    #expect(found.total == 120 && found.excluded == 0)
    #expect(found.medianAbsoluteError == 0 && found.observed == found.simulated)
  }
}
