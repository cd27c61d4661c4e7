// How long a unit travels, learnt from the first half of a file and judged on the second.
//
// For each response with a recorded departure and arrival, the straight distance is taken from the
// place where the unit was last on scene. A speed alone (distance ÷ time, median) predicts worse than
// a constant, because a good part of every journey is turning out and the last hundred metres; so the
// model is a fixed part and a speed, and the other two stand beside it as peers.
import Foundation
import Geography

/// One journey that the file recorded.
public struct Journey: Sendable, Hashable {
  /// Straight distance in metres.
  public let metres: Double
  /// From departure to arrival.
  public let seconds: Double

  public init(metres: Double, seconds: Double) {
    self.metres = metres
    self.seconds = seconds
  }

  /// - Parameter calls: in the order they were received.
  /// - Returns: the journeys of each response whose unit had been on scene somewhere before; those
  ///   of the file's first half (by responses), and those of the second.
  public static func halves(of calls: [FireCall]) -> (first: [Journey], second: [Journey]) {
    let total = calls.reduce(0) { $0 + $1.responses.count }
    var last: [String: Coordinate] = [:]
    var halves: (first: [Journey], second: [Journey]) = ([], [])
    var index = 0
    for call in calls {
      for response in call.responses {
        if let journey = Journey(response, from: last[response.unitID]) {
          if index < total / 2 {
            halves.first.append(journey)
          } else {
            halves.second.append(journey)
          }
        }
        if response.onScene != nil { last[response.unitID] = response.point }
        index += 1
      }
    }
    return halves
  }

  private init?(_ response: FireResponse, from start: Coordinate?) {
    guard let start, let departure = response.response, let arrival = response.onScene,
      arrival > departure
    else { return nil }
    self.init(
      metres: start.distance(to: response.point),
      seconds: arrival.timeIntervalSince(departure))
  }
}

/// Travel time as a fixed part and a straight-line speed.
public struct TravelFit: Sendable, Hashable {
  /// 0 … 600.
  public let fixedSeconds: Double
  /// 0.5 … 100.
  public let metresPerSecond: Double

  public init(fixedSeconds: Double, metresPerSecond: Double) {
    self.fixedSeconds = min(max(fixedSeconds, 0), 600)
    self.metresPerSecond = min(max(metresPerSecond, 0.5), 100)
  }

  public func seconds(metres: Double) -> Double { fixedSeconds + metres / metresPerSecond }

  /// Fits to journeys, in a way that a few absurd records do not disturb: the journeys are cut by
  /// distance into ten groups of equal size, each represented by its median distance and time; the
  /// speed comes from the median slope over all pairs of groups (Theil–Sen), the fixed part from the
  /// median of what remains.
  ///
  /// - Returns: nil with fewer than 20 journeys, or when time does not grow with distance.
  public static func fit(_ journeys: [Journey]) -> TravelFit? {
    guard journeys.count >= 20 else { return nil }
    let sorted = journeys.sorted { ($0.metres, $0.seconds) < ($1.metres, $1.seconds) }
    let groups = (0..<10).map { group in
      sorted[(sorted.count * group / 10)..<(sorted.count * (group + 1) / 10)]
    }
    let points = groups.compactMap { group -> Journey? in
      guard let metres = NearestRank.median(of: group.map(\.metres)),
        let seconds = NearestRank.median(of: group.map(\.seconds))
      else { return nil }
      return Journey(metres: metres, seconds: seconds)
    }
    var slopes: [Double] = []
    for (index, near) in points.enumerated() {
      for far in points[(index + 1)...] where far.metres > near.metres {
        slopes.append((far.seconds - near.seconds) / (far.metres - near.metres))
      }
    }
    guard let slope = NearestRank.median(of: slopes), slope > 0,
      let rest = NearestRank.median(of: journeys.map { $0.seconds - slope * $0.metres })
    else { return nil }
    return TravelFit(fixedSeconds: rest, metresPerSecond: 1 / slope)
  }
}

/// The fit, and how it does on journeys it has not seen, beside two simpler predictors.
public struct TravelModelReport: Sendable, Hashable, Codable {
  public let fixedSeconds: Double
  public let metresPerSecond: Double
  /// Journeys that it was fitted on, and judged on.
  public let fittedOn: Int
  public let judgedOn: Int
  /// Median absolute error in seconds on the second half.
  public let medianAbsoluteError: Double?
  /// The same of a constant: the first half's median travel time.
  public let constantSeconds: Double?
  public let constantError: Double?
  /// The same of a speed alone: the first half's median of distance ÷ time.
  public let speedOnly: Double?
  public let speedOnlyError: Double?

  enum CodingKeys: String, CodingKey {
    case fixedSeconds = "fixed_s"
    case metresPerSecond = "speed_mps"
    case fittedOn = "fitted_on"
    case judgedOn = "judged_on"
    case medianAbsoluteError = "median_absolute_error_s"
    case constantSeconds = "naive_constant_s"
    case constantError = "naive_constant_median_absolute_error_s"
    case speedOnly = "speed_only_mps"
    case speedOnlyError = "speed_only_median_absolute_error_s"
  }

  public init(fit: TravelFit, first: [Journey], second: [Journey]) {
    fixedSeconds = fit.fixedSeconds
    metresPerSecond = fit.metresPerSecond
    fittedOn = first.count
    judgedOn = second.count
    medianAbsoluteError = Self.error(second) { fit.seconds(metres: $0.metres) }
    let constant = NearestRank.median(of: first.map(\.seconds))
    constantSeconds = constant
    constantError = constant.flatMap { constant in Self.error(second) { _ in constant } }
    let speed = NearestRank.median(of: first.map { $0.metres / $0.seconds })
    speedOnly = speed
    speedOnlyError = speed.flatMap { speed in
      speed > 0 ? Self.error(second) { $0.metres / speed } : nil
    }
  }

  private static func error(_ journeys: [Journey], _ predict: (Journey) -> Double) -> Double? {
    NearestRank.median(of: journeys.map { abs(predict($0) - $0.seconds) })
  }
}
