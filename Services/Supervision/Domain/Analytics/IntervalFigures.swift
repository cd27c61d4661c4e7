// Figures out of single stretches of time.
public import Classification
import Foundation
public import Identifiers

/// One measure of one group.
public struct IntervalFigure: Sendable, Hashable {
  /// What tells figures apart.
  public struct Key: Sendable, Hashable {
    public var measure: IntervalMeasure
    public var origin: IncidentOrigin
    /// Nil when not asked by area, and in no area.
    public var station: OrgUnitID?
    /// YYYY-MM-DD; empty when not asked by day.
    public var day: String
    /// Nil when not asked by hour.
    public var hour: Int?
    /// Seconds.
    public var target: Int?
  }

  public let key: Key
  public private(set) var total = 0
  public private(set) var within = 0
  public private(set) var exclusions: [ExclusionReason: Int] = [:]
  /// Microseconds, ascending once all are there.
  private var lengths: [Int64] = []

  public var measured: Int { lengths.count }
  public var excluded: Int { total - measured }
  /// Nil where nothing was measured, or there is no target.
  public var share: Double? {
    key.target == nil || lengths.isEmpty ? nil : Double(within) / Double(measured)
  }

  init(key: Key) { self.key = key }

  mutating func add(_ outcome: IntervalOutcome) {
    total += 1
    switch outcome {
    case .measured(let length):
      lengths.append(length)
      if let target = key.target, length <= Int64(target) * 1_000_000 { within += 1 }
    case .excluded(let reason): exclusions[reason, default: 0] += 1
    }
  }

  mutating func finish() { lengths.sort() }

  /// Seconds, by nearest rank; nil where nothing was measured.
  public func percentile(_ percent: Int) -> Double? {
    NearestRank.value(percent, of: lengths).map { Double($0) / 1_000_000 }
  }

  /// - Returns: by measure, origin, code of the station, day, hour and target.
  public static func figures(
    of samples: [IntervalSample], by groupings: Set<FigureGrouping>, _ places: PlaceMap
  ) -> [IntervalFigure] {
    var figures: [Key: IntervalFigure] = [:]
    for sample in samples {
      let key = Key(
        measure: sample.measure, origin: sample.origin,
        station: groupings.contains(.area) ? sample.station : nil,
        day: groupings.contains(.day) ? LocalClock.day(of: sample.anchor) : "",
        hour: groupings.contains(.hour)
          ? LocalClock.hour(of: sample.anchor.microseconds) : nil,
        target: sample.target)
      figures[key, default: IntervalFigure(key: key)].add(sample.outcome)
    }
    return figures.values.sorted {
      $0.key.order(places).lexicographicallyPrecedes($1.key.order(places))
    }.map { figure in
      var figure = figure
      figure.finish()
      return figure
    }
  }
}

extension IntervalFigure.Key {
  fileprivate func order(_ places: PlaceMap) -> [String] {
    let number = IntervalMeasure.allCases.firstIndex(of: measure) ?? 0
    return [
      String(number), origin.rawValue, places.code(of: station), station?.stablePart ?? "", day,
      padded(hour.map { $0 + 1 } ?? 0), padded(target ?? 0),
    ]
  }

  private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
