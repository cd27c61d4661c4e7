// 支撑请求: quintet.command.v1.SupportService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

/// What the changes of a request have in common is read once.
private protocol SupportChange: SwiftProtobuf.Message {
  var requestID: String { get }
  var supportRequestID: String { get }
  var etag: String { get }
  var hasOccurTime: Bool { get }
  var occurTime: Google_Protobuf_Timestamp { get }
}

extension Quintet_Command_V1_AddSupportPartRequest: SupportChange {}
extension Quintet_Command_V1_TakeSupportPartRequest: SupportChange {}
extension Quintet_Command_V1_AnswerSupportPartRequest: SupportChange {}
extension Quintet_Command_V1_GiveBackSupportPartRequest: SupportChange {}
extension Quintet_Command_V1_CloseSupportRequestRequest: SupportChange {}
extension Quintet_Command_V1_WithdrawSupportRequestRequest: SupportChange {}

struct Supports: Quintet_Command_V1_SupportService.SimpleServiceProtocol {
  let room: CommandRoom

  func askSupport(
    request: Quintet_Command_V1_AskSupportRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AskSupportResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = AskSupport(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      asker: try Check.recipient(request.asker, isSet: request.hasAsker, field: "asker"),
      title: try Check.title(request.title, required: true),
      text: try Check.text(request.text, field: "text", max: 4_000),
      tasks: try Check.supportTasks(request.parts),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let made = try await room.write(key, now: now) {
      try Supporting().ask(command, in: $0, now: now)
    }
    return .with { $0.supportRequest = told(made) }
  }

  func addSupportPart(
    request: Quintet_Command_V1_AddSupportPartRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AddSupportPartResponse {
    let made = try await change(request, context) {
      guard request.hasPart else { throw Failure.required("part") }
      let task = try Check.supportTask(request.part, field: "part")
      return { try Supporting().add(task, $0, in: $1, now: $2) }
    }
    return .with { $0.supportRequest = made }
  }

  func takeSupportPart(
    request: Quintet_Command_V1_TakeSupportPartRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_TakeSupportPartResponse {
    let made = try await change(request, context) {
      try moving(request.partNumber, .take)
    }
    return .with { $0.supportRequest = made }
  }

  func answerSupportPart(
    request: Quintet_Command_V1_AnswerSupportPartRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AnswerSupportPartResponse {
    let made = try await change(request, context) {
      try moving(
        request.partNumber, .answer,
        text: try Check.text(request.text, field: "text", max: 4_000, required: true),
        result: try Check.supportResult(request.result, field: "result"))
    }
    return .with { $0.supportRequest = made }
  }

  func giveBackSupportPart(
    request: Quintet_Command_V1_GiveBackSupportPartRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GiveBackSupportPartResponse {
    let made = try await change(request, context) {
      try moving(
        request.partNumber, .giveBack, text: try Check.reason(request.reason, required: true))
    }
    return .with { $0.supportRequest = made }
  }

  func closeSupportRequest(
    request: Quintet_Command_V1_CloseSupportRequestRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CloseSupportRequestResponse {
    let made = try await change(request, context) {
      let outcome = try Check.supportOutcome(request.outcome, field: "outcome")
      let reason = try Check.reason(request.reason, required: true)
      return { try Supporting().end(outcome, reason: reason, $0, in: $1, now: $2) }
    }
    return .with { $0.supportRequest = made }
  }

  func withdrawSupportRequest(
    request: Quintet_Command_V1_WithdrawSupportRequestRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_WithdrawSupportRequestResponse {
    let made = try await change(request, context) {
      let reason = try Check.reason(request.reason, required: true)
      return { try Supporting().end(nil, reason: reason, $0, in: $1, now: $2) }
    }
    return .with { $0.supportRequest = made }
  }

  func getSupportRequest(
    request: Quintet_Command_V1_GetSupportRequestRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetSupportRequestResponse {
    let id: SupportRequestID = try Check.identifier(
      request.supportRequestID, field: "support_request_id")
    let found: SupportRequest = try await room.read { try $0.existing(id) }
    return .with { $0.supportRequest = told(found) }
  }

  func listSupportRequests(
    request: Quintet_Command_V1_ListSupportRequestsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListSupportRequestsResponse {
    let page = try Page<SupportRequestTag>(size: request.pageSize, token: request.pageToken)
    let seat = try Check.code(request.seatCode, field: "seat_code", max: 64)
    let filter = SupportFilter(
      incidentID: try Check.optionalIdentifier(request.incidentID, field: "incident_id"),
      seatCode: seat.isEmpty ? nil : seat, isOpen: request.openOnly)
    let found = try await room.read {
      try $0.supportRequests(filter, before: page.before, limit: page.size + 1)
    }
    return .with {
      $0.supportRequests = found.prefix(page.size)
        .map(Quintet_Command_V1_SupportRequest.init)
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  func countSupportRequests(
    request: Quintet_Command_V1_CountSupportRequestsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CountSupportRequestsResponse {
    guard !request.month.isEmpty else { throw Failure.required("month") }
    guard let month = SupportMonth(request.month) else {
      throw Failure.invalid(
        "MONTH_INVALID", field: "month", "month 须为 yyyy-mm。month is not of the form yyyy-mm.")
    }
    let count = try await room.read { try $0.supportCount(month.times) }
    return Quintet_Command_V1_CountSupportRequestsResponse(count)
  }

  private typealias UseCase =
    @Sendable (ChangeSupport, any CommandWriter, Date) throws -> SupportRequest

  private func moving(
    _ number: Int32, _ move: SupportPartMove, text: String = "", result: SupportResult? = nil
  ) throws -> UseCase {
    let number = try Check.number(number, field: "part_number")
    return { change, writer, now in
      try Supporting().move(
        MoveSupportPart(
          change: change, number: number, move: move, text: text, result: result), in: writer,
        now: now)
    }
  }

  /// - Parameter useCase: reads the request's own fields, and gives what is to be done with them.
  private func change(
    _ request: some SupportChange, _ context: ServerContext, _ useCase: () throws -> UseCase
  ) async throws -> Quintet_Command_V1_SupportRequest {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let change = ChangeSupport(
      supportRequestID: try Check.identifier(
        request.supportRequestID, field: "support_request_id"),
      etag: try Check.etag(request.etag),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let run = try useCase()
    return told(try await room.write(key, now: now) { try run(change, $0, now) })
  }

  private func told(_ request: SupportRequest) -> Quintet_Command_V1_SupportRequest {
    CallContext.current.notes.incident(request.incidentID.description)
    return Quintet_Command_V1_SupportRequest(request)
  }
}
