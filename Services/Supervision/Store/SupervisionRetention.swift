// What supervision lets go: clocks that have stopped, and what it sent to command. Evaluations are
// figures of incidents and stay.
import Persistence
public import Retention

extension SupervisionSchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] = [
    stoppedDeadlines, answeredCalls, lookUp, lookUpFinding, activityIncident, activityCall,
    activityCourse, activityUnitStatus, .requestLedger, .parkedEvent,
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

  /// With its steps and assignments.
  private static let activityIncident = RetentionKind(
    "activity_incident", "分析：警情 figures: incidents", .delete, table: "activity_incident",
    key: "incident_id", incident: "incident_id",
    condition: "receive_time < $2 AND record_time < $2"
  ) { due, tx in
    for table in ["activity_step", "activity_assignment", "activity_incident"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND incident_id = $2",
        [due.partition, due.key])
    }
  }

  private static let activityCall = RetentionKind.deleting(
    "activity_call", "分析：接警 figures: calls", table: "activity_call", key: "call_report_id",
    incident: "incident_id", condition: "receive_time < $2 AND record_time < $2")

  private static let activityCourse = RetentionKind.deleting(
    "activity_course", "分析：指令 figures: directives", table: "activity_course",
    key: "directive_id || '/' || recipient_kind || '/' || recipient_id",
    incident: "incident_id", condition: "issue_time < $2 AND record_time < $2")

  /// The last word on a unit stays: it holds until the next.
  private static let activityUnitStatus = RetentionKind.deleting(
    "activity_unit_status", "分析：在岗 figures: units on duty", table: "activity_unit_status",
    key: "unit_id || '/' || sequence",
    condition: """
      status_time < $2 AND record_time < $2 AND EXISTS (
        SELECT 1 FROM activity_unit_status AS later
        WHERE later.partition = activity_unit_status.partition
          AND later.unit_id = activity_unit_status.unit_id
          AND later.status_time >= activity_unit_status.status_time AND later.status_time < $2
          AND later.sequence > activity_unit_status.sequence)
      """)

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
