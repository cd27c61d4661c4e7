// One recipient's stream: what is open for it, then what changes, until it hangs up or lags behind.

import CommandDomain
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct DirectiveWatch: Sendable {
  /// Open directives of one recipient that are sent at the start; nobody has more in hand.
  private static let openLimit = 2_000

  let room: CommandRoom
  let board: DirectiveBoard
  let recipient: Recipient

  /// - Throws: `Failure` WATCHER_TOO_SLOW; how the stream broke.
  func run(_ response: RPCWriter<Quintet_Command_V1_WatchDirectivesResponse>) async throws {
    guard try await room.read({ [recipient] in try $0.reaches(recipient) }) else {
      throw Failure.outsideArea("recipient")
    }
    let (number, notices, end) = try await board.join(recipient)
    do {
      // gRPC says that the caller has gone and does not cancel the handler.
      try await withRPCCancellationHandler {
        try await send(notices, to: response)
      } onCancelRPC: {
        end()
      }
    } catch {
      await board.leave(number)
      throw error
    }
    guard await !board.leave(number) else { throw Failure.watcherTooSlow }
  }

  private func send(
    _ notices: AsyncStream<DirectiveBoard.Notice>,
    to response: RPCWriter<Quintet_Command_V1_WatchDirectivesResponse>
  ) async throws {
    /// Revisions sent, of directives that are still open: a notice may be older than what was read
    /// at the start.
    var sent: [DirectiveID: Int] = [:]
    let open = try await room.read { [recipient] in
      try $0.openDirectives(of: recipient, limit: Self.openLimit)
    }
    for directive in open {
      try await response.write(message(directive))
      sent[directive.id] = directive.revision
    }
    for await notice in notices {
      switch notice {
      case .heartbeat:
        try await response.write(Quintet_Command_V1_WatchDirectivesResponse())
      case .changed(let directive):
        if let revision = sent[directive.id], revision >= directive.revision { continue }
        try await response.write(message(directive))
        let course = directive.courses.first { $0.recipient == recipient }
        let isOpen = course?.state.isOpen == true || course?.isRecallUnconfirmed == true
        sent[directive.id] = isOpen ? directive.revision : nil
      }
    }
    try Task.checkCancellation()
  }

  private func message(_ directive: Directive) -> Quintet_Command_V1_WatchDirectivesResponse {
    let course = directive.courses.first { $0.recipient == recipient }
    return .with {
      $0.directive = Quintet_Command_V1_Directive(directive).narrowed
      $0.assignmentID = course?.assignmentID?.description ?? ""
    }
  }
}
