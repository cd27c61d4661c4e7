// Runs side by side: first how far the simulation is from what was recorded, then each scenario less the
// true roster, incident by incident.
import Foundation
import Geography
import Identifiers

/// From wanted to the first unit on scene, of a group of incidents.
public struct WhatIfFigure: Sendable, Hashable {
  /// Empty for all areas.
  public let areaName: String
  /// Nil for all hours.
  public let hour: Int?
  public internal(set) var total = 0
  public internal(set) var within = 0
  /// Seconds, ascending.
  var seconds: [Double] = []

  public var excluded: Int { total - seconds.count }
  /// Nil where nothing remains.
  public var share: Double? { seconds.isEmpty ? nil : Double(within) / Double(seconds.count) }
  public func percentile(_ percent: Int) -> Double? { WhatIfRank.value(percent, of: seconds) }
}

public struct WhatIfUtilisation: Sendable, Hashable {
  public let capability: String
  public internal(set) var onDuty: Double = 0
  public internal(set) var committed: Double = 0
  /// Units that were never on duty.
  public internal(set) var excluded = 0

  public var share: Double { onDuty > 0 ? committed / onDuty : 0 }
}

public struct WhatIfResult: Sendable, Hashable {
  public let name: String
  /// All, then by area, then by hour.
  public let figures: [WhatIfFigure]
  public let utilisation: [WhatIfUtilisation]
  public let wantedUnits: Int
  public let sentUnits: Int
  public let queuedUnits: Int
  public let queuedMedian: Double
  public let queuedP90: Double
}

/// The recorded choice, played, beside what was recorded.
public struct WhatIfValidation: Sendable, Hashable {
  public let total: Int
  public let excluded: Int
  public let observed: (median: Double, p90: Double)
  public let simulated: (median: Double, p90: Double)
  public let medianError: Double
  public let medianAbsoluteError: Double
  public let constantAbsoluteError: Double

  public static func == (left: Self, right: Self) -> Bool { left.parts == right.parts }
  public func hash(into hasher: inout Hasher) { hasher.combine(parts) }
  private var parts: [Double] {
    [
      Double(total), Double(excluded), observed.median, observed.p90, simulated.median,
      simulated.p90, medianError, medianAbsoluteError, constantAbsoluteError,
    ]
  }
}

/// Scenario less baseline, over incidents that somebody reached in both.
public struct WhatIfDifference: Sendable, Hashable {
  public let name: String
  public let total: Int
  public let excluded: Int
  public let mean: Double
  public let meanBounds: ClosedRange<Double>
  /// Share within the target.
  public let share: Double
  public let shareBounds: ClosedRange<Double>
  public let sooner: Int
  public let later: Int
}

public struct WhatIfReport: Sendable, Hashable {
  public let estimator: String
  public let validation: WhatIfValidation
  public let observed: WhatIfResult
  public let baseline: WhatIfResult
  public let results: [WhatIfResult]
  public let differences: [WhatIfDifference]
}

public struct WhatIfComparison: Sendable {
  public static let standardResamples = 1_000

  let day: WhatIfDay
  let scenarios: [WhatIfScenario]
  let model: TravelModel
  let roads: RoadNetwork?
  let seed: UInt64
  let resamples: Int

  public init(
    day: WhatIfDay, scenarios: [WhatIfScenario], model: TravelModel, roads: RoadNetwork?,
    seed: UInt64, resamples: Int = WhatIfComparison.standardResamples
  ) {
    self.day = day
    self.scenarios = scenarios
    self.model = model
    self.roads = roads
    self.seed = seed
    self.resamples = resamples
  }

  /// - Parameter pause: called now and then; throws to give up.
  public func report(pause: () throws -> Void = {}) rethrows -> WhatIfReport {
    let truth = WhatIfScenario(name: "baseline")
    let played = try run(truth, .recorded, pause)
    let baseline = try run(truth, .advisor, pause)
    var results: [WhatIfResult] = []
    var differences: [WhatIfDifference] = []
    for scenario in scenarios {
      let outcome = try run(scenario, .advisor, pause)
      results.append(result(scenario.name, outcome, scenario))
      differences.append(difference(scenario.name, outcome, baseline))
    }
    var roster = Roster()
    roster.travelModel = model
    roster.roads = roads
    return WhatIfReport(
      estimator: roster.travel.name, validation: validation(played),
      observed: result("observed", observed, truth),
      baseline: result(truth.name, baseline, truth), results: results, differences: differences)
  }

  private func run(
    _ scenario: WhatIfScenario, _ choice: WhatIfSimulation.Choice, _ pause: () throws -> Void
  ) rethrows -> WhatIfRun {
    var simulation = WhatIfSimulation(day, scenario, choice, model: model, roads: roads)
    return try simulation.finish(pause: pause)
  }

  /// What was recorded, as if it were a run.
  private var observed: WhatIfRun {
    var run = WhatIfRun()
    run.units = day.units
    let index = Dictionary(day.units.indices.map { (day.units[$0].code, $0) }) { first, _ in first }
    for (number, incident) in day.incidents.enumerated() {
      run.firstArrivals[number] = incident.firstArrival
      run.wanted += incident.tasks.count
      run.sent += incident.tasks.count
      for task in incident.tasks {
        guard let unit = index[task.unitCode] else { continue }
        // How long it drove is not in the task; what is known is counted.
        let length = task.secondsOnScene ?? task.secondsToCallOff
        let start = task.dispatchTime.timeIntervalSince1970
        run.commitments[unit, default: []].append(start..<(start + max(0, length)))
      }
    }
    return run
  }

  /// Seconds from wanted to the first on scene; nil where nobody arrived, or before it was wanted.
  private func seconds(_ run: WhatIfRun, _ index: Int) -> Double? {
    guard let arrival = run.firstArrivals[index] else { return nil }
    let seconds = arrival.timeIntervalSince(day.incidents[index].wantedTime)
    return seconds < 0 ? nil : seconds
  }

  private func isWithin(_ seconds: Double, _ index: Int) -> Bool {
    seconds <= day.incidents[index].areaClass.drivingSeconds
  }

  private func result(
    _ name: String, _ run: WhatIfRun, _ scenario: WhatIfScenario
  ) -> WhatIfResult {
    let waits = run.waits.sorted()
    return WhatIfResult(
      name: name, figures: figures(run), utilisation: utilisation(run, scenario),
      wantedUnits: run.wanted, sentUnits: run.sent, queuedUnits: waits.count,
      queuedMedian: WhatIfRank.value(50, of: waits) ?? 0,
      queuedP90: WhatIfRank.value(90, of: waits) ?? 0)
  }

  private func figures(_ run: WhatIfRun) -> [WhatIfFigure] {
    var whole = WhatIfFigure(areaName: "", hour: nil)
    var byArea: [String: WhatIfFigure] = [:]
    var byHour: [Int: WhatIfFigure] = [:]
    for (index, incident) in day.incidents.enumerated() {
      let seconds = seconds(run, index)
      let isWithin = seconds.map { self.isWithin($0, index) } ?? false
      func count(_ figure: inout WhatIfFigure) {
        figure.total += 1
        if let seconds { figure.seconds.append(seconds) }
        if isWithin { figure.within += 1 }
      }
      let (area, hour) = (incident.areaName, day.hour(of: incident.wantedTime))
      count(&whole)
      if !area.isEmpty {
        count(&byArea[area, default: WhatIfFigure(areaName: area, hour: nil)])
      }
      count(&byHour[hour, default: WhatIfFigure(areaName: "", hour: hour)])
    }
    let all =
      [whole] + byArea.values.sorted { $0.areaName < $1.areaName }
      + byHour.values.sorted { ($0.hour ?? 0) < ($1.hour ?? 0) }
    return all.map { figure in
      var figure = figure
      figure.seconds.sort()
      return figure
    }
  }

  private func utilisation(
    _ run: WhatIfRun, _ scenario: WhatIfScenario
  ) -> [WhatIfUtilisation] {
    var table: [String: WhatIfUtilisation] = [:]
    let span = day.span
    for (index, unit) in run.units.enumerated() {
      var mine = table[unit.capability] ?? WhatIfUtilisation(capability: unit.capability)
      var onDuty = 0.0
      for start in stride(from: span.lowerBound, to: span.upperBound, by: 3_600) {
        let hour = day.hour(of: Date(timeIntervalSince1970: Double(start)))
        let isAway = scenario.absences.contains {
          $0.concerns(unit) && $0.hours.contains(hour)
        }
        guard unit.hours.contains(hour), !isAway else { continue }
        onDuty += 3_600
        let slot = Double(start)..<Double(start + 3_600)
        mine.committed += Self.covered(run.commitments[index] ?? [], in: slot)
      }
      mine.onDuty += onDuty
      if onDuty == 0 { mine.excluded += 1 }
      table[unit.capability] = mine
    }
    return table.values.sorted { $0.capability < $1.capability }
  }

  /// Seconds of `slot` in any of the ranges, each once.
  private static func covered(_ ranges: [Range<Double>], in slot: Range<Double>) -> Double {
    var end = slot.lowerBound
    var sum = 0.0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound })
    where range.overlaps(slot) {
      let part = range.clamped(to: slot)
      sum += max(0, part.upperBound - max(end, part.lowerBound))
      end = max(end, part.upperBound)
    }
    return sum
  }

  private func validation(_ played: WhatIfRun) -> WhatIfValidation {
    let truth = observed
    let pairs = day.incidents.indices.compactMap { index -> (Double, Double)? in
      guard let real = seconds(truth, index), let made = seconds(played, index) else {
        return nil
      }
      return (real, made)
    }
    let (real, made) = (pairs.map(\.0).sorted(), pairs.map(\.1).sorted())
    let typical = WhatIfRank.value(50, of: real) ?? 0
    func median(_ values: [Double]) -> Double { WhatIfRank.median(of: values) ?? 0 }
    return WhatIfValidation(
      total: day.incidents.count, excluded: day.incidents.count - pairs.count,
      observed: (typical, WhatIfRank.value(90, of: real) ?? 0),
      simulated: (WhatIfRank.value(50, of: made) ?? 0, WhatIfRank.value(90, of: made) ?? 0),
      medianError: median(pairs.map { $0.1 - $0.0 }),
      medianAbsoluteError: median(pairs.map { abs($0.1 - $0.0) }),
      constantAbsoluteError: median(pairs.map { abs(typical - $0.0) }))
  }

  /// Incidents are drawn anew, as many as there are, with all that belongs to each: the percentile
  /// bootstrap of Efron, 95 %.
  private func difference(
    _ name: String, _ run: WhatIfRun, _ baseline: WhatIfRun
  ) -> WhatIfDifference {
    var seconds: [Double] = []
    var within: [Double] = []
    for index in day.incidents.indices {
      guard let new = self.seconds(run, index), let old = self.seconds(baseline, index) else {
        continue
      }
      seconds.append(new - old)
      within.append((isWithin(new, index) ? 1 : 0) - (isWithin(old, index) ? 1 : 0))
    }
    let pairs = seconds.count
    var random = WhatIfRandom(seed: seed)
    var means: [Double] = []
    var shares: [Double] = []
    for _ in 0..<(pairs == 0 ? 0 : resamples) {
      var (sum, count) = (0.0, 0.0)
      for _ in 0..<pairs {
        let drawn = random.below(pairs)
        sum += seconds[drawn]
        count += within[drawn]
      }
      means.append(sum / Double(pairs))
      shares.append(count / Double(pairs))
    }
    let divisor = Double(max(1, pairs))
    return WhatIfDifference(
      name: name, total: day.incidents.count, excluded: day.incidents.count - pairs,
      mean: seconds.reduce(0, +) / divisor, meanBounds: Self.bounds(means),
      share: within.reduce(0, +) / divisor, shareBounds: Self.bounds(shares),
      sooner: seconds.count { $0 < 0 }, later: seconds.count { $0 > 0 })
  }

  private static func bounds(_ values: [Double]) -> ClosedRange<Double> {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0...0 }
    // By nearest rank, in thousandths.
    func value(_ thousandths: Int) -> Double {
      sorted[max(1, (thousandths * sorted.count + 999) / 1000) - 1]
    }
    return value(25)...value(975)
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same draws for the same seed, on every machine.
struct WhatIfRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ..< `bound`; off from even by less than `bound` ÷ 2⁶⁴.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
