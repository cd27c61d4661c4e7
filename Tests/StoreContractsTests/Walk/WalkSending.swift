// Each act as the message that says it and the call that takes it.
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf

@testable import CommandRPC

struct Sending: Sendable {
  let method: MethodDescriptor
  let message: any SwiftProtobuf.Message
  /// The part of the answer that matters.
  let send: @Sendable (WalkHall, ServerContext) async throws -> any SwiftProtobuf.Message

  init<Request: SwiftProtobuf.Message>(
    _ method: MethodDescriptor, _ message: Request,
    _ send:
      @escaping @Sendable (WalkHall, Request, ServerContext) async throws ->
      any SwiftProtobuf.Message
  ) {
    self.method = method
    self.message = message
    self.send = { try await send($0, message, $1) }
  }

  init(_ asked: Asked, at now: Int) {
    let time: Google_Protobuf_Timestamp? =
      switch asked.moment {
      case .now: nil
      case .earlier: .with { $0.seconds = Int64(Moment.earlierSecond) }
      case .later: .with { $0.seconds = Int64(now + 60) }
      }
    switch asked.act {
    case .answer, .open, .attach, .end, .submit: self.init(call: asked, time)
    case .classify: self.init(classify: asked, time)
    case .move(let step): self.init(step, id: asked.id, time)
    case .recommend, .dispatch, .advance, .callOff: self.init(dispatch: asked, time)
    case .draft, .issue, .issueDraft, .withdraw: self.init(directive: asked, time)
    case .course(let step): self.init(step, id: asked.id, time)
    case .support(let step): self.init(step, id: asked.id, time)
    }
  }

  private init(call asked: Asked, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_CallReportService.Method
    switch asked.act {
    case .open(let call, let etag, let isClassed):
      var message = Quintet_Command_V1_OpenIncidentRequest()
      (message.requestID, message.callReportID, message.etag) = (asked.id, call, etag)
      if isClassed { (message.incidentClass, message.level) = (.dispute, .incidentLevel4) }
      if let time { message.occurTime = time }
      self.init(Method.OpenIncident.descriptor, message) {
        try await $0.calls.openIncident(request: $1, context: $2)
      }
    case .attach(let call, let etag, let incident):
      var message = Quintet_Command_V1_AttachCallRequest()
      (message.requestID, message.callReportID, message.etag) = (asked.id, call, etag)
      message.incidentID = incident
      if let time { message.occurTime = time }
      self.init(Method.AttachCall.descriptor, message) {
        try await $0.calls.attachCall(request: $1, context: $2).callReport
      }
    case .end(let call, let etag, let outcome, let reason):
      var message = Quintet_Command_V1_EndCallRequest()
      (message.requestID, message.callReportID, message.etag) = (asked.id, call, etag)
      (message.outcome, message.reason) = (outcome, reason)
      if let time { message.occurTime = time }
      self.init(Method.EndCall.descriptor, message) {
        try await $0.calls.endCall(request: $1, context: $2).callReport
      }
    case .submit(let said, let isClassed):
      var message = Quintet_Command_V1_SubmitReportRequest()
      (message.requestID, message.content) = (asked.id, said.message)
      if isClassed { (message.incidentClass, message.level) = (.dispute, .incidentLevel4) }
      if let time { message.content.receiveTime = time }
      self.init(Method.SubmitReport.descriptor, message) {
        try await $0.calls.submitReport(request: $1, context: $2)
      }
    default:
      var message = Quintet_Command_V1_AnswerCallRequest()
      message.requestID = asked.id
      if case .answer(let said) = asked.act { message.content = said.message }
      if let time { message.content.receiveTime = time }
      self.init(Method.AnswerCall.descriptor, message) {
        try await $0.calls.answerCall(request: $1, context: $2).callReport
      }
    }
  }

  private init(classify asked: Asked, _ time: Google_Protobuf_Timestamp?) {
    var message = Quintet_Command_V1_ClassifyIncidentRequest()
    message.requestID = asked.id
    if case .classify(let incident, let etag, let isClassed, let title) = asked.act {
      (message.incidentID, message.etag, message.title) = (incident, etag, title)
      if isClassed { (message.incidentClass, message.level) = (.help, .incidentLevel3) }
    }
    if let time { message.occurTime = time }
    self.init(Quintet_Command_V1_IncidentService.Method.ClassifyIncident.descriptor, message) {
      try await $0.incidents.classifyIncident(request: $1, context: $2).incident
    }
  }

  private init(_ step: IncidentStep, id: String, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_IncidentService.Method
    typealias Review = Quintet_Command_V1_ReviewService.Method
    func filled<Request: IncidentMoveFields>(_ change: (inout Request) -> Void = { _ in })
      -> Request
    {
      var message = Request()
      (message.requestID, message.incidentID, message.etag) = (id, step.incident, step.etag)
      message.reason = step.words
      if let time { message.occurTime = time }
      change(&message)
      return message
    }
    switch step.verb {
    case .queue:
      self.init(Method.QueueIncident.descriptor, filled()) {
        try await $0.incidents.queueIncident(request: $1, context: $2).incident
      }
    case .activate:
      self.init(Method.ActivateIncident.descriptor, filled()) {
        try await $0.incidents.activateIncident(request: $1, context: $2).incident
      }
    case .monitor:
      self.init(Method.MonitorIncident.descriptor, filled()) {
        try await $0.incidents.monitorIncident(request: $1, context: $2).incident
      }
    case .divert:
      self.init(Method.DivertIncident.descriptor, filled { $0.authority = step.words }) {
        try await $0.incidents.divertIncident(request: $1, context: $2).incident
      }
    case .acceptDiversion, .refuseDiversion:
      self.init(
        Method.ResolveDiversion.descriptor, filled { $0.accepted = step.verb == .acceptDiversion }
      ) {
        try await $0.incidents.resolveDiversion(request: $1, context: $2).incident
      }
    case .merge:
      self.init(Method.MergeIncident.descriptor, filled { $0.intoIncidentID = step.into }) {
        try await $0.incidents.mergeIncident(request: $1, context: $2).incident
      }
    case .split:
      self.init(Method.SplitIncident.descriptor, filled()) {
        try await $0.incidents.splitIncident(request: $1, context: $2).incident
      }
    case .cancel:
      self.init(Method.CancelIncident.descriptor, filled()) {
        try await $0.incidents.cancelIncident(request: $1, context: $2).incident
      }
    case .requestFeedback:
      self.init(Review.RequestFeedback.descriptor, filled()) {
        try await $0.reviews.requestFeedback(request: $1, context: $2).incident
      }
    case .submitFeedback:
      self.init(Review.SubmitIncidentFeedback.descriptor, filled { $0.text = step.words }) {
        try await $0.reviews.submitIncidentFeedback(request: $1, context: $2).incident
      }
    case .returnFeedback:
      self.init(Review.ReturnIncidentFeedback.descriptor, filled()) {
        try await $0.reviews.returnIncidentFeedback(request: $1, context: $2).incident
      }
    case .close:
      self.init(Review.CloseIncident.descriptor, filled()) {
        try await $0.reviews.closeIncident(request: $1, context: $2).incident
      }
    case .reopen:
      self.init(Review.ReopenIncident.descriptor, filled()) {
        try await $0.reviews.reopenIncident(request: $1, context: $2).incident
      }
    }
  }

  private init(dispatch asked: Asked, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_DispatchService.Method
    switch asked.act {
    case .dispatch(let incident, let etag, let units, let recommendation):
      var message = Quintet_Command_V1_DispatchUnitsRequest()
      (message.requestID, message.incidentID, message.etag) = (asked.id, incident, etag)
      (message.unitIds, message.recommendationID) = (units, recommendation)
      if let time { message.occurTime = time }
      self.init(Method.DispatchUnits.descriptor, message) {
        try await $0.dispatches.dispatchUnits(request: $1, context: $2)
      }
    case .advance(let assignment, let step, let isUnknown):
      var message = Quintet_Command_V1_AdvanceAssignmentRequest()
      (message.requestID, message.assignmentID, message.step) = (asked.id, assignment, step)
      message.timeUnknown = isUnknown
      if let time { message.occurTime = time }
      self.init(Method.AdvanceAssignment.descriptor, message) {
        try await $0.dispatches.advanceAssignment(request: $1, context: $2).assignment
      }
    case .callOff(let assignment, let reason):
      var message = Quintet_Command_V1_CancelAssignmentRequest()
      (message.requestID, message.assignmentID, message.reason) = (asked.id, assignment, reason)
      if let time { message.occurTime = time }
      self.init(Method.CancelAssignment.descriptor, message) {
        try await $0.dispatches.cancelAssignment(request: $1, context: $2).assignment
      }
    default:
      var message = Quintet_Command_V1_RecommendUnitsRequest()
      message.requestID = asked.id
      if case .recommend(let incident) = asked.act { message.incidentID = incident }
      if let time { message.occurTime = time }
      self.init(Method.RecommendUnits.descriptor, message) {
        try await $0.dispatches.recommendUnits(request: $1, context: $2)
      }
    }
  }

  private init(directive asked: Asked, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_DirectiveService.Method
    switch asked.act {
    case .draft(let order):
      var message = Quintet_Command_V1_DraftDirectiveRequest()
      (message.requestID, message.content) = (asked.id, order.message)
      if let time { message.occurTime = time }
      self.init(Method.DraftDirective.descriptor, message) {
        try await $0.directives.draftDirective(request: $1, context: $2).directive
      }
    case .withdraw(let directive, let reason):
      var message = Quintet_Command_V1_CancelDirectiveRequest()
      (message.requestID, message.directiveID, message.reason) = (asked.id, directive, reason)
      if let time { message.occurTime = time }
      self.init(Method.CancelDirective.descriptor, message) {
        try await $0.directives.cancelDirective(request: $1, context: $2).directive
      }
    default:
      var message = Quintet_Command_V1_IssueDirectiveRequest()
      message.requestID = asked.id
      if case .issue(let order) = asked.act { message.content = order.message }
      if case .issueDraft(let directive) = asked.act { message.draftID = directive }
      if let time { message.occurTime = time }
      self.init(Method.IssueDirective.descriptor, message) {
        try await $0.directives.issueDirective(request: $1, context: $2).directive
      }
    }
  }
}

extension Sending {
  fileprivate init(_ step: CourseStep, id: String, _ time: Google_Protobuf_Timestamp?) {
    typealias Method = Quintet_Command_V1_DirectiveService.Method
    func filled<Request: CourseMoveFields>(_ change: (inout Request) -> Void = { _ in }) -> Request
    {
      var message = Request()
      (message.requestID, message.directiveID, message.etag) = (id, step.directive, step.etag)
      if let party = step.party { message.recipient = party.message }
      if let time { message.occurTime = time }
      change(&message)
      return message
    }
    switch step.verb {
    case .deliver:
      self.init(Method.ConfirmDelivery.descriptor, filled()) {
        try await $0.directives.confirmDelivery(request: $1, context: $2).directive
      }
    case .acknowledge:
      self.init(Method.AcknowledgeDirective.descriptor, filled()) {
        try await $0.directives.acknowledgeDirective(request: $1, context: $2).directive
      }
    case .start:
      self.init(Method.StartDirective.descriptor, filled()) {
        try await $0.directives.startDirective(request: $1, context: $2).directive
      }
    case .feedBack:
      self.init(Method.SubmitDirectiveFeedback.descriptor, filled { $0.text = step.words }) {
        try await $0.directives.submitDirectiveFeedback(request: $1, context: $2).directive
      }
    case .accept:
      self.init(Method.AcceptDirectiveFeedback.descriptor, filled()) {
        try await $0.directives.acceptDirectiveFeedback(request: $1, context: $2).directive
      }
    case .giveBack:
      self.init(Method.ReturnDirectiveFeedback.descriptor, filled { $0.reason = step.words }) {
        try await $0.directives.returnDirectiveFeedback(request: $1, context: $2).directive
      }
    case .reassign:
      self.init(
        Method.ReassignDirective.descriptor,
        filled {
          $0.reason = step.words
          $0.to = step.to.message
        }
      ) {
        try await $0.directives.reassignDirective(request: $1, context: $2).directive
      }
    }
  }
}
