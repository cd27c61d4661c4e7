// Who is soonest at each of ten thousand places. The recommending search asks for one place at a time,
// from there back to all units; here one search from all patrols at once serves every place, and gives
// the same times.
public import Geography
import HeapModule

/// Somebody who patrols and is free.
public struct StandingPatrol: Sendable, Hashable {
  public let unit: DutyUnit
  public let point: Coordinate

  public init(unit: DutyUnit, point: Coordinate) {
    self.unit = unit
    self.point = point
  }
}

/// Times from the nearest of many patrols. Dijkstra's algorithm with many sources: each crossing is
/// reached by whoever is soonest there, and a place by whoever is soonest at one of its road's ends.
struct CoverageSweep {
  /// Beyond this many seconds it is told as this.
  static let limit = RoadTravel.limit

  struct Soonest: Hashable {
    /// Number in `patrols`.
    let patrol: Int
    /// Seconds under way, at most `limit`.
    let seconds: Double
  }

  let patrols: [StandingPatrol]
  private let model: TravelModel
  private let roads: Roads?
  /// Those whose way is a straight line, by what a metre takes them.
  private let straight: [(index: PointIndex<Roster.Seat>, secondsPerMetre: Double)]
  /// Whoever drives, for places off the roads.
  private let drivers: PointIndex<Roster.Seat>

  /// - Parameter patrols: of equally soon ones the first is told.
  init(patrols: [StandingPatrol], roads network: RoadNetwork?, model: TravelModel) {
    self.patrols = patrols
    self.model = model
    let seats = patrols.indices.map {
      Roster.Seat(number: $0, callSign: patrols[$0].unit.callSign)
    }
    func index(_ chosen: [Roster.Seat]) -> PointIndex<Roster.Seat> {
      var index = PointIndex<Roster.Seat>(cellMetres: 500)
      for seat in chosen { index.set(seat, at: patrols[seat.number].point) }
      return index
    }
    let perMetre = model.detourFactor / model.speed
    guard let network else {
      roads = nil
      drivers = index([])
      straight = [(index(seats), perMetre)]
      return
    }
    let driving = seats.filter { network.speeds.direct(patrols[$0.number].unit.kind) == nil }
    let roads = Roads(network, driving.map { ($0, patrols[$0.number].point) })
    self.roads = roads
    drivers = index(driving)
    var straight: [(index: PointIndex<Roster.Seat>, secondsPerMetre: Double)] = [
      (index(driving.filter { roads.starts[$0.number] == nil }), perMetre)
    ]
    for kind in UnitKind.allCases {
      guard let speed = network.speeds.direct(kind) else { continue }
      let own = seats.filter { patrols[$0.number].unit.kind == kind }
      straight.append((index(own), (kind == .foot ? model.detourFactor : 1) / speed))
    }
    self.straight = straight
  }

  /// Nil when there is no patrol at all.
  func soonest(to point: Coordinate) -> Soonest? {
    var best: Soonest?
    func offer(_ patrol: Int, _ seconds: Double) {
      let offered = Soonest(patrol: patrol, seconds: min(seconds, Self.limit))
      guard let held = best else {
        best = offered
        return
      }
      if (offered.seconds, offered.patrol) < (held.seconds, held.patrol) { best = offered }
    }
    func offerNearest(_ index: PointIndex<Roster.Seat>, _ secondsPerMetre: Double) {
      guard index.count > 0, let near = index.nearest(to: point, limit: 1).first else { return }
      offer(near.key.number, near.distance * secondsPerMetre)
    }
    for (index, secondsPerMetre) in straight { offerNearest(index, secondsPerMetre) }
    guard let roads, drivers.count > 0 else { return best }
    guard let goal = roads.network.snap(point) else {
      offerNearest(drivers, model.detourFactor / model.speed)
      return best
    }
    roads.offer(to: goal, offer)
    // So near that the way to the road and back would be a detour.
    let reach = min((best?.seconds ?? Self.limit) * roads.accessSpeed, goal.metres + roads.farthest)
    for (seat, metres) in drivers.within(metres: reach, of: point) {
      guard let start = roads.starts[seat.number], metres <= start.metres + goal.metres else {
        continue
      }
      offer(seat.number, metres / roads.accessSpeed)
    }
    if best == nil, let first = roads.starts.keys.min() { offer(first, Self.limit) }
    return best
  }
}

extension CoverageSweep {
  /// What the search over the roads found.
  private struct Roads {
    private struct Reached: Comparable {
      let seconds: Double
      let patrol: Int32
      let node: Int32

      static func < (left: Reached, right: Reached) -> Bool {
        (left.seconds, left.patrol, left.node) < (right.seconds, right.patrol, right.node)
      }
    }

    let network: RoadNetwork
    /// Where each driving patrol gets onto the roads; without those that do not.
    let starts: [Int: RoadSnap]
    /// Metres from the roads of whoever is farthest from them.
    let farthest: Double
    let accessSpeed: Double
    /// By node.
    private var seconds: [Double]
    private var patrol: [Int32]
    private let onEdge: [Int: [Int]]

    init(_ network: RoadNetwork, _ driving: [(seat: Roster.Seat, point: Coordinate)]) {
      self.network = network
      accessSpeed = network.speeds.speed("access")
      var starts: [Int: RoadSnap] = [:]
      for (seat, point) in driving { starts[seat.number] = network.snap(point) }
      self.starts = starts
      farthest = starts.values.map(\.metres).max() ?? 0
      onEdge = Dictionary(grouping: starts.keys.sorted()) { starts[$0]?.edge ?? -1 }
      seconds = Array(repeating: .infinity, count: network.nodes.count)
      patrol = Array(repeating: -1, count: network.nodes.count)
      search()
    }

    private mutating func search() {
      var waiting = Heap<Reached>()
      func reach(_ node: Int32, _ time: Double, _ by: Int32) {
        let place = Int(node)
        guard time <= CoverageSweep.limit, (time, by) < (seconds[place], patrol[place]) else {
          return
        }
        seconds[place] = time
        patrol[place] = by
        waiting.insert(Reached(seconds: time, patrol: by, node: node))
      }
      for (number, start) in starts {
        for end in network.ends(outOf: start) {
          reach(end.node, end.seconds + start.metres / accessSpeed, Int32(number))
        }
      }
      let (first, leaving) = network.edgesByOrigin()
      while let next = waiting.popMin() {
        let place = Int(next.node)
        guard next.seconds == seconds[place], next.patrol == patrol[place] else { continue }
        for number in first[place]..<first[place + 1] {
          let edge = network.edges[Int(leaving[Int(number)])]
          reach(edge.to, next.seconds + edge.seconds, next.patrol)
        }
      }
    }

    func offer(to goal: RoadSnap, _ offer: (Int, Double) -> Void) {
      let access = goal.metres / accessSpeed
      for end in network.ends(into: goal) where patrol[Int(end.node)] >= 0 {
        let place = Int(end.node)
        offer(Int(patrol[place]), seconds[place] + end.seconds + access)
      }
      for number in onEdge[goal.edge] ?? [] {
        guard let start = starts[number], let way = network.along(from: start, to: goal) else {
          continue
        }
        offer(number, way.seconds + start.metres / accessSpeed + access)
      }
    }
  }
}

extension RoadNetwork {
  /// Numbers of edges by the node they lead out of: those of node n are
  /// `edges[first[n]..<first[n + 1]]`.
  fileprivate func edgesByOrigin() -> (first: [Int32], edges: [Int32]) {
    var first = [Int32](repeating: 0, count: nodes.count + 1)
    for edge in edges { first[Int(edge.from) + 1] += 1 }
    for node in nodes.indices { first[node + 1] += first[node] }
    var next = first
    var leaving = [Int32](repeating: 0, count: edges.count)
    for (number, edge) in edges.enumerated() {
      leaving[Int(next[Int(edge.from)])] = Int32(number)
      next[Int(edge.from)] += 1
    }
    return (first, leaving)
  }
}
