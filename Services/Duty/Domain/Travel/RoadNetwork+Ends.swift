// Places on a road and the crossings at its ends: what lies between them, in the directions allowed.
import Geography

/// An end of a road, and what lies between it and a place on the road.
struct RoadEnd {
  let node: Int32
  let seconds: Double
  let metres: Double
}

extension RoadNetwork {
  /// Half a metre along an edge is its end.
  private func isEnd(_ fraction: Double, of edge: RoadEdge) -> Bool {
    fraction * edge.metres < 0.5
  }

  /// The nodes from which the place is reached next.
  func ends(into place: RoadSnap) -> [RoadEnd] {
    let edge = edges[place.edge]
    if isEnd(place.fraction, of: edge) { return [RoadEnd(node: edge.from, seconds: 0, metres: 0)] }
    if isEnd(1 - place.fraction, of: edge) {
      return [RoadEnd(node: edge.to, seconds: 0, metres: 0)]
    }
    var ends = [
      RoadEnd(
        node: edge.from, seconds: place.fraction * edge.seconds,
        metres: place.fraction * edge.metres)
    ]
    if let back = twin(of: place) {
      let rest = 1 - place.fraction
      ends.append(
        RoadEnd(node: edge.to, seconds: rest * back.seconds, metres: rest * back.metres))
    }
    return ends
  }

  /// The nodes that are reached next from the place.
  func ends(outOf place: RoadSnap) -> [RoadEnd] {
    let edge = edges[place.edge]
    if isEnd(place.fraction, of: edge) { return [RoadEnd(node: edge.from, seconds: 0, metres: 0)] }
    if isEnd(1 - place.fraction, of: edge) {
      return [RoadEnd(node: edge.to, seconds: 0, metres: 0)]
    }
    let rest = 1 - place.fraction
    var ends = [RoadEnd(node: edge.to, seconds: rest * edge.seconds, metres: rest * edge.metres)]
    if let back = twin(of: place) {
      ends.append(
        RoadEnd(
          node: edge.from, seconds: place.fraction * back.seconds,
          metres: place.fraction * back.metres))
    }
    return ends
  }

  /// The quickest way back of the edge that the place is on; nil in a one-way street.
  func twin(of place: RoadSnap) -> RoadEdge? {
    let number = twin[place.edge]
    return number < 0 ? nil : edges[Int(number)]
  }

  /// From one place to another of the same edge along it, without any crossing; nil where a one-way
  /// street forbids it.
  func along(from start: RoadSnap, to goal: RoadSnap) -> (seconds: Double, metres: Double)? {
    guard start.edge == goal.edge else { return nil }
    let edge = edges[start.edge]
    let ahead = goal.fraction - start.fraction
    let forwards = ahead >= 0 ? (ahead * edge.seconds, ahead * edge.metres) : nil
    guard ahead <= 0, let back = twin(of: start) else { return forwards }
    let backwards = (-ahead * back.seconds, -ahead * back.metres)
    return forwards.map { $0.0 <= backwards.0 ? $0 : backwards } ?? backwards
  }
}
