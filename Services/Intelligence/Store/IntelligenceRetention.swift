// What intelligence lets go. Findings and the calls that repeats are searched in expire sooner and by
// themselves, in the time of command's feed (`Retention` beside the store).
import Persistence
public import Retention

extension IntelligenceSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [
    assessmentsMade, .requestLedger, .parkedEvent,
  ]

  static let retentionMigration = Migration(
    "intelligence-0003-retention",
    RetentionSchema.tables + [
      RetentionSchema.period("assessment", days: 1825, least: 365),
      RetentionSchema.period("parked_event", days: 365, least: 30),
      RetentionSchema.period("audit_entry", days: 1825, least: 365),
    ])

  private static let assessmentsMade = RetentionKind(
    "assessment", "研判 assessments", .delete, table: "assessment", key: "incident_id",
    incident: "incident_id", condition: "occur_time < $2 AND record_time < $2"
  ) { due, tx in
    // Rows that refer to it first.
    for table in ["repeat_finding", "known_call", "assessment"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND incident_id = $2", [due.partition, due.key])
    }
    try PersonalContent.removeFromEvents(where: "incident_id = $2", due.partition, due.key, tx)
  }
}
