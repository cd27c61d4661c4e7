// What the other four services tell: kept for the timeline, and what intelligence advises.

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
