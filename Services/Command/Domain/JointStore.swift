// What support requests, consultations and series need of a store, besides what CommandStore says.
public import Foundation
public import Identifiers

/// Which support requests to list; nil for all.
public struct SupportFilter: Sendable, Hashable {
  public var incidentID: IncidentID?
  /// With a part for this seat.
  public var seatCode: String?
  public var isOpen: Bool

  public init(incidentID: IncidentID? = nil, seatCode: String? = nil, isOpen: Bool = false) {
    self.incidentID = incidentID
    self.seatCode = seatCode
    self.isOpen = isOpen
  }
}

/// Which series to list; nil and empty for all.
public struct SeriesFilter: Sendable, Hashable {
  /// That have or had this incident.
  public var incidentID: IncidentID?
  public var states: Set<SeriesState>

  public init(incidentID: IncidentID? = nil, states: Set<SeriesState> = []) {
    self.incidentID = incidentID
    self.states = states
  }
}

/// What changed within a consultation.
public enum ConsultationPart: Sendable, Hashable {
  case participant(Participant)
  case item(AgendaItem)
  case link(AgendaLink)
  case decision(Decision)
  case amendment(Amendment)
}

public protocol JointReading {
  func supportRequest(_ id: SupportRequestID) throws -> SupportRequest?
  func supportRequests(
    _ filter: SupportFilter, before: SupportRequestID?, limit: Int
  ) throws -> [SupportRequest]
  /// Of those asked within these times that the caller may see.
  func supportCount(_ times: Range<Date>) throws -> SupportCount

  func consultation(_ id: ConsultationID) throws -> Consultation?
  /// Without what belongs to them but participants.
  func consultations(before: ConsultationID?, limit: Int) throws -> [Consultation]

  func series(_ id: SeriesID) throws -> Series?
  func series(_ filter: SeriesFilter, before: SeriesID?, limit: Int) throws -> [Series]
  /// A series that was found, as its caller may see it.
  func seen(_ series: Series) throws -> SeenSeries
  /// Proposed or confirmed series that have this incident, oldest first.
  func series(of incident: IncidentID) throws -> [SeriesReference]
}

public protocol JointWriting: JointReading {
  /// With its parts.
  func insert(_ request: SupportRequest) throws
  /// With one part, new or changed.
  func update(_ request: SupportRequest, part: SupportPart?) throws
  /// With its participants.
  func insert(_ consultation: Consultation) throws
  /// With what changed within it.
  func update(_ consultation: Consultation, with part: ConsultationPart?) throws
  /// With its members.
  func insert(_ series: Series) throws
  /// With one member, new or changed.
  func update(_ series: Series, member: SeriesMember?) throws
}

extension JointReading {
  /// - Throws: `supportRequestUnknown`.
  public func existing(_ id: SupportRequestID) throws -> SupportRequest {
    guard let request = try supportRequest(id) else {
      throw CommandError.joint(.supportRequestUnknown(id))
    }
    return request
  }

  /// - Throws: `consultationUnknown`.
  public func existing(_ id: ConsultationID) throws -> Consultation {
    guard let consultation = try consultation(id) else {
      throw CommandError.joint(.consultationUnknown(id))
    }
    return consultation
  }

  /// - Throws: `seriesUnknown`.
  public func existing(_ id: SeriesID) throws -> Series {
    guard let series = try series(id) else { throw CommandError.joint(.seriesUnknown(id)) }
    return series
  }
}
