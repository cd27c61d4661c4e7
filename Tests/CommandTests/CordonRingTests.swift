// 圈: who is told to stand where after a sighting, and why.
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain

struct CordonRingTests {
  static let centre: Coordinate = (try? Coordinate(latitude: 28, longitude: 120.6))!
  /// 10 m/s, manned after 60 s, 1 000 m wide.
  static let measure = RingMeasure(speed: 10, sealTime: 60, width: 1_000)

  /// A point so many metres north and east of the centre.
  static func point(_ code: String, north: Double, east: Double = 0) -> CordonPoint {
    CordonPoint(
      post: Post(
        code: code, name: code, role: .roadblock,
        coordinate: centre.offset(northMetres: north, eastMetres: east)),
      recipients: [Recipient(kind: .unit, id: "unit-\(code)")])
  }

  static func ring(
    _ points: [CordonPoint], after seconds: Double, manned: Set<String> = [],
    direction: Double? = nil, certainty: SightingCertainty = .confirmed, uncertainty: Double = 0
  ) -> CordonRing {
    CordonRing(
      number: 1,
      around: Sighting(
        coordinate: centre, time: Sample.morning, direction: direction, certainty: certainty,
        uncertainty: uncertainty),
      points: points, manned: manned, measure: measure, at: Sample.time(seconds))
  }

  @Test func theRingLiesWhereNobodyCanHavePassedAndNotTooFarOut() {
    // Reach 1 000 m, manned by 1 600 m, outer edge 2 600 m.
    let points = [900, 1_500, 1_700, 2_500, 2_700].map { Self.point("n\($0)", north: Double($0)) }
    let ring = Self.ring(points, after: 100)
    #expect((ring.reach, ring.sealedReach, ring.outer) == (1_000, 1_600, 2_600))
    #expect(ring.decisions.map(\.decision) == [.left, .left, .added, .added, .left])
    #expect(ring.manned == ["n1700", "n2500"])
    // Whoever stands there already needs no time to come.
    let again = Self.ring(points, after: 100, manned: ["n900", "n1500"])
    #expect(again.decisions.map(\.decision) == [.stoodDown, .kept, .added, .added, .left])
    for decision in again.decisions {
      #expect(decision.explanation.contains("m") && decision.explanation.contains("。"))
    }
  }

  @Test func uncertaintyWidensTheReachAndAClockBehindTheSightingCountsAsNone() {
    let ring = Self.ring([Self.point("a", north: 650)], after: -30, uncertainty: 40)
    #expect((ring.elapsed, ring.reach, ring.sealedReach) == (0, 40, 640))
    #expect(ring.manned == ["a"])
  }

  @Test func pointsBehindAKnownDirectionAreLeftAlone() {
    let points = [
      Self.point("ahead", north: 1_000), Self.point("beside", north: 0, east: 1_000),
      Self.point("behind", north: -1_000),
    ]
    #expect(Self.ring(points, after: 10, direction: 0).manned == ["ahead", "beside"])
    #expect(Self.ring(points, after: 10, direction: 350).manned == ["ahead", "beside"])
    #expect(Self.ring(points, after: 10, direction: 180).manned == ["beside", "behind"])
    #expect(Self.ring(points, after: 10).manned.count == 3)
    #expect(Self.ring(points, after: 10, direction: 0, certainty: .possible).manned.count == 3)
  }

  @Test func aPossibleSightingAddsAndStandsNothingDown() {
    let points = [Self.point("old", north: 9_000), Self.point("new", north: 1_000)]
    let ring = Self.ring(points, after: 10, manned: ["old"], certainty: .possible)
    #expect(ring.decisions.map(\.decision) == [.kept, .added])
    let sure = Self.ring(points, after: 10, manned: ["old"], certainty: .probable)
    #expect(sure.decisions.map(\.decision) == [.stoodDown, .added])
  }

  /// Against a model that only compares distances: 4 000 random rings.
  @Test func everyRingIsWhatTheDistancesSay() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<400 {
      let points = (0..<10).map { index in
        Self.point(
          "p\(index)", north: .random(in: -5_000...5_000, using: &generator),
          east: .random(in: -5_000...5_000, using: &generator))
      }
      let seconds = Double.random(in: 0...300, using: &generator)
      let manned = Set(points.map(\.post.code).filter { _ in Bool.random(using: &generator) })
      let ring = Self.ring(points, after: seconds, manned: manned)
      for (point, decision) in zip(points, ring.decisions) {
        let isManned = manned.contains(point.post.code)
        let inner = 10 * seconds + (isManned ? 0 : 600)
        let distance = Self.centre.distance(to: point.post.coordinate)
        let isWanted = distance >= inner && distance <= 10 * seconds + 1_600
        let expected: PostDecision =
          isWanted ? (isManned ? .kept : .added) : (isManned ? .stoodDown : .left)
        hold(decision.decision == expected, "\(distance) after \(seconds)")
        hold(decision.decision.isManned == isWanted)
      }
    }
  }
}
