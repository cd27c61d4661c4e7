// Who might fill a plan: for each line and each source the soonest few, as many as could ever be
// needed, so that thousands of units cost no more than the few that matter.
import Foundation
import Geography
import Identifiers

/// One unit that might go.
struct PlanCandidate {
  let traveller: Traveller
  let source: PlannedSource

  var callSign: String { traveller.member.unit.callSign }
}

struct PlanCandidates {
  /// Units that may have to stay, at most, before the choice is no longer proven to be the best.
  static let stayLimit = 8

  private let wish: PlanWish
  private let roster: Roster
  private var sources: [PlannedSource] = []
  private var byCallSign: [String: PlanCandidate] = [:]
  var search: any TravelSearch

  init(_ wish: PlanWish, from roster: Roster, by search: any TravelSearch) {
    self.wish = wish
    self.roster = roster
    self.search = search
  }

  /// By call sign, so that the same causes give the same answer.
  var all: [PlanCandidate] { byCallSign.values.sorted { $0.callSign < $1.callSign } }

  /// Looks in one more source.
  mutating func add(_ source: PlannedSource) {
    let terms = wish.plan.terms
    // Other lines take at most all other slots, and some may have to stay.
    let limit = terms.lines.reduce(0) { $0 + $1.count } + Self.stayLimit
    for line in terms.lines {
      for traveller in travellers(source, for: line, limit: limit) {
        let callSign = traveller.member.unit.callSign
        byCallSign[callSign] = PlanCandidate(traveller: traveller, source: source)
      }
    }
  }

  private mutating func travellers(
    _ source: PlannedSource, for line: ResponseLine, limit: Int
  ) -> [Traveller] {
    let (wish, roster) = (wish, roster)
    func fits(_ member: Roster.Member) -> Bool {
      line.takes(member.unit.kind)
        && line.capabilities.allSatisfy(member.unit.capabilities.contains)
        && UnitAdvisor.isFresh(member, asOf: wish.asOf)
    }
    switch source {
    case .free, .conditional:
      return roster.soonestFree(
        source == .free ? .available : .conditionallyAvailable, with: line.capabilities,
        to: wish.point, limit: limit, by: &search, where: fits)
    case .staging:
      return roster.soonest(to: wish.point, limit: limit, by: &search) {
        Self.isStaging($0) && fits($0)
      }
    case .reassigned:
      return roster.soonest(to: wish.point, limit: limit, by: &search) {
        Self.canBeTaken($0, for: wish, roster) && fits($0)
      }
    }
  }

  /// It waits near a scene, and is on no incident itself.
  static func isStaging(_ member: Roster.Member) -> Bool {
    member.commitments.isEmpty && member.unit.availability == .notAvailable
      && member.unit.condition == .staging
  }

  /// All that it is on is of a known, lower level, and it may leave there.
  static func canBeTaken(_ member: Roster.Member, for wish: PlanWish, _ roster: Roster) -> Bool {
    let terms = wish.plan.terms
    guard terms.takesFromLowerLevels, !member.commitments.isEmpty,
      member.unit.availability != .notAvailable
    else { return false }
    return member.commitments.allSatisfy { commitment in
      guard commitment.incidentID != wish.incident,
        let level = roster.level(of: commitment.incidentID), level > wish.level
      else { return false }
      return commitment.state < .onScene || terms.takesFromScene
    }
  }
}
