// Fills a response plan: the best choice there is by `PlanCost`, found by matching units to slots and,
// where that would leave a key place bare, by trying each way of leaving somebody there.
import Foundation
import Geography
import Identifiers

public struct DispatchPlanner {
  /// Matchings tried for one plan; beyond, the best found so far is taken, and said to be that.
  private static let matchingLimit = 64

  private struct Choice {
    /// By slot: number of the candidate; nil where nobody.
    var units: [Int?] = []
    var cost = Int.max
    var bare: [Int] = []
    var staying: Set<Int> = []
    var kept: Set<Int> = []
  }

  private let wish: PlanWish
  private let roster: Roster
  /// The line of each slot.
  private let slots: [Int]
  private var cover: KeyPlaceCover
  private var candidates: [PlanCandidate] = []
  private var best = Choice()
  private var matchingsLeft = 0
  private var isExact = true

  /// The plan filled, with the reasons; nobody is sent.
  public static func plan(_ wish: PlanWish, from roster: Roster) -> UnitRecommendation {
    var planner = DispatchPlanner(wish, roster)
    return planner.run()
  }

  private init(_ wish: PlanWish, _ roster: Roster) {
    self.wish = wish
    self.roster = roster
    slots = wish.plan.terms.lines.enumerated().flatMap { line, terms in
      Array(repeating: line, count: terms.count)
    }
    cover = KeyPlaceCover(wish, roster)
  }

  private mutating func run() -> UnitRecommendation {
    let estimator = roster.travel
    var found = PlanCandidates(wish, from: roster, by: estimator.search(to: wish.point))
    for source in PlannedSource.allCases {
      if source == .reassigned && !wish.plan.terms.takesFromLowerLevels { continue }
      found.add(source)
      candidates = found.all
      choose()
      // A unit of a source that was not asked yet is worse than any of these.
      if isSettled { break }
    }
    let teller = PlanTeller(wish, roster, turnout: estimator.turnout)
    let lines = wish.plan.terms.lines.indices.map { line in
      teller.line(
        line,
        slots.indices.filter { slots[$0] == line }.compactMap { best.units[$0] }
          .map { candidates[$0] })
    }
    let plan = teller.plan(
      lines, uncovered: best.bare.map { cover.name(of: $0) },
      kept: best.kept.subtracting(best.bare).sorted().map { cover.name(of: $0) },
      isExact: isExact)
    return UnitRecommendation(
      point: wish.point, asOf: wish.asOf,
      units: lines.flatMap(\.units).compactMap { unit in
        candidates.first { $0.callSign == unit.callSign }
          .flatMap { teller.recommended($0, unit) }
      },
      passedOver: teller.passedOver(
        chosen: Set(lines.flatMap(\.units).map(\.callSign)),
        staying: Set(best.staying.map { candidates[$0].callSign }), by: &found.search),
      estimator: estimator.name, plan: plan)
  }

  /// Every slot has a unit in time, and no key place is bare.
  private var isSettled: Bool {
    best.bare.isEmpty
      && slots.indices.allSatisfy { slot in
        best.units[slot].map { !isLate(candidates[$0], slot) } ?? false
      }
  }

  private func isLate(_ candidate: PlanCandidate, _ slot: Int) -> Bool {
    candidate.traveller.travel.seconds > wish.within(wish.plan.terms.lines[slots[slot]])
  }

  // MARK: Choosing

  private mutating func choose() {
    best = Choice()
    matchingsLeft = Self.matchingLimit
    isExact = true
    explore(Choice(), accepted: [])
  }

  /// Tries the best matching without the units that stay, and where it leaves key places bare, the
  /// ways of mending that. A place in `accepted` is bare, come what may.
  private mutating func explore(_ begun: Choice, accepted: Set<Int>) {
    guard matchingsLeft > 0 else {
      isExact = false
      return
    }
    matchingsLeft -= 1
    var choice = begun
    choice.units = matching(staying: choice.staying)
    let cost = choice.units.indices.reduce(0) { $0 + self.cost(of: choice.units[$1], slot: $1) }
    guard cost + Self.penalty(accepted.count) < best.cost else { return }
    let bare = wish.plan.terms.keepsCoverage ? cover.bare(without: leaving(choice.units)) : []
    choice.bare = bare.map(\.place)
    choice.cost = cost + Self.penalty(bare.count)
    if choice.cost < best.cost { best = choice }
    guard let open = bare.first(where: { !accepted.contains($0.place) }) else { return }
    for unit in choice.units.compactMap({ $0 })
    where open.keepers.contains(candidates[unit].callSign) {
      guard choice.staying.count < PlanCandidates.stayLimit else {
        isExact = false
        continue
      }
      var next = begun
      next.staying.insert(unit)
      next.kept.insert(open.place)
      explore(next, accepted: accepted)
    }
    explore(begun, accepted: accepted.union([open.place]))
  }

  private static func penalty(_ bare: Int) -> Int { min(bare, PlanCost.bareLimit) * PlanCost.bare }

  private func leaving(_ units: [Int?]) -> [String: Traveller] {
    var leaving: [String: Traveller] = [:]
    for unit in units.compactMap({ $0 }) where candidates[unit].source == .free {
      leaving[candidates[unit].callSign] = candidates[unit].traveller
    }
    return leaving
  }

  private func matching(staying: Set<Int>) -> [Int?] {
    let there = candidates.indices.filter { !staying.contains($0) }
    let costs = slots.indices.map { slot in
      there.map { cost(of: $0, slot: slot) }
        + slots.indices.map { other in
          // Each slot may stay empty by itself.
          other == slot ? cost(of: nil, slot: slot) : MinimumCostMatching.forbidden
        }
    }
    return MinimumCostMatching.solve(costs).map { $0 < there.count ? there[$0] : nil }
  }

  private func cost(of unit: Int?, slot: Int) -> Int {
    guard let unit else { return PlanCost.empty(line: slots[slot]) }
    let candidate = candidates[unit]
    let (line, member) = (wish.plan.terms.lines[slots[slot]], candidate.traveller.member)
    guard line.takes(member.unit.kind),
      line.capabilities.allSatisfy(member.unit.capabilities.contains)
    else { return MinimumCostMatching.forbidden }
    let isLate = isLate(candidate, slot)
    // Nobody is called off elsewhere to come too late.
    if isLate, candidate.source == .staging || candidate.source == .reassigned {
      return MinimumCostMatching.forbidden
    }
    return PlanCost.unit(
      candidate.source, seconds: candidate.traveller.travel.seconds, isLate: isLate)
  }
}
