// A deployment's moves, each forbidden one included, and what of command's incidents counts.
import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct DeploymentMoveTests {
  let start = noon
  var end: Date { noon.addingTimeInterval(3600) }

  func deployment() -> Deployment {
    Deployment(
      id: id("d"),
      orgUnit: OrgUnit(
        id: id("o"), code: "1", name: "警务站", rank: .station, parentID: nil), hours: start..<end,
      suggestion: DeploymentSuggestion(
        posts: [], standing: [], gains: [],
        basis: DemandBasis(
          from: start, until: end, counted: 0, leftOut: [], beyondLimit: 0, radius: nil),
        estimator: "e", method: "m", summary: "s"), suggestedBy: "person/a", suggestTime: start)
  }

  func decision(_ time: Date) -> Deployment.Decision {
    Deployment.Decision(actor: "person/b", time: time, reason: "因")
  }

  func outcome(_ time: Date) -> DeploymentOutcome {
    DeploymentOutcome(
      time: time, calls: 1, with: 1, without: 0, arrived: 1, arrivedWithin: 1, leftOut: [],
      summary: "s")
  }

  enum Move: CaseIterable { case accept, refuse, withdraw, compare }

  func apply(_ move: Move, _ held: Deployment, at time: Date) throws -> Deployment {
    var held = held
    switch move {
    case .accept: try held.accept(nil, decision(time))
    case .refuse: try held.refuse(decision(time))
    case .withdraw: try held.withdraw(decision(time))
    case .compare: try held.compare(outcome(time))
    }
    return held
  }

  @Test func onlyTheMovesOfTheTableAreMade() throws {
    let (during, after) = (start.addingTimeInterval(60), end)
    let proposed = deployment()
    let accepted = try apply(.accept, proposed, at: during)
    let refused = try apply(.refuse, proposed, at: during)
    let withdrawn = try apply(.withdraw, accepted, at: during)
    #expect(
      [proposed, accepted, refused, withdrawn].map { $0.standing(at: during) }
        == [.proposed, .accepted, .refused, .withdrawn])
    #expect(
      [proposed, accepted, refused, withdrawn].map { $0.standing(at: after) }
        == [.lapsed, .ended, .refused, .withdrawn])
    let allowed: [(Deployment, Date, Set<Move>)] = [
      (proposed, during, [.accept, .refuse]), (proposed, after, []),
      (accepted, during, [.withdraw]), (accepted, after, [.compare]), (refused, during, []),
      (refused, after, []), (withdrawn, during, []), (withdrawn, after, []),
    ]
    for (held, time, moves) in allowed {
      for move in Move.allCases {
        let moved = try? apply(move, held, at: time)
        #expect((moved != nil) == moves.contains(move), "\(held.state) \(move)")
        if let moved { #expect(moved.revision == held.revision + 1) }
      }
    }
    #expect(throws: DeploymentError.notOver(end: end)) {
      try apply(.compare, accepted, at: during)
    }
  }

  @Test func whatSaysTheSameIsTheSameWheneverItWasLookedAt() {
    #expect(outcome(end).isSame(as: outcome(end.addingTimeInterval(60))))
    #expect(!outcome(end).isSame(as: nil))
  }

  @Test func citizensCallsCountAndNothingElse() throws {
    typealias Standing = DemandIncident.Standing
    let cases: [(IncidentOrigin, IncidentClass?, Standing, DemandExclusion?)] = [
      (.citizenReported, .traffic, .counts, nil), (.citizenReported, nil, .counts, nil),
      (.officerDiscovered, .traffic, .counts, .officerDiscovered),
      (.officerDiscovered, .traffic, .merged, .officerDiscovered),
      (.citizenReported, .help, .merged, .merged),
      (.citizenReported, .help, .cancelled, .cancelled),
      (.citizenReported, .help, .diverted, .diverted),
      (.citizenReported, .complaint, .counts, .aboutPolice),
    ]
    let point = try Coordinate(latitude: 28.000_249, longitude: 120.600_251)
    for (origin, incidentClass, standing, expected) in cases {
      let incident = DemandIncident(
        id: id("i"), origin: origin, incidentClass: incidentClass, point: point,
        receiveTime: noon, standing: standing, revision: 1)
      #expect(incident.exclusion == expected)
      // To half a thousandth of a degree: no door.
      #expect(incident.point == (try Coordinate(latitude: 28, longitude: 120.6005)))
    }
  }

  @Test func hoursAreCutIntoWindowsTheLastOfWhichMayBeShorter() {
    let windows = DeploymentPlanning.windows(start..<start.addingTimeInterval(7 * 3600), of: 3)
    #expect(windows.map { $0.upperBound.timeIntervalSince($0.lowerBound) / 3600 } == [3, 3, 1])
    #expect(windows.last?.upperBound == start.addingTimeInterval(7 * 3600))
  }
}
