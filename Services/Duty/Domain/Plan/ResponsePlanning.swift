// The commands about response plans, and what the planner needs to know besides the roster.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// Adds a plan, or changes the one with this key.
public struct PutResponsePlan: Sendable, Hashable {
  public let key: ResponseKey
  public let terms: ResponseTerms
  /// The plan's etag as the caller saw it; nil accepts any.
  public let etag: String?
  public let occurTime: Date

  public init(key: ResponseKey, terms: ResponseTerms, etag: String?, occurTime: Date) {
    self.key = key
    self.terms = terms
    self.etag = etag
    self.occurTime = occurTime
  }
}

public struct ResponsePlanning: Sendable {
  /// Degrees of latitude around a point within which key places may lose whoever stands for them.
  private static let windowDegrees = 0.2

  public init() {}

  /// What changes nothing is answered and not told, and the etag stays.
  /// - Throws: `DutyError.planChanged`.
  public func put(_ command: PutResponsePlan, in writer: any DutyWriter) throws -> ResponsePlan {
    let held = try writer.responsePlans().first { $0.key == command.key }
    if let etag = command.etag, etag != held?.etag ?? "" { throw DutyError.planChanged }
    if let held, held.terms == command.terms { return held }
    let plan = ResponsePlan(
      id: held?.id ?? writer.mint(ResponsePlanTag.self), key: command.key, terms: command.terms,
      revision: (held?.revision ?? 0) + 1)
    try writer.save(plan)
    writer.record(.responsePlanSet(plan), incident: nil, occurTime: command.occurTime)
    return plan
  }

  /// Everything that the planner wants to know of the store.
  /// - Throws: `DutyError.planUnknown` when there is none for the level.
  public func wish(
    for incident: IncidentID?, _ key: ResponseKey, at point: Coordinate, asOf: Date,
    in reader: any DutyReader
  ) throws -> PlanWish {
    guard let plan = ResponsePlan.applying(to: key, among: try reader.responsePlans()) else {
      throw DutyError.planUnknown
    }
    let areaClass = try reader.jurisdictions(holding: point).map(\.areaClass).min() ?? .other
    return PlanWish(
      point: point, asOf: asOf, plan: plan, incidentClass: key.incidentClass, level: key.level,
      incident: incident, areaClass: areaClass,
      keyPlaces: try reader.keyPlaces(around: point, degrees: Self.windowDegrees))
  }

  /// Takes over how grave an incident of Command's is, and whether it goes on.
  public func follow(_ incident: KnownIncident, in writer: any DutyWriter) throws {
    try writer.save(incident)
  }
}

/// What duty needs to know of an incident: whether units may be taken from it.
public struct KnownIncident: Codable, Sendable, Hashable {
  public let id: IncidentID
  /// Nil while it is not classified.
  public let level: IncidentLevel?
  public let isOpen: Bool
  /// Command's count of its changes: an event that is applied late must not take it back.
  public let revision: Int

  public init(id: IncidentID, level: IncidentLevel?, isOpen: Bool, revision: Int) {
    self.id = id
    self.level = level
    self.isOpen = isOpen
    self.revision = revision
  }
}
