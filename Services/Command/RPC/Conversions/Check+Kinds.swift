// Kinds and states from the wire: a number that this version does not know is refused, never taken
// for something else.

import CommandDomain
import QuintetAPI
import Wire

extension Check {
  static func channel(
    _ value: Quintet_Command_V1_CallChannel, field: String
  ) throws -> CallChannel {
    switch value {
    case .phone: .phone
    case .sms: .sms
    case .app: .app
    case .pillar: .pillar
    case .partner: .partner
    case .walkIn: .walkIn
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func outcome(
    _ value: Quintet_Command_V1_CallOutcome, field: String
  ) throws -> CallOutcome {
    switch value {
    case .created: .created
    case .attached: .attached
    case .advised: .advised
    case .diverted: .diverted
    case .hoax: .hoax
    case .accidental: .accidental
    case .abandoned: .abandoned
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// May be left out.
  static func callReportState(
    _ value: Quintet_Command_V1_CallReportState, field: String
  ) throws -> CallReportState? {
    switch value {
    case .active: .active
    case .ended: .ended
    case .unspecified: nil
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func incidentState(
    _ value: Quintet_Command_V1_IncidentState, field: String
  ) throws -> IncidentState {
    switch value {
    case .new: .new
    case .queued: .queued
    case .active: .active
    case .monitored: .monitored
    case .diverted: .diverted
    case .awaitingFeedback: .awaitingFeedback
    case .inReview: .inReview
    case .closed: .closed
    case .cancelled: .cancelled
    case .merged: .merged
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func assignmentStep(
    _ value: Quintet_Command_V1_AssignmentStep, field: String
  ) throws -> AssignmentStep {
    switch value {
    case .dispatch: .dispatch
    case .acknowledge: .acknowledge
    case .depart: .depart
    case .arrive: .arrive
    case .clear: .clear
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// Every class, the reserved one included: that one is the domain's to refuse.
  static func directiveClass(
    _ value: Quintet_Command_V1_DirectiveClass, field: String
  ) throws -> DirectiveClass {
    switch value {
    case .dispatch: .dispatch
    case .urgent: .urgent
    case .priority: .priority
    case .routine: .routine
    case .general: .general
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func recipientKind(
    _ value: Quintet_Command_V1_RecipientKind, field: String
  ) throws -> RecipientKind {
    switch value {
    case .station: .station
    case .beat: .beat
    case .unit: .unit
    case .seat: .seat
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}
