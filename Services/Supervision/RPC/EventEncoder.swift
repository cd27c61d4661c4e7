// The payloads of this service's feed. Main hands this to the store, which knows no protobuf.
import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf

public enum EventEncoder {
  /// - Throws: `BinaryEncodingError`.
  public static func encode(_ event: SupervisionEvent) throws -> EncodedEvent {
    switch event {
    case .started(let deadline):
      try payload(Quintet_Supervision_V1_DeadlineStarted.with { $0.deadline = .init(deadline) })
    case .fired(let firing):
      switch firing.step {
      case .warned:
        try payload(
          Quintet_Supervision_V1_DeadlineWarned.with { $0.deadline = .init(firing.deadline) })
      case .overdue:
        try payload(
          Quintet_Supervision_V1_DeadlineOverdue.with { $0.deadline = .init(firing.deadline) })
      case .escalated:
        try payload(
          Quintet_Supervision_V1_DeadlineEscalated.with { $0.deadline = .init(firing.deadline) })
      }
    case .stopped(let deadline, _):
      try payload(Quintet_Supervision_V1_DeadlineStopped.with { $0.deadline = .init(deadline) })
    case .feedbackFoundWeak(let subject, let recipient, let reason):
      try payload(
        Quintet_Supervision_V1_FeedbackFoundWeak.with {
          $0.subject = subject
          $0.recipient = recipient?.description ?? ""
          $0.reason = reason
        })
    case .evaluated(let evaluation):
      try payload(
        Quintet_Supervision_V1_IncidentEvaluated.with { $0.evaluation = .init(evaluation) })
    case .findingChanged(let finding):
      try payload(
        Quintet_Supervision_V1_LookUpFindingChanged.with { $0.finding = .init(finding) })
    }
  }

  private static func payload<M: SwiftProtobuf.Message>(_ message: M) throws -> EncodedEvent {
    EncodedEvent(type: M.protoMessageName, payload: try message.serializedBytes())
  }
}
