// The figures of the reports, by definitions that anyone can check with another tool.
public import Foundation

/// Percentiles by nearest rank: the smallest value that at least `percent` of all values do not
/// exceed. Always one of the values.
public enum NearestRank {
  /// - Parameter percent: 1 … 100.
  /// - Returns: nil when there are no values.
  public static func percentile(_ percent: Int, of values: [Double]) -> Double? {
    precondition((1...100).contains(percent), "a percentile lies between 1 and 100")
    guard !values.isEmpty else { return nil }
    return values.sorted()[rank(percent, of: values.count) - 1]
  }

  public static func median(of values: [Double]) -> Double? { percentile(50, of: values) }

  /// ⌈percent · count ÷ 100⌉ in whole numbers, where no rounding error can creep in.
  private static func rank(_ percent: Int, of count: Int) -> Int { (percent * count + 99) / 100 }
}

/// Count, median and 90th percentile of intervals, in seconds.
public struct IntervalSummary: Sendable, Hashable, Codable {
  /// Intervals that the percentiles rest on.
  public let count: Int
  /// Intervals left out because they end before they begin.
  public let negative: Int
  public let medianSeconds: Double?
  public let p90Seconds: Double?

  public init(_ intervals: [TimeInterval]) {
    let valid = intervals.filter { $0 >= 0 }
    count = valid.count
    negative = intervals.count - valid.count
    medianSeconds = NearestRank.median(of: valid)
    p90Seconds = NearestRank.percentile(90, of: valid)
  }

  enum CodingKeys: String, CodingKey {
    case count, negative
    case medianSeconds = "median_s"
    case p90Seconds = "p90_s"
  }

  /// Says `null` where there is no figure, rather than nothing.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(negative, forKey: .negative)
    try container.encode(medianSeconds, forKey: .medianSeconds)
    try container.encode(p90Seconds, forKey: .p90Seconds)
  }
}

/// How long it took from a call to the first unit sent, and to the first on scene.
public struct ResponseIntervals: Sendable, Hashable, Codable {
  public let receivedToDispatch: IntervalSummary
  public let receivedToOnScene: IntervalSummary

  enum CodingKeys: String, CodingKey {
    case receivedToDispatch = "received_to_dispatch"
    case receivedToOnScene = "received_to_on_scene"
  }

  /// One call's times; what was not recorded is nil and counts nowhere.
  public struct Sample: Sendable, Hashable {
    public let priority: String
    public let received: Date
    public let dispatch: Date?
    public let onScene: Date?

    public init(priority: String, received: Date, dispatch: Date?, onScene: Date?) {
      self.priority = priority
      self.received = received
      self.dispatch = dispatch
      self.onScene = onScene
    }
  }

  /// - Returns: one entry for each priority that any sample has.
  public static func byPriority(_ samples: [Sample]) -> [String: ResponseIntervals] {
    Dictionary(grouping: samples, by: \.priority).mapValues { samples in
      ResponseIntervals(
        receivedToDispatch: IntervalSummary(
          samples.compactMap { $0.dispatch?.timeIntervalSince($0.received) }),
        receivedToOnScene: IntervalSummary(
          samples.compactMap { $0.onScene?.timeIntervalSince($0.received) }))
    }
  }
}

extension FireCall {
  /// As the file has it.
  public var observed: ResponseIntervals.Sample {
    ResponseIntervals.Sample(
      priority: priority, received: received, dispatch: dispatch, onScene: onScene)
  }
}
