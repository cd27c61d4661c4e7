// What supervision lets go: clocks that have stopped, and what it sent to command. Evaluations are
// figures of incidents and stay.
import Persistence
public import Retention

extension SupervisionSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [
    stoppedDeadlines, answeredCalls, lookUp, lookUpFinding, .requestLedger, .parkedEvent,
  ]

  static let retentionMigration = Migration(
    "supervision-0005-retention",
    RetentionSchema.tables + [
      RetentionSchema.period("deadline", days: 1825, least: 365),
      RetentionSchema.period("outgoing_call", days: 365, least: 30),
      RetentionSchema.period("request_ledger", days: 90, least: 30),
      RetentionSchema.period("parked_event", days: 365, least: 30),
      RetentionSchema.period("audit_entry", days: 1825, least: 365),
    ])

  private static let lookUp = RetentionKind.deleting(
    "look_up", "查询记录 look-ups", table: "look_up", key: "service || '/' || entry_index",
    condition: "occur_time < $2 AND record_time < $2")

  private static let lookUpFinding = RetentionKind(
    "look_up_finding", "查询核实 answered findings about look-ups", .delete,
    table: "look_up_finding", key: "finding_id",
    condition: "answer_time < $2 AND record_time < $2"
  ) { due, tx in
    for table in ["look_up_finding_area", "look_up_finding"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND finding_id = $2",
        [due.partition, due.key])
    }
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }

  private static let stoppedDeadlines = RetentionKind.deleting(
    "deadline", "已停时限 stopped deadlines", table: "deadline", key: "deadline_id",
    incident: "incident_id", condition: "stop_time < $2 AND record_time < $2")

  private static let answeredCalls = RetentionKind.deleting(
    "outgoing_call", "已答复的退回请求 answered requests to command", table: "outgoing_call",
    key: "request_id", incident: "incident_id",
    condition: "state <> 'pending' AND occur_time < $2 AND record_time < $2")
}
