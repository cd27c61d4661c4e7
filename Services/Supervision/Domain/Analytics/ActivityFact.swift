// What is kept of calls, incidents, units and directives for the figures: rows that neighbours' events
// say as a whole, each with the sequence of the event. The later event replaces the earlier one, in
// whatever order and however often they are heard; moves and states of duty are only ever added.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// One row, as one event says it.
public enum ActivityFact: Sendable, Hashable {
  case call(CallActivity)
  case incident(IncidentActivity)
  case move(IncidentStep)
  case assignment(AssignmentActivity)
  case course(CourseActivity)
  case unit(UnitActivity)
  case unitStatus(UnitStatusActivity)
  case orgUnit(OrgUnitActivity)
  case area(JurisdictionID, of: OrgUnitID)
}

/// One call, message or report.
public struct CallActivity: Sendable, Hashable {
  public var id: CallReportID
  public var origin: IncidentOrigin
  /// By telephone: somebody has to pick up.
  public var isByVoice: Bool
  public var point: Coordinate?
  public var receiveTime: Date
  /// Nil where nobody recorded it.
  public var answerTime: Date?
  public var incident: IncidentID?
  /// It opened the incident; the others were attached.
  public var isFirst: Bool

  public init(
    id: CallReportID, origin: IncidentOrigin, isByVoice: Bool, point: Coordinate?,
    receiveTime: Date, answerTime: Date?, incident: IncidentID?, isFirst: Bool
  ) {
    self.id = id
    self.origin = origin
    self.isByVoice = isByVoice
    self.point = point
    self.receiveTime = receiveTime
    self.answerTime = answerTime
    self.incident = incident
    self.isFirst = isFirst
  }
}

/// An incident as it is now.
public struct IncidentActivity: Sendable, Hashable {
  public var id: IncidentID
  public var origin: IncidentOrigin
  public var incidentClass: IncidentClass?
  public var point: Coordinate?
  public var receiveTime: Date
  public var state: IncidentMove.State

  public init(
    id: IncidentID, origin: IncidentOrigin, incidentClass: IncidentClass?, point: Coordinate?,
    receiveTime: Date, state: IncidentMove.State
  ) {
    self.id = id
    self.origin = origin
    self.incidentClass = incidentClass
    self.point = point
    self.receiveTime = receiveTime
    self.state = state
  }
}

/// One move of an incident.
public struct IncidentStep: Sendable, Hashable {
  public var incident: IncidentID
  public var to: IncidentMove.State
  public var time: Date

  public init(incident: IncidentID, to: IncidentMove.State, time: Date) {
    self.incident = incident
    self.to = to
    self.time = time
  }
}

/// One unit's way to an incident as it is now; times that nobody recorded are nil.
public struct AssignmentActivity: Sendable, Hashable {
  public struct Times: Sendable, Hashable {
    public var assign: Date?
    public var dispatch: Date?
    public var acknowledge: Date?
    public var depart: Date?
    public var arrive: Date?
    public var clear: Date?
    public var cancel: Date?

    public init(
      assign: Date? = nil, dispatch: Date? = nil, acknowledge: Date? = nil, depart: Date? = nil,
      arrive: Date? = nil, clear: Date? = nil, cancel: Date? = nil
    ) {
      self.assign = assign
      self.dispatch = dispatch
      self.acknowledge = acknowledge
      self.depart = depart
      self.arrive = arrive
      self.clear = clear
      self.cancel = cancel
    }
  }

  public var id: AssignmentID
  public var incident: IncidentID
  public var unit: UnitID
  public var state: AssignmentMove.State
  public var times: Times

  /// In which period it counts.
  public var anchor: Date? { times.dispatch ?? times.assign }
  /// When the unit was free of it; nil while it is not, and where nobody recorded it.
  public var end: Date? { times.clear ?? times.cancel }

  public init(
    id: AssignmentID, incident: IncidentID, unit: UnitID, state: AssignmentMove.State,
    times: Times
  ) {
    self.id = id
    self.incident = incident
    self.unit = unit
    self.state = state
    self.times = times
  }
}

/// One recipient's course of a directive that is no dispatch.
public struct CourseActivity: Sendable, Hashable {
  public enum State: String, Sendable, Hashable, CaseIterable {
    case open
    case signed
    case fedBack = "fed_back"
    case withdrawn
  }

  public var directive: DirectiveID
  public var recipient: Recipient
  public var incident: IncidentID?
  public var state: State
  /// When it went out, where this event is the one that says so. The earliest is kept.
  public var issueTime: Date?
  public var acknowledgeTime: Date?
  public var feedbackTime: Date?

  public init(
    directive: DirectiveID, recipient: Recipient, incident: IncidentID?, state: State,
    issueTime: Date?, acknowledgeTime: Date?, feedbackTime: Date?
  ) {
    self.directive = directive
    self.recipient = recipient
    self.incident = incident
    self.state = state
    self.issueTime = issueTime
    self.acknowledgeTime = acknowledgeTime
    self.feedbackTime = feedbackTime
  }
}

/// What sort of unit, and whose.
public struct UnitActivity: Sendable, Hashable {
  public var id: UnitID
  /// Such as `car`.
  public var kind: String
  public var orgUnit: OrgUnitID?

  public init(id: UnitID, kind: String, orgUnit: OrgUnitID?) {
    self.id = id
    self.kind = kind
    self.orgUnit = orgUnit
  }
}

/// From when a unit was on duty or off it.
public struct UnitStatusActivity: Sendable, Hashable {
  public var unit: UnitID
  public var time: Date
  public var isOnDuty: Bool

  public init(unit: UnitID, time: Date, isOnDuty: Bool) {
    self.unit = unit
    self.time = time
    self.isOnDuty = isOnDuty
  }
}

/// An organisation as it is now.
public struct OrgUnitActivity: Sendable, Hashable {
  public enum Rank: String, Sendable, Hashable, CaseIterable {
    case city, county, station, beat
  }

  public var id: OrgUnitID
  public var code: String
  public var name: String
  public var rank: Rank
  public var parent: OrgUnitID?

  public init(id: OrgUnitID, code: String, name: String, rank: Rank, parent: OrgUnitID?) {
    self.id = id
    self.code = code
    self.name = name
    self.rank = rank
    self.parent = parent
  }
}
