// Command's states in the words of this house. A state that this version does not know sets the event
// aside: guessing would start or stop the wrong clock.
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension AssignmentMove.State {
  init(_ state: Quintet_Command_V1_AssignmentState) throws {
    switch state {
    case .assigned: self = .assigned
    case .dispatched: self = .dispatched
    case .acknowledged: self = .acknowledged
    case .enRoute: self = .enRoute
    case .onScene: self = .onScene
    case .cleared: self = .cleared
    case .cancelled: self = .cancelled
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("assignment.state")
    }
  }
}

extension DirectiveClass {
  /// Nil for dispatch.
  init?(_ value: Quintet_Command_V1_DirectiveClass) throws {
    switch value {
    case .dispatch: return nil
    case .urgent: self = .urgent
    case .priority: self = .priority
    case .routine: self = .routine
    case .general: self = .general
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("directive_class")
    }
  }
}

extension CourseMove.State {
  /// Nil for a draft.
  init?(_ state: Quintet_Command_V1_DirectiveState) throws {
    switch state {
    case .draft: return nil
    case .issued: self = .issued
    case .delivered: self = .delivered
    case .acknowledged: self = .acknowledged
    case .inProgress: self = .inProgress
    case .fedBack: self = .fedBack
    case .accepted: self = .accepted
    case .returned: self = .returned
    case .cancelled: self = .cancelled
    case .reassigned: self = .reassigned
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("course.state")
    }
  }
}

extension Recipient {
  init(_ recipient: Quintet_Command_V1_Recipient) throws {
    let kind: Kind
    switch recipient.kind {
    case .station: kind = .station
    case .beat: kind = .beat
    case .unit: kind = .unit
    case .seat: kind = .seat
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("recipient.kind")
    }
    self.init(
      kind: kind,
      id: try Check.code(recipient.id, field: "recipient.id", max: 64, required: true))
  }
}

extension IncidentMove.State {
  init(_ state: Quintet_Command_V1_IncidentState, field: String) throws {
    switch state {
    case .new: self = .new
    case .queued: self = .queued
    case .active: self = .active
    case .monitored: self = .monitored
    case .diverted: self = .diverted
    case .awaitingFeedback: self = .awaitingFeedback
    case .inReview: self = .inReview
    case .closed: self = .closed
    case .cancelled: self = .cancelled
    case .merged: self = .merged
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension MusterMove {
  init(_ moved: Quintet_Command_V1_MusterMemberMoved) throws {
    let state: State
    switch moved.member.state {
    case .summoned: state = .summoned
    case .acknowledged: state = .acknowledged
    case .mustered: state = .mustered
    case .excused: state = .excused
    case .released: state = .released
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("member.state")
    }
    self.init(
      muster: try Check.identifier(moved.musterID, field: "muster_id"),
      incident: try Check.optionalIdentifier(moved.incidentID, field: "incident_id"),
      member: try Check.code(moved.member.code, field: "member.code", max: 64, required: true),
      contact: try Recipient(moved.member.contact), state: state,
      dueTime: moved.member.dueTime.microsecondDate)
  }
}
