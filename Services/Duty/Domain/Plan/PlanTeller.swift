// What the planner decided, as people read it: Chinese first, with the figures it rests on.
import Classification
import Foundation
import Geography
import Identifiers

struct PlanTeller {
  private static let placeLimit = 20

  private let wish: PlanWish
  private let roster: Roster
  private let turnout: Double
  private var terms: ResponseTerms { wish.plan.terms }

  init(_ wish: PlanWish, _ roster: Roster, turnout: Double) {
    self.wish = wish
    self.roster = roster
    self.turnout = turnout
  }

  // MARK: Chosen

  func line(_ number: Int, _ chosen: [PlanCandidate]) -> FilledLine {
    let line = terms.lines[number]
    let within = wish.within(line)
    let units = chosen.sorted { Traveller.comesFirst($0.traveller, $1.traveller) }
      .map { planned($0, within: within) }
    return FilledLine(
      title: line.title, wanted: line.count, within: within, isStaging: line.isStaging,
      units: units, reason: reason(line, within, units))
  }

  private func reason(_ line: ResponseLine, _ within: Double, _ units: [PlannedUnit]) -> String {
    let late = units.count(where: \.isLate)
    let missing = line.count - units.count
    let limit = AdvisorWords.whole(within)
    var chinese = "需 \(line.count)，已定 \(units.count)"
    var english = "\(units.count) of \(line.count) found"
    if late > 0 {
      chinese += "，其中 \(late) 个行车超过 \(limit) 秒"
      english += ", \(late) of them after more than \(limit) s of driving"
    }
    if missing > 0 {
      let mayTake = terms.takesFromLowerLevels
      chinese +=
        "；缺 \(missing)：\(needs(line).chinese)的单元中，空闲、有条件可派、待命"
        + (mayTake ? "和可从较低等级警情改派的" : "的") + "都已用尽"
      english +=
        "; \(missing) missing: of units \(needs(line).english), none is left that is free, "
        + "conditionally available or staging" + (mayTake ? ", or on a lower incident" : "")
    }
    return "\(chinese)。\(english)."
  }

  private func needs(_ line: ResponseLine) -> (chinese: String, english: String) {
    let kinds = line.sortedKinds.map(\.rawValue)
    let all = (kinds.isEmpty ? [] : [kinds.joined(separator: "/")]) + line.capabilities
    return all.isEmpty
      ? ("定位有效", "with a fresh position")
      : (all.joined(separator: "、") + " ", "of " + all.joined(separator: ", "))
  }

  private func planned(_ candidate: PlanCandidate, within: Double) -> PlannedUnit {
    let (traveller, member) = (candidate.traveller, candidate.traveller.member)
    let isLate = traveller.travel.seconds > within
    let (chinese, english) = AdvisorWords.way(traveller, turnout: turnout)
    let (because, why) = because(candidate)
    let limit = AdvisorWords.whole(within)
    let time =
      isLate
      ? ("，行车超过时限 \(limit) 秒", ", driving longer than the \(limit) s granted")
      : ("", "")
    return PlannedUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, source: candidate.source,
      travelTime: turnout + traveller.travel.seconds, isLate: isLate,
      takenFrom: candidate.source == .reassigned ? member.view.incidentIDs : [],
      reason: "\(because)：\(chinese)\(time.0)。\(why): \(english)\(time.1).")
  }

  private func because(_ candidate: PlanCandidate) -> (chinese: String, english: String) {
    switch candidate.source {
    case .free: return ("空闲", "Free")
    case .conditional:
      return ("空闲单元不足，有条件可派", "Conditionally available, for want of free units")
    case .staging: return ("空闲单元不足，从待命调出", "Taken from staging, for want of free units")
    case .reassigned:
      let grave = candidate.traveller.member.commitments
        .compactMap { roster.level(of: $0.incidentID) }.min()
      let level = grave.map { String($0.rawValue) } ?? "-"
      return (
        "空闲单元不足，从较低等级（\(level) 级）警情改派",
        "Taken from an incident of level \(level), for want of free units"
      )
    }
  }

  func plan(
    _ lines: [FilledLine], uncovered: [String], kept: [String], isExact: Bool
  ) -> DispatchPlan {
    DispatchPlan(
      planName: terms.name, incidentClass: wish.incidentClass, level: wish.level,
      target: wish.areaClass.drivingSeconds, lines: lines,
      uncovered: Array(uncovered.prefix(Self.placeLimit)),
      kept: Array(kept.prefix(Self.placeLimit)), isExact: isExact,
      summary: summary(lines, uncovered, kept))
  }

  private func summary(_ lines: [FilledLine], _ bare: [String], _ kept: [String]) -> String {
    let units = lines.flatMap(\.units)
    let wanted = lines.reduce(0) { $0 + $1.wanted }
    let late = units.count(where: \.isLate)
    var chinese = "\(terms.name)：需 \(wanted) 个单元，已定 \(units.count) 个"
    var english = "\(units.count) of \(wanted) units found"
    if late > 0 {
      chinese += "，\(late) 个不能按时到达"
      english += ", \(late) late"
    }
    if !kept.isEmpty {
      let names = kept.prefix(3).joined(separator: "、")
      chinese += "；为保 \(names) 有单元留守"
      english += "; some stay for \(names)"
    }
    if !bare.isEmpty {
      let names = bare.prefix(3).joined(separator: "、")
      chinese += "；别无可派，\(names) 暂无人可按时到达"
      english += "; nothing else serves, so nobody reaches \(names) in time"
    }
    return "\(chinese)。\(english)."
  }

  func recommended(_ candidate: PlanCandidate, _ unit: PlannedUnit) -> RecommendedUnit? {
    guard let position = candidate.traveller.member.position else { return nil }
    return RecommendedUnit(
      unitID: unit.unitID, callSign: unit.callSign, metres: candidate.traveller.metres,
      travelTime: unit.travelTime, fixAge: UnitAdvisor.fixAge(position, asOf: wish.asOf),
      point: position.coordinate, reason: unit.reason)
  }

  // MARK: Passed over

  func passedOver(
    chosen: Set<String>, staying: Set<String>, by search: inout any TravelSearch
  ) -> [PassedOverUnit] {
    let limit = UnitAdvisor.passedOverLimit
    let near = roster.nearest(to: wish.point, limit: limit + chosen.count)
      .filter { !chosen.contains($0.member.unit.callSign) }.prefix(limit)
      .map { member, metres in
        passedOver(
          Traveller(
            member: member, metres: metres,
            travel: member.position.map {
              search.estimate(from: $0.coordinate, by: member.unit.kind)
            } ?? TravelEstimate(seconds: 0, metres: metres, way: .straightLine)),
          stays: staying.contains(member.unit.callSign))
      }
    let rest = roster.withoutPosition(limit: limit - near.count).map { member in
      PassedOverUnit(
        unitID: member.unit.id, callSign: member.unit.callSign, metres: nil,
        reason: .positionStale, detail: detail(.positionStale, member, nil))
    }
    return near + rest
  }

  private func passedOver(_ traveller: Traveller, stays: Bool) -> PassedOverUnit {
    let member = traveller.member
    let reason = stays ? .coverage : unfitness(of: member)
    return PassedOverUnit(
      unitID: member.unit.id, callSign: member.unit.callSign, metres: traveller.metres,
      reason: reason, detail: detail(reason, member, traveller))
  }

  private func unfitness(of member: Roster.Member) -> PassOverReason {
    let lines = terms.lines.filter { $0.takes(member.unit.kind) }
    guard member.commitments.isEmpty else { return .assigned }
    guard member.unit.availability != .notAvailable else { return .notAvailable }
    guard !lines.isEmpty else { return .otherKind }
    guard lines.contains(where: { $0.capabilities.allSatisfy(member.unit.capabilities.contains) })
    else { return .notCapable }
    return UnitAdvisor.isFresh(member, asOf: wish.asOf) ? .farther : .positionStale
  }

  private func detail(
    _ reason: PassOverReason, _ member: Roster.Member, _ traveller: Traveller?
  ) -> String {
    let wanted = terms.lines.first { $0.takes(member.unit.kind) }?.capabilities ?? []
    let words = AdvisorWords.passedOver(
      member, reason: reason, asOf: wish.asOf, wanted: wanted, traveller: traveller,
      turnout: turnout)
    guard reason == .assigned else { return words }
    if PlanCandidates.canBeTaken(member, for: wish, roster) {
      return words + "可改派，但无需动用。Could be taken from there, but is not needed."
    }
    return words + "不可改派。Not to be taken from there."
  }
}
