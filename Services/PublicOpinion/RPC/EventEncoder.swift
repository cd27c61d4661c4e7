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
    let topic = Quintet_Publicopinion_V1_Topic(event.topic)
    let message: any SwiftProtobuf.Message =
      switch event {
      case .topicOpened: Quintet_Publicopinion_V1_TopicOpened.with { $0.topic = topic }
      case .topicFed(_, let item):
        Quintet_Publicopinion_V1_TopicFed.with {
          $0.topic = topic
          $0.itemID = item.description
        }
      case .topicTied: Quintet_Publicopinion_V1_TopicTied.with { $0.topic = topic }
      case .topicAnswered: Quintet_Publicopinion_V1_TopicAnswered.with { $0.topic = topic }
      }
    return (
      type(of: message).protoMessageName, event.topic.id.description,
      try message.serializedBytes()
    )
  }
}
