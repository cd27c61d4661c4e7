// The only moves an incident can make. Everything else is refused and changes nothing.
import Classification
public import Foundation
import Geography
import Identifiers

/// What can be done to an incident's state. Raw values name the move in refusals.
public enum IncidentMove: String, Sendable, CaseIterable {
  case queue, activate, dispatch, monitor, divert
  case acceptDiversion = "accept_diversion"
  case refuseDiversion = "refuse_diversion"
  case merge, split, cancel
  case requestFeedback = "request_feedback"
  case submitFeedback = "submit_feedback"
  case returnFeedback = "return_feedback"
  case close, reopen

  /// The states it starts from. A diversion is left by its resolution alone, so that it is always
  /// on record whether the other authority took it.
  public var sources: Set<IncidentState> {
    switch self {
    case .queue: [.new, .monitored]
    case .activate: [.new, .queued, .monitored, .awaitingFeedback]
    case .dispatch: [.new, .queued, .monitored, .awaitingFeedback, .active]
    case .monitor: [.new, .queued, .active]
    case .divert: [.new, .queued]
    case .acceptDiversion, .refuseDiversion: [.diverted]
    case .merge, .cancel: [.new, .queued, .active]
    case .split: [.merged]
    case .requestFeedback: [.active, .monitored]
    case .submitFeedback: [.awaitingFeedback]
    case .returnFeedback, .close: [.inReview]
    case .reopen: [.closed, .cancelled]
    }
  }

  /// The state it leads to; nil for a split, which leads back to where the merge began.
  public var target: IncidentState? {
    switch self {
    case .queue, .refuseDiversion: .queued
    case .activate, .dispatch, .reopen: .active
    case .monitor: .monitored
    case .divert: .diverted
    case .acceptDiversion, .close: .closed
    case .merge: .merged
    case .split: nil
    case .cancel: .cancelled
    case .requestFeedback, .returnFeedback: .awaitingFeedback
    case .submitFeedback: .inReview
    }
  }

  /// Class, level and location come before queued and active. A reopening is exempt, because an
  /// ended incident cannot be classified; the dispatch that follows asks for them.
  public var needsClassification: Bool {
    self != .reopen && (target == .queued || target == .active)
  }

  /// Moves that end or hand away what no unit may still be working on.
  public var needsAssignmentsEnded: Bool {
    switch self {
    case .acceptDiversion, .merge, .cancel, .requestFeedback, .close: true
    default: false
    }
  }

  /// An incident is not closed over the head of somebody who was ordered to answer.
  /// Nor of a seat that was asked to support it.
  public var needsDirectivesAnswered: Bool { target == .closed }
}

extension Incident {
  /// - Parameter etag: what the caller saw last; empty to accept any.
  /// - Throws: `etagMismatch`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
  }

  /// - Throws: `moveNotAllowed`; `classificationIncomplete`. Nothing is changed then.
  public func checkMove(_ move: IncidentMove) throws(CommandError) {
    guard move.sources.contains(state) else {
      throw .moveNotAllowed(
        subject: id.description, from: state.rawValue, move: move.rawValue)
    }
    let missing = missingClassification
    guard missing.isEmpty || !move.needsClassification else {
      throw .classificationIncomplete(id, missing: missing)
    }
  }

  /// Moves, and counts the change. A dispatch on an active incident counts, and leaves `stateTime`.
  /// - Returns: the state before.
  /// - Throws: `moveNotAllowed`; `classificationIncomplete`. Nothing is changed then.
  @discardableResult
  public mutating func move(
    _ move: IncidentMove, at time: Date
  ) throws(CommandError) -> IncidentState {
    try checkMove(move)
    let from = state
    // A merged incident always has the state it was merged from; `new` only guards a damaged row.
    state = move.target ?? stateBeforeMerge ?? .new
    if state != from { stateTime = time }
    if move == .reopen { reopenCount += 1 }
    if move == .split {
      mergedInto = nil
      stateBeforeMerge = nil
    }
    revision += 1
    return from
  }

  /// - Throws: as `move(_:at:)`.
  mutating func merge(into target: IncidentID, at time: Date) throws(CommandError) -> IncidentState
  {
    let from = try move(.merge, at: time)
    mergedInto = target
    stateBeforeMerge = from
    return from
  }

  /// - Throws: as `move(_:at:)`; `required` without an authority.
  mutating func divert(to authority: String, at time: Date) throws(CommandError) -> IncidentState {
    guard !authority.isEmpty else { throw .required(field: "authority") }
    let from = try move(.divert, at: time)
    divertedTo = authority
    return from
  }

  /// - Throws: as `move(_:at:)`; `required` without a text.
  mutating func submitFeedback(
    text: String, disposalCode: String, at time: Date
  ) throws(CommandError) -> IncidentState {
    guard !text.isEmpty else { throw .required(field: "text") }
    let from = try move(.submitFeedback, at: time)
    feedback = IncidentFeedback(
      text: text, disposalCode: disposalCode, occurTime: time,
      returnCount: feedback?.returnCount ?? 0)
    return from
  }

  /// - Throws: as `move(_:at:)`.
  mutating func returnFeedback(at time: Date) throws(CommandError) -> IncidentState {
    let from = try move(.returnFeedback, at: time)
    feedback?.returnCount += 1
    return from
  }

  /// - Throws: `incidentEnded`.
  func checkNotEnded() throws(CommandError) {
    guard !state.isEnded else { throw .incidentEnded(id, state) }
  }

  /// Sets what is given and leaves the rest.
  /// - Throws: `nothingToChange`; `incidentEnded`.
  mutating func classify(
    incidentClass: IncidentClass?, level: IncidentLevel?, title: String?, place: Place?
  ) throws(CommandError) {
    guard incidentClass != nil || level != nil || title != nil || place != nil else {
      throw .nothingToChange
    }
    try checkNotEnded()
    self.incidentClass = incidentClass ?? self.incidentClass
    self.level = level ?? self.level
    self.title = title ?? self.title
    self.place = place ?? self.place
    revision += 1
  }

  /// - Throws: `incidentEnded`.
  mutating func attach(_ call: CallReportID) throws(CommandError) {
    try checkNotEnded()
    callReportIDs.append(call)
    revision += 1
  }
}
