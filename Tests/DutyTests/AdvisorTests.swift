// Whom the advisor proposes, held against an oracle that looks at every unit.
import DutyDomain
import Foundation
import Geography
import Identifiers
import Testing

@Suite struct AdvisorTests {
  /// A unit with all that the oracle judges it by.
  struct Candidate {
    var unit: DutyUnit
    var position: UnitPosition?
    var commitments: [Commitment] = []
  }

  let centre: Coordinate
  init() throws { centre = try Coordinate(latitude: 28, longitude: 120.6) }

  func candidate(
    _ callSign: String, metres: Double? = nil, age: Double = 0,
    _ availability: Availability = .available, capabilities: [String] = [],
    commitments: [CommitmentState] = []
  ) -> Candidate {
    let unit = DutyUnit(
      id: id(callSign, UnitTag.self), callSign: callSign, kind: .car, capabilities: capabilities,
      availability: availability)
    return Candidate(
      unit: unit,
      position: metres.map {
        UnitPosition(
          coordinate: centre.offset(northMetres: $0, eastMetres: 0),
          fixTime: noon.addingTimeInterval(-age))
      },
      commitments: commitments.enumerated().map { index, state in
        Commitment(
          assignmentID: id("\(callSign) \(index)", AssignmentTag.self), unitID: unit.id,
          incidentID: id("\(index)", IncidentTag.self), state: state)
      })
  }

  func roster(_ candidates: [Candidate]) -> Roster {
    var roster = Roster()
    for candidate in candidates {
      roster.put(candidate.unit)
      if let position = candidate.position { roster.put(position, of: candidate.unit.id) }
      for commitment in candidate.commitments { roster.put(commitment) }
    }
    return roster
  }

  func recommend(
    _ candidates: [Candidate], limit: Int = 5, capabilities: [String] = []
  ) -> UnitRecommendation {
    UnitAdvisor.recommend(
      RecommendationWish(point: centre, asOf: noon, limit: limit, capabilities: capabilities),
      from: roster(candidates))
  }

  @Test func whatTheAdvisorSaysIsWhatAnOracleThatLooksAtEveryUnitSays() throws {
    var random = Seeded(7)
    var proposed = 0
    for round in 0..<300 {
      var candidates = (0..<Int.random(in: 0...120, using: &random)).map {
        self.random($0, &random)
      }
      var roster = roster(candidates.shuffled(using: &random))
      for number in candidates.indices where Bool.random(using: &random) {
        change(&candidates[number], to: self.random(number, &random), in: &roster)
      }
      let wish = RecommendationWish(
        point: centre.offset(
          northMetres: .random(in: -4000...4000, using: &random),
          eastMetres: .random(in: -4000...4000, using: &random)),
        asOf: noon, limit: .random(in: 1...20, using: &random),
        capabilities: Bool.random(using: &random) ? ["medic"] : [])
      let answer = UnitAdvisor.recommend(wish, from: roster)
      let expected = oracle(wish, candidates)
      #expect(answer.units.map(\.callSign) == expected.units, "round \(round)")
      #expect(
        answer.passedOver.map { "\($0.callSign) \($0.reason)" } == expected.passedOver,
        "round \(round)")
      proposed += answer.units.count
    }
    #expect(proposed > 500)
  }

  /// The roster must follow whatever changes of a unit.
  func change(_ candidate: inout Candidate, to new: Candidate, in roster: inout Roster) {
    roster.put(new.unit)
    if let position = new.position { roster.put(position, of: new.unit.id) }
    for commitment in candidate.commitments {
      var ended = commitment
      ended.state = .ended
      roster.put(ended)
    }
    for commitment in new.commitments { roster.put(commitment) }
    let position = new.position ?? candidate.position
    candidate = new
    candidate.position = position
  }

  func random(_ number: Int, _ random: inout Seeded) -> Candidate {
    var made = candidate(
      "U\(number)", age: .random(in: -100...900, using: &random),
      Availability.allCases.randomElement(using: &random) ?? .available,
      capabilities: Bool.random(using: &random) ? ["medic", "boat"] : ["boat"],
      commitments: (0..<Int.random(in: 0...2, using: &random)).map { _ in
        Bool.random(using: &random)
          ? .ended : CommitmentState.allCases.randomElement(using: &random) ?? .ended
      })
    if Int.random(in: 0..<10, using: &random) > 0 {
      // Few places, so that many units stand at the same one.
      made.position = UnitPosition(
        coordinate: centre.offset(
          northMetres: Double(Int.random(in: -5...5, using: &random)) * 700,
          eastMetres: Double(Int.random(in: -5...5, using: &random)) * 700),
        fixTime: noon.addingTimeInterval(.random(in: -900...100, using: &random)))
    }
    return made
  }

  func oracle(
    _ wish: RecommendationWish, _ candidates: [Candidate]
  ) -> (units: [String], passedOver: [String]) {
    func reason(_ candidate: Candidate) -> PassOverReason? {
      if candidate.commitments.contains(where: { $0.state != .ended }) { return .assigned }
      if candidate.unit.availability == .notAvailable { return .notAvailable }
      if !Set(wish.capabilities).isSubset(of: candidate.unit.capabilities) { return .notCapable }
      guard let fix = candidate.position?.fixTime else { return .positionStale }
      return wish.asOf.timeIntervalSince(fix) > 600 ? .positionStale : nil
    }
    func metres(_ candidate: Candidate) -> Double {
      candidate.position.map { wish.point.distance(to: $0.coordinate) } ?? .infinity
    }
    let sorted = candidates.sorted { (left: Candidate, right: Candidate) -> Bool in
      let (near, far) = (metres(left), metres(right))
      return near == far ? left.unit.callSign < right.unit.callSign : near < far
    }
    let suitable = sorted.filter { reason($0) == nil }
    let ranked =
      suitable.filter { $0.unit.availability == .available }
      + suitable.filter { $0.unit.availability == .conditionallyAvailable }
    let units = ranked.prefix(wish.limit).map(\.unit.callSign)
    let passedOver = sorted.filter { !units.contains($0.unit.callSign) }.prefix(20)
      .map { "\($0.unit.callSign) \(reason($0) ?? .farther)" }
    return (units, passedOver)
  }

  @Test func travelTimeFollowsTheModelAndTheReasonNamesTheFigures() throws {
    var roster = roster([candidate("A", metres: 1000, age: 35)])
    roster.travelModel = TravelModel(detourFactor: 2, speed: 10, turnout: 30)
    let answer = UnitAdvisor.recommend(
      RecommendationWish(point: centre, asOf: noon), from: roster)
    let unit = try #require(answer.units.first)
    #expect(abs(unit.metres - 1000) < 0.001)
    #expect(abs(unit.travelTime - 230) < 0.001)
    #expect(unit.fixAge == 35)
    #expect(
      unit.reason
        == "直线 1000 米，预计 230 秒，定位 35 秒前。1000 m away, about 230 s, position 35 s old.")
    #expect(answer.estimator == "straight_line factor=2.00 speed_mps=10.00 turnout_s=30")
  }

  @Test func conditionallyAvailableUnitsComeAfterAllAvailableOnesAndSaySo() {
    let answer = recommend([
      candidate("A", metres: 100, .conditionallyAvailable), candidate("B", metres: 5000),
      candidate("C", metres: 200, .conditionallyAvailable), candidate("D", metres: 4000),
    ])
    #expect(answer.units.map(\.callSign) == ["D", "B", "A", "C"])
    #expect(answer.units.map { $0.reason.contains("有条件可派") } == [false, false, true, true])
    #expect(answer.units[2].reason.contains("Conditionally available"))
  }

  @Test func aConditionalUnitLeftBehindIsNotCalledFarther() {
    let answer = recommend(
      [candidate("A", metres: 100, .conditionallyAvailable), candidate("B", metres: 5000)],
      limit: 1)
    #expect(answer.units.map(\.callSign) == ["B"])
    #expect(answer.passedOver.map(\.reason) == [.farther])
    #expect(answer.passedOver[0].detail.hasPrefix("有条件可派，排在可派单元之后"))
  }

  @Test func everyReasonHasItsWords() {
    let answer = recommend(
      [
        candidate("A", metres: 1, commitments: [.dispatched, .onScene]),
        candidate("B", metres: 2, .notAvailable), candidate("C", metres: 3),
        candidate("D", metres: 4, age: 600.2, capabilities: ["medic"]),
        candidate("E", capabilities: ["medic"]),
        candidate("F", metres: 5, capabilities: ["medic"]),
        candidate("G", metres: 6, capabilities: ["medic"]),
      ], limit: 1, capabilities: ["medic"])
    #expect(answer.units.map(\.callSign) == ["F"])
    #expect(
      answer.passedOver.map(\.detail) == [
        "已有 2 项派警，在现场。On 2 assignments, on scene.", "不可派。Not available.",
        "缺少能力 medic。Lacks medic.",
        "定位是 601 秒前的，超过 600 秒。Position 601 s old, more than 600 s.",
        "可派，但更远：直线 6 米，预计 61 秒。Suitable, but farther: 6 m away, about 61 s.",
        "从未上报定位。Never gave a position.",
      ])
    #expect(answer.passedOver.last?.metres == nil)
  }

  @Test func aFixOfTenMinutesIsFreshAndALaterOneThanAskedForCountsAsNow() {
    let answer = recommend([
      candidate("A", metres: 1, age: 600), candidate("B", metres: 2, age: 600.001),
      candidate("C", metres: 3, age: -3600),
    ])
    #expect(answer.units.map(\.callSign) == ["A", "C"])
    #expect(answer.units.map(\.fixAge) == [600, 0])
  }

  @Test func whoeverStandsAtTheSamePlaceIsOrderedByCallSign() {
    let signs = ["E3", "B1", "T9", "E1", "A7"]
    let answer = recommend(signs.map { candidate($0, metres: 500) })
    #expect(answer.units.map(\.callSign) == signs.sorted())
  }

  @Test func atMostTwentyArePassedOver() {
    let answer = recommend((0..<60).map { candidate("U\($0)", metres: Double($0)) }, limit: 3)
    #expect(answer.units.count == 3)
    #expect(answer.passedOver.map(\.callSign) == (3..<23).map { "U\($0)" })
  }
}
