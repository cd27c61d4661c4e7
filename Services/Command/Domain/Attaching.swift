// Photos and signatures: pieces that come one by one, and are what their digest says in the end.
public import Foundation
public import Identifiers

public struct PutPiece: Sendable, Hashable {
  public var attachment: FeedbackAttachment
  /// From 1.
  public var piece: Int
  public var data: [UInt8]

  public init(attachment: FeedbackAttachment, piece: Int, data: [UInt8]) {
    self.attachment = attachment
    self.piece = piece
    self.data = data
  }
}

public struct StoredPieces: Sendable, Hashable, Codable {
  public let attachment: FeedbackAttachment
  public let storedCount: Int
}

public struct Attaching: Sendable {
  /// Of one recipient in one directive.
  public static let limit = 20

  /// SHA-256 of pieces in their order, as lower-case hexadecimal digits.
  public typealias Digest = @Sendable ([[UInt8]]) -> String

  private let digest: Digest

  public init(digest: @escaping Digest) {
    self.digest = digest
  }

  /// Stores a piece. Until all have come, each may be sent again; what is complete stays as it is.
  /// - Throws: `directiveUnknown`; `recipientOutsideReach`; `recipientUnknown`; `pieceOutOfRange`;
  ///   `attachmentDiffers`; `tooManyAttachments`; `digestMismatch` with the last piece, which is not
  ///   kept then.
  public func put(
    _ command: PutPiece, in writer: any CommandWriter, now: Date
  ) throws -> StoredPieces {
    var attachment = command.attachment
    let directive: Directive = try writer.existing(attachment.directiveID)
    guard try writer.reaches(attachment.recipient) else {
      throw CommandError.recipientOutsideReach(attachment.recipient, field: "recipient")
    }
    _ = try directive.course(of: attachment.recipient)
    guard
      (1...attachment.pieceCount).contains(command.piece),
      command.data.count == attachment.bytes(ofPiece: command.piece)
    else { throw CommandError.directives(.pieceOutOfRange) }
    if let known = try writer.attachment(attachment.digest, of: directive.id) {
      guard known.totalBytes == attachment.totalBytes, known.kind == attachment.kind else {
        throw CommandError.directives(.attachmentDiffers)
      }
      if known.isComplete {
        return StoredPieces(attachment: known, storedCount: known.pieceCount)
      }
    } else {
      let count = try writer.attachmentCount(of: attachment.recipient, in: directive.id)
      guard count < Self.limit else {
        throw CommandError.directives(.tooManyAttachments(limit: Self.limit))
      }
      try writer.save(attachment, now: now)
    }
    try writer.save(piece: command.piece, command.data, of: attachment)
    let stored = try writer.pieceCount(of: attachment.digest, in: directive.id)
    if stored == attachment.pieceCount {
      let pieces = try (1...stored).map {
        try writer.piece($0, of: attachment.digest, in: directive.id) ?? []
      }
      guard digest(pieces) == attachment.digest else {
        throw CommandError.directives(.digestMismatch)
      }
      attachment.isComplete = true
      try writer.save(attachment, now: now)
    }
    return StoredPieces(attachment: attachment, storedCount: stored)
  }

  /// One piece of what is complete.
  /// - Throws: `directiveUnknown`; `attachmentUnknown`; `pieceOutOfRange`.
  public func read(
    _ digest: String, piece: Int, of id: DirectiveID, in reader: any CommandReader
  ) throws -> (attachment: FeedbackAttachment, data: [UInt8]) {
    let directive: Directive = try reader.existing(id)
    guard
      let attachment = try reader.attachment(digest, of: directive.id), attachment.isComplete
    else { throw CommandError.directives(.attachmentUnknown(digest)) }
    guard let data = try reader.piece(piece, of: digest, in: directive.id) else {
      throw CommandError.directives(.pieceOutOfRange)
    }
    return (attachment, data)
  }
}
