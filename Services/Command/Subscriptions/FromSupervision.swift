// What supervision tells: its clocks on the recipients of directives, and all that belongs to an
// incident's timeline. Whether somebody is late is its word, by its rules and its clock, never ours.

public import CommandDomain
import Foundation
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct FromSupervision: Sendable {
  /// Nearly all it tells is about incidents.
  public let types: [String] = []

  public init() {}

  /// - Throws: for a payload that cannot be read or names something that is no id; the store's errors.
  public func apply(_ event: Quintet_Events_V1_Event, in writer: any CommandWriter) throws {
    if let deadline = try Self.deadline(event), let told = try ToldDeadline(deadline) {
      try writer.save(told)
    }
    guard !event.incidentID.isEmpty else { return }
    try NeighbourFacts().keep(TimelineEvent(event), in: writer)
  }

  private static func deadline(
    _ event: Quintet_Events_V1_Event
  ) throws -> Quintet_Supervision_V1_Deadline? {
    let payload = event.payload.value
    switch event.type {
    case Quintet_Supervision_V1_DeadlineStarted.protoMessageName:
      return try Quintet_Supervision_V1_DeadlineStarted(serializedBytes: payload).deadline
    case Quintet_Supervision_V1_DeadlineWarned.protoMessageName:
      return try Quintet_Supervision_V1_DeadlineWarned(serializedBytes: payload).deadline
    case Quintet_Supervision_V1_DeadlineOverdue.protoMessageName:
      return try Quintet_Supervision_V1_DeadlineOverdue(serializedBytes: payload).deadline
    case Quintet_Supervision_V1_DeadlineEscalated.protoMessageName:
      return try Quintet_Supervision_V1_DeadlineEscalated(serializedBytes: payload).deadline
    case Quintet_Supervision_V1_DeadlineStopped.protoMessageName:
      return try Quintet_Supervision_V1_DeadlineStopped(serializedBytes: payload).deadline
    default: return nil
    }
  }
}

extension ToldDeadline {
  /// Nil for a deadline that is not about a recipient of a directive.
  fileprivate init?(_ deadline: Quintet_Supervision_V1_Deadline) throws {
    let matter: CourseClock.Matter
    switch deadline.kind {
    case .sign: matter = .sign
    case .directiveFeedback: matter = .feedback
    default: return nil
    }
    // The signature of a dispatched unit is its assignment's.
    guard let directive = DirectiveID(deadline.subject) else { return nil }
    let parts = deadline.responsible.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let kind = RecipientKind(rawValue: String(parts[0])) else {
      return nil
    }
    let state: State =
      switch deadline.state {
      case .running, .warned: .running
      case .overdue: .overdue
      case .met, .missed, .cancelled, .unspecified, .UNRECOGNIZED: .ended
      }
    self.init(
      id: try DeadlineID(parsing: deadline.id),
      clock: CourseClock(
        directiveID: directive, recipient: Recipient(kind: kind, id: String(parts[1])),
        matter: matter, dueTime: deadline.dueTime.microsecondDate, isOverdue: state == .overdue),
      state: state)
  }
}
