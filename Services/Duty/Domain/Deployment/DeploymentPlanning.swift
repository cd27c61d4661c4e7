// The commands about deployments: suggested, decided, and compared with what happened.
public import Foundation
public import Geography
public import Identifiers

/// What a leader asks for.
public struct SuggestDeployment: Sendable, Hashable {
  public let orgUnitID: OrgUnitID
  public let hours: Range<Date>
  /// 1 … 12.
  public let windowHours: Int
  /// Metres around the middle of the area; nil for the area.
  public let radius: Double?
  /// 7 … 90.
  public let days: Int
  /// Empty for the patrols of the organisation.
  public let unitIDs: [UnitID]
  public let asOf: Date

  public init(
    orgUnitID: OrgUnitID, hours: Range<Date>, windowHours: Int, radius: Double?, days: Int,
    unitIDs: [UnitID], asOf: Date
  ) {
    self.orgUnitID = orgUnitID
    self.hours = hours
    self.windowHours = windowHours
    self.radius = radius
    self.days = days
    self.unitIDs = unitIDs
    self.asOf = asOf
  }
}

/// A post as a leader wants it.
public struct ChosenPost: Sendable, Hashable {
  public let unitID: UnitID
  public let point: Coordinate
  public let hours: Range<Date>

  public init(unitID: UnitID, point: Coordinate, hours: Range<Date>) {
    self.unitID = unitID
    self.point = point
    self.hours = hours
  }
}

/// Other posts than those suggested, and what they gain.
public struct ChangedPosts: Sendable, Hashable {
  public let posts: [DeployedPost]
  public let gains: [DeploymentGain]
}

/// What is thought about outside the transaction that keeps it.
public struct PlannedDeployment: Sendable {
  public let orgUnit: OrgUnit
  public let suggestion: DeploymentSuggestion

  public init(orgUnit: OrgUnit, suggestion: DeploymentSuggestion) {
    self.orgUnit = orgUnit
    self.suggestion = suggestion
  }
}

public struct DeploymentPlanning: Sendable {
  public static let unitLimit = 30
  public static let postLimit = 200
  /// Metres: two points nearer than this are one place.
  private static let samePlace: Double = 1

  public init() {}

  // MARK: Suggesting

  /// Everything that the planner wants to know.
  /// - Throws: `DutyError.orgUnitUnknown`; `DeploymentError.orgUnitOutsideReach`, `.areaMissing`,
  ///   `.unitUnknown`, `.noUnits`.
  public func wish(
    for command: SuggestDeployment, _ roster: Roster, in reader: any DutyReader
  ) throws -> (orgUnit: OrgUnit, wish: DeploymentWish) {
    let ground = try DemandGround(of: command.orgUnitID, radius: command.radius, in: reader)
    let demand = try ground.demand(days: command.days, before: command.asOf, in: reader)
    let wish = DeploymentWish(
      windows: Self.windows(command.hours, of: command.windowHours),
      units: try units(for: command, on: ground, roster, in: reader), calls: demand.calls,
      basis: demand.basis, areas: ground.areas)
    return (ground.orgUnit, wish)
  }

  /// The last one may be shorter.
  static func windows(_ hours: Range<Date>, of length: Int) -> [Range<Date>] {
    let step = Double(length) * 3600
    return stride(
      from: hours.lowerBound.timeIntervalSince1970, to: hours.upperBound.timeIntervalSince1970,
      by: step
    ).map { start in
      let start = Date(timeIntervalSince1970: start)
      return start..<min(start.addingTimeInterval(step), hours.upperBound)
    }
  }

  private func units(
    for command: SuggestDeployment, on ground: DemandGround, _ roster: Roster,
    in reader: any DutyReader
  ) throws -> [StandingUnit] {
    for (index, id) in command.unitIDs.enumerated() where try reader.unit(id) == nil {
      throw DeploymentError.unitUnknown(id, field: "unit_ids[\(index)]")
    }
    let asked = Set(command.unitIDs)
    let own = try reader.orgUnits(within: command.orgUnitID)
    let members = roster.members { member in
      guard asked.isEmpty else { return asked.contains(member.unit.id) }
      let condition = member.unit.condition
      let isAway = condition == .offDuty || condition == .outOfService
      return KeyPlaceCover.kinds.contains(member.unit.kind) && !isAway
        && member.unit.orgUnitID.map(own.contains) == true
    }
    guard !members.isEmpty else { throw DeploymentError.noUnits }
    return members.prefix(Self.unitLimit).map { member in
      let isFresh = UnitAdvisor.isFresh(member, asOf: command.asOf)
      return StandingUnit(
        unitID: member.unit.id, callSign: member.unit.callSign, kind: member.unit.kind,
        point: isFresh ? member.position?.coordinate ?? ground.middle : ground.middle,
        isAssumed: !isFresh)
    }
  }

  public func propose(
    _ planned: PlannedDeployment, for command: SuggestDeployment, by actor: String,
    in writer: any DutyWriter
  ) throws -> Deployment {
    let deployment = Deployment(
      id: writer.mint(DeploymentTag.self), orgUnit: planned.orgUnit, hours: command.hours,
      suggestion: planned.suggestion, suggestedBy: actor, suggestTime: command.asOf)
    try keep(deployment, from: nil, at: command.asOf, in: writer)
    return deployment
  }

  // MARK: Deciding

  /// What a leader's own posts would gain; nil when they are those suggested.
  /// - Throws: `DeploymentError.unknown`, `.unitUnknown`, `.hoursInvalid`, `.hoursOverlap`.
  public func change(
    _ id: DeploymentID, to chosen: [ChosenPost], _ roster: Roster, in reader: any DutyReader
  ) throws -> ChangedPosts? {
    let deployment = try ownDeployment(id, in: reader)
    guard !chosen.isEmpty, !isSuggested(chosen, deployment) else { return nil }
    try requireHours(chosen, deployment)
    let areas = try reader.standingJurisdictions()
    let posts = try chosen.enumerated().map { index, post in
      guard let unit = try reader.unit(post.unitID)?.unit else {
        throw DeploymentError.unitUnknown(post.unitID, field: "posts[\(index)].unit_id")
      }
      if let held = deployment.suggestion.posts.first(where: { isSame(post, as: $0) }) {
        return held
      }
      let stood = deployment.suggestion.standing.first { $0.unitID == unit.id }
      let isMoved = stood.map { $0.point.distance(to: post.point) > Self.samePlace } ?? true
      return DeployedPost(
        unitID: unit.id, callSign: unit.callSign, kind: unit.kind, point: post.point,
        placeName: Jurisdiction.placeName(of: post.point, among: areas),
        start: post.hours.lowerBound, end: post.hours.upperBound, isMoved: isMoved, reason: "")
    }.sorted { ($0.callSign, $0.start) < ($1.callSign, $1.start) }
    let basis = deployment.suggestion.basis
    let ground = try DemandGround(of: deployment.orgUnitID, radius: basis.radius, in: reader)
    let demand = try ground.demand(from: basis.from, until: basis.until, in: reader)
    let planner = DeploymentPlanner(
      DeploymentWish(
        windows: deployment.suggestion.gains.map { $0.start..<$0.end },
        units: deployment.suggestion.standing, calls: demand.calls, basis: basis, areas: areas),
      by: roster.travel)
    return ChangedPosts(posts: posts, gains: planner.gains(of: posts))
  }

  private func isSuggested(_ chosen: [ChosenPost], _ deployment: Deployment) -> Bool {
    let posts = deployment.suggestion.posts
    return chosen.count == posts.count
      && chosen.allSatisfy { choice in posts.contains { isSame(choice, as: $0) } }
  }

  private func isSame(_ chosen: ChosenPost, as post: DeployedPost) -> Bool {
    post.unitID == chosen.unitID && post.start == chosen.hours.lowerBound
      && post.end == chosen.hours.upperBound
      && post.point.distance(to: chosen.point) <= Self.samePlace
  }

  private func requireHours(_ chosen: [ChosenPost], _ deployment: Deployment) throws {
    var taken: [UnitID: [Range<Date>]] = [:]
    for (index, post) in chosen.enumerated() {
      guard deployment.start <= post.hours.lowerBound, post.hours.upperBound <= deployment.end
      else { throw DeploymentError.hoursInvalid(field: "posts[\(index)].start_time") }
      guard taken[post.unitID]?.contains(where: { $0.overlaps(post.hours) }) != true else {
        throw DeploymentError.hoursOverlap(field: "posts[\(index)].start_time")
      }
      taken[post.unitID, default: []].append(post.hours)
    }
  }

  /// - Throws: `DeploymentError.unknown`, `.changed`, `.moveNotAllowed`, `.reasonRequired`.
  public func accept(
    _ id: DeploymentID, etag: String?, _ changed: ChangedPosts?, _ decision: Deployment.Decision,
    in writer: any DutyWriter
  ) throws -> Deployment {
    guard changed == nil || !decision.reason.isEmpty else { throw DeploymentError.reasonRequired }
    return try move(id, etag, decision, in: writer) {
      try $0.accept(changed.map { (posts: $0.posts, gains: $0.gains) }, decision)
    }
  }

  /// - Throws: `DeploymentError.unknown`, `.changed`, `.moveNotAllowed`.
  public func refuse(
    _ id: DeploymentID, etag: String?, _ decision: Deployment.Decision, in writer: any DutyWriter
  ) throws -> Deployment {
    try move(id, etag, decision, in: writer) { try $0.refuse(decision) }
  }

  /// - Throws: `DeploymentError.unknown`, `.changed`, `.moveNotAllowed`.
  public func withdraw(
    _ id: DeploymentID, etag: String?, _ decision: Deployment.Decision, in writer: any DutyWriter
  ) throws -> Deployment {
    try move(id, etag, decision, in: writer) { try $0.withdraw(decision) }
  }

  private func move(
    _ id: DeploymentID, _ etag: String?, _ decision: Deployment.Decision,
    in writer: any DutyWriter, _ change: (inout Deployment) throws -> Void
  ) throws -> Deployment {
    var deployment = try ownDeployment(id, in: writer)
    if let etag, etag != deployment.etag { throw DeploymentError.changed }
    let from = deployment.standing(at: decision.time)
    try change(&deployment)
    try keep(deployment, from: from, at: decision.time, in: writer)
    return deployment
  }

  private func keep(
    _ deployment: Deployment, from: Deployment.Standing?, at time: Date, in writer: any DutyWriter
  ) throws {
    try writer.save(deployment)
    writer.record(
      .deploymentMoved(deployment, from: from, at: time), incident: nil, occurTime: time)
  }

  /// One whose organisation is the caller's affair: a unit that is in it reads it, and decides nothing.
  private func ownDeployment(
    _ id: DeploymentID, in reader: any DutyReader
  ) throws -> Deployment {
    guard let found = try reader.deployment(id) else { throw DeploymentError.unknown(id) }
    guard reader.reaches(found.orgUnitID) else { throw DeploymentError.orgUnitOutsideReach }
    return found
  }

  // MARK: Comparing

  /// - Throws: `DeploymentError.unknown`, `.areaMissing`, `.moveNotAllowed`, `.notOver`.
  public func outcome(
    of id: DeploymentID, at time: Date, _ roster: Roster, in reader: any DutyReader
  ) throws -> DeploymentOutcome {
    let deployment = try ownDeployment(id, in: reader)
    // Refused before anything is looked up.
    guard deployment.state == .accepted else {
      throw DeploymentError.moveNotAllowed(from: deployment.standing(at: time), to: .ended)
    }
    guard time >= deployment.end else { throw DeploymentError.notOver(end: deployment.end) }
    let ground = try DemandGround(
      of: deployment.orgUnitID, radius: deployment.suggestion.basis.radius, in: reader)
    let demand = try ground.demand(from: deployment.start, until: deployment.end, in: reader)
    let cover = DeploymentCover(
      posts: deployment.posts, standing: deployment.suggestion.standing, calls: demand.calls,
      roster.travel)
    let calls = demand.calls
    let with = calls.indices.count { cover.isReached($0, at: calls[$0].time) }
    let without = calls.indices.count { cover.isReachedFromStanding($0) }
    let arrived = calls.filter { $0.arrivalSeconds != nil }
    let within = arrived.count { ($0.arrivalSeconds ?? .infinity) <= $0.target }
    return DeploymentOutcome(
      time: time, calls: calls.count, with: with, without: without, arrived: arrived.count,
      arrivedWithin: within, leftOut: demand.basis.leftOut,
      summary: DeploymentWords.outcome(
        calls: calls.count, with: with, without: without, arrived: arrived.count,
        arrivedWithin: within))
  }

  /// What says nothing new is not told.
  /// - Throws: `DeploymentError.unknown`, `.moveNotAllowed`, `.notOver`.
  public func compare(
    _ id: DeploymentID, _ outcome: DeploymentOutcome, in writer: any DutyWriter
  ) throws -> Deployment {
    var deployment = try ownDeployment(id, in: writer)
    if !outcome.isSame(as: deployment.outcome) {
      try deployment.compare(outcome)
      try keep(deployment, from: .ended, at: outcome.time, in: writer)
    }
    try writer.markCompared(id, at: outcome.time)
    return deployment
  }
}
