// The roads in memory: for each node the ways that lead into it, in flat arrays, because every
// question is asked backwards, from the incident to all who might come.
public import Geography

/// One way of a network as it is kept: from one node to another, in this direction only.
public struct RoadEdge: Sendable, Hashable, Codable {
  /// Numbers of nodes.
  public let from: Int32
  public let to: Int32
  public let metres: Double
  public let seconds: Double

  public init(from: Int32, to: Int32, metres: Double, seconds: Double) {
    self.from = from
    self.to = to
    self.metres = metres
    self.seconds = seconds
  }
}

/// Roads with their travel times. A value; some 60 bytes a way.
public struct RoadNetwork: Sendable {
  /// Metres from a point to the nearest road, beyond which the roads say nothing about it.
  public static let accessLimit: Double = 2000

  public let nodes: [Coordinate]
  public let speeds: TravelSpeeds
  /// Ordered by the node they lead to; those into node n are `firstEdge[n]..<firstEdge[n + 1]`.
  let edges: [RoadEdge]
  let firstEdge: [Int32]
  /// The quickest way back of each edge, -1 in a one-way street.
  let twin: [Int32]
  /// The greatest straight-line speed along any edge, metres per second.
  let fastest: Double
  let grid: RoadGrid

  public var edgeCount: Int { edges.count }

  /// - Parameter edges: between numbers of `nodes`; others are left out.
  public init(nodes: [Coordinate], edges given: [RoadEdge], speeds: TravelSpeeds) {
    let count = Int32(nodes.count)
    let edges = given.filter {
      (0..<count).contains($0.from) && (0..<count).contains($0.to) && $0.seconds > 0
        && $0.seconds.isFinite
    }.sorted { ($0.to, $0.from, $0.seconds) < ($1.to, $1.from, $1.seconds) }
    var firstEdge = [Int32](repeating: 0, count: nodes.count + 1)
    for edge in edges { firstEdge[Int(edge.to) + 1] += 1 }
    for node in nodes.indices { firstEdge[node + 1] += firstEdge[node] }
    self.nodes = nodes
    self.speeds = speeds
    self.edges = edges
    self.firstEdge = firstEdge
    twin = edges.map { edge in
      let into = Int(firstEdge[Int(edge.from)])..<Int(firstEdge[Int(edge.from) + 1])
      // The first of several is the quickest, by the order above.
      return into.first { edges[$0].from == edge.to }.map(Int32.init) ?? -1
    }
    fastest =
      edges.lazy.map {
        nodes[Int($0.from)].distance(to: nodes[Int($0.to)]) / $0.seconds
      }.max() ?? 0
    grid = RoadGrid(nodes: nodes, edges: edges)
  }

  /// Where somebody at a point gets onto the roads; nil when none is near.
  func snap(_ point: Coordinate) -> RoadSnap? {
    guard let found = grid.nearest(to: point, within: Self.accessLimit) else { return nil }
    // Of the two directions of a street always the same one: which is nearer is a matter of rounding.
    let back = Int(twin[found.edge])
    if back >= 0, back < found.edge {
      return RoadSnap(edge: back, fraction: 1 - found.fraction, metres: found.metres)
    }
    return RoadSnap(edge: found.edge, fraction: found.fraction, metres: found.metres)
  }
}

/// A place on a road.
struct RoadSnap: Sendable, Hashable {
  /// Number of the edge.
  let edge: Int
  /// How far along it, 0 … 1.
  let fraction: Double
  /// From the point to there, straight.
  let metres: Double
}
