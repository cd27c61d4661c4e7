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
    case .placeUnknown(let id):
      Failure(
        code: .notFound, reason: "PLACE_UNKNOWN", field: "id",
        message: "没有 \(id) 这个地点或编号。No place or plate is known as \(id).")
    }
  }
}

extension GazetteerProblem: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .codeTaken:
      Failure(
        code: .alreadyExists, reason: "CODE_TAKEN", field: "code",
        message: "该编号已用于另一类对象：地点与定位牌不能共用编号。"
          + "A place and a plate cannot have the same code.")
    case .deviceCodeTaken:
      Failure(
        code: .alreadyExists, reason: "DEVICE_CODE_TAKEN", field: "device_code",
        message: "该设备已在另一处。Another plate has this device.")
    case .changedMeanwhile: .stale()
    }
  }
}
