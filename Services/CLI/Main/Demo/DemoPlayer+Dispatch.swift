// 派警: classed and queued, units recommended and sent, and each followed until it is free again.
import Classification
import DemoBureau
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  private static let attemptLimit = 6

  func classify(_ key: String) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_ClassifyIncidentRequest.with {
      $0.requestID = self.request(key, "classify")
      $0.incidentID = found.id
      $0.incidentClass = Quintet_Type_V1_IncidentClass(found.plan.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(found.plan.level)
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ClassifyIncident") { suite in
      try await suite.incidents.classifyIncident(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    plan(.queue(key), in: 3)
  }

  func queue(_ key: String) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_QueueIncidentRequest.with {
      $0.requestID = self.request(key, "queue")
      $0.incidentID = found.id
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("QueueIncident") { suite in
      try await suite.incidents.queueIncident(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    switch found.plan.handling {
    case .units: plan(.send(key, attempt: 0), in: found.plan.level <= .level2 ? 6 : 12)
    case .divert(let authority, let isAccepted):
      plan(.divert(key, authority: authority, isAccepted: isAccepted), in: 60)
    case .monitor(let reason, let seconds):
      plan(.monitor(key, reason: reason, seconds: seconds), in: 45)
    case .cancel(let reason): plan(.cancel(key, reason: reason), in: 240)
    case .merge(let target, let reason):
      plan(.merge(key, into: target, reason: reason), in: 50)
    }
  }

  /// The newest positions first, and duty has heard who is busy; then the first of those proposed.
  func send(_ key: String, _ attempt: Int) async throws {
    let found = try known(key)
    let (count, capabilities) = wish(of: found, attempt)
    try await suite.report(tracks.fixes(near: found.spot.point, at: now))
    try await suite.waitUntil("duty", hasReadAllOf: "command")
    let round = "\(found.rounds).\(attempt)"
    let recommend = Quintet_Command_V1_RecommendUnitsRequest.with {
      $0.requestID = self.request(key, "recommend/\(round)")
      $0.incidentID = found.id
      $0.limit = Int32(max(3, count))
      $0.capabilities = capabilities
      $0.occurTime = time.timestamp
    }
    let proposal = try await suite.ask("RecommendUnits") { suite in
      try await suite.dispatches.recommendUnits(
        recommend, metadata: DemoActor.dispatcher, options: .item)
    }
    let chosen = proposal.recommendation.units.prefix(count)
    guard !chosen.isEmpty else {
      guard attempt < Self.attemptLimit else {
        return note("「\(found.plan.title)」无警可派 / nobody to send")
      }
      tell(key, "暂无可派警力，一分钟后再试 / nobody free, again in a minute")
      return plan(.send(key, attempt: attempt + 1), in: 60)
    }
    tellWhy(key, proposal.recommendation, chosen.count)
    let request = Quintet_Command_V1_DispatchUnitsRequest.with {
      $0.requestID = self.request(key, "dispatch/\(round)")
      $0.incidentID = found.id
      $0.unitIds = chosen.map(\.unitID)
      $0.recommendationID = proposal.recommendationID
      $0.instruction = "前往\(found.spot.address)处置：\(found.plan.title)"
      $0.occurTime = time.timestamp
    }
    let dispatched = try await suite.ask("DispatchUnits") { suite in
      try await suite.dispatches.dispatchUnits(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    follow(dispatched.assignments, key)
  }

  private func wish(of found: Case, _ attempt: Int) -> (count: Int, capabilities: [String]) {
    guard case .units(let count, let capabilities) = found.plan.handling else {
      return (1, ["patrol"])
    }
    // After two tries whoever can move is welcome; a second round needs one unit.
    let isSpecial = capabilities == ["water_rescue"]
    return (found.rounds > 0 ? 1 : count, attempt < 2 || isSpecial ? capabilities : ["patrol"])
  }

  private func follow(_ assignments: [Quintet_Command_V1_Assignment], _ key: String) {
    guard var found = cases[key] else { return }
    for (index, assignment) in assignments.enumerated() {
      guard let unit = fleet.unitIndices[assignment.unitID] else { continue }
      let pace = found.plan.paces[min(index, found.plan.paces.count - 1)]
      trips.append(
        Trip(
          key: key, assignment: assignment.id, unit: unit, pace: pace, dispatchSecond: now))
      found.openTrips += 1
      plan(.advance(trips.count - 1, .acknowledge), in: pace.signSeconds)
    }
    found.rounds += 1
    cases[key] = found
  }

  /// Why this one and not the others: in full for a story.
  private func tellWhy(
    _ key: String, _ recommendation: Quintet_Type_V1_UnitRecommendation, _ count: Int
  ) {
    let chosen = recommendation.units.prefix(count).map { unit in
      String(format: "%@（%.0f 米 m, %.0f 秒 s）", unit.callSign, unit.distanceM, unit.travelTimeS)
    }
    tell(key, "派警 sent：\(chosen.joined(separator: "、"))")
    guard cases[key]?.plan.story == .lostChild else { return }
    let others = recommendation.passedOver.filter { $0.reason != .farther }
    for unit in recommendation.units.prefix(count) {
      tell(key, "  选 \(unit.callSign) because：\(unit.reason)")
    }
    for unit in (others + recommendation.passedOver).prefix(3) {
      tell(key, "  未选 \(unit.callSign) passed over：\(unit.detail)")
    }
  }

  func advance(_ index: Int, _ step: Quintet_Command_V1_AssignmentStep) async throws {
    let trip = trips[index]
    let found = try known(trip.key)
    let request = Quintet_Command_V1_AdvanceAssignmentRequest.with {
      $0.requestID = "demo/trip/\(index)/\(step.rawValue)"
      $0.assignmentID = trip.assignment
      $0.step = step
      $0.occurTime = time.timestamp
      if step == .clear {
        $0.disposalCode = found.plan.review.disposalCode
        $0.note = "处置完毕，撤离现场"
      }
    }
    _ = try await suite.ask("AdvanceAssignment") { suite in
      try await suite.dispatches.advanceAssignment(
        request, metadata: DemoActor.unit(trip.unit), options: .item)
    }
    let sign = bureau.units[trip.unit].callSign
    let since = Int(now - trip.dispatchSecond)
    switch step {
    case .acknowledge:
      plan(.advance(index, .depart), in: trip.pace.turnoutSeconds)
    case .depart:
      let arrival = tracks.depart(
        trip.unit, to: found.spot.point, at: now, slowness: trip.pace.slowness)
      plan(.advance(index, .arrive), at: arrival + Double(trip.pace.delaySeconds))
    case .arrive:
      tell(trip.key, "\(sign) 到场，距下达 \(since) 秒 / on scene \(since) s after the order")
      plan(.advance(index, .clear), in: trip.pace.workSeconds)
    case .clear:
      tracks.release(trip.unit, at: now)
      cases[trip.key]?.openTrips -= 1
      if cases[trip.key]?.openTrips == 0 {
        plan(.submitFeedback(trip.key), in: found.plan.review.feedbackSeconds)
      }
    case .dispatch, .unspecified, .UNRECOGNIZED: break
    }
  }
}
