// What the people of a walk ask of command, in the words of the wire.
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf

enum IncidentVerb: CaseIterable {
  case queue, activate, monitor, divert, acceptDiversion, refuseDiversion, merge, split, cancel
  case requestFeedback, submitFeedback, returnFeedback, close, reopen
}

enum CourseVerb: CaseIterable {
  case deliver, acknowledge, start, feedBack, accept, giveBack, reassign
}

/// What a caller says of a matter.
struct Said: Hashable {
  var narrative: String
  /// False: only an address.
  var hasPoint = true
  var source = ""
  var reference = ""
}

struct Party: Hashable {
  var kind: Quintet_Command_V1_RecipientKind
  var id: String
}

struct Order: Hashable {
  var directiveClass: Quintet_Command_V1_DirectiveClass
  var incident: String
  var title: String
  var parties: [Party]
}

struct IncidentStep: Hashable {
  var verb: IncidentVerb
  var incident: String
  var etag: String
  /// The reason, the authority or the account.
  var words: String
  /// The incident that it is merged into.
  var into: String
}

struct CourseStep: Hashable {
  var verb: CourseVerb
  var directive: String
  var party: Party?
  var etag: String
  /// The reason or the account.
  var words: String
  /// Who takes over.
  var to: Party
}

/// One request without its id. Ids are as they are sent: some are empty, malformed or nobody's.
enum Act: Hashable {
  case answer(Said)
  case open(call: String, etag: String, isClassed: Bool)
  case attach(call: String, etag: String, incident: String)
  case end(call: String, etag: String, outcome: Quintet_Command_V1_CallOutcome, reason: String)
  case submit(Said, isClassed: Bool)
  case classify(incident: String, etag: String, isClassed: Bool, title: String)
  case move(IncidentStep)
  case recommend(incident: String)
  case dispatch(incident: String, etag: String, units: [String], recommendation: String)
  case advance(assignment: String, step: Quintet_Command_V1_AssignmentStep, isUnknown: Bool)
  case callOff(assignment: String, reason: String)
  case draft(Order)
  case issue(Order)
  case issueDraft(directive: String)
  case course(CourseStep)
  case withdraw(directive: String, reason: String)
  case support(SupportStep)
}

/// When an act is said to have happened.
enum Moment: Hashable {
  case now, earlier, later

  static let earlierSecond = WalkClock.start - 60
}

/// A request as it is sent, for the first time or again.
struct Asked: Hashable {
  var id: String
  var act: Act
  var moment = Moment.now
}

extension Act {
  /// Whether duty is asked between two transactions.
  var asksDuty: Bool {
    if case .recommend = self { true } else { false }
  }
}

/// Requests that move an incident have these fields in common.
protocol IncidentMoveFields: SwiftProtobuf.Message {
  var requestID: String { get set }
  var incidentID: String { get set }
  var etag: String { get set }
  var reason: String { get set }
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension Quintet_Command_V1_QueueIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_ActivateIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_MonitorIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_DivertIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_ResolveDiversionRequest: IncidentMoveFields {}
extension Quintet_Command_V1_MergeIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_SplitIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_CancelIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_RequestFeedbackRequest: IncidentMoveFields {}
extension Quintet_Command_V1_SubmitIncidentFeedbackRequest: IncidentMoveFields {}
extension Quintet_Command_V1_ReturnIncidentFeedbackRequest: IncidentMoveFields {}
extension Quintet_Command_V1_CloseIncidentRequest: IncidentMoveFields {}
extension Quintet_Command_V1_ReopenIncidentRequest: IncidentMoveFields {}

/// Requests that move a course have these.
protocol CourseMoveFields: SwiftProtobuf.Message {
  var requestID: String { get set }
  var directiveID: String { get set }
  var recipient: Quintet_Command_V1_Recipient { get set }
  var etag: String { get set }
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension Quintet_Command_V1_ConfirmDeliveryRequest: CourseMoveFields {}
extension Quintet_Command_V1_AcknowledgeDirectiveRequest: CourseMoveFields {}
extension Quintet_Command_V1_StartDirectiveRequest: CourseMoveFields {}
extension Quintet_Command_V1_SubmitDirectiveFeedbackRequest: CourseMoveFields {}
extension Quintet_Command_V1_AcceptDirectiveFeedbackRequest: CourseMoveFields {}
extension Quintet_Command_V1_ReturnDirectiveFeedbackRequest: CourseMoveFields {}
extension Quintet_Command_V1_ReassignDirectiveRequest: CourseMoveFields {}

extension Party {
  var message: Quintet_Command_V1_Recipient {
    .with {
      $0.kind = kind
      $0.id = id
    }
  }
}

extension Said {
  var message: Quintet_Command_V1_CallReportContent {
    .with {
      $0.channel = .phone
      $0.origin = .citizenReported
      $0.phone = "13812345678"
      if hasPoint {
        $0.location.point = .with {
          $0.latitude = 27.97
          $0.longitude = 120.64
          $0.datum = .wgs84
        }
      } else {
        $0.location.address = "瓯海大道 1 号"
      }
      $0.narrative = narrative
      $0.source = source
      $0.externalReference = reference
    }
  }
}

extension Order {
  var message: Quintet_Command_V1_DirectiveContent {
    .with {
      $0.directiveClass = directiveClass
      $0.incidentID = incident
      $0.title = title
      $0.recipients = parties.map(\.message)
    }
  }
}
