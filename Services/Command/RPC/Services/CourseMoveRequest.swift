// Eight requests move one recipient's course of a directive; what they have in common is read once.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

protocol CourseMoveRequest: SwiftProtobuf.Message {
  var requestID: String { get }
  var directiveID: String { get }
  var hasRecipient: Bool { get }
  var recipient: Quintet_Command_V1_Recipient { get }
  var etag: String { get }
  var hasOccurTime: Bool { get }
  var occurTime: Google_Protobuf_Timestamp { get }
}

extension Quintet_Command_V1_ConfirmDeliveryRequest: CourseMoveRequest {}
extension Quintet_Command_V1_AcknowledgeDirectiveRequest: CourseMoveRequest {}
extension Quintet_Command_V1_StartDirectiveRequest: CourseMoveRequest {}
extension Quintet_Command_V1_SubmitDirectiveFeedbackRequest: CourseMoveRequest {}
extension Quintet_Command_V1_AcceptDirectiveFeedbackRequest: CourseMoveRequest {}
extension Quintet_Command_V1_ReturnDirectiveFeedbackRequest: CourseMoveRequest {}
extension Quintet_Command_V1_ReassignDirectiveRequest: CourseMoveRequest {}
extension Quintet_Command_V1_ConfirmRecallRequest: CourseMoveRequest {}

extension CommandRoom {
  typealias CourseUseCase = @Sendable (MoveCourse, any CommandWriter, Date) throws -> Directive

  /// - Parameter useCase: reads the request's own fields, and gives what is to be done with them.
  /// - Throws: `Failure`.
  func move<Request: CourseMoveRequest>(
    _ request: Request, _ context: ServerContext, _ useCase: () throws -> CourseUseCase
  ) async throws -> Quintet_Command_V1_Directive {
    let now = now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = MoveCourse(
      directiveID: try Check.identifier(request.directiveID, field: "directive_id"),
      recipient: try Check.recipient(
        request.recipient, isSet: request.hasRecipient, field: "recipient"),
      etag: try Check.etag(request.etag),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let run = try useCase()
    let directive = try await write(key, now: now) { try run(command, $0, now) }
    if let incident = directive.incidentID {
      CallContext.current.notes.incident(incident.description)
    }
    return Quintet_Command_V1_Directive(directive).narrowed
  }
}
