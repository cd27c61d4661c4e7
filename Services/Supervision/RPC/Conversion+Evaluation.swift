// Evaluations from domain to wire.
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension Quintet_Supervision_V1_Grade {
  init(_ grade: Grade) {
    self =
      switch grade {
      case .none: .unspecified
      case .good: .good
      case .fair: .fair
      case .poor: .poor
      }
  }
}

extension Quintet_Supervision_V1_Evaluation {
  init(_ evaluation: Evaluation) {
    self = .with {
      $0.id = evaluation.id.description
      $0.incidentID = evaluation.incidentID.description
      $0.grade = .init(evaluation.grade)
      $0.metCount = Int32(clamping: evaluation.tally.met)
      $0.missedCount = Int32(clamping: evaluation.tally.missed)
      $0.excludedCount = Int32(clamping: evaluation.tally.excluded)
      $0.returnCount = Int32(clamping: evaluation.returnCount)
      $0.closeTime = evaluation.closeTime.timestamp
    }
  }
}
