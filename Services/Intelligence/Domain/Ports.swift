// What intelligence asks of its store.

public import Access
public import Foundation
public import Geography
public import Identifiers

/// What intelligence tells.
public enum IntelligenceEvent: Sendable, Hashable {
  case incidentAssessed(Assessment)
  case placeDefined(GazetteerPlace)
}

/// Why a question has no answer.
public enum IntelligenceError: Error, Sendable, Hashable {
  /// The incident is unknown or not assessed yet.
  case assessmentUnknown(IncidentID)
  /// No place has this id, code or number.
  case placeUnknown(String)
}

/// Rules as data, read from the store.
public struct AssessmentRules: Sendable {
  public var kinds: KindRules
  public var repeats: [RepeatRule]
  /// Folded addresses that say nothing.
  public var genericAddresses: Set<String>

  public init(kinds: KindRules, repeats: [RepeatRule], genericAddresses: Set<String>) {
    self.kinds = kinds
    self.repeats = repeats
    self.genericAddresses = genericAddresses
  }
}

/// Where a page of assessments begins: after this one.
public struct AssessmentCursor: Sendable, Hashable {
  public var occurTime: Date
  public var id: AssessmentID

  public init(occurTime: Date, id: AssessmentID) {
    self.occurTime = occurTime
    self.id = id
  }
}

/// Reads. Findings that have expired by `now` are left out.
public protocol IntelligenceReader {
  func assessment(of incident: IncidentID, now: Date) throws -> Assessment?
  /// Newest first.
  /// - Parameter repeatsOnly: only those with a finding that has not expired.
  func assessments(after cursor: AssessmentCursor?, limit: Int, repeatsOnly: Bool, now: Date) throws
    -> [Assessment]
  /// - Parameter source: nil for all.
  func count(source: String?) throws -> AssessmentCount
}

/// Reads and changes, inside one transaction.
public protocol IntelligenceWriter: IntelligenceReader, CallSearch {
  /// When the work is recorded.
  var now: Date { get }
  func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag>
  func record(_ event: IntelligenceEvent, incident: IncidentID?, occurTime: Date)
  func rules() throws -> AssessmentRules

  func incident(_ id: IncidentID) throws -> AssessedIncident?
  /// The calls of an incident that citizens made, newest first.
  func calls(of incident: IncidentID, limit: Int) throws -> [CallRecord]
  /// Incidents, other than complaints, with a call of the same number or home from `time` on; newest
  /// first, at most `limit` of either.
  func incidents(like call: CallRecord, from time: Date, limit: Int) throws -> [IncidentID]
  /// Adds or replaces, with all its findings.
  func save(_ incident: AssessedIncident) throws
  /// - Parameter isComplaint: keeps it out of every search by number or home.
  func save(_ call: CallRecord, isComplaint: Bool) throws
  /// The same for all calls of an incident.
  func setComplaint(_ isComplaint: Bool, callsOf incident: IncidentID) throws

  /// Areas that may hold the point; at least all that do.
  func jurisdictions(around point: Coordinate) throws -> [Jurisdiction]
  func orgUnit(_ id: OrgUnitID) throws -> OrgUnit?
  func save(_ orgUnit: OrgUnit) throws
  func save(_ jurisdiction: Jurisdiction) throws
  /// An organisation that has ended answers for nothing.
  func removeJurisdictions(of orgUnit: OrgUnitID) throws

  /// Says how far the feed has come; what has expired by then is deleted.
  func hear(_ time: Date) throws
}

/// The store as those see it who may only read.
public protocol IntelligenceStore: Sendable {
  /// What lies outside the caller's reach is as if it were not there.
  func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any IntelligenceReader) throws -> R
  ) async throws -> R
}
