// What command tells. One case for each payload message of quintet/command/v1/events.proto.
public import Foundation
import Identifiers

public enum CommandEvent: Sendable, Hashable {
  case callReportAnswered(CallReport)
  case callReportEnded(CallReport)
  /// With the hash of its first caller's number.
  case incidentOpened(Incident, phoneHash: String?)
  case incidentClassified(Incident)
  case incidentMoved(Incident, from: IncidentState, reason: String)
  case unitsRecommended(Recommendation)
  /// `from` is nil when it was just made.
  case assignmentMoved(Assignment, from: AssignmentState?)
  /// Written (its state is draft then) or issued.
  case directiveIssued(Directive)
  /// `from` is nil when the course was just begun. `directive` is as it is after the move.
  case directiveMoved(Directive, course: RecipientCourse, from: DirectiveState?)
  case dispatchRuleSwitchedOn(DispatchRule)
  case dispatchRuleSwitchedOff(DispatchRule)
  /// What else is told of directives, their templates and cordons.
  case directiveFact(DirectiveFact)
  /// What is told of support requests, consultations and series.
  case jointFact(JointFact)
  /// Of footings, mode plans and musters.
  case mode(ModeFact)
  case campaign(CampaignFact)

  /// Id of the thing that changed.
  public var subject: String {
    switch self {
    case .callReportAnswered(let report), .callReportEnded(let report): report.id.description
    case .incidentOpened(let incident, _), .incidentClassified(let incident),
      .incidentMoved(let incident, _, _):
      incident.id.description
    case .unitsRecommended(let recommendation): recommendation.id.description
    case .assignmentMoved(let assignment, _): assignment.id.description
    case .directiveIssued(let directive), .directiveMoved(let directive, _, _):
      directive.id.description
    case .dispatchRuleSwitchedOn(let rule), .dispatchRuleSwitchedOff(let rule):
      rule.id.description
    case .directiveFact(let fact): fact.subject
    case .jointFact(let fact): fact.subject
    case .mode(let fact): fact.subject
    case .campaign(let fact): fact.subject
    }
  }
}

/// An event as it goes into the log. The RPC room encodes, so that the store knows no protobuf.
public struct EncodedEvent: Sendable, Hashable {
  /// Full name of the payload's message, such as `quintet.command.v1.IncidentOpened`.
  public let type: String
  /// Id of the thing that changed.
  public let subject: String
  /// The serialized message named by `type`.
  public let payload: [UInt8]

  public init(type: String, subject: String, payload: [UInt8]) {
    self.type = type
    self.subject = subject
    self.payload = payload
  }
}

/// One fact of an incident's course, of this or of another service.
public struct TimelineEvent: Sendable, Hashable {
  /// The service that recorded it.
  public let service: String
  public let partition: String
  /// In that service's log.
  public let sequence: Int64
  /// `evt_…`
  public let id: String
  public let type: String
  public let subject: String
  /// `inc_…`; nil only in what belongs to no incident.
  public let incidentID: String?
  public let occurTime: Date
  public let recordTime: Date
  public let actor: String
  public let cause: String
  public let trace: String
  public let payload: [UInt8]

  public init(
    service: String, partition: String, sequence: Int64, id: String, type: String,
    subject: String, incidentID: String?, occurTime: Date, recordTime: Date, actor: String,
    cause: String, trace: String, payload: [UInt8]
  ) {
    self.service = service
    self.partition = partition
    self.sequence = sequence
    self.id = id
    self.type = type
    self.subject = subject
    self.incidentID = incidentID
    self.occurTime = occurTime
    self.recordTime = recordTime
    self.actor = actor
    self.cause = cause
    self.trace = trace
    self.payload = payload
  }
}
