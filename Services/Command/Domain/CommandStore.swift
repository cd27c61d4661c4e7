// What the use cases need of a store. The two protocols for reading and writing are synchronous:
// they live inside one transaction.
public import Access
public import Foundation
public import Identifiers

/// Which call reports to list; nil for all.
public struct CallReportFilter: Sendable, Hashable {
  public var state: CallReportState?
  public var incidentID: IncidentID?

  public init(state: CallReportState? = nil, incidentID: IncidentID? = nil) {
    self.state = state
    self.incidentID = incidentID
  }
}

/// Which incidents to list; empty for all.
public struct IncidentFilter: Sendable, Hashable {
  public var states: Set<IncidentState>
  /// The system that reported the first call.
  public var source: String

  public init(states: Set<IncidentState> = [], source: String = "") {
    self.states = states
    self.source = source
  }
}

/// Which directives to list; nil for all.
public struct DirectiveFilter: Sendable, Hashable {
  public var incidentID: IncidentID?
  public var recipient: Recipient?
  /// Only those of which supervision says that a recipient is late.
  public var isOverdue: Bool

  public init(
    incidentID: IncidentID? = nil, recipient: Recipient? = nil, isOverdue: Bool = false
  ) {
    self.incidentID = incidentID
    self.recipient = recipient
    self.isOverdue = isOverdue
  }
}

/// Advice that was put beside an incident, and where command's feed stood then.
public struct AdvisedIncident: Sendable, Hashable {
  public let incidentID: IncidentID
  public let assessmentID: AssessmentID
  public let feedHead: Int64

  public init(incidentID: IncidentID, assessmentID: AssessmentID, feedHead: Int64) {
    self.incidentID = incidentID
    self.assessmentID = assessmentID
    self.feedHead = feedHead
  }
}

/// Looks things up in one snapshot, as far as its caller may see: what lies outside is as if it were
/// not there, alone or in a list. Not cut are what hangs on a thing that was found, and what keeps
/// ids and numbers unique. Pages come newest first, in the order of their ids downward:
/// `before` is the last id of the page before, nil for the first page. To know whether there is a
/// next page, ask for one more.
public protocol CommandReader: DirectiveReading, JointReading, ModeReading, CampaignReading {
  func callReport(_ id: CallReportID) throws -> CallReport?
  func callReport(source: String, externalReference: String) throws -> CallReportID?
  /// The newest active call from this pillar.
  func activePillarCall(of terminalCode: String) throws -> CallReportID?
  func callReports(
    _ filter: CallReportFilter, before: CallReportID?, limit: Int
  ) throws -> [CallReport]

  /// Calls made from a number, newest first, those of complaints too.
  func calls(fromPhone hash: String, before: CallReportID?, limit: Int) throws -> [CallOfNumber]
  /// Who has calls from the number that lie outside the caller's reach; each station once, nil for
  /// the hall.
  func keepers(ofPhone hash: String, limit: Int) throws -> [CallKeeper?]

  func incident(_ id: IncidentID) throws -> Incident?
  /// By the number for people, `20161231-000123`.
  func incident(number: String) throws -> IncidentID?
  /// The incident with its advice and assignments.
  func view(_ id: IncidentID) throws -> IncidentView?
  func views(
    _ filter: IncidentFilter, before: IncidentID?, limit: Int
  ) throws -> [IncidentView]
  func advice(on incident: IncidentID) throws -> IncidentAdvice?
  /// Those of these incidents that the caller may see, whatever their state.
  func cards(of ids: [IncidentID]) throws -> [IncidentCard]
  /// Of incidents that have not ended, in the order of their ids, from above `id`.
  func openCards(after id: IncidentID?, limit: Int) throws -> [IncidentCard]
  /// Incidents, whosever they are, beside which advice was put when command's feed stood at `head` or
  /// later; in that order.
  func advised(sinceFeedHead head: Int64, limit: Int) throws -> [AdvisedIncident]
  /// In order of occurrence, then of recording; the first `limit`.
  func timeline(of incident: IncidentID, limit: Int) throws -> [TimelineEvent]

  func assignment(_ id: AssignmentID) throws -> Assignment?
  /// First one first.
  func assignments(of incident: IncidentID) throws -> [Assignment]
  func recommendation(_ id: RecommendationID) throws -> Recommendation?
  /// What duty calls a unit's kind; nil for one that it has not told of.
  func kind(of unit: UnitID) throws -> Int?

  func dispatchRule(_ id: DispatchRuleID) throws -> DispatchRule?
  func dispatchRules(before: DispatchRuleID?, limit: Int) throws -> [DispatchRule]
  /// Those that nobody has switched off; the end of some may have come. Oldest first.
  func dispatchRulesNotSwitchedOff() throws -> [DispatchRule]

  func directive(_ id: DirectiveID) throws -> Directive?
  func directives(
    _ filter: DirectiveFilter, before: DirectiveID?, limit: Int
  ) throws -> [Directive]
  /// Those in which this recipient's course is open or its recall is to be confirmed, in order of
  /// their ids.
  func openDirectives(of recipient: Recipient, limit: Int) throws -> [Directive]
  /// Those on this incident, dispatches aside, on which somebody still owes an account.
  func unansweredDirectives(on incident: IncidentID) throws -> [DirectiveID]
  /// Whether what is ordered of this recipient is the caller's affair.
  func reaches(_ recipient: Recipient) throws -> Bool
}

/// Changes things in one transaction, and says what happened.
public protocol CommandWriter: CommandReader, DirectiveWriting, JointWriting, ModeWriting,
  CampaignWriting
{
  /// A new id; a function of the request and of how many of its kind were minted before.
  func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag>
  /// Records what happened, in order, with the state.
  func record(_ event: CommandEvent, incident: IncidentID?, occurTime: Date)
  /// The next number of this day (`yyyymmdd`), from 1.
  func nextIncidentNumber(day: String) throws -> Int

  func insert(_ report: CallReport) throws
  func update(_ report: CallReport) throws
  /// The button of the pillar that this call came from was pressed again.
  func countPress(to report: CallReportID) throws
  /// Without its calls: see `attach`.
  func insert(_ incident: Incident) throws
  /// Without its calls: see `attach`.
  func update(_ incident: Incident) throws
  /// Keeps the last of the incident's calls; both must have been inserted.
  func attach(_ report: CallReportID, to incident: Incident) throws
  /// Replaces what was advised before.
  func save(_ advice: IncidentAdvice) throws
  /// - Parameter ordinal: its place among the incident's assignments, from 0.
  func insert(_ assignment: Assignment, ordinal: Int) throws
  func update(_ assignment: Assignment) throws
  func insert(_ recommendation: Recommendation) throws
  func insert(_ rule: DispatchRule) throws
  func update(_ rule: DispatchRule) throws
  /// With all its courses.
  func insert(_ directive: Directive) throws
  /// With the courses of these recipients, new ones too; the others are as they were.
  func update(_ directive: Directive, courses: [Recipient]) throws
  /// Keeps who belongs to whom, in place of what was known before.
  func save(_ orgUnit: OrgUnitID, under parent: OrgUnitID?) throws
  func save(_ unit: UnitID, of orgUnit: OrgUnitID?) throws
  /// Keeps another service's event for the timeline; one that is kept already stays as it is.
  func keep(_ event: TimelineEvent) throws
}

/// One mutation of a stream, with the body that does it.
public typealias CommandRequest<R> = (
  key: RequestKey, provenance: Provenance, reach: Reach,
  body: @Sendable (any CommandWriter) throws -> R
)

/// The store as the RPC room sees it.
public protocol CommandStore: Sendable {
  func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any CommandReader) throws -> R
  ) async throws -> R

  /// One mutation: state, events, and the answer for a repeat of the same request, in one
  /// transaction; durable when it returns.
  /// - Throws: what `body` throws; `RequestReused`; its own errors. Nothing is changed then.
  func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any CommandWriter) throws -> R
  ) async throws -> R

  /// Many mutations, queued in this order at once; each stands or falls alone. Answers in the same
  /// order, once all are durable.
  func writeEach<R: Codable & Sendable>(
    _ requests: [CommandRequest<R>], now: Date
  ) async -> [Result<R, any Error>]
}

extension CommandReader {
  /// - Throws: `callReportUnknown`.
  public func existing(_ id: CallReportID) throws -> CallReport {
    guard let report = try callReport(id) else { throw CommandError.callReportUnknown(id) }
    return report
  }

  /// - Throws: `incidentUnknown`.
  public func existing(_ id: IncidentID) throws -> Incident {
    guard let incident = try incident(id) else { throw CommandError.incidentUnknown(id) }
    return incident
  }

  /// - Throws: `assignmentUnknown`.
  public func existing(_ id: AssignmentID) throws -> Assignment {
    guard let assignment = try assignment(id) else { throw CommandError.assignmentUnknown(id) }
    return assignment
  }

  /// - Throws: `directiveUnknown`.
  public func existing(_ id: DirectiveID) throws -> Directive {
    guard let directive = try directive(id) else { throw CommandError.directiveUnknown(id) }
    return directive
  }

  /// - Throws: `recommendationUnknown`.
  public func existing(_ id: RecommendationID) throws -> Recommendation {
    guard let recommendation = try recommendation(id) else {
      throw CommandError.recommendationUnknown(id)
    }
    return recommendation
  }
}
