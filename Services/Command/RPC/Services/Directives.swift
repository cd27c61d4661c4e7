// 指令: quintet.command.v1.DirectiveService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Directives: Quintet_Command_V1_DirectiveService.SimpleServiceProtocol {
  let room: CommandRoom
  let board: DirectiveBoard

  /// Where the content of a request has what the domain names.
  private static let contentFields = [
    "incident_id": "content.incident_id",
    "template_code": "content.template.template_code",
  ]

  func draftDirective(
    request: Quintet_Command_V1_DraftDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_DraftDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasContent else { throw Failure.required("content") }
    let content = try Check.content(request.content)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let directive = try await room.write(
      key, now: now, fields: Self.contentFields
    ) {
      try Directing().draft(content, at: time, in: $0, now: now)
    }
    return .with { $0.directive = told(directive) }
  }

  func issueDirective(
    request: Quintet_Command_V1_IssueDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_IssueDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let source: DirectiveSource
    switch request.source {
    case .content(let content): source = .content(try Check.content(content))
    case .draftID(let id): source = .draft(try Check.identifier(id, field: "draft_id"))
    case nil: throw Failure.required("content")
    }
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let directive = try await room.write(
      key, now: now,
      fields: Self.contentFields.merging(["directive_id": "draft_id"]) { $1 }
    ) {
      try Directing().issue(source, at: time, in: $0, now: now)
    }
    return .with { $0.directive = told(directive) }
  }

  func confirmDelivery(
    request: Quintet_Command_V1_ConfirmDeliveryRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ConfirmDeliveryResponse {
    let directive = try await room.move(request, context) {
      { try Directing().confirmDelivery($0, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func acknowledgeDirective(
    request: Quintet_Command_V1_AcknowledgeDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AcknowledgeDirectiveResponse {
    let directive = try await room.move(request, context) {
      { try Directing().acknowledge($0, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func startDirective(
    request: Quintet_Command_V1_StartDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_StartDirectiveResponse {
    let directive = try await room.move(request, context) {
      { try Directing().start($0, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func submitDirectiveFeedback(
    request: Quintet_Command_V1_SubmitDirectiveFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SubmitDirectiveFeedbackResponse {
    let directive = try await room.move(request, context) {
      let text = try Check.text(request.text, field: "text", max: 4_000, required: true)
      let answers = try Check.answers(request.answers, now: room.now)
      return {
        try Directing().submitFeedback($0, text: text, answers: answers, in: $1, now: $2)
      }
    }
    return .with { $0.directive = directive }
  }

  func acceptDirectiveFeedback(
    request: Quintet_Command_V1_AcceptDirectiveFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AcceptDirectiveFeedbackResponse {
    let directive = try await room.move(request, context) {
      { try Directing().acceptFeedback($0, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func returnDirectiveFeedback(
    request: Quintet_Command_V1_ReturnDirectiveFeedbackRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReturnDirectiveFeedbackResponse {
    let directive = try await room.move(request, context) {
      let reason = try Check.reason(request.reason, required: true)
      return { try Directing().returnFeedback($0, reason: reason, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func reassignDirective(
    request: Quintet_Command_V1_ReassignDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReassignDirectiveResponse {
    let directive = try await room.move(request, context) {
      let successor = try Check.recipient(request.to, isSet: request.hasTo, field: "to")
      let reason = try Check.reason(request.reason, required: true)
      return {
        try Directing().reassign($0, to: successor, reason: reason, in: $1, now: $2)
      }
    }
    return .with { $0.directive = directive }
  }

  func cancelDirective(
    request: Quintet_Command_V1_CancelDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CancelDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let reason = try Check.reason(request.reason, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let directive = try await room.write(key, now: now) {
      try Directing().cancel(id, reason: reason, at: time, in: $0, now: now)
    }
    return .with { $0.directive = told(directive) }
  }

  func getDirective(
    request: Quintet_Command_V1_GetDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetDirectiveResponse {
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let (directive, clocks) = try await room.read { reader in
      let directive: Directive = try reader.existing(id)
      return (directive, try reader.clocks(of: [id]))
    }
    if let incident = directive.incidentID {
      CallContext.current.notes.incident(incident.description)
    }
    return .with { $0.directive = Quintet_Command_V1_Directive(directive, clocks).narrowed }
  }

  func listDirectives(
    request: Quintet_Command_V1_ListDirectivesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListDirectivesResponse {
    let page = try Page<DirectiveTag>(size: request.pageSize, token: request.pageToken)
    let filter = DirectiveFilter(
      incidentID: try Check.optionalIdentifier(request.incidentID, field: "incident_id"),
      recipient: request.hasRecipient
        ? try Check.recipient(request.recipient, field: "recipient") : nil,
      isOverdue: request.overdueOnly)
    let (found, clocks) = try await room.read { reader in
      let found = try reader.directives(filter, before: page.before, limit: page.size + 1)
      return (found, try reader.clocks(of: found.map(\.id)))
    }
    return .with {
      $0.directives = found.prefix(page.size).map {
        Quintet_Command_V1_Directive($0, clocks).narrowed
      }
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  func watchDirectives(
    request: Quintet_Command_V1_WatchDirectivesRequest,
    response: RPCWriter<Quintet_Command_V1_WatchDirectivesResponse>, context: ServerContext
  ) async throws {
    let recipient = try Check.recipient(
      request.recipient, isSet: request.hasRecipient, field: "recipient")
    try await DirectiveWatch(room: room, board: board, recipient: recipient).run(response)
  }

  func told(_ directive: Directive) -> Quintet_Command_V1_Directive {
    if let incident = directive.incidentID {
      CallContext.current.notes.incident(incident.description)
    }
    return Quintet_Command_V1_Directive(directive).narrowed
  }
}
