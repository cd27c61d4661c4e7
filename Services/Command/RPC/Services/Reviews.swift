// 反馈与评估: quintet.command.v1.ReviewService.

import CommandDomain
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

struct Reviews: Quintet_Command_V1_ReviewService.SimpleServiceProtocol {
  let room: CommandRoom

  func requestFeedback(
    request: Quintet_Command_V1_RequestFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RequestFeedbackResponse {
    let incident = try await room.move(request, context) {
      { try IncidentHandling().requestFeedback($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func submitIncidentFeedback(
    request: Quintet_Command_V1_SubmitIncidentFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SubmitIncidentFeedbackResponse {
    let incident = try await room.move(request, context) {
      let text = try Check.text(request.text, field: "text", max: 4_000, required: true)
      let disposalCode = try Check.code(
        request.disposalCode, field: "disposal_code", max: 64, allowed: .lowercaseCodeCharacters)
      return {
        try IncidentHandling().submitFeedback(
          $0, text: text, disposalCode: disposalCode, in: $1, now: $2)
      }
    }
    return .with { $0.incident = incident }
  }

  func returnIncidentFeedback(
    request: Quintet_Command_V1_ReturnIncidentFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReturnIncidentFeedbackResponse {
    let incident = try await room.move(request, context, reasonRequired: true) {
      { try IncidentHandling().returnFeedback($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func closeIncident(
    request: Quintet_Command_V1_CloseIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CloseIncidentResponse {
    let incident = try await room.move(request, context) {
      { try IncidentHandling().close($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func reopenIncident(
    request: Quintet_Command_V1_ReopenIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReopenIncidentResponse {
    let incident = try await room.move(request, context, reasonRequired: true) {
      { try IncidentHandling().reopen($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }
}
