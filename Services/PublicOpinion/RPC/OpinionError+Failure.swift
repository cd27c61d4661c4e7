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
    case .etagMismatch, .statementChanged:
      .stale()
    case .statementUnknown(let id):
      .notFound("STATEMENT_UNKNOWN", field: "statement_id", id.description)
    case .statementOpen(let topic, let other):
      .precondition(
        "STATEMENT_OPEN",
        "话题 \(topic) 的通报 \(other) 尚未发布。\(other) on \(topic) is not published yet.")
    case .statementMoveNotAllowed(let id, let from, let move):
      .precondition(
        "MOVE_NOT_ALLOWED",
        "\(id) 处于 \(from.rawValue)，不能 \(move.rawValue)。"
          + "\(id) is \(from.rawValue): \(move.rawValue) is not allowed.")
    case .secondPersonRequired(let id):
      .precondition(
        "SECOND_PERSON_REQUIRED",
        "通报 \(id) 须由拟稿人以外的人签发。\(id) is signed by somebody other than its drafter.")
    }
  }
}
