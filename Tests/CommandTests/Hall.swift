// The use cases in short words, so that a test reads like a shift in the hall.
import Classification
import Foundation
import Identifiers
import Persistence

@testable import CommandDomain
@testable import CommandStore

/// All work on one writer. Times are seconds after the sample's morning.
struct Hall {
  let writer: any CommandWriter
  var now = Sample.morning

  func answer(_ content: CallReportContent? = nil) throws -> CallReport {
    try CallTaking().answer(
      AnswerCall(content: try content ?? Sample.content()), in: writer, now: now)
  }

  func open(
    _ call: CallReportID, etag: String = "", classified: Bool = true
  ) throws -> OpenedIncident {
    try CallTaking().open(
      OpenIncident(
        callReportID: call, etag: etag, incidentClass: classified ? .dispute : nil,
        level: classified ? .level4 : nil, occurTime: Sample.time(30)), in: writer, now: now)
  }

  func submit(
    _ content: CallReportContent? = nil, classified: Bool = true
  ) throws -> SubmittedReport {
    try CallTaking().submit(
      SubmitReport(
        content: try content ?? Sample.content(), incidentClass: classified ? .dispute : nil,
        level: classified ? .level4 : nil), in: writer, now: now)
  }

  func attach(_ call: CallReportID, to incident: IncidentID) throws -> CallReport {
    try CallTaking().attach(
      AttachCall(callReportID: call, incidentID: incident, occurTime: Sample.time(40)),
      in: writer, now: now)
  }

  /// Any move of an incident by its own use case.
  @discardableResult
  func move(
    _ move: IncidentMove, _ id: IncidentID, etag: String = "", at seconds: Double = 50,
    into target: IncidentID? = nil, reason: String = "原因"
  ) throws -> IncidentView {
    let command = MoveIncident(
      incidentID: id, etag: etag, reason: reason, occurTime: Sample.time(seconds))
    let handling = IncidentHandling()
    switch move {
    case .queue: return try handling.queue(command, in: writer, now: now)
    case .activate: return try handling.activate(command, in: writer, now: now)
    case .monitor: return try handling.monitor(command, in: writer, now: now)
    case .divert:
      return try handling.divert(command, to: "供电公司", in: writer, now: now)
    case .acceptDiversion:
      return try handling.resolveDiversion(command, accepted: true, in: writer, now: now)
    case .refuseDiversion:
      return try handling.resolveDiversion(command, accepted: false, in: writer, now: now)
    case .merge:
      return try handling.merge(
        command, into: target ?? Sample.id("nowhere"), in: writer, now: now)
    case .split: return try handling.split(command, in: writer, now: now)
    case .cancel: return try handling.cancel(command, in: writer, now: now)
    case .requestFeedback: return try handling.requestFeedback(command, in: writer, now: now)
    case .submitFeedback:
      return try handling.submitFeedback(
        command, text: "双方已调解", disposalCode: "T1", in: writer, now: now)
    case .returnFeedback: return try handling.returnFeedback(command, in: writer, now: now)
    case .close: return try handling.close(command, in: writer, now: now)
    case .reopen: return try handling.reopen(command, in: writer, now: now)
    case .dispatch:
      try dispatch(id, [Int(seconds) + 1000], etag: etag, at: seconds)
      guard let view = try writer.view(id) else { throw CommandError.incidentUnknown(id) }
      return view
    }
  }

  @discardableResult
  func dispatch(
    _ id: IncidentID, _ units: [Int], etag: String = "",
    recommendation: RecommendationID? = nil, at seconds: Double = 60
  ) throws -> DispatchedUnits {
    try Dispatching().dispatch(
      DispatchUnits(
        incidentID: id, etag: etag, unitIDs: units.map(Sample.unit),
        recommendationID: recommendation, instruction: "速往", occurTime: Sample.time(seconds)),
      in: writer, now: now)
  }

  @discardableResult
  func step(
    _ step: AssignmentStep, _ id: AssignmentID, at seconds: Double = 70, unknown: Bool = false
  ) throws -> Assignment {
    try Dispatching().advance(
      AdvanceAssignment(
        assignmentID: id, step: step, occurTime: Sample.time(seconds), timeUnknown: unknown,
        disposalCode: "T1", note: "已劝离"), in: writer, now: now)
  }

  /// Takes an assignment from dispatched to its end.
  func clear(_ id: AssignmentID, at seconds: Double = 200) throws {
    for step in [AssignmentStep.acknowledge, .depart, .arrive] { try self.step(step, id) }
    try step(.clear, id, at: seconds)
  }

  @discardableResult
  func callOff(_ id: AssignmentID, at seconds: Double = 90) throws -> Assignment {
    try Dispatching().cancel(
      CancelAssignment(assignmentID: id, reason: "误派", occurTime: Sample.time(seconds)),
      in: writer, now: now)
  }

  func issue(_ content: DirectiveContent) throws -> Directive {
    try Directing().issue(.content(content), at: Sample.time(80), in: writer, now: now)
  }

  /// Any move of a course by its own use case.
  @discardableResult
  func course(
    _ move: CourseMove, _ directive: DirectiveID, _ recipient: Recipient, etag: String = "",
    to successor: Recipient? = nil
  ) throws -> Directive {
    let command = MoveCourse(
      directiveID: directive, recipient: recipient, etag: etag, occurTime: Sample.time(100))
    let directing = Directing()
    switch move {
    case .issue:
      return try directing.issue(
        .draft(directive), at: Sample.time(100), in: writer, now: now)
    case .deliver: return try directing.confirmDelivery(command, in: writer, now: now)
    case .acknowledge: return try directing.acknowledge(command, in: writer, now: now)
    case .start: return try directing.start(command, in: writer, now: now)
    case .feedBack:
      return try directing.submitFeedback(command, text: "已巡查", in: writer, now: now)
    case .accept: return try directing.acceptFeedback(command, in: writer, now: now)
    case .giveBack:
      return try directing.returnFeedback(command, reason: "过于简单", in: writer, now: now)
    case .reassign:
      return try directing.reassign(
        command, to: successor ?? recipient, reason: "人手不足", in: writer, now: now)
    case .cancel:
      return try directing.cancel(
        directive, reason: "不再需要", at: Sample.time(100), in: writer, now: now)
    }
  }

  func incident(_ id: IncidentID) throws -> Incident { try writer.existing(id) }
}

extension Bench {
  /// Works in the hall within one transaction.
  func hall<R: Sendable>(
    _ request: String, now: Date = Sample.morning,
    _ body: @escaping @Sendable (Hall) throws -> R
  ) async throws -> R {
    let store = store
    return try await database.write { tx in
      try store.perform(in: tx, provenance: Self.provenance(request), now: now) { writer in
        try body(Hall(writer: writer, now: now))
      }
    }
  }
}
