// Which units suit a point, and why: kept with the dispatch, so that a choice can be explained later.
public import Foundation
public import Geography
public import Identifiers

/// What is asked of the advisor.
public struct RecommendationWish: Sendable, Hashable {
  public let point: Coordinate
  /// The moment to judge for.
  public let asOf: Date
  /// 1 … 20.
  public let limit: Int
  /// Every unit must have all of these.
  public let capabilities: [String]

  public init(point: Coordinate, asOf: Date, limit: Int = 5, capabilities: [String] = []) {
    self.point = point
    self.asOf = asOf
    self.limit = limit
    self.capabilities = capabilities
  }
}

/// Units proposed for a point at a moment, and units passed over.
public struct UnitRecommendation: Codable, Sendable, Hashable {
  public let point: Coordinate
  public let asOf: Date
  /// Best first.
  public let units: [RecommendedUnit]
  /// Nearest first, those without a position last; at most 20.
  public let passedOver: [PassedOverUnit]
  /// How travel time was estimated.
  public let estimator: String
  /// What a response plan asks for and how far it is met; nil when units were asked for by number.
  public let plan: DispatchPlan?

  public init(
    point: Coordinate, asOf: Date, units: [RecommendedUnit], passedOver: [PassedOverUnit],
    estimator: String, plan: DispatchPlan? = nil
  ) {
    self.point = point
    self.asOf = asOf
    self.units = units
    self.passedOver = passedOver
    self.estimator = estimator
    self.plan = plan
  }
}

/// One unit proposed.
public struct RecommendedUnit: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let callSign: String
  /// Straight line.
  public let metres: Double
  /// Estimated, in seconds.
  public let travelTime: Double
  /// Seconds from its fix to the moment judged for; 0 when the fix is later.
  public let fixAge: Double
  public let point: Coordinate
  /// Why it stands here, Chinese first.
  public let reason: String
}

/// One unit not proposed.
public struct PassedOverUnit: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let callSign: String
  /// Straight line; nil when it never gave a position.
  public let metres: Double?
  public let reason: PassOverReason
  /// The same in words, Chinese first.
  public let detail: String
}

/// Why a unit was not proposed. Where several hold, the first of these is given.
public enum PassOverReason: String, Codable, Sendable, Hashable, CaseIterable {
  case assigned
  case notAvailable = "not_available"
  case notCapable = "not_capable"
  case positionStale = "position_stale"
  /// No line of the plan asks for its kind.
  case otherKind = "other_kind"
  /// The last that reaches a key place in time.
  case coverage
  /// Suitable, but behind those proposed.
  case farther
}
