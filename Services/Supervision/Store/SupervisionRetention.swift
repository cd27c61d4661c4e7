// What supervision lets go: clocks that have stopped, and what it sent to command. Evaluations are
// figures of incidents and stay.
import Persistence
public import Retention

extension SupervisionSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [
    stoppedDeadlines, answeredCalls, .requestLedger, .parkedEvent,
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

  private static let stoppedDeadlines = RetentionKind.deleting(
    "deadline", "已停时限 stopped deadlines", table: "deadline", key: "deadline_id",
    incident: "incident_id", condition: "stop_time < $2 AND record_time < $2")

  private static let answeredCalls = RetentionKind.deleting(
    "outgoing_call", "已答复的退回请求 answered requests to command", table: "outgoing_call",
    key: "request_id", incident: "incident_id",
    condition: "state <> 'pending' AND occur_time < $2 AND record_time < $2")
}
