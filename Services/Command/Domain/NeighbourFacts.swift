// What the other four services tell: kept for the timeline, what intelligence advises, and of duty's
// organisation as much as says whose affair a thing is.

public import Identifiers

/// An organisational unit and the one above it.
public struct KnownOrgUnit: Sendable, Hashable {
  public var id: OrgUnitID
  public var parentID: OrgUnitID?

  public init(id: OrgUnitID, parentID: OrgUnitID?) {
    self.id = id
    self.parentID = parentID
  }
}

/// A unit and where it belongs.
public struct KnownUnit: Sendable, Hashable {
  public var id: UnitID
  public var orgUnitID: OrgUnitID?

  public init(id: UnitID, orgUnitID: OrgUnitID?) {
    self.id = id
    self.orgUnitID = orgUnitID
  }
}

public struct NeighbourFacts: Sendable {
  public init() {}

  /// Keeps an event of another service for the timeline of its incident; others are passed over.
  public func keep(_ event: TimelineEvent, in writer: any CommandWriter) throws {
    guard event.incidentID != nil else { return }
    try writer.keep(event)
  }

  /// Puts advice beside the incident, in place of earlier advice; nothing of the incident changes.
  /// - Throws: `incidentUnknown`.
  public func advise(_ advice: IncidentAdvice, in writer: any CommandWriter) throws {
    guard try writer.incident(advice.incidentID) != nil else {
      throw CommandError.incidentUnknown(advice.incidentID)
    }
    try writer.save(advice)
  }
}
