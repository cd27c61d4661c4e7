// What command lets go of support requests, consultations and series: their words. That there were any,
// and what became of them, stays for the figures.
import CommandDomain
import Foundation
import Persistence
import Retention

extension CommandSchema {
  static let consultationWords = RetentionKind(
    "consultation", "会商的文字 words of consultations", .anonymise, table: "consultation", key: "id",
    condition: """
      anonymise_time IS NULL AND state IN ('closed', 'cancelled') AND close_time < $2
      AND record_time < $2
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE consultation SET title = $3, reason = '', anonymise_time = $4
      WHERE partition = $1 AND id = $2
      """, [due.partition, due.key, anonymisedTitle, due.now])
    try tx.execute(
      """
      UPDATE consultation_participant SET reason = ''
      WHERE partition = $1 AND consultation_id = $2
      """, [due.partition, due.key])
    try removeEntryWords(where: "consultation_id = $2", due.partition, due.key, tx)
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }

  /// One that stands goes when all its incidents have gone.
  static let seriesWords = RetentionKind(
    "series", "串并案的文字 words of series", .anonymise, table: "series", key: "id",
    condition: """
      anonymise_time IS NULL AND state_time < $2 AND (
        state IN ('rejected', 'dissolved') OR NOT EXISTS (
          SELECT 1 FROM series_member AS member JOIN incident
            ON incident.partition = member.partition AND incident.id = member.incident_id
          WHERE member.partition = series.partition AND member.series_id = series.id
            AND member.drop_time IS NULL AND incident.anonymise_time IS NULL))
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE series SET title = $3, reason = '', anonymise_time = $4,
        decide_reason = CASE WHEN decide_reason IS NULL THEN NULL ELSE '' END,
        dissolve_reason = CASE WHEN dissolve_reason IS NULL THEN NULL ELSE '' END
      WHERE partition = $1 AND id = $2
      """, [due.partition, due.key, anonymisedTitle, due.now])
    try removeMemberWords(where: "series_id = $2", [due.partition, due.key], tx)
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }

  /// What was said of one incident goes with it.
  static func removeJointWork(
    _ matter: [any ValueConvertible], _ tx: any Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE support_request SET title = $3, text = '', reason = ''
      WHERE partition = $1 AND incident_id = $2
      """, matter + [anonymisedTitle])
    try tx.execute(
      """
      UPDATE support_part SET task = '', answer = '', reason = ''
      WHERE partition = $1 AND support_request_id IN (
        SELECT id FROM support_request WHERE partition = $1 AND incident_id = $2)
      """, matter)
    try removeMemberWords(where: "incident_id = $2", matter, tx)
    try removeEntryWords(where: "incident_id = $2", matter[0], matter[1], tx)
  }

  private static func removeMemberWords(
    where condition: String, _ arguments: [any ValueConvertible], _ tx: any Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE series_member SET reason = '',
        drop_reason = CASE WHEN drop_reason IS NULL THEN NULL ELSE '' END
      WHERE partition = $1 AND \(condition)
      """, arguments)
  }

  private static func removeEntryWords(
    where condition: String, _ partition: any ValueConvertible, _ key: any ValueConvertible,
    _ tx: any Transaction
  ) throws {
    let rows = try tx.query(
      """
      SELECT consultation_id, kind, number, document FROM consultation_entry
      WHERE partition = $1 AND \(condition)
      """, [partition, key])
    for row in rows {
      let text: String = try row.get("document")
      let kind: ConsultationEntryKind = try row.raw("kind")
      let rest: String =
        switch kind {
        case .item:
          try JSONDocument.encode(JSONDocument.decode(text, as: AgendaItem.self).wordless)
        case .link:
          try JSONDocument.encode(JSONDocument.decode(text, as: AgendaLink.self).wordless)
        case .decision:
          try JSONDocument.encode(JSONDocument.decode(text, as: Decision.self).wordless)
        case .amendment:
          try JSONDocument.encode(JSONDocument.decode(text, as: Amendment.self).wordless)
        }
      try tx.execute(
        """
        UPDATE consultation_entry SET document = $5
        WHERE partition = $1 AND consultation_id = $2 AND kind = $3 AND number = $4
        """,
        [
          partition, try row.get("consultation_id", as: String.self), kind.rawValue,
          try row.get("number", as: Int.self), rest,
        ])
    }
  }
}
