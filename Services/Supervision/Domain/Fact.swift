// What the neighbours tell that matters to deadlines, in the words of this house.
public import Foundation
public import Geography
public import Identifiers

/// One fact; when it happened comes beside it.
public enum Fact: Sendable, Hashable {
  case assignmentMoved(AssignmentMove)
  case directiveIssued(DirectiveIssue)
  case courseMoved(CourseMove)
  case supportMoved(SupportMove)
  /// An incident was opened, classed or located anew; nil without a point.
  case incidentPlaced(IncidentID, Coordinate?)
  case incidentMoved(IncidentMove)
  case memberMoved(MusterMove)
  case topicTied(TopicID, incident: IncidentID?)
  case topicAnswered(TopicID, incident: IncidentID?)
  case areaDefined(Area)
  case orgUnitDefined(OrgUnitID, parent: OrgUnitID?)
  case unitDefined(UnitID, orgUnit: OrgUnitID?)
  case lookUpMade(LookUp)
  case taskMoved(TaskMove)
}

/// A task of a beat's list was made, moved, or is due at another time.
public struct TaskMove: Sendable, Hashable {
  public enum State: Sendable, Hashable, CaseIterable {
    case planned, issued, signed, done, returned
    /// No longer needed.
    case withdrawn
  }

  public var task: TaskID
  public var beat: OrgUnitID
  public var state: State
  /// Such as `daily`: the end of the rule's code.
  public var period: String
  public var dueTime: Date

  public init(task: TaskID, beat: OrgUnitID, state: State, period: String, dueTime: Date) {
    self.task = task
    self.beat = beat
    self.state = state
    self.period = period
    self.dueTime = dueTime
  }
}

/// One unit's way to an incident.
public struct AssignmentMove: Sendable, Hashable {
  public enum State: Int, Sendable, Hashable, CaseIterable, Comparable {
    case assigned, dispatched, acknowledged, enRoute, onScene, cleared, cancelled

    public static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }
  }

  public var assignment: AssignmentID
  public var incident: IncidentID
  public var unit: UnitID
  public var state: State

  public init(assignment: AssignmentID, incident: IncidentID, unit: UnitID, state: State) {
    self.assignment = assignment
    self.incident = incident
    self.unit = unit
    self.state = state
  }
}

/// To whom a directive goes.
public struct Recipient: Sendable, Hashable, Codable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case station, beat, unit, seat
  }

  public var kind: Kind
  public var id: String

  public init(kind: Kind, id: String) {
    self.kind = kind
    self.id = id
  }

  /// Such as `station/org_…`.
  public var description: String { "\(kind.rawValue)/\(id)" }
}

/// Which feedback limit applies. Dispatch directives have none: the incident's feedback answers
/// them, and signing follows the assignments.
public enum DirectiveClass: String, Sendable, Hashable, CaseIterable {
  case urgent, priority, routine, general
}

/// A directive went out.
public struct DirectiveIssue: Sendable, Hashable {
  public var directive: DirectiveID
  public var incident: IncidentID?
  public var directiveClass: DirectiveClass
  public var recipients: [Recipient]

  public init(
    directive: DirectiveID, incident: IncidentID?, directiveClass: DirectiveClass,
    recipients: [Recipient]
  ) {
    self.directive = directive
    self.incident = incident
    self.directiveClass = directiveClass
    self.recipients = recipients
  }
}

/// One recipient's course of a directive moved.
public struct CourseMove: Sendable, Hashable {
  public enum State: Sendable, Hashable, CaseIterable {
    case issued, delivered, acknowledged, inProgress, fedBack, accepted, returned, cancelled
    case reassigned
  }

  public var directive: DirectiveID
  public var incident: IncidentID?
  public var directiveClass: DirectiveClass
  public var recipient: Recipient
  public var state: State
  /// What was fed back last.
  public var feedback: String

  public init(
    directive: DirectiveID, incident: IncidentID?, directiveClass: DirectiveClass,
    recipient: Recipient, state: State, feedback: String
  ) {
    self.directive = directive
    self.incident = incident
    self.directiveClass = directiveClass
    self.recipient = recipient
    self.state = state
    self.feedback = feedback
  }
}

/// An incident moved from one state to another.
public struct IncidentMove: Sendable, Hashable {
  /// The raw values are stored.
  public enum State: String, Sendable, Hashable, CaseIterable {
    case new, queued, active, monitored, diverted
    case awaitingFeedback = "awaiting_feedback"
    case inReview = "in_review"
    case closed, cancelled, merged
  }

  public var incident: IncidentID
  public var from: State
  public var to: State
  /// The newest account of what was done.
  public var feedback: String

  public init(incident: IncidentID, from: State, to: State, feedback: String) {
    self.incident = incident
    self.from = from
    self.to = to
    self.feedback = feedback
  }
}
