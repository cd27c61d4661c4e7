// Travel times along the roads: Dijkstra's algorithm, begun at the destination, against the direction
// of travel, so that one search serves every unit; and no further than it is asked.
import Foundation
public import Geography
import HeapModule

/// Estimates by a road network; by the model's straight line where there is no road near.
public struct RoadTravel: TravelEstimator {
  /// Seconds of driving beyond which the search is given up.
  static let limit: Double = 3600

  let network: RoadNetwork
  let model: TravelModel

  public init(network: RoadNetwork, model: TravelModel) {
    self.network = network
    self.model = model
  }

  public var turnout: Double { model.turnout }

  public var name: String {
    "road_network nodes=\(network.nodes.count) edges=\(network.edgeCount)"
      + String(
        format: " access_mps=%.2f turnout_s=%.0f", network.speeds.speed("access"), turnout)
  }

  public func search(to point: Coordinate) -> any TravelSearch {
    RoadSearch(to: point, network, model)
  }
}

struct RoadSearch: TravelSearch {
  private struct Reached: Comparable {
    let seconds: Double
    let node: Int32

    static func < (left: Reached, right: Reached) -> Bool {
      (left.seconds, left.node) < (right.seconds, right.node)
    }
  }

  private struct Asked: Hashable {
    let origin: Coordinate
    let kind: UnitKind
  }

  private let destination: Coordinate
  private let network: RoadNetwork
  private let model: TravelModel
  private let goal: RoadSnap?
  /// To the goal, by node; infinite where no way is known yet.
  private var seconds: [Double]
  private var metres: [Double]
  private var isSettled: [Bool]
  private var waiting = Heap<Reached>()
  /// The lines of a plan ask about the same units again.
  private var answered: [Asked: TravelEstimate] = [:]
  private var accessSpeed: Double { network.speeds.speed("access") }

  init(to point: Coordinate, _ network: RoadNetwork, _ model: TravelModel) {
    destination = point
    self.network = network
    self.model = model
    goal = network.snap(point)
    let count = goal == nil ? 0 : network.nodes.count
    seconds = Array(repeating: .infinity, count: count)
    metres = Array(repeating: 0, count: count)
    isSettled = Array(repeating: false, count: count)
    if let goal { for end in network.ends(into: goal) { reach(end.node, end.seconds, end.metres) } }
  }

  mutating func estimate(from origin: Coordinate, by kind: UnitKind) -> TravelEstimate {
    let asked = Asked(origin: origin, kind: kind)
    if let known = answered[asked] { return known }
    let estimate = find(from: origin, by: kind)
    answered[asked] = estimate
    return estimate
  }

  private mutating func find(from origin: Coordinate, by kind: UnitKind) -> TravelEstimate {
    let straight = origin.distance(to: destination)
    if let speed = network.speeds.direct(kind) {
      // Nobody walks as the crow flies.
      let metres = kind == .foot ? straight * model.detourFactor : straight
      return TravelEstimate(seconds: metres / speed, metres: metres, way: .direct)
    }
    guard let goal, let start = network.snap(origin) else { return byStraightLine(straight) }
    let access = start.metres + goal.metres
    // So near that the way to the road and back would be a detour.
    if straight <= access {
      return TravelEstimate(seconds: straight / accessSpeed, metres: straight, way: .roads)
    }
    guard let road = alongRoads(from: start, to: goal) else {
      let estimate = byStraightLine(straight)
      return TravelEstimate(
        seconds: max(estimate.seconds, RoadTravel.limit), metres: straight, way: .noRoad)
    }
    return TravelEstimate(
      seconds: road.seconds + access / accessSpeed, metres: road.metres + access, way: .roads)
  }

  func leastSeconds(metres: Double, kinds: Set<UnitKind>) -> Double {
    // A thousandth less: distances on the globe and in the plane of the roads differ a little.
    let roads = max(network.fastest, accessSpeed)
    let fastest = kinds.lazy.map { [network] in network.speeds.direct($0) ?? roads }.max() ?? roads
    return 0.999 * min(metres / fastest, metres * model.detourFactor / model.speed)
  }

  private func byStraightLine(_ metres: Double) -> TravelEstimate {
    TravelEstimate(
      seconds: metres * model.detourFactor / model.speed, metres: metres, way: .straightLine)
  }

  // MARK: The search

  private mutating func alongRoads(
    from start: RoadSnap, to goal: RoadSnap
  ) -> (seconds: Double, metres: Double)? {
    var best: (seconds: Double, metres: Double)?
    func offer(_ seconds: Double, _ metres: Double) {
      if seconds < best?.seconds ?? .infinity { best = (seconds, metres) }
    }
    if let way = network.along(from: start, to: goal) { offer(way.seconds, way.metres) }
    for end in network.ends(outOf: start) {
      settle(end.node)
      let node = Int(end.node)
      offer(end.seconds + seconds[node], end.metres + metres[node])
    }
    return best.flatMap { $0.seconds.isFinite ? $0 : nil }
  }

  /// Goes on until the node's time is known for good, or is known to be over the limit.
  private mutating func settle(_ node: Int32) {
    while !isSettled[Int(node)], let next = waiting.popMin() {
      let place = Int(next.node)
      guard !isSettled[place] else { continue }
      isSettled[place] = true
      for number in Int(network.firstEdge[place])..<Int(network.firstEdge[place + 1]) {
        let edge = network.edges[number]
        reach(edge.from, next.seconds + edge.seconds, metres[place] + edge.metres)
      }
    }
  }

  private mutating func reach(_ node: Int32, _ time: Double, _ length: Double) {
    guard time < seconds[Int(node)], time <= RoadTravel.limit else { return }
    seconds[Int(node)] = time
    metres[Int(node)] = length
    waiting.insert(Reached(seconds: time, node: node))
  }
}
