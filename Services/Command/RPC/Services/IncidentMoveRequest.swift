// Thirteen requests move an incident, each by its own verb; what they have in common is read once.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

protocol IncidentMoveRequest: SwiftProtobuf.Message {
  var requestID: String { get }
  var incidentID: String { get }
  var etag: String { get }
  var reason: String { get }
  var hasOccurTime: Bool { get }
  var occurTime: Google_Protobuf_Timestamp { get }
}

extension Quintet_Command_V1_QueueIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_ActivateIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_MonitorIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_DivertIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_ResolveDiversionRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_MergeIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_SplitIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_CancelIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_RequestFeedbackRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_SubmitIncidentFeedbackRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_ReturnIncidentFeedbackRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_CloseIncidentRequest: IncidentMoveRequest {}
extension Quintet_Command_V1_ReopenIncidentRequest: IncidentMoveRequest {}

extension CommandRoom {
  typealias IncidentUseCase =
    @Sendable (MoveIncident, any CommandWriter, Date) throws -> IncidentView

  /// - Parameters:
  ///   - check: reads the request's own fields, before anything is done.
  ///   - useCase: made from what `check` read.
  /// - Throws: `Failure`.
  func move<Request: IncidentMoveRequest>(
    _ request: Request, _ context: ServerContext, reasonRequired: Bool = false,
    _ useCase: () throws -> IncidentUseCase
  ) async throws -> Quintet_Command_V1_Incident {
    let now = now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = MoveIncident(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      etag: try Check.etag(request.etag),
      reason: try Check.reason(request.reason, required: reasonRequired),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let run = try useCase()
    CallContext.current.notes.incident(command.incidentID.description)
    let view = try await write(key, now: now) { try run(command, $0, now) }
    return Quintet_Command_V1_Incident(view)
  }
}
