// What public opinion's own errors mean to a caller.

import GRPCCore
import Identifiers
public import PublicOpinionDomain
public import Wire

extension OpinionError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .topicUnknown(let topic):
      .notFound("TOPIC_UNKNOWN", field: "topic_id", topic.description)
    case .incidentUnknown(let incident):
      .notFound("INCIDENT_UNKNOWN", field: "incident_id", incident.description)
    case .topicTied(let topic, let incident):
      .precondition(
        "TOPIC_TIED",
        "话题 \(topic) 已关联警情 \(incident)。Topic \(topic) is tied to incident \(incident).")
    case .topicNotTied(let topic):
      .precondition(
        "TOPIC_NOT_TIED",
        "话题 \(topic) 尚未关联警情。Topic \(topic) is not tied to an incident yet.")
    case .etagMismatch:
      .stale()
    }
  }
}
