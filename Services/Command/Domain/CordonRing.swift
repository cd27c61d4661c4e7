// 圈: which points are manned after a sighting. A pure function of the points, the sighting, the time and
// who stands where; every decision says why.
public import Foundation
public import Geography

/// How sure a sighting is.
public enum SightingCertainty: String, Sendable, Codable, CaseIterable {
  case possible, probable, confirmed
}

/// Where whoever is sought was seen.
public struct Sighting: Sendable, Hashable, Codable {
  public let coordinate: Coordinate
  public let time: Date
  /// Degrees from north in which they went; nil when unknown.
  public let direction: Double?
  public let certainty: SightingCertainty
  /// Radius in metres.
  public let uncertainty: Double
  public let source: String
  public let note: String

  public init(
    coordinate: Coordinate, time: Date, direction: Double? = nil, certainty: SightingCertainty,
    uncertainty: Double = 0, source: String = "", note: String = ""
  ) {
    self.coordinate = coordinate
    self.time = time
    self.direction = direction
    self.certainty = certainty
    self.uncertainty = uncertainty
    self.source = source
    self.note = note
  }
}

public enum PostDecision: String, Sendable, Codable, CaseIterable {
  case added, kept
  case stoodDown = "stood_down"
  case left

  public var isManned: Bool { self == .added || self == .kept }
}

/// Why a point is manned or not.
public struct CordonDecision: Sendable, Hashable, Codable {
  public let postCode: String
  public let decision: PostDecision
  /// Metres from the sighting in a straight line; 0 without one.
  public let distance: Double
  /// For people, Chinese first.
  public let explanation: String
}

/// One ring, with what it was drawn from.
public struct CordonRing: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  public let time: Date
  /// Nil when every point was manned at the start.
  public let sighting: Sighting?
  public let speed: Double
  /// Seconds between sighting and ring, 0 and above.
  public let elapsed: Double
  /// Metres: speed × elapsed + uncertainty.
  public let reach: Double
  /// Metres: reach + speed × seal time.
  public let sealedReach: Double
  /// Metres: sealed reach + width.
  public let outer: Double
  /// Every point of the plan, in its order.
  public let decisions: [CordonDecision]

  /// Every point, without a sighting.
  init(manningAll points: [CordonPoint], measure: RingMeasure, at time: Date) {
    self.number = 1
    self.time = time
    self.sighting = nil
    self.speed = measure.speed
    self.elapsed = 0
    self.reach = 0
    self.sealedReach = 0
    self.outer = 0
    self.decisions = points.map {
      CordonDecision(
        postCode: $0.post.code, decision: .added, distance: 0,
        explanation: "尚无目击，全部设卡。No sighting yet: every point is manned.")
    }
  }

  /// The ring around a sighting. A point is manned where whoever is sought cannot have passed it before
  /// it is manned, and not too far out; one that is manned already only has to lie beyond the reach of
  /// this moment. Points behind them, by more than 135° from a direction that is at least probable, are
  /// not manned. A merely possible sighting stands nothing down.
  /// - Parameter manned: codes of points where somebody stands or is on the way.
  init(
    number: Int, around sighting: Sighting, points: [CordonPoint], manned: Set<String>,
    measure: RingMeasure, at time: Date
  ) {
    self.number = number
    self.time = time
    self.sighting = sighting
    self.speed = measure.speed
    elapsed = max(0, time.timeIntervalSince(sighting.time))
    reach = measure.speed * elapsed + sighting.uncertainty
    sealedReach = reach + measure.speed * measure.sealTime
    outer = sealedReach + measure.width
    var decisions: [CordonDecision] = []
    for point in points {
      decisions.append(
        Self.decision(
          on: point.post, isManned: manned.contains(point.post.code), around: sighting,
          reach: reach, sealedReach: sealedReach, outer: outer))
    }
    self.decisions = decisions
  }

  /// Puts a ring together as it was stored or made.
  public init(
    number: Int, time: Date, sighting: Sighting?, speed: Double, elapsed: Double, reach: Double,
    sealedReach: Double, outer: Double, decisions: [CordonDecision]
  ) {
    self.number = number
    self.time = time
    self.sighting = sighting
    self.speed = speed
    self.elapsed = elapsed
    self.reach = reach
    self.sealedReach = sealedReach
    self.outer = outer
    self.decisions = decisions
  }

  /// Codes of the points that are manned from now on.
  public var manned: Set<String> {
    Set(decisions.filter(\.decision.isManned).map(\.postCode))
  }

  private static func decision(
    on post: Post, isManned: Bool, around sighting: Sighting, reach: Double,
    sealedReach: Double, outer: Double
  ) -> CordonDecision {
    let distance = sighting.coordinate.distance(to: post.coordinate)
    let metres = "\(Int(distance.rounded())) m"
    let against = verdict(
      distance, metres, isManned: isManned, isBehind: sighting.hasBehind(post.coordinate),
      reach: reach, sealedReach: sealedReach, outer: outer)
    if let against {
      guard isManned else {
        return CordonDecision(
          postCode: post.code, decision: .left, distance: distance, explanation: against)
      }
      if sighting.certainty != .possible {
        return CordonDecision(
          postCode: post.code, decision: .stoodDown, distance: distance, explanation: against)
      }
      return CordonDecision(
        postCode: post.code, decision: .kept, distance: distance,
        explanation: "仅为疑似目击，不撤。Only a possible sighting: nothing is stood down.")
    }
    return CordonDecision(
      postCode: post.code, decision: isManned ? .kept : .added, distance: distance,
      explanation: "距目击点 \(metres)，在圈内。\(metres) from the sighting: within the ring.")
  }

  /// Why the point is not to be manned; nil when it is.
  private static func verdict(
    _ distance: Double, _ metres: String, isManned: Bool, isBehind: Bool, reach: Double,
    sealedReach: Double, outer: Double
  ) -> String? {
    let inner = isManned ? reach : sealedReach
    if distance < inner {
      let limit = "\(Int(inner.rounded())) m"
      return "距 \(metres)，对象已可能越过（\(limit)）。"
        + "\(metres) away: may have been passed already, within \(limit)."
    }
    if distance > outer {
      let limit = "\(Int(outer.rounded())) m"
      return "距 \(metres)，在圈外（\(limit)）。\(metres) away: beyond the ring of \(limit)."
    }
    return isBehind ? "在逃离方向的背后。Behind the direction in which they went." : nil
  }
}

extension Sighting {
  /// Whether a point lies behind whoever was seen, as far as the direction is worth.
  func hasBehind(_ point: Coordinate) -> Bool {
    guard let direction, certainty != .possible else { return false }
    let turn = (bearing(to: point) - direction).remainder(dividingBy: 360)
    return abs(turn) > 135
  }

  /// Degrees from north at the start of the great circle.
  private func bearing(to point: Coordinate) -> Double {
    let toRadians = Double.pi / 180
    let (from, to) = (coordinate.latitude * toRadians, point.latitude * toRadians)
    let east = (point.longitude - coordinate.longitude) * toRadians
    return atan2(sin(east) * cos(to), cos(from) * sin(to) - sin(from) * cos(to) * cos(east))
      / toRadians
  }
}
