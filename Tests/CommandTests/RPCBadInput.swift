// How a table of bad requests is walked, and the rows that many tables share.
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

/// A fault put into a good request, and how it must be refused.
struct Bad<Request> {
  let refusal: Refusal
  let change: (inout Request) -> Void

  init(
    _ reason: String, _ field: String?, _ code: RPCError.Code = .invalidArgument,
    _ change: @escaping (inout Request) -> Void
  ) {
    self.refusal = Refusal(code, reason, field)
    self.change = change
  }
}

enum BadValue {
  static let unknownIncident = Sample.id("nobody", IncidentTag.self).description
  static let unknownCall = Sample.id("nobody", CallReportTag.self).description
  static let unknownAssignment = Sample.id("nobody", AssignmentTag.self).description
  static let unknownDirective = Sample.id("nobody", DirectiveTag.self).description
  static let unknownRecommendation = Sample.id("nobody", RecommendationTag.self).description
  static let future = Sample.time(1_000_000).timestamp
  static let noTime = Google_Protobuf_Timestamp.with { $0.nanos = -1 }

  static func text(_ count: Int) -> String { String(repeating: "长", count: count) }
}

extension Desk {
  /// Walks the table, looks that nothing changed, and sees the good request taken at last: so its
  /// faults were the reason.
  func refuses<Request, Answer>(
    _ name: String, _ good: Request, _ table: [Bad<Request>],
    _ call: (Request) async throws -> Answer
  ) async throws {
    let before = try await rows()
    for (index, bad) in table.enumerated() {
      var request = good
      bad.change(&request)
      let seen = try await refusal { [request] in try await call(request) }
      #expect(seen == bad.refusal, "\(name), row \(index)")
    }
    #expect(try await rows() == before, "\(name) changed something")
    _ = try await call(good)
  }

  /// Leaves a used request id behind: `used`.
  func useRequestID() async throws {
    _ = try await calls.answerCall(
      .with {
        $0.requestID = "used"
        $0.content = callContent(narrative: "另一件事")
      })
  }
}

/// Requests of every mutation.
protocol Mutation: SwiftProtobuf.Message {
  var requestID: String { get set }
}

extension Mutation {
  static var badRequestIDs: [Bad<Self>] {
    [
      Bad("REQUIRED", "request_id") { $0.requestID = "" },
      Bad("TOO_LONG", "request_id") { $0.requestID = String(repeating: "x", count: 129) },
      Bad("CHARACTERS_NOT_ALLOWED", "request_id") { $0.requestID = "请求" },
      Bad("CHARACTERS_NOT_ALLOWED", "request_id") { $0.requestID = "a b" },
      Bad("REQUEST_ID_REUSED", "request_id", .alreadyExists) { $0.requestID = "used" },
    ]
  }
}

/// Mutations with a time of their own.
protocol TimedMutation: Mutation {
  var occurTime: Google_Protobuf_Timestamp { get set }
}

extension TimedMutation {
  static var badTimes: [Bad<Self>] {
    [
      Bad("TIME_IN_FUTURE", "occur_time") { $0.occurTime = BadValue.future },
      Bad("OUT_OF_RANGE", "occur_time") { $0.occurTime = BadValue.noTime },
    ]
  }
}

extension FilledIncidentMove {
  /// - Parameters:
  ///   - wrong: an incident in a state that the move does not start from.
  ///   - reasonRequired: whether the move has to be explained.
  static func badMoves(wrong: String, reasonRequired: Bool = false) -> [Bad<Self>] {
    [
      Bad("REQUIRED", "request_id") { $0.requestID = "" },
      Bad("REQUEST_ID_REUSED", "request_id", .alreadyExists) { $0.requestID = "used" },
      Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
      Bad("ID_INVALID", "incident_id") { $0.incidentID = "20161231-000001" },
      Bad("ID_INVALID", "incident_id") { $0.incidentID = BadValue.unknownCall },
      Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
        $0.incidentID = BadValue.unknownIncident
      },
      Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
      Bad("TOO_LONG", "etag") { $0.etag = String(repeating: "1", count: 65) },
      Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
      Bad("CHARACTERS_NOT_ALLOWED", "reason") { $0.reason = "a\u{0}" },
      Bad("TIME_IN_FUTURE", "occur_time") { $0.occurTime = BadValue.future },
      Bad("OUT_OF_RANGE", "occur_time") { $0.occurTime = BadValue.noTime },
      Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.incidentID = wrong },
    ]
      + (reasonRequired ? [Bad("REQUIRED", "reason") { $0.reason = " " }] : [])
  }
}

/// Mutations of one recipient's course.
protocol FilledCourseMove: TimedMutation {
  var directiveID: String { get set }
  var recipient: Quintet_Command_V1_Recipient { get set }
  var etag: String { get set }
  mutating func clearRecipient()
}

extension FilledCourseMove {
  /// - Parameters:
  ///   - wrong: a directive whose course of the same recipient stands elsewhere.
  ///   - dispatch: a dispatch directive.
  static func badMoves(wrong: String, dispatch: String) -> [Bad<Self>] {
    badRequestIDs + badTimes + [
      Bad("REQUIRED", "directive_id") { $0.directiveID = "" },
      Bad("ID_INVALID", "directive_id") { $0.directiveID = "dir_1" },
      Bad("DIRECTIVE_UNKNOWN", "directive_id", .notFound) {
        $0.directiveID = BadValue.unknownDirective
      },
      Bad("REQUIRED", "recipient") { $0.clearRecipient() },
      Bad("UNSPECIFIED", "recipient.kind") { $0.recipient.kind = .unspecified },
      Bad("UNSPECIFIED", "recipient.kind") { $0.recipient.kind = .UNRECOGNIZED(9) },
      Bad("REQUIRED", "recipient.id") { $0.recipient.id = "" },
      Bad("TOO_LONG", "recipient.id") { $0.recipient.id = String(repeating: "x", count: 65) },
      Bad("CHARACTERS_NOT_ALLOWED", "recipient.id") { $0.recipient.id = "席位/1" },
      Bad("RECIPIENT_UNKNOWN", "recipient", .notFound) { $0.recipient.id = "nobody" },
      Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
      Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.directiveID = wrong },
      Bad("COURSE_FOLLOWS_ASSIGNMENT", nil, .failedPrecondition) { $0.directiveID = dispatch },
    ]
  }
}

extension Quintet_Command_V1_AnswerCallRequest: Mutation {}
extension Quintet_Command_V1_SubmitReportRequest: Mutation {}
extension Quintet_Command_V1_OpenIncidentRequest: TimedMutation {}
extension Quintet_Command_V1_AttachCallRequest: TimedMutation {}
extension Quintet_Command_V1_EndCallRequest: TimedMutation {}
extension Quintet_Command_V1_ClassifyIncidentRequest: TimedMutation {}
extension Quintet_Command_V1_RecommendUnitsRequest: TimedMutation {}
extension Quintet_Command_V1_DispatchUnitsRequest: TimedMutation {}
extension Quintet_Command_V1_AdvanceAssignmentRequest: TimedMutation {}
extension Quintet_Command_V1_CancelAssignmentRequest: TimedMutation {}
extension Quintet_Command_V1_DraftDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_IssueDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_CancelDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_ConfirmDeliveryRequest: FilledCourseMove {}
extension Quintet_Command_V1_AcknowledgeDirectiveRequest: FilledCourseMove {}
extension Quintet_Command_V1_StartDirectiveRequest: FilledCourseMove {}
extension Quintet_Command_V1_SubmitDirectiveFeedbackRequest: FilledCourseMove {}
extension Quintet_Command_V1_AcceptDirectiveFeedbackRequest: FilledCourseMove {}
extension Quintet_Command_V1_ReturnDirectiveFeedbackRequest: FilledCourseMove {}
extension Quintet_Command_V1_ReassignDirectiveRequest: FilledCourseMove {}
