// Which stretches of time are measured, against which targets, and why one is not.
import Foundation
import Identifiers

public enum IntervalMeasure: String, Sendable, Hashable, CaseIterable, Comparable {
  case answer, processing, sign, departure, arrival
  case onScene = "on_scene"
  case queue, response

  /// Seconds; nil where there is none, or where it depends on the area.
  var target: Int? {
    switch self {
    case .answer: 10
    case .processing: 60
    case .sign: 30
    case .departure: 300
    case .arrival, .onScene, .queue, .response: nil
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    guard let first = allCases.firstIndex(of: left), let second = allCases.firstIndex(of: right)
    else { return false }
    return first < second
  }
}

extension AreaClass {
  /// 1-3-5, in seconds.
  public var arrivalSeconds: Int {
    switch self {
    case .keyPlace: 60
    case .centre: 180
    case .other: 300
    }
  }
}

public enum FigureGrouping: String, Sendable, Hashable, CaseIterable {
  case area, day, hour
}

public enum ExclusionReason: String, Sendable, Hashable, CaseIterable, Comparable {
  case noTime = "no_time"
  case contradictory, merged, cancelled
  case outOfArea = "out_of_area"
  case open
  case notDispatched = "not_dispatched"
  case notByVoice = "not_by_voice"

  public static func < (left: Self, right: Self) -> Bool {
    guard let first = allCases.firstIndex(of: left), let second = allCases.firstIndex(of: right)
    else { return false }
    return first < second
  }
}

/// What one stretch of time gives to the figures.
public enum IntervalOutcome: Sendable, Hashable {
  /// Microseconds, not negative.
  case measured(Int64)
  case excluded(ExclusionReason)

  /// - Parameter missing: why, where one of the two is not there.
  init(from start: Date?, to end: Date?, missing: @autoclosure () -> ExclusionReason) {
    guard let start, let end else {
      self = .excluded(missing())
      return
    }
    let length = end.microseconds - start.microseconds
    self = length < 0 ? .excluded(.contradictory) : .measured(length)
  }
}

/// The clock on the wall: days and hours of Asia/Shanghai, which is UTC + 8 h all year.
enum LocalClock {
  private static let ahead: Int64 = 8 * 3_600_000_000
  static let hour: Int64 = 3_600_000_000

  static func hour(of microseconds: Int64) -> Int {
    let hours = floored(microseconds + ahead, hour)
    return Int(hours - floored(hours, 24) * 24)
  }

  /// YYYY-MM-DD.
  static func day(of time: Date) -> String {
    let plain = IncidentNumber.day(of: time)
    return "\(plain.prefix(4))-\(plain.dropFirst(4).prefix(2))-\(plain.suffix(2))"
  }

  /// The next full hour after a moment.
  static func nextHour(after microseconds: Int64) -> Int64 {
    (floored(microseconds, hour) + 1) * hour
  }

  static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}

/// The smallest value that at least `percent` of all do not exceed. Always one of the values.
enum NearestRank {
  /// - Parameters:
  ///   - percent: 1 … 100.
  ///   - sorted: ascending.
  static func value(_ percent: Int, of sorted: [Int64]) -> Int64? {
    sorted.isEmpty ? nil : sorted[(percent * sorted.count + 99) / 100 - 1]
  }
}
