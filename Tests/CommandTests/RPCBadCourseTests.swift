// The moves of one recipient's course against what they must refuse.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

/// Whose courses the tables move.
let watchedSeat = recipient(.seat, "seat-1")

extension Desk {
  /// A directive to the seat whose course has come as far as asked, on the straight way.
  func directive(
    in state: Quintet_Command_V1_DirectiveState
  ) async throws -> String {
    let id = try await issue(to: [watchedSeat]).id
    func filled<Request: FilledCourseMove>(_ change: (inout Request) -> Void = { _ in }) -> Request
    {
      var request = Request()
      request.requestID = newRequestID()
      request.directiveID = id
      request.recipient = watchedSeat
      change(&request)
      return request
    }
    if state == .issued { return id }
    _ = try await directives.confirmDelivery(filled())
    if state == .delivered { return id }
    _ = try await directives.acknowledgeDirective(filled())
    if state == .acknowledged { return id }
    _ = try await directives.startDirective(filled())
    if state == .inProgress { return id }
    _ = try await directives.submitDirectiveFeedback(filled { $0.text = "已走访" })
    if state == .fedBack { return id }
    _ = try await directives.acceptDirectiveFeedback(filled())
    return id
  }
}

@Suite struct RPCBadCourseTests {
  @Test func confirmDeliveryRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .issued), try await desk.directive(in: .delivered)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_ConfirmDeliveryRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
      }
      try await desk.refuses(
        "ConfirmDelivery", good,
        Quintet_Command_V1_ConfirmDeliveryRequest.badMoves(wrong: wrong, dispatch: dispatch)
      ) { try await desk.directives.confirmDelivery($0) }
    }
  }

  @Test func acknowledgeDirectiveRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .delivered), try await desk.directive(in: .issued)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_AcknowledgeDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
      }
      try await desk.refuses(
        "AcknowledgeDirective", good,
        Quintet_Command_V1_AcknowledgeDirectiveRequest.badMoves(wrong: wrong, dispatch: dispatch)
      ) { try await desk.directives.acknowledgeDirective($0) }
    }
  }

  @Test func startDirectiveRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .acknowledged), try await desk.directive(in: .issued)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_StartDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
      }
      try await desk.refuses(
        "StartDirective", good,
        Quintet_Command_V1_StartDirectiveRequest.badMoves(wrong: wrong, dispatch: dispatch)
      ) { try await desk.directives.startDirective($0) }
    }
  }

  @Test func submitDirectiveFeedbackRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .inProgress), try await desk.directive(in: .issued)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_SubmitDirectiveFeedbackRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
        $0.text = "已走访双方"
      }
      try await desk.refuses(
        "SubmitDirectiveFeedback", good,
        Quintet_Command_V1_SubmitDirectiveFeedbackRequest.badMoves(wrong: wrong, dispatch: dispatch)
          + [
            Bad("REQUIRED", "text") { $0.text = "" },
            Bad("TOO_LONG", "text") { $0.text = BadValue.text(4_001) },
          ]
      ) { try await desk.directives.submitDirectiveFeedback($0) }
    }
  }

  @Test func acceptDirectiveFeedbackRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .fedBack), try await desk.directive(in: .issued)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_AcceptDirectiveFeedbackRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
      }
      try await desk.refuses(
        "AcceptDirectiveFeedback", good,
        Quintet_Command_V1_AcceptDirectiveFeedbackRequest.badMoves(wrong: wrong, dispatch: dispatch)
      ) { try await desk.directives.acceptDirectiveFeedback($0) }
    }
  }

  @Test func returnDirectiveFeedbackRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .fedBack), try await desk.directive(in: .issued)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_ReturnDirectiveFeedbackRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
        $0.reason = "过于简单"
      }
      try await desk.refuses(
        "ReturnDirectiveFeedback", good,
        Quintet_Command_V1_ReturnDirectiveFeedbackRequest.badMoves(wrong: wrong, dispatch: dispatch)
          + [
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
          ]
      ) { try await desk.directives.returnDirectiveFeedback($0) }
    }
  }

  @Test func reassignDirectiveRefusesWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, wrong) = (
        try await desk.directive(in: .delivered), try await desk.directive(in: .accepted)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_ReassignDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
        $0.to = recipient(.seat, "seat-2")
        $0.reason = "换班"
      }
      try await desk.refuses(
        "ReassignDirective", good,
        Quintet_Command_V1_ReassignDirectiveRequest.badMoves(wrong: wrong, dispatch: dispatch) + [
          Bad("REQUIRED", "reason") { $0.reason = "" },
          Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
          Bad("REQUIRED", "to") { $0.clearTo() },
          Bad("UNSPECIFIED", "to.kind") { $0.to.kind = .unspecified },
          Bad("REQUIRED", "to.id") { $0.to.id = "" },
          Bad("CHARACTERS_NOT_ALLOWED", "to.id") { $0.to.id = "a b" },
          Bad("RECIPIENT_KNOWN", "to", .alreadyExists) { $0.to = $0.recipient },
        ]
      ) { try await desk.directives.reassignDirective($0) }
    }
  }
}
