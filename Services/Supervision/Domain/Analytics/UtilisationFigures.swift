// 单位时间占用: how much of their time on duty units were committed to incidents. Told for groups, never
// for one unit, which may be one officer (guardrail 1).
public import Classification
public import Foundation
public import Identifiers

public struct UtilisationFigure: Sendable, Hashable {
  /// What tells figures apart.
  public struct Key: Sendable, Hashable {
    public var station: OrgUnitID?
    public var kind: String
    /// Of the day, 0 … 23.
    public var hour: Int
    public var origin: IncidentOrigin
  }

  /// Fewer units than this are not told of.
  public static let leastUnits = 3

  public let key: Key
  /// Units that were on duty in that hour.
  public internal(set) var unitCount = 0
  /// Microseconds; 0 when withheld.
  public internal(set) var onDuty: Int64 = 0
  /// Microseconds on duty and committed; 0 when withheld.
  public internal(set) var committed: Int64 = 0
  /// Assignments of the whole period without a recorded begin or end.
  public internal(set) var excluded = 0

  public var isWithheld: Bool { unitCount < Self.leastUnits }
  public var onDutySeconds: Double { Double(onDuty) / 1_000_000 }
  public var committedSeconds: Double { Double(committed) / 1_000_000 }
  /// Nil when withheld.
  public var share: Double? {
    isWithheld || onDuty == 0 ? nil : Double(committed) / Double(onDuty)
  }

  init(key: Key) { self.key = key }
}

/// Stretches of time in microseconds, ascending, apart from each other.
struct Stretches: Sendable, Hashable {
  private(set) var all: [Range<Int64>]

  /// - Parameter ranges: in any order, overlapping as they may.
  init(_ ranges: [Range<Int64>]) {
    all = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = all.last, range.lowerBound <= last.upperBound {
        all[all.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        all.append(range)
      }
    }
  }

  func intersection(_ other: Stretches) -> Stretches {
    var (mine, theirs) = (all[...], other.all[...])
    var common: [Range<Int64>] = []
    while let left = mine.first, let right = theirs.first {
      if left.overlaps(right) { common.append(left.clamped(to: right)) }
      if left.upperBound < right.upperBound { mine.removeFirst() } else { theirs.removeFirst() }
    }
    return Stretches(common)
  }

  func subtracting(_ other: Stretches) -> Stretches {
    var rest: [Range<Int64>] = []
    var theirs = other.all[...]
    for range in all {
      var start = range.lowerBound
      while let next = theirs.first, next.upperBound <= start { theirs.removeFirst() }
      for next in theirs {
        guard next.lowerBound < range.upperBound else { break }
        if start < next.lowerBound { rest.append(start..<next.lowerBound) }
        start = max(start, next.upperBound)
      }
      if start < range.upperBound { rest.append(start..<range.upperBound) }
    }
    return Stretches(rest)
  }

  /// Microseconds by hour of the day.
  func byHour() -> [Int: Int64] {
    var hours: [Int: Int64] = [:]
    for range in all {
      var start = range.lowerBound
      while start < range.upperBound {
        let end = min(range.upperBound, LocalClock.nextHour(after: start))
        hours[LocalClock.hour(of: start), default: 0] += end - start
        start = end
      }
    }
    return hours
  }
}

public enum Utilisation {
  /// - Parameters:
  ///   - statuses: of each unit in order of time.
  ///   - now: what is open ends here at the latest.
  /// - Returns: by code of the station, kind, hour and origin.
  public static func figures(
    _ statuses: [UnitStatusActivity], _ commitments: [UnitCommitment], in period: FigurePeriod,
    _ places: PlaceMap, now: Date
  ) -> [UtilisationFigure] {
    let end = min(period.end, max(now, period.start)).microseconds
    let whole = period.start.microseconds..<end
    let byUnit = Dictionary(grouping: commitments, by: \.assignment.unit)
    var table = Table(places: places)
    for (unit, statuses) in Dictionary(grouping: statuses, by: \.unit) {
      let onDuty = Stretches(duty(statuses, within: whole))
      let mine = byUnit[unit] ?? []
      let known = mine.compactMap { one in
        range(of: one.assignment, until: end).map { (one.origin, $0) }
      }
      let citizen = Stretches(known.filter { $0.0 == .citizenReported }.map(\.1))
        .intersection(onDuty)
      let officer = Stretches(known.filter { $0.0 == .officerDiscovered }.map(\.1))
        .intersection(onDuty).subtracting(citizen)
      table.add(
        unit, onDuty: onDuty.byHour(),
        committed: [.citizenReported: citizen.byHour(), .officerDiscovered: officer.byHour()],
        excluded: Dictionary(grouping: mine.filter { isUnrecorded($0.assignment) }, by: \.origin)
          .mapValues(\.count))
    }
    return table.figures
  }

  private static func duty(
    _ statuses: [UnitStatusActivity], within whole: Range<Int64>
  ) -> [Range<Int64>] {
    var ranges: [Range<Int64>] = []
    var begin: Int64?
    for status in statuses {
      let time = status.time.microseconds
      if status.isOnDuty {
        begin = begin ?? time
      } else if let start = begin {
        ranges.append(start..<max(start, time))
        begin = nil
      }
    }
    if let begin { ranges.append(begin..<max(begin, whole.upperBound)) }
    return ranges.map { $0.clamped(to: whole) }
  }

  /// Nil for one that does not count: not ordered yet, or without a recorded time.
  private static func range(
    of assignment: AssignmentActivity, until end: Int64
  ) -> Range<Int64>? {
    guard let begin = assignment.times.dispatch?.microseconds, !isUnrecorded(assignment) else {
      return nil
    }
    let over = assignment.end?.microseconds ?? end
    return begin..<max(begin, over)
  }

  private static func isUnrecorded(_ assignment: AssignmentActivity) -> Bool {
    if assignment.state == .assigned { return false }
    // Called off before it was ordered.
    if assignment.state == .cancelled && assignment.times.dispatch == nil { return false }
    let isOver = assignment.state == .cleared || assignment.state == .cancelled
    return assignment.times.dispatch == nil || (isOver && assignment.end == nil)
  }

  private struct Table {
    let places: PlaceMap
    private var figureByKey: [UtilisationFigure.Key: UtilisationFigure] = [:]

    init(places: PlaceMap) { self.places = places }

    mutating func add(
      _ unit: UnitID, onDuty: [Int: Int64], committed: [IncidentOrigin: [Int: Int64]],
      excluded: [IncidentOrigin: Int]
    ) {
      let kind = places.units[unit]?.kind ?? ""
      for (hour, seconds) in onDuty {
        for origin in IncidentOrigin.allCases {
          let key = UtilisationFigure.Key(
            station: places.station(of: unit), kind: kind, hour: hour, origin: origin)
          var figure = figureByKey[key] ?? UtilisationFigure(key: key)
          figure.unitCount += 1
          figure.onDuty += seconds
          figure.committed += committed[origin]?[hour] ?? 0
          figure.excluded += excluded[origin] ?? 0
          figureByKey[key] = figure
        }
      }
    }

    var figures: [UtilisationFigure] {
      figureByKey.values.map { figure in
        var figure = figure
        if figure.isWithheld { (figure.onDuty, figure.committed) = (0, 0) }
        return figure
      }.sorted { left, right in
        (order(left.key), left.key.hour, left.key.origin.rawValue)
          < (order(right.key), right.key.hour, right.key.origin.rawValue)
      }
    }

    private func order(_ key: UtilisationFigure.Key) -> String {
      "\(places.code(of: key.station))/\(key.station?.stablePart ?? "")/\(key.kind)"
    }
  }
}
