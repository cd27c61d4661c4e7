// Carries weak feedback back to command, over command's own RPCs.
import Access
import GRPCCore
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

/// Asks command to return feedback.
public struct CommandFeedbackReturner<
  Review: Quintet_Command_V1_ReviewService.ClientProtocol,
  Directives: Quintet_Command_V1_DirectiveService.ClientProtocol
>: FeedbackReturner {
  private let review: Review
  private let directives: Directives
  private let timeout: Duration

  /// - Parameter timeout: how long command is given to answer.
  public init(review: Review, directives: Directives, timeout: Duration = .seconds(2)) {
    self.review = review
    self.directives = directives
    self.timeout = timeout
  }

  /// - Throws: `RPCError` where command gave no answer, or one that may be another later.
  public func giveBack(_ call: OutgoingCall) async throws -> FeedbackReturnAnswer {
    // The call is made within the trace of the event that showed the feedback.
    try await CallContext.$current.withValue(CallContext(trace: call.trace)) {
      do {
        try await send(call)
        return .answered
      } catch let error as RPCError where Self.isFinal(error.code) {
        return .refused("\(error.code): \(error.message)")
      }
    }
  }

  private func send(_ call: OutgoingCall) async throws {
    var options = CallOptions.defaults
    options.timeout = timeout
    switch call.matter {
    case .incident(let id):
      let request = Quintet_Command_V1_ReturnIncidentFeedbackRequest.with {
        $0.requestID = call.requestID
        $0.incidentID = id.description
        $0.reason = call.reason
        $0.occurTime = call.occurTime.timestamp
      }
      _ = try await review.returnIncidentFeedback(request, options: options)
    case .directive(let id, let recipient):
      let request = Quintet_Command_V1_ReturnDirectiveFeedbackRequest.with {
        $0.requestID = call.requestID
        $0.directiveID = id.description
        $0.recipient.kind = .init(recipient.kind)
        $0.recipient.id = recipient.id
        $0.reason = call.reason
        $0.occurTime = call.occurTime.timestamp
      }
      _ = try await directives.returnDirectiveFeedback(request, options: options)
    }
  }

  /// Answers that asking again would not change: the matter has moved on, or this version of command
  /// takes the request for a mistake.
  private static func isFinal(_ code: RPCError.Code) -> Bool {
    switch code {
    case .failedPrecondition, .notFound, .invalidArgument, .alreadyExists, .permissionDenied,
      .unimplemented, .outOfRange:
      true
    default: false
    }
  }
}

extension Quintet_Command_V1_RecipientKind {
  init(_ kind: Recipient.Kind) {
    self =
      switch kind {
      case .station: .station
      case .beat: .beat
      case .unit: .unit
      case .seat: .seat
      }
  }
}
