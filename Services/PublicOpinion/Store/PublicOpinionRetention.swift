// What public opinion lets go: texts, and what topics quote of them. The bureau's own answers stay.
import Persistence
public import Retention

extension PublicOpinionSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [items, topics, .requestLedger, .parkedEvent]

  static let retentionMigration = Migration(
    "publicopinion-0002-retention",
    RetentionSchema.tables + [
      RetentionSchema.period("opinion_item", days: 730, least: 90),
      RetentionSchema.period("topic", days: 1825, least: 365),
      RetentionSchema.period("request_ledger", days: 90, least: 30),
      RetentionSchema.period("parked_event", days: 365, least: 30),
      RetentionSchema.period("audit_entry", days: 1825, least: 365),
    ])

  /// Stands where a title was, which is never empty.
  public static let anonymisedTitle = "（已过保存期）"

  private static let items = RetentionKind.deleting(
    "opinion_item", "舆情原文 texts of the public", table: "opinion_item", key: "item_id",
    incident: """
      (SELECT incident_id FROM topic
        WHERE topic.partition = opinion_item.partition AND topic.topic_id = opinion_item.topic_id)
      """,
    condition: "publish_time < $2 AND record_time < $2")

  /// The title is the beginning of the first text, and the sketch is made of that text.
  private static let topics = RetentionKind(
    "topic", "话题标题 titles of topics", .anonymise, table: "topic", key: "topic_id",
    incident: "incident_id",
    condition: "last_time < $2 AND record_time < $2 AND title <> '\(anonymisedTitle)'"
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    try tx.execute("DELETE FROM topic_shingle WHERE partition = $1 AND topic_id = $2", gone)
    try tx.execute(
      """
      UPDATE topic SET title = $3, sketch = $4, is_resting = 1
      WHERE partition = $1 AND topic_id = $2
      """, gone + [anonymisedTitle, [UInt8]()])
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }
}
