// Whom the planner chooses, held against an oracle that tries every way of filling a plan.
import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct PlannerTests {
  /// A unit with all that the oracle judges it by.
  struct Candidate {
    var unit: DutyUnit
    var position: UnitPosition?
    var commitments: [Commitment] = []
  }

  /// A situation, and the roster that shows it.
  struct Scene {
    var candidates: [Candidate]
    var levels: [IncidentID: IncidentLevel]
    var wish: PlanWish

    func roster(_ order: [Candidate]? = nil) -> Roster {
      var roster = Roster()
      roster.travelModel = TravelModel(detourFactor: 1, speed: 10, turnout: 30)
      for candidate in order ?? candidates {
        roster.put(candidate.unit)
        if let position = candidate.position { roster.put(position, of: candidate.unit.id) }
        for commitment in candidate.commitments { roster.put(commitment) }
      }
      for (incident, level) in levels { roster.put(level, of: incident) }
      return roster
    }
  }

  let centre: Coordinate
  init() throws { centre = try Coordinate(latitude: 22.54, longitude: 114.05) }

  func candidate(
    _ callSign: String, _ kind: UnitKind = .car, metres: Double, east: Double = 0, age: Double = 0,
    _ availability: Availability = .available, _ condition: UnitCondition? = nil,
    capabilities: [String] = [], on incidents: [(String, CommitmentState)] = []
  ) -> Candidate {
    let unit = DutyUnit(
      id: id(callSign, UnitTag.self), callSign: callSign, kind: kind, capabilities: capabilities,
      availability: availability, condition: condition)
    return Candidate(
      unit: unit,
      position: UnitPosition(
        coordinate: centre.offset(northMetres: metres, eastMetres: east),
        fixTime: noon.addingTimeInterval(-age)),
      commitments: incidents.map { incident, state in
        Commitment(
          assignmentID: id("\(callSign) \(incident)", AssignmentTag.self), unitID: unit.id,
          incidentID: id(incident, IncidentTag.self), state: state)
      })
  }

  func scene(
    _ candidates: [Candidate], _ lines: [ResponseLine], levels: [String: IncidentLevel] = [:],
    takes: Bool = true, takesFromScene: Bool = false, keeps: Bool = true,
    places: [KeyPlace] = [], level: IncidentLevel = .level1
  ) -> Scene {
    let plan = ResponsePlan(
      id: nil, key: ResponseKey(incidentClass: nil, level: level),
      terms: ResponseTerms(
        name: "试验 Trial", lines: lines, takesFromLowerLevels: takes,
        takesFromScene: takesFromScene, keepsCoverage: keeps), revision: 0)
    return Scene(
      candidates: candidates,
      levels: Dictionary(
        uniqueKeysWithValues: levels.map { (id($0.key, IncidentTag.self), $0.value) }),
      wish: PlanWish(
        point: centre, asOf: noon, plan: plan, incidentClass: .disaster, level: level,
        incident: id("own", IncidentTag.self), areaClass: .centre, keyPlaces: places))
  }

  func plan(_ scene: Scene) throws -> DispatchPlan {
    try #require(DispatchPlanner.plan(scene.wish, from: scene.roster()).plan)
  }

  // MARK: The oracle

  func source(_ candidate: Candidate, _ scene: Scene) -> PlannedSource? {
    guard let fix = candidate.position?.fixTime, noon.timeIntervalSince(fix) <= 600 else {
      return nil
    }
    let open = candidate.commitments.filter { $0.state != .ended }
    if open.isEmpty {
      switch candidate.unit.availability {
      case .available: return .free
      case .conditionallyAvailable: return .conditional
      case .notAvailable: return candidate.unit.condition == .staging ? .staging : nil
      }
    }
    let terms = scene.wish.plan.terms
    guard terms.takesFromLowerLevels, candidate.unit.availability != .notAvailable else {
      return nil
    }
    for commitment in open {
      guard commitment.incidentID != scene.wish.incident,
        let level = scene.levels[commitment.incidentID],
        level.rawValue > scene.wish.level.rawValue,
        commitment.state != .onScene || terms.takesFromScene
      else { return nil }
    }
    return .reassigned
  }

  func seconds(_ candidate: Candidate, to point: Coordinate) -> Double {
    candidate.position.map { $0.coordinate.distance(to: point) / 10 } ?? .infinity
  }

  /// Nil when the unit must not stand there.
  func cost(_ candidate: Candidate, _ line: ResponseLine, _ scene: Scene) -> Int? {
    guard let source = source(candidate, scene) else { return nil }
    let isWanted =
      line.kinds.isEmpty
      ? ![.volunteer, .partner].contains(candidate.unit.kind)
      : line.kinds.contains(candidate.unit.kind)
    guard isWanted, Set(line.capabilities).isSubset(of: candidate.unit.capabilities) else {
      return nil
    }
    let seconds = seconds(candidate, to: scene.wish.point)
    let isLate = seconds > line.within ?? 180
    if isLate, source == .staging || source == .reassigned { return nil }
    return PlanCost.unit(source, seconds: seconds, isLate: isLate)
  }

  func bareCount(_ chosen: Set<String>, _ scene: Scene) -> Int {
    guard scene.wish.plan.terms.keepsCoverage else { return 0 }
    return scene.wish.keyPlaces.count { place in
      let keepers = scene.candidates.filter {
        source($0, scene) == .free && [.car, .motorcycle, .foot].contains($0.unit.kind)
          && seconds($0, to: place.point) <= 60
      }.map(\.unit.callSign)
      return !keepers.isEmpty && chosen.isSuperset(of: keepers)
    }
  }

  func total(_ units: [(line: Int, candidate: Candidate?)], _ scene: Scene) -> Int? {
    let lines = scene.wish.plan.terms.lines
    var sum = 0
    for (line, candidate) in units {
      guard let candidate else {
        sum += PlanCost.empty(line: line)
        continue
      }
      guard let cost = cost(candidate, lines[line], scene) else { return nil }
      sum += cost
    }
    let chosen = Set(units.compactMap { $0.candidate?.unit.callSign })
    return sum + bareCount(chosen, scene) * PlanCost.bare
  }

  func bruteForce(_ scene: Scene) -> Int {
    let slots = scene.wish.plan.terms.lines.enumerated().flatMap { line, terms in
      Array(repeating: line, count: terms.count)
    }
    var best = Int.max
    func fill(_ units: [(line: Int, candidate: Candidate?)], _ used: Set<Int>) {
      guard units.count < slots.count else {
        if let total = total(units, scene) { best = min(best, total) }
        return
      }
      let line = slots[units.count]
      fill(units + [(line, nil)], used)
      for number in scene.candidates.indices
      where !used.contains(number)
        && cost(scene.candidates[number], scene.wish.plan.terms.lines[line], scene) != nil
      {
        fill(units + [(line, scene.candidates[number])], used.union([number]))
      }
    }
    fill([], [])
    return best
  }

  func randomScene(_ random: inout Seeded) -> Scene {
    let kinds: [UnitKind] = [.car, .car, .motorcycle, .foot, .volunteer, .drone]
    let names = ["low", "lower", "same", "own", "unknown"]
    let candidates = (0..<Int.random(in: 0...7, using: &random)).map { number -> Candidate in
      let isBusy = Int.random(in: 0..<4, using: &random) == 0
      return candidate(
        "U\(number)", kinds.randomElement(using: &random) ?? .car,
        metres: .random(in: -3000...3000, using: &random),
        east: .random(in: -300...300, using: &random), age: .random(in: -50...700, using: &random),
        Availability.allCases.randomElement(using: &random) ?? .available,
        Bool.random(using: &random) ? .staging : nil,
        capabilities: Bool.random(using: &random) ? ["medic"] : [],
        on: isBusy
          ? [
            (
              names.randomElement(using: &random) ?? "low",
              CommitmentState.allCases.randomElement(using: &random) ?? .dispatched
            )
          ] : [])
    }
    let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      ResponseLine(
        title: "线 Line", count: .random(in: 1...2, using: &random),
        kinds: [[], [.car], [.car, .motorcycle], [.foot]].randomElement(using: &random) ?? [],
        capabilities: Int.random(in: 0..<4, using: &random) == 0 ? ["medic"] : [],
        within: [nil, 60, 250].randomElement(using: &random) ?? nil,
        isStaging: Bool.random(using: &random))
    }
    let places = (0..<Int.random(in: 0...3, using: &random)).map { number in
      KeyPlace(
        name: "重点 \(number)",
        point: centre.offset(
          northMetres: .random(in: -2500...2500, using: &random), eastMetres: 0))
    }
    return scene(
      candidates, lines,
      levels: ["low": .level3, "lower": .level4, "same": .level2, "own": .level4],
      takes: Bool.random(using: &random), takesFromScene: Bool.random(using: &random),
      keeps: Bool.random(using: &random), places: places, level: .level2)
  }

  @Test func theChoiceIsAsGoodAsTheBestOfAllWays() throws {
    var random = Seeded(20)
    var filled = 0
    var left = 0
    for round in 0..<400 {
      let scene = randomScene(&random)
      let answer = DispatchPlanner.plan(scene.wish, from: scene.roster())
      let plan = try #require(answer.plan)
      let chosen = plan.lines.enumerated().flatMap { line, filled in
        filled.units.map { (line: line, callSign: $0.callSign, unit: $0) }
      }
      // Nobody twice, and nobody where they must not stand.
      #expect(Set(chosen.map(\.callSign)).count == chosen.count, "round \(round)")
      var units: [(line: Int, candidate: Candidate?)] = []
      for (line, filled) in plan.lines.enumerated() {
        #expect(filled.units.count <= filled.wanted)
        for unit in filled.units {
          let candidate = try #require(
            scene.candidates.first { $0.unit.callSign == unit.callSign })
          #expect(source(candidate, scene) == unit.source, "round \(round)")
          #expect((unit.source == .reassigned) == !unit.takenFrom.isEmpty)
          units.append((line, candidate))
        }
        units += Array(repeating: (line, nil), count: filled.missing)
      }
      #expect(plan.isExact)
      #expect(total(units, scene) == bruteForce(scene), "round \(round)")
      #expect(plan.uncovered.count == bareCount(Set(chosen.map(\.callSign)), scene))
      #expect(answer.units.map(\.callSign) == chosen.map(\.callSign))
      #expect(Set(answer.passedOver.map(\.callSign)).isDisjoint(with: chosen.map(\.callSign)))
      filled += chosen.count
      left += plan.kept.count
    }
    // The walk comes by what it is about.
    #expect(filled > 300)
    #expect(left > 2)
  }

  @Test func theSameSituationGivesTheSamePlanInWhateverOrderItWasTold() {
    var random = Seeded(21)
    for round in 0..<100 {
      let scene = randomScene(&random)
      let once = DispatchPlanner.plan(scene.wish, from: scene.roster())
      let again = DispatchPlanner.plan(
        scene.wish, from: scene.roster(scene.candidates.shuffled(using: &random)))
      #expect(once == again, "round \(round)")
    }
  }

  // MARK: One by one

  @Test func sourcesAreUsedInTheirOrder() throws {
    let candidates = [
      candidate("free", metres: 1500), candidate("cond", metres: 10, .conditionallyAvailable),
      candidate("stage", metres: 20, .notAvailable, .staging),
      candidate("low", metres: 30, on: [("low", .enRoute)]),
      candidate("same", metres: 5, on: [("same", .enRoute)]),
      candidate("there", metres: 6, on: [("low", .onScene)]),
      candidate("unknown", metres: 7, on: [("nobody knows", .dispatched)]),
    ]
    let levels: [String: IncidentLevel] = ["low": .level4, "same": .level1]
    let expected = ["free", "cond", "stage", "low"]
    for count in 1...5 {
      let plan = try plan(
        scene(candidates, [ResponseLine(title: "线", count: count)], levels: levels))
      #expect(Set(plan.lines[0].units.map(\.callSign)) == Set(expected.prefix(count)))
      #expect(plan.lines[0].missing == max(0, count - 4))
    }
    let bold = try plan(
      scene(
        candidates, [ResponseLine(title: "线", count: 6)], levels: levels, takesFromScene: true))
    #expect(Set(bold.lines[0].units.map(\.callSign)) == Set(expected + ["there"]))
    let meek = try plan(
      scene(candidates, [ResponseLine(title: "线", count: 6)], levels: levels, takes: false))
    #expect(Set(meek.lines[0].units.map(\.callSign)) == Set(expected.dropLast()))
  }

  @Test func theLastUnitOfAKeyPlaceStaysUnlessNothingElseServes() throws {
    let place = KeyPlace(name: "市民中心", point: centre.offset(northMetres: 800, eastMetres: 0))
    let last = candidate("last", metres: 500)
    let other = candidate("other", metres: -1500)
    let line = ResponseLine(title: "先到", count: 1)
    let spared = DispatchPlanner.plan(
      scene([last, other], [line], places: [place]).wish,
      from: scene([last, other], [line]).roster())
    #expect(spared.units.map(\.callSign) == ["other"])
    #expect(spared.plan?.kept == ["市民中心"])
    #expect(spared.passedOver.map(\.reason) == [.coverage])
    let stripped = try plan(scene([last], [line], places: [place]))
    #expect(stripped.lines[0].units.map(\.callSign) == ["last"])
    #expect(stripped.uncovered == ["市民中心"])
    #expect(stripped.summary.contains("市民中心 暂无人可按时到达"))
    let careless = try plan(scene([last, other], [line], keeps: false, places: [place]))
    #expect(careless.lines[0].units.map(\.callSign) == ["last"])
  }

  @Test func whoComesTooLateIsBetterThanNobodyAndIsSaidToBeLate() throws {
    let plan = try plan(
      scene(
        [candidate("far", metres: 2500)], [ResponseLine(title: "先到", count: 2, within: 60)]))
    #expect(plan.lines[0].units.map(\.isLate) == [true])
    #expect(plan.lines[0].missing == 1)
    #expect(!plan.isComplete)
    #expect(
      plan.lines[0].reason.hasPrefix(
        "需 2，已定 1，其中 1 个行车超过 60 秒；缺 1：定位有效的单元中，空闲、有条件可派、待命和可从较低等级警情改派的都已用尽。"))
    #expect(
      plan.lines[0].units[0].reason
        == "空闲：直线 2500 米，预计 280 秒，行车超过时限 60 秒。"
        + "Free: 2500 m away, about 280 s, driving longer than the 60 s granted.")
  }

  @Test func everyLevelHasAStandardPlanThatTheBureausOwnReplaces() throws {
    for level in IncidentLevel.allCases {
      for incidentClass in IncidentClass.allCases.map(Optional.some) + [nil] {
        let key = ResponseKey(incidentClass: incidentClass, level: level)
        let plan = try #require(ResponsePlan.applying(to: key, among: []))
        #expect(plan.key.level == level)
        #expect((1...ResponseTerms.lineLimit).contains(plan.terms.lines.count))
        #expect(plan.terms.lines.reduce(0) { $0 + $1.count } <= ResponseTerms.unitLimit)
      }
    }
    let key = ResponseKey(incidentClass: nil, level: .level3)
    let own = ResponsePlan(
      id: id("plan"), key: key, terms: ResponseTerms(name: "本局", lines: []), revision: 1)
    let traffic = ResponseKey(incidentClass: .traffic, level: .level3)
    #expect(ResponsePlan.applying(to: traffic, among: [own]) == own)
    #expect(ResponsePlan.all(with: [own]).filter { $0.key == key } == [own])
  }
}
