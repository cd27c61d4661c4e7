// How long a unit will take. Two ways of knowing it stand behind one protocol: a straight line with
// fitted figures, which needs no map, and a road network, which knows one-way streets.
public import Geography

/// How long one way takes, and how that was found.
public struct TravelEstimate: Sendable, Hashable, Codable {
  public enum Way: String, Sendable, Hashable, Codable {
    /// Straight line × detour factor.
    case straightLine = "straight_line"
    /// Along the quickest roads, in the directions allowed.
    case roads
    /// Through the air or over water.
    case direct
    /// A road network is in force, and knows no way: estimated as the last resort.
    case noRoad = "no_road"
  }

  /// Seconds under way, without the time it takes to get moving.
  public let seconds: Double
  /// Metres along the way.
  public let metres: Double
  public let way: Way

  public init(seconds: Double, metres: Double, way: Way) {
    self.seconds = seconds
    self.metres = metres
    self.way = way
  }
}

/// A way of estimating.
public protocol TravelEstimator: Sendable {
  /// Names the way with its figures, for whoever reads a recommendation later.
  var name: String { get }
  /// Seconds from order to moving.
  var turnout: Double { get }
  /// Everything that is asked about one destination shares its work.
  func search(to point: Coordinate) -> any TravelSearch
}

/// Estimates to one destination.
public protocol TravelSearch {
  /// - Parameter kind: who travels.
  mutating func estimate(from origin: Coordinate, by kind: UnitKind) -> TravelEstimate
  /// No unit of these kinds that is this many metres away in a straight line, or more, takes less
  /// than this many seconds under way.
  func leastSeconds(metres: Double, kinds: Set<UnitKind>) -> Double
}

extension TravelModel: TravelEstimator {
  public var name: String { estimator }

  public func search(to point: Coordinate) -> any TravelSearch {
    StraightLineSearch(point: point, model: self)
  }
}

struct StraightLineSearch: TravelSearch {
  let point: Coordinate
  let model: TravelModel

  func estimate(from origin: Coordinate, by kind: UnitKind) -> TravelEstimate {
    let metres = origin.distance(to: point)
    return TravelEstimate(
      seconds: metres * model.detourFactor / model.speed, metres: metres, way: .straightLine)
  }

  func leastSeconds(metres: Double, kinds: Set<UnitKind>) -> Double {
    metres * model.detourFactor / model.speed
  }
}

extension TravelEstimate {
  /// For people, Chinese first.
  public var words: String {
    let (time, length) = (AdvisorWords.whole(seconds), AdvisorWords.whole(metres))
    return switch way {
    case .straightLine:
      "直线 \(length) 米乘以绕行系数，\(time) 秒。\(length) m straight, with the detour factor: \(time) s."
    case .roads: "沿路网 \(length) 米，\(time) 秒。\(length) m by road: \(time) s."
    case .direct: "不走车道，\(length) 米，\(time) 秒。\(length) m, not by road: \(time) s."
    case .noRoad: "路网不通，至少 \(time) 秒。No way by road: at least \(time) s."
    }
  }
}
