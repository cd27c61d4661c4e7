// What command lets go: what callers said and where they live, once the matter is over.
import Foundation
import Geography
import Persistence
public import Retention

extension CommandSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [
    callReports, incidents, directiveWords, consultationWords, seriesWords, musters, campaignRows,
    .requestLedger, .parkedEvent,
  ]

  static let retentionMigration = Migration(
    "command-0006-retention",
    [
      "ALTER TABLE call_report ADD COLUMN anonymise_time INTEGER",
      "ALTER TABLE incident ADD COLUMN anonymise_time INTEGER",
      "ALTER TABLE directive ADD COLUMN anonymise_time INTEGER",
    ] + RetentionSchema.tables + [
      RetentionSchema.period("call_report", days: 1095, least: 365),
      RetentionSchema.period("incident", days: 1825, least: 365),
      RetentionSchema.period("directive", days: 1825, least: 365),
      RetentionSchema.period("request_ledger", days: 90, least: 30),
      RetentionSchema.period("parked_event", days: 365, least: 30),
      RetentionSchema.period("audit_entry", days: 1825, least: 365),
    ])

  /// Stands where a title was, which is never empty.
  static let anonymisedTitle = "（已过保存期）"

  /// An incident is over when it is closed or cancelled, or merged into one that is over. One that was
  /// reopened is open, and its time counts from when it was closed again.
  private static func isOver(_ incident: String) -> String {
    """
    (\(incident).state_time < $2 AND \(incident).record_time < $2 AND (
      \(incident).state IN ('closed', 'cancelled') OR EXISTS (
        SELECT 1 FROM incident AS target
        WHERE target.partition = \(incident).partition AND target.id = \(incident).merged_into
          AND target.state IN ('closed', 'cancelled') AND target.state_time < $2)))
    """
  }

  private static let callReports = RetentionKind(
    "call_report", "接警单中的号码、地址与陈述 numbers, addresses and words of calls", .anonymise,
    table: "call_report", key: "id",
    condition: """
      anonymise_time IS NULL AND state = 'ended' AND end_time < $2 AND record_time < $2
      AND (incident_id IS NULL OR EXISTS (
        SELECT 1 FROM incident AS matter
        WHERE matter.partition = call_report.partition AND matter.id = call_report.incident_id
          AND \(isOver("matter"))))
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE call_report SET phone_hash = NULL, masked_phone = '', masked_name = '',
        sealed_caller = NULL, narrative = '', end_reason = '',
        place = $3, anonymise_time = $4
      WHERE partition = $1 AND id = $2
      """, [due.partition, due.key, try place(of: "call_report", due, tx), due.now])
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }

  private static let incidents = RetentionKind(
    "incident", "警情的经过、地址、处置文字 words and addresses of incidents", .anonymise,
    table: "incident", key: "id",
    condition: """
      \(isOver("incident")) AND (anonymise_time IS NULL OR anonymise_time < state_time)
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE incident SET title = $3, narrative = '', place = $4, anonymise_time = $5,
        feedback = CASE WHEN feedback IS NULL THEN NULL ELSE '' END
      WHERE partition = $1 AND id = $2
      """,
      [due.partition, due.key, anonymisedTitle, try place(of: "incident", due, tx), due.now])
    let matter: [any ValueConvertible] = [due.partition, due.key]
    try tx.execute(
      "UPDATE directive SET title = '', text = '' WHERE partition = $1 AND incident_id = $2", matter
    )
    try tx.execute(
      """
      UPDATE directive_recipient SET feedback = '', reason = '', answers = NULL
      WHERE partition = $1 AND directive_id IN (
        SELECT id FROM directive WHERE partition = $1 AND incident_id = $2)
      """, matter)
    try removeAttachments(
      of: "(SELECT id FROM directive WHERE partition = $1 AND incident_id = $2)", matter, tx)
    try removeCordons(matter, tx)
    try removeJointWork(matter, tx)
    try tx.execute(
      "UPDATE assignment SET note = '' WHERE partition = $1 AND incident_id = $2", matter)
    try removePositions(matter, tx)
    for table in ["event", "foreign_event"] {
      try PersonalContent.removeFromEvents(
        in: table, where: "incident_id = $2", due.partition, due.key, tx)
    }
  }

  /// Those of an incident go with it.
  private static let directiveWords = RetentionKind(
    "directive", "不属于警情的指令文字 words of directives that serve no incident", .anonymise,
    table: "directive", key: "id",
    condition: """
      anonymise_time IS NULL AND incident_id IS NULL AND record_time < $2 AND NOT EXISTS (
        SELECT 1 FROM directive_recipient AS course
        WHERE course.partition = directive.partition AND course.directive_id = directive.id
          AND (course.state NOT IN ('accepted', 'cancelled', 'reassigned')
            OR course.feedback_time >= $2))
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE directive SET title = '', text = '', anonymise_time = $3
      WHERE partition = $1 AND id = $2
      """, [due.partition, due.key, due.now])
    try tx.execute(
      """
      UPDATE directive_recipient SET feedback = '', reason = '', answers = NULL
      WHERE partition = $1 AND directive_id = $2
      """, [due.partition, due.key])
    try removeAttachments(of: "($2)", [due.partition, due.key], tx)
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }

  /// - Parameter directives: what `IN` takes, over the two arguments.
  private static func removeAttachments(
    of directives: String, _ arguments: [any ValueConvertible], _ tx: any Transaction
  ) throws {
    for table in ["directive_attachment_piece", "directive_attachment"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND directive_id IN \(directives)", arguments)
    }
  }

  /// Where somebody was seen, and what was said of it. That there was a cordon stays.
  private static func removeCordons(
    _ matter: [any ValueConvertible], _ tx: any Transaction
  ) throws {
    try tx.execute(
      """
      DELETE FROM cordon_ring WHERE partition = $1 AND cordon_id IN (
        SELECT id FROM cordon WHERE partition = $1 AND incident_id = $2)
      """, matter)
    try tx.execute(
      "UPDATE cordon SET reason = '' WHERE partition = $1 AND incident_id = $2", matter)
  }

  /// The point stays: figures are made of places, and a place is nobody's address by itself.
  private static func place(
    of table: String, _ due: RetentionKind.Due, _ tx: any Transaction
  ) throws -> String {
    let rows = try tx.query(
      "SELECT place FROM \(table) WHERE partition = $1 AND id = $2", [due.partition, due.key])
    guard let text = try rows.first?.get("place", as: String.self) else { return "{}" }
    var place = try PlaceDocument.decode(text)
    place.address = ""
    place.description = ""
    return try PlaceDocument.encode(place)
  }

  /// Where units were when somebody was to be sent.
  private static func removePositions(
    _ matter: [any ValueConvertible], _ tx: any Transaction
  ) throws {
    let rows = try tx.query(
      "SELECT id, document FROM recommendation WHERE partition = $1 AND incident_id = $2", matter)
    for row in rows {
      let rest = try PersonalContent.removed(
        fromJSON: row.get("document"), type: "quintet.type.v1.UnitRecommendation")
      try tx.execute(
        "UPDATE recommendation SET document = $3 WHERE partition = $1 AND id = $2",
        [matter[0], try row.get("id", as: String.self), rest])
    }
  }
}
