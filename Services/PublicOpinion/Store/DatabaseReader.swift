// Answers about topics and their texts.

import Foundation
import Identifiers
import Persistence
import PublicOpinionDomain

struct DatabaseReader: OpinionReader {
  let tx: any Transaction
  let partition: String

  func topic(_ id: TopicID) throws -> Topic? {
    try tx.query(
      "SELECT \(Self.columns) FROM topic t WHERE t.partition = $1 AND t.topic_id = $2",
      [partition, id]
    ).first.map(Self.topic)
  }

  func items(of topic: TopicID, limit: Int) throws -> [OpinionItem] {
    try tx.query(
      """
      SELECT item_id, topic_id, source, text, publish_time, attributes FROM opinion_item
      WHERE partition = $1 AND topic_id = $2
      ORDER BY publish_time DESC, item_id DESC LIMIT $3
      """, [partition, topic, limit]
    ).map { row in
      let source = try row.get("source", as: String.self)
      guard let known = OpinionSource(rawValue: source) else {
        throw DatabaseError.unexpectedValue("no source is \(source)")
      }
      return OpinionItem(
        id: try row.get("item_id"), topic: try row.get("topic_id"), source: known,
        text: try row.get("text"), publishTime: try row.get("publish_time"),
        attributes: try StoredAttributes.decode(row.get("attributes")))
    }
  }

  func topics(after cursor: TopicCursor?, limit: Int) throws -> [Topic] {
    let position = cursor == nil ? "" : "AND (t.last_time, t.topic_id) < ($3, $4)"
    var arguments: [any ValueConvertible] = [partition, limit]
    if let cursor { arguments += [cursor.lastTime, cursor.id] }
    return try tx.query(
      """
      SELECT \(Self.columns) FROM topic t WHERE t.partition = $1 \(position)
      ORDER BY t.last_time DESC, t.topic_id DESC LIMIT $2
      """, arguments
    ).map(Self.topic)
  }

  static let columns = """
    t.topic_id, t.revision, t.title, t.item_count, t.first_time, t.last_time, t.incident_id, \
    t.tie_time, t.response, t.response_time
    """

  static func topic(_ row: Row) throws -> Topic {
    Topic(
      id: try row.get("topic_id"), revision: try row.get("revision"), title: try row.get("title"),
      itemCount: try row.get("item_count"), firstTime: try row.get("first_time"),
      lastTime: try row.get("last_time"), incident: try row.get("incident_id"),
      tieTime: try row.get("tie_time"), response: try row.get("response"),
      responseTime: try row.get("response_time"))
  }
}

/// Attributes as a text with sorted keys, so that equal attributes are equal texts.
enum StoredAttributes {
  static func encode(_ attributes: [String: String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(attributes), as: UTF8.self)
  }

  static func decode(_ text: String) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
  }
}
