// What the domain needs of a store, and nothing of how it is kept.
public import Access
public import Foundation
public import Geography
public import Identifiers

/// Where a listing goes on.
public struct PageStart: Sendable, Hashable {
  /// The sort time of the last row given.
  public var time: Date
  /// Its id.
  public var id: String

  public init(time: Date, id: String) {
    self.time = time
    self.id = id
  }
}

/// Which deadlines to list.
public struct DeadlineFilter: Sendable, Hashable {
  public var incident: IncidentID?
  /// Empty for all.
  public var states: [DeadlineState]

  public init(incident: IncidentID? = nil, states: [DeadlineState] = []) {
    self.incident = incident
    self.states = states
  }
}

/// The deadlines of one rule.
public struct DeadlineCount: Sendable, Hashable {
  public var ruleCode: String
  public var started: Int
  public var met: Int
  /// Stopped too late, or past due and still awaited.
  public var missed: Int
  public var cancelled: Int
  /// Running or warned.
  public var running: Int

  public init(
    ruleCode: String, started: Int, met: Int, missed: Int, cancelled: Int, running: Int
  ) {
    self.ruleCode = ruleCode
    self.started = started
    self.met = met
    self.missed = missed
    self.cancelled = cancelled
    self.running = running
  }
}

/// What can be asked, as far as the caller may see: deadlines and evaluations of others are as if they
/// were not there. Valid only inside the closure it was given to.
public protocol SupervisionReader: ActivityReader {
  func deadline(_ id: DeadlineID) throws -> Deadline?
  /// Next due first, then by id.
  func deadlines(_ filter: DeadlineFilter, after: PageStart?, limit: Int) throws -> [Deadline]
  /// By rule code.
  func counts(of kind: DeadlineKind?) throws -> [DeadlineCount]
  /// Of one scope, in no particular order.
  func openDeadlines(inScope scope: String) throws -> [Deadline]
  /// Those of `mode` that time does something to at `time` or before, earliest first.
  func deadlines(of mode: ClockMode, dueBy time: Date, limit: Int) throws -> [Deadline]
  /// When time does something to a deadline of `mode` next.
  func nextTime(of mode: ClockMode) throws -> Date?
  func hasOpenDeadlines(of mode: ClockMode) throws -> Bool
  /// Whether the subject ever had a deadline of this kind.
  func hasDeadline(_ kind: DeadlineKind, subject: String) throws -> Bool
  /// Over the deadlines of one scope.
  func tally(ofScope scope: String) throws -> Tally

  /// By code.
  func rules() throws -> [Rule]
  func rule(_ code: String) throws -> Rule?
  func feedbackRule(_ code: FeedbackRule.Code) throws -> FeedbackRule?
  func incident(_ id: IncidentID) throws -> FollowedIncident?
  /// Areas whose bounds hold the point.
  func areas(around point: Coordinate) throws -> [Area]

  /// The newest.
  func evaluation(of incident: IncidentID) throws -> Evaluation?
  /// Newest first, then by id.
  func evaluations(after: PageStart?, limit: Int) throws -> [Evaluation]

  func finding(_ id: LookUpFindingID) throws -> LookUpFinding?
  /// Newest first. Empty `states` for all.
  func findings(
    in states: [LookUpFinding.State], before: LookUpFindingID?, limit: Int
  ) throws -> [LookUpFinding]
  /// Those that a finding was counted from, newest first.
  func lookUps(of finding: LookUpFinding, limit: Int) throws -> [LookUp]
  func openFinding(about actor: String, _ concern: LookUpConcern) throws -> LookUpFinding?
  /// The last look-up that a finding now answered was counted from.
  func lastAnsweredLookUp(of actor: String, _ concern: LookUpConcern) throws -> Date?
  /// Both ends are inside; nil when there is none.
  func lookUpCount(
    of actor: String, _ concern: LookUpConcern, from start: Date, through end: Date
  ) throws -> LookUpCount?
  /// One for each concern.
  func lookUpRules() throws -> [LookUpRule]

  func clockState() throws -> ClockState
  /// Oldest first.
  func pendingCalls(limit: Int) throws -> [OutgoingCall]
}

/// What can be changed, all or nothing with the events that tell of it.
public protocol SupervisionWriter: SupervisionReader, ActivityWriter {
  /// What this work rests on, such as `event/evt_…`.
  var cause: String { get }
  var trace: String { get }
  /// An id that depends on the cause alone.
  func mint<Tag: IdentifierTag>(_ tag: Tag.Type) -> Identifier<Tag>

  func insert(_ deadline: Deadline) throws
  func update(_ deadline: Deadline) throws
  func save(_ rule: Rule) throws
  func save(_ incident: FollowedIncident) throws
  func save(_ area: Area) throws
  func save(_ orgUnit: OrgUnitID, under parent: OrgUnitID?) throws
  func save(_ unit: UnitID, of orgUnit: OrgUnitID?) throws
  func insert(_ evaluation: Evaluation) throws
  /// - Returns: false when that entry of that log is known already.
  func insert(_ lookUp: LookUp) throws -> Bool
  func insert(_ finding: LookUpFinding) throws
  func update(_ finding: LookUpFinding) throws
  func save(_ rule: LookUpRule) throws
  func save(_ state: ClockState) throws
  func enqueue(_ call: OutgoingCall) throws
  func settle(_ requestID: String, as state: OutgoingCall.State) throws

  /// Tells of something that the cause of this work brought about.
  func record(_ event: SupervisionEvent, incident: IncidentID?, occurTime: Date)
  /// Tells of something that time brought about: its cause is the deadline and the occasion, so it
  /// is the same event whether the clock or a later fact noticed it.
  func record(_ firing: Firing)
}

public protocol SupervisionStore: Sendable {
  func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any SupervisionReader) throws -> R
  ) async throws -> R

  /// One mutation that a caller asked for: state, events and the answer for a repeat of the same
  /// request, in one transaction.
  func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any SupervisionWriter) throws -> R
  ) async throws -> R

  /// Work of the service's own, in one transaction.
  func write<R: Sendable>(
    now: Date, _ body: @escaping @Sendable (any SupervisionWriter) throws -> R
  ) async throws -> R

  /// One element after each commit; several are merged into one.
  func changes() -> AsyncStream<Void>
}
