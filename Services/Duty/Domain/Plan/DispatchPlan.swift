// A response plan filled for one incident: who goes for which line and why, and what is missing.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// What the planner is asked.
public struct PlanWish: Sendable, Hashable {
  public let point: Coordinate
  /// The moment to judge for.
  public let asOf: Date
  public let plan: ResponsePlan
  /// Of the incident; nil when not known.
  public let incidentClass: IncidentClass?
  public let level: IncidentLevel
  /// The incident itself: nobody is taken from it. Nil when there is none yet.
  public let incident: IncidentID?
  /// How fast a unit should be at the point.
  public let areaClass: AreaClass
  /// Key places that might lose whoever covers them.
  public let keyPlaces: [KeyPlace]

  public init(
    point: Coordinate, asOf: Date, plan: ResponsePlan, incidentClass: IncidentClass?,
    level: IncidentLevel, incident: IncidentID?, areaClass: AreaClass = .other,
    keyPlaces: [KeyPlace] = []
  ) {
    self.point = point
    self.asOf = asOf
    self.plan = plan
    self.incidentClass = incidentClass
    self.level = level
    self.incident = incident
    self.areaClass = areaClass
    self.keyPlaces = keyPlaces
  }

  /// Seconds of driving that a line grants.
  func within(_ line: ResponseLine) -> Double { line.within ?? areaClass.drivingSeconds }
}

extension AreaClass {
  /// The 1-3-5 target, as seconds of driving.
  public var drivingSeconds: Double { Double(arrivalMinutes) * 60 }
}

/// 重点部位: a place that somebody must always be able to reach in time.
public struct KeyPlace: Sendable, Hashable {
  public let name: String
  /// The middle of its area.
  public let point: Coordinate

  public init(name: String, point: Coordinate) {
    self.name = name
    self.point = point
  }
}

/// Where a planned unit comes from; the first that serves is taken.
public enum PlannedSource: String, Codable, Sendable, Hashable, CaseIterable {
  case free, conditional, staging, reassigned
}

/// One unit chosen for a line.
public struct PlannedUnit: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let callSign: String
  public let source: PlannedSource
  /// Seconds from order to arrival.
  public let travelTime: Double
  /// It comes after the line's time, for want of another.
  public let isLate: Bool
  /// Of a lower level each; empty unless reassigned.
  public let takenFrom: [IncidentID]
  /// Why it stands here, Chinese first.
  public let reason: String
}

/// One line of a plan, filled.
public struct FilledLine: Codable, Sendable, Hashable {
  public let title: String
  public let wanted: Int
  /// Seconds of driving.
  public let within: Double
  public let isStaging: Bool
  /// Soonest first.
  public let units: [PlannedUnit]
  /// How far it is met and why not further, Chinese first.
  public let reason: String

  public var missing: Int { wanted - units.count }
}

public struct DispatchPlan: Codable, Sendable, Hashable {
  public let planName: String
  public let incidentClass: IncidentClass?
  public let level: IncidentLevel
  /// Seconds of driving within which a unit should be at the point.
  public let target: Double
  public let lines: [FilledLine]
  /// Names of key places that keep nobody, at most 20.
  public let uncovered: [String]
  /// Names of key places for whose sake units stay, at most 20.
  public let kept: [String]
  /// Whether the choice is proven to be the best; else it is the best that was found.
  public let isExact: Bool
  /// In words, Chinese first.
  public let summary: String

  public var isComplete: Bool {
    lines.allSatisfy { $0.missing == 0 && !$0.units.contains(where: \.isLate) }
  }

  /// For whoever reads it later.
  public var method: String { "min_cost_matching " + (isExact ? "exact" : "best_found") }
}
