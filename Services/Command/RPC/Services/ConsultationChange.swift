// Ten requests change a consultation; what they have in common is read once.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

protocol ConsultationChange: SwiftProtobuf.Message {
  var requestID: String { get }
  var consultationID: String { get }
  var etag: String { get }
  var hasOccurTime: Bool { get }
  var occurTime: Google_Protobuf_Timestamp { get }
}

extension Quintet_Command_V1_OpenConsultationRequest: ConsultationChange {}
extension Quintet_Command_V1_CancelConsultationRequest: ConsultationChange {}
extension Quintet_Command_V1_PutAgendaItemRequest: ConsultationChange {}
extension Quintet_Command_V1_RecordAttendanceRequest: ConsultationChange {}
extension Quintet_Command_V1_LinkAgendaItemRequest: ConsultationChange {}
extension Quintet_Command_V1_RecordDecisionRequest: ConsultationChange {}
extension Quintet_Command_V1_WithdrawDecisionRequest: ConsultationChange {}
extension Quintet_Command_V1_IssueDecisionRequest: ConsultationChange {}
extension Quintet_Command_V1_CloseConsultationRequest: ConsultationChange {}
extension Quintet_Command_V1_AmendConsultationRequest: ConsultationChange {}

extension CommandRoom {
  typealias ConsultationUseCase<R> =
    @Sendable (ChangeConsultation, any CommandWriter, Date) throws -> R

  /// - Parameters:
  ///   - fields: names of fields in this request that differ from the domain's.
  ///   - useCase: reads the request's own fields, and gives what is to be done with them.
  /// - Throws: `Failure`.
  func change<R: Codable & Sendable>(
    _ request: some ConsultationChange, _ context: ServerContext,
    fields: [String: String] = [:], _ useCase: () throws -> ConsultationUseCase<R>
  ) async throws -> R {
    let now = now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let change = ChangeConsultation(
      consultationID: try Check.identifier(request.consultationID, field: "consultation_id"),
      etag: try Check.etag(request.etag),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let run = try useCase()
    CallContext.current.notes["subject"] = request.consultationID
    return try await write(key, now: now, fields: fields) { try run(change, $0, now) }
  }
}
