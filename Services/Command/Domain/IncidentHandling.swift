// What people in the hall do with an incident, from classing it to its review and its end.
public import Classification
public import Foundation
public import Geography
public import Identifiers

public struct ClassifyIncident: Sendable, Hashable {
  public var incidentID: IncidentID
  /// Of the incident; empty to accept any.
  public var etag: String
  /// Nil: unchanged, as all that follow.
  public var incidentClass: IncidentClass?
  public var level: IncidentLevel?
  public var title: String?
  public var place: Place?
  public var occurTime: Date

  public init(
    incidentID: IncidentID, etag: String = "", incidentClass: IncidentClass? = nil,
    level: IncidentLevel? = nil, title: String? = nil, place: Place? = nil, occurTime: Date
  ) {
    self.incidentID = incidentID
    self.etag = etag
    self.incidentClass = incidentClass
    self.level = level
    self.title = title
    self.place = place
    self.occurTime = occurTime
  }
}

/// What all moves of an incident have in common.
public struct MoveIncident: Sendable, Hashable {
  public var incidentID: IncidentID
  /// Of the incident; empty to accept any.
  public var etag: String
  public var reason: String
  public var occurTime: Date

  public init(
    incidentID: IncidentID, etag: String = "", reason: String = "", occurTime: Date
  ) {
    self.incidentID = incidentID
    self.etag = etag
    self.reason = reason
    self.occurTime = occurTime
  }
}

/// Each use case throws `incidentUnknown`, `etagMismatch` and `moveNotAllowed`, besides what it
/// names itself, and answers with the incident as it is then.
public struct IncidentHandling: Sendable {
  public init() {}

  /// - Throws: `nothingToChange`; `incidentEnded`.
  public func classify(
    _ command: ClassifyIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    var incident: Incident = try writer.existing(command.incidentID)
    try incident.check(etag: command.etag)
    try incident.classify(
      incidentClass: command.incidentClass, level: command.level, title: command.title,
      place: command.place)
    try writer.update(incident)
    writer.record(
      .incidentClassified(incident), incident: incident.id, occurTime: command.occurTime)
    return try IncidentView(
      incident: incident, advice: writer.advice(on: incident.id),
      assignments: writer.assignments(of: incident.id), series: writer.series(of: incident.id))
  }

  /// new, monitored → queued.
  /// - Throws: `classificationIncomplete`.
  public func queue(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.queue, command, in: writer)
  }

  /// new, queued, monitored, awaiting_feedback → active.
  /// - Throws: `classificationIncomplete`.
  public func activate(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.activate, command, in: writer)
  }

  /// new, queued, active → monitored. Units already sent go on, and their last clearing still makes
  /// the incident await feedback.
  public func monitor(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.monitor, command, in: writer)
  }

  /// new, queued → diverted.
  /// - Throws: `required` without an authority.
  public func divert(
    _ command: MoveIncident, to authority: String, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.divert, command, in: writer) { incident throws(CommandError) in
      try incident.divert(to: authority, at: command.occurTime)
    }
  }

  /// diverted → closed when taken, → queued when refused.
  /// - Throws: `classificationIncomplete` when refused: class it first, then it can be queued;
  ///   `assignmentOpen`, `directiveUnanswered`, `supportOpen` when taken.
  public func resolveDiversion(
    _ command: MoveIncident, accepted: Bool, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(accepted ? .acceptDiversion : .refuseDiversion, command, in: writer)
  }

  /// new, queued, active → merged.
  /// - Throws: `sameIncident`; `targetUnknown`; `targetEnded`; `assignmentOpen`.
  public func merge(
    _ command: MoveIncident, into target: IncidentID, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    guard target != command.incidentID else { throw CommandError.sameIncident(target) }
    return try moved(.merge, command, in: writer) { incident throws(CommandError) in
      try incident.merge(into: target, at: command.occurTime)
    } also: {
      guard let into = try writer.incident(target) else {
        throw CommandError.targetUnknown(target)
      }
      guard !into.state.isEnded else { throw CommandError.targetEnded(target, into.state) }
    }
  }

  /// merged → the state it had.
  /// - Throws: `required` without a reason.
  public func split(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try requireReason(command)
    return try moved(.split, command, in: writer)
  }

  /// new, queued, active → cancelled.
  /// - Throws: `required` without a reason; `assignmentOpen`.
  public func cancel(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try requireReason(command)
    return try moved(.cancel, command, in: writer)
  }

  /// active, monitored → awaiting_feedback.
  /// - Throws: `assignmentOpen`.
  public func requestFeedback(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.requestFeedback, command, in: writer)
  }

  /// awaiting_feedback → in_review.
  /// - Throws: `required` without a text.
  public func submitFeedback(
    _ command: MoveIncident, text: String, disposalCode: String,
    in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.submitFeedback, command, in: writer) { incident throws(CommandError) in
      try incident.submitFeedback(text: text, disposalCode: disposalCode, at: command.occurTime)
    }
  }

  /// in_review → awaiting_feedback.
  /// - Throws: `required` without a reason.
  public func returnFeedback(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try requireReason(command)
    return try moved(.returnFeedback, command, in: writer) { incident throws(CommandError) in
      try incident.returnFeedback(at: command.occurTime)
    }
  }

  /// in_review → closed.
  /// - Throws: `assignmentOpen`; `directiveUnanswered`; `supportOpen`.
  public func close(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try moved(.close, command, in: writer)
  }

  /// closed, cancelled → active.
  /// - Throws: `required` without a reason.
  public func reopen(
    _ command: MoveIncident, in writer: any CommandWriter, now: Date
  ) throws -> IncidentView {
    try requireReason(command)
    return try moved(.reopen, command, in: writer)
  }

  private func requireReason(_ command: MoveIncident) throws(CommandError) {
    guard !command.reason.isEmpty else { throw .required(field: "reason") }
  }

  private func moved(
    _ move: IncidentMove, _ command: MoveIncident, in writer: any CommandWriter
  ) throws -> IncidentView {
    try moved(move, command, in: writer) { incident throws(CommandError) in
      try incident.move(move, at: command.occurTime)
    }
  }

  /// The way of every move: its own rules first, then what must have ended, then the record.
  private func moved(
    _ move: IncidentMove, _ command: MoveIncident, in writer: any CommandWriter,
    by change: (inout Incident) throws(CommandError) -> IncidentState,
    also check: () throws -> Void = {}
  ) throws -> IncidentView {
    var incident: Incident = try writer.existing(command.incidentID)
    try incident.check(etag: command.etag)
    let from = try change(&incident)
    let assignments = try writer.assignments(of: incident.id)
    let open = assignments.filter(\.state.isOpen).map(\.id)
    guard open.isEmpty || !move.needsAssignmentsEnded else {
      throw CommandError.assignmentOpen(incident.id, open)
    }
    if move.needsDirectivesAnswered {
      let unanswered = try writer.unansweredDirectives(on: incident.id)
      guard unanswered.isEmpty else {
        throw CommandError.directiveUnanswered(incident.id, unanswered)
      }
      let asked = try writer.supportRequests(
        SupportFilter(incidentID: incident.id, isOpen: true), before: nil, limit: 5)
      guard asked.isEmpty else {
        throw CommandError.joint(.supportOpen(incident.id, asked.map(\.id)))
      }
    }
    try check()
    try writer.update(incident)
    writer.record(
      .incidentMoved(incident, from: from, reason: command.reason), incident: incident.id,
      occurTime: command.occurTime)
    return IncidentView(
      incident: incident, advice: try writer.advice(on: incident.id), assignments: assignments,
      series: try writer.series(of: incident.id))
  }
}
