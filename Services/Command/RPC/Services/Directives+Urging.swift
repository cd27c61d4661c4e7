// 催办、撤回、重发 and attachments: the rest of quintet.command.v1.DirectiveService.

import Access
import CommandDomain
import Crypto
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Directives {
  func remindDirective(
    request: Quintet_Command_V1_RemindDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RemindDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let recipients = try Check.someRecipients(request.recipients)
    let text = try Check.text(request.text, field: "text", max: 500)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let directive = try await room.write(key, now: now, fields: ["recipient": "recipients"]) {
      try Urging().remind(id, recipients, text: text, at: time, in: $0, now: now)
    }
    return .with { $0.directive = told(directive) }
  }

  func recallDirective(
    request: Quintet_Command_V1_RecallDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RecallDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let recipients = try Check.someRecipients(request.recipients)
    let reason = try Check.reason(request.reason, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let directive = try await room.write(key, now: now, fields: ["recipient": "recipients"]) {
      try Urging().recall(id, recipients, reason: reason, at: time, in: $0, now: now)
    }
    return .with { $0.directive = told(directive) }
  }

  func confirmRecall(
    request: Quintet_Command_V1_ConfirmRecallRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ConfirmRecallResponse {
    let directive = try await room.move(request, context) {
      { try Urging().confirmRecall($0, in: $1, now: $2) }
    }
    return .with { $0.directive = directive }
  }

  func reissueDirective(
    request: Quintet_Command_V1_ReissueDirectiveRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReissueDirectiveResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let reason = try Check.reason(request.reason, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let made = try await room.write(
      key, now: now, fields: ["content.recipients": "directive_id"]
    ) {
      try Urging().reissue(id, reason: reason, at: time, in: $0, now: now)
    }
    return .with {
      $0.directive = told(made.directive)
      $0.previous = Quintet_Command_V1_Directive(made.previous)
    }
  }

  func putAttachmentPiece(
    request: Quintet_Command_V1_PutAttachmentPieceRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PutAttachmentPieceResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let total = try Check.range(
      Double(request.totalBytes), field: "total_bytes", 1...Double(FeedbackAttachment.totalLimit))
    let attachment = FeedbackAttachment(
      directiveID: try Check.identifier(request.directiveID, field: "directive_id"),
      recipient: try Check.recipient(
        request.recipient, isSet: request.hasRecipient, field: "recipient"),
      digest: try Check.digest(request.digest, field: "digest"),
      kind: try Check.attachmentKind(request.attachmentType, field: "attachment_type"),
      totalBytes: Int(total), isComplete: false)
    guard !request.data.isEmpty else { throw Failure.required("data") }
    let command = PutPiece(
      attachment: attachment, piece: Int(request.piece), data: [UInt8](request.data))
    let stored = try await room.write(key, now: now) {
      try Attaching(digest: Self.digest).put(command, in: $0, now: now)
    }
    return .with {
      $0.storedPieces = Int32(clamping: stored.storedCount)
      $0.totalPieces = Int32(clamping: stored.attachment.pieceCount)
      $0.complete = stored.attachment.isComplete
    }
  }

  func getAttachment(
    request: Quintet_Command_V1_GetAttachmentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetAttachmentResponse {
    let id: DirectiveID = try Check.identifier(request.directiveID, field: "directive_id")
    let digest = try Check.digest(request.digest, field: "digest")
    let piece = try Check.count(request.piece, field: "piece", 1...1_000, standard: 1)
    let (attachment, data) = try await room.read {
      try Attaching(digest: Self.digest).read(digest, piece: piece, of: id, in: $0)
    }
    if let seat = NarrowView.seat, seat != attachment.recipient.id {
      throw Failure.outsideArea("digest")
    }
    return .with {
      $0.attachmentType = .init(attachment.kind)
      $0.totalBytes = Int64(attachment.totalBytes)
      $0.totalPieces = Int32(clamping: attachment.pieceCount)
      $0.data = Data(data)
      $0.recipient = Quintet_Command_V1_Recipient(attachment.recipient)
    }
  }

  private static let digest: Attaching.Digest = { pieces in
    var hash = SHA256()
    for piece in pieces { hash.update(data: piece) }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0\(digits)" : digits
    }.joined()
  }
}

extension Check {
  fileprivate static func attachmentKind(
    _ value: Quintet_Command_V1_AttachmentType, field: String
  ) throws -> FeedbackAttachment.Kind {
    switch value {
    case .jpeg: .jpeg
    case .png: .png
    case .webp: .webp
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Command_V1_AttachmentType {
  fileprivate init(_ kind: FeedbackAttachment.Kind) {
    self =
      switch kind {
      case .jpeg: .jpeg
      case .png: .png
      case .webp: .webp
      }
  }
}
