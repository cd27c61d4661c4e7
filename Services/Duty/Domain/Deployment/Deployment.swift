// 勤务部署: where the units of a post or station are to be, for some hours, as suggested and as the leader
// decided.
public import Foundation
public import Geography
public import Identifiers

/// Somewhere that a unit should be, for some hours.
public struct DeployedPost: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let callSign: String
  public let kind: UnitKind
  public let point: Coordinate
  /// The smallest area that holds it; empty when none does.
  public let placeName: String
  public let start: Date
  /// Not included.
  public let end: Date
  public let isMoved: Bool
  /// Chinese first; empty where the leader chose.
  public let reason: String

  public init(
    unitID: UnitID, callSign: String, kind: UnitKind, point: Coordinate, placeName: String,
    start: Date, end: Date, isMoved: Bool, reason: String
  ) {
    self.unitID = unitID
    self.callSign = callSign
    self.kind = kind
    self.point = point
    self.placeName = placeName
    self.start = start
    self.end = end
    self.isMoved = isMoved
    self.reason = reason
  }

  func holds(at time: Date) -> Bool { start <= time && time < end }
}

/// Where a unit would be without the deployment.
public struct StandingUnit: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let callSign: String
  public let kind: UnitKind
  public let point: Coordinate
  /// No fresh position was known: the middle of the area stands for it.
  public let isAssumed: Bool

  public init(
    unitID: UnitID, callSign: String, kind: UnitKind, point: Coordinate, isAssumed: Bool = false
  ) {
    self.unitID = unitID
    self.callSign = callSign
    self.kind = kind
    self.point = point
    self.isAssumed = isAssumed
  }
}

/// What is gained in one window of hours.
public struct DeploymentGain: Codable, Sendable, Hashable {
  public let start: Date
  public let end: Date
  /// Counted calls of these hours of the day: the denominator of the next two.
  public var calls = 0
  public var before = 0
  public var after = 0
  /// Calls expected: the denominator of the next two.
  public var expected: Double = 0
  public var expectedBefore: Double = 0
  public var expectedAfter: Double = 0

  public init(start: Date, end: Date) {
    self.start = start
    self.end = end
  }
}

/// What a suggestion or comparison rests on.
public struct DemandBasis: Codable, Sendable, Hashable {
  public let from: Date
  /// Not included.
  public let until: Date
  public let counted: Int
  public let leftOut: [DemandLeftOut]
  /// Over the limit, and older than those counted.
  public let beyondLimit: Int
  /// Metres around the middle of the area; nil for the area.
  public let radius: Double?

  public init(
    from: Date, until: Date, counted: Int, leftOut: [DemandLeftOut], beyondLimit: Int,
    radius: Double?
  ) {
    self.from = from
    self.until = until
    self.counted = counted
    self.leftOut = leftOut
    self.beyondLimit = beyondLimit
    self.radius = radius
  }
}

public struct DeploymentSuggestion: Codable, Sendable, Hashable {
  /// By call sign, then start.
  public let posts: [DeployedPost]
  public let standing: [StandingUnit]
  public let gains: [DeploymentGain]
  public let basis: DemandBasis
  public let estimator: String
  public let method: String
  public let summary: String
}

/// What came of it.
public struct DeploymentOutcome: Codable, Sendable, Hashable {
  public let time: Date
  /// Counted calls within its hours and area: the denominator of the next two.
  public let calls: Int
  public let with: Int
  public let without: Int
  /// Of those calls, reached by somebody: the denominator of the next.
  public let arrived: Int
  public let arrivedWithin: Int
  public let leftOut: [DemandLeftOut]
  public let summary: String

  /// Whether it says the same, whenever it was looked at.
  func isSame(as other: DeploymentOutcome?) -> Bool {
    guard let other else { return false }
    return (calls, with, without, arrived, arrivedWithin)
      == (other.calls, other.with, other.without, other.arrived, other.arrivedWithin)
      && leftOut == other.leftOut
  }
}

public struct Deployment: Codable, Sendable, Hashable {
  /// As it is kept.
  public enum State: String, Codable, Sendable, Hashable, CaseIterable {
    case proposed, accepted, refused, withdrawn
  }

  /// As it is told: what the passing of time makes of a state is computed.
  public enum Standing: String, Sendable, Hashable, CaseIterable {
    case proposed, accepted, refused, withdrawn, ended, lapsed
  }

  public let id: DeploymentID
  public let orgUnitID: OrgUnitID
  public let orgUnitName: String
  public let start: Date
  /// Not included.
  public let end: Date
  public let suggestion: DeploymentSuggestion
  public private(set) var state: State = .proposed
  /// In force; empty until accepted.
  public private(set) var posts: [DeployedPost] = []
  public private(set) var isChanged = false
  /// Of `posts`.
  public private(set) var gains: [DeploymentGain] = []
  public private(set) var reason = ""
  public let suggestedBy: String
  public let suggestTime: Date
  public private(set) var decidedBy = ""
  public private(set) var decideTime: Date?
  public private(set) var outcome: DeploymentOutcome?
  /// Counts changes, from 1.
  public private(set) var revision = 1

  public init(
    id: DeploymentID, orgUnit: OrgUnit, hours: Range<Date>, suggestion: DeploymentSuggestion,
    suggestedBy: String, suggestTime: Date
  ) {
    self.id = id
    self.orgUnitID = orgUnit.id
    self.orgUnitName = orgUnit.name
    self.start = hours.lowerBound
    self.end = hours.upperBound
    self.suggestion = suggestion
    self.suggestedBy = suggestedBy
    self.suggestTime = suggestTime
  }

  public var etag: String { String(revision) }

  /// What it is at a moment.
  public func standing(at time: Date) -> Standing {
    switch state {
    case .proposed: time < end ? .proposed : .lapsed
    case .accepted: time < end ? .accepted : .ended
    case .refused: .refused
    case .withdrawn: .withdrawn
    }
  }

  // MARK: Moves

  /// Who decides, and when.
  public struct Decision: Sendable, Hashable {
    public let actor: String
    public let time: Date
    /// Empty for none.
    public let reason: String

    public init(actor: String, time: Date, reason: String) {
      self.actor = actor
      self.time = time
      self.reason = reason
    }
  }

  /// - Parameter changed: other posts than those suggested, and their gains.
  /// - Throws: `DeploymentError.moveNotAllowed`.
  mutating func accept(
    _ changed: (posts: [DeployedPost], gains: [DeploymentGain])?, _ decision: Decision
  ) throws {
    try require(.proposed, decision.time, before: .accepted)
    decide(.accepted, decision)
    posts = changed?.posts ?? suggestion.posts
    gains = changed?.gains ?? suggestion.gains
    isChanged = changed != nil
  }

  /// - Throws: `DeploymentError.moveNotAllowed`.
  mutating func refuse(_ decision: Decision) throws {
    try require(.proposed, decision.time, before: .refused)
    decide(.refused, decision)
  }

  /// - Throws: `DeploymentError.moveNotAllowed`.
  mutating func withdraw(_ decision: Decision) throws {
    try require(.accepted, decision.time, before: .withdrawn)
    decide(.withdrawn, decision)
  }

  /// - Throws: `DeploymentError.moveNotAllowed`, `.notOver`.
  mutating func compare(_ outcome: DeploymentOutcome) throws {
    guard state == .accepted else {
      throw DeploymentError.moveNotAllowed(from: standing(at: outcome.time), to: .ended)
    }
    guard outcome.time >= end else { throw DeploymentError.notOver(end: end) }
    self.outcome = outcome
    revision += 1
  }

  private func require(_ wanted: Standing, _ time: Date, before next: Standing) throws {
    let held = standing(at: time)
    guard held == wanted else { throw DeploymentError.moveNotAllowed(from: held, to: next) }
  }

  private mutating func decide(_ next: State, _ decision: Decision) {
    state = next
    decidedBy = decision.actor
    decideTime = decision.time
    reason = decision.reason
    revision += 1
  }
}
