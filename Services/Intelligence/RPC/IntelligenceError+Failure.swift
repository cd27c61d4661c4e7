// What intelligence's own errors mean to a caller.

import GRPCCore
import Identifiers
public import IntelligenceDomain
public import Wire

extension IntelligenceError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .assessmentUnknown(let incident):
      Failure(
        code: .notFound, reason: "ASSESSMENT_UNKNOWN", field: "incident_id",
        message: "没有 \(incident) 的研判：警情未知，或尚未研判。"
          + "There is no assessment of \(incident): it is unknown, or not assessed yet.")
    }
  }
}
