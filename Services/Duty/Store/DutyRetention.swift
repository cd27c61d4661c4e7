// What duty lets go: where units last were, and where all of them were when somebody was to be sent.
import Persistence
public import Retention

extension DutySchema {
  /// In the order in which they are swept.
  public static let retention: [RetentionKind] =
    [positions, tracks, recommendationsMade] + rosterKinds + deploymentKinds + taskKinds
    + [.requestLedger, .parkedEvent]

  static let retentionMigration = Migration(
    "duty-0004-retention",
    RetentionSchema.tables + [
      RetentionSchema.period("unit_position", days: 30, least: 1),
      RetentionSchema.period("recommendation", days: 365, least: 365),
      RetentionSchema.period("request_ledger", days: 90, least: 30),
      RetentionSchema.period("parked_event", days: 365, least: 30),
      RetentionSchema.period("audit_entry", days: 1825, least: 365),
    ])

  /// Only the newest position of a unit is kept at all. One that is on an incident keeps it.
  private static let positions = RetentionKind(
    "unit_position", "警力最后位置 last positions of units", .delete,
    table: "unit_position", key: "unit_id",
    condition: """
      fix_time < $2 AND record_time < $2 AND NOT EXISTS (
        SELECT 1 FROM unit_commitment AS held
        WHERE held.partition = unit_position.partition AND held.unit_id = unit_position.unit_id
          AND held.state <> 'ended')
      """
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    // The end of its track, which has a period of its own.
    try tx.execute(
      """
      INSERT INTO track_point (
        partition, unit_id, fix_time, sequence, latitude, longitude, speed_mps, heading_deg,
        is_jump, is_aside, dropped_count, record_time)
      SELECT partition, unit_id, fix_time, sequence, latitude, longitude, speed_mps, heading_deg,
        is_jump, 0, dropped_count, record_time
      FROM unit_position WHERE partition = $1 AND unit_id = $2
      ON CONFLICT (partition, unit_id, fix_time, sequence) DO NOTHING
      """, gone)
    try tx.execute("DELETE FROM unit_position WHERE partition = $1 AND unit_id = $2", gone)
    // The roster in memory reads again what has changed.
    let sequence = try RosterHead.advance(due.partition, in: tx)
    try tx.execute(
      "UPDATE unit SET sequence = $3 WHERE partition = $1 AND id = $2", gone + [sequence])
  }

  /// All of a unit's points that are past the period at once.
  private static let tracks = RetentionKind(
    "track_point", "警力轨迹 tracks of units", .delete, table: "unit", key: "id",
    condition: """
      EXISTS (
        SELECT 1 FROM track_point AS point
        WHERE point.partition = unit.partition AND point.unit_id = unit.id
          AND point.fix_time < $2 AND point.record_time < $2)
      """
  ) { due, tx in
    try tx.execute(
      """
      DELETE FROM track_point
      WHERE partition = $1 AND unit_id = $2 AND fix_time < $3 AND record_time < $3
      """, [due.partition, due.key, due.cutoff])
  }

  private static let recommendationsMade = RetentionKind(
    "recommendation", "派警建议 recommendations", .delete, table: "recommendation", key: "id",
    incident: "incident_id", condition: "as_of_time < $2 AND record_time < $2"
  ) { due, tx in
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
    try tx.execute(
      "DELETE FROM recommendation WHERE partition = $1 AND id = $2", [due.partition, due.key])
  }
}
