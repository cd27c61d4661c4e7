// Public opinion's events as payloads of its feed.

import Identifiers
public import PublicOpinionDomain
import QuintetAPI
import SwiftProtobuf

public enum EventEncoder {
  /// Full message name, subject and bytes of the payload.
  public static func encode(
    _ event: OpinionEvent
  ) throws -> (type: String, subject: String, payload: [UInt8]) {
    let (subject, message): (String, any SwiftProtobuf.Message) =
      switch event {
      case .topicOpened(let topic):
        (
          topic.id.description,
          Quintet_Publicopinion_V1_TopicOpened.with { $0.topic = .init(topic) }
        )
      case .topicFed(let topic, let item):
        (
          topic.id.description,
          Quintet_Publicopinion_V1_TopicFed.with {
            $0.topic = .init(topic)
            $0.itemID = item.description
          }
        )
      case .topicTied(let topic):
        (topic.id.description, Quintet_Publicopinion_V1_TopicTied.with { $0.topic = .init(topic) })
      case .topicAnswered(let topic):
        (
          topic.id.description,
          Quintet_Publicopinion_V1_TopicAnswered.with { $0.topic = .init(topic) }
        )
      case .statementMoved(let statement, let from):
        (
          statement.id.description,
          Quintet_Publicopinion_V1_StatementMoved.with {
            $0.statement = .init(statement)
            if let from { $0.from = .init(from) }
          }
        )
      }
    return (type(of: message).protoMessageName, subject, try message.serializedBytes())
  }
}
