// Where units are: the newest position of each, whichever way it came.
import DutyDomain
import Foundation
import Geography
import Identifiers
import Persistence

enum PositionKeeping {
  /// - Parameter sequence: the number of the change in the roster.
  static func keep(
    _ report: PositionReport, _ partition: String, sequence: Int64, now: Date,
    in tx: any Transaction
  ) throws -> PositionOutcome {
    let known = try tx.query(
      """
      SELECT u.kind, \(UnitPosition.columns) FROM unit u
      LEFT JOIN unit_position p ON p.partition = u.partition AND p.unit_id = u.id
      WHERE u.partition = $1 AND u.id = $2
      """, [partition, report.unitID])
    guard let row = known.first else { return .unitUnknown }
    let before = try UnitPosition.optional(row)
    let position = report.position.following(before, of: try row.get("kind"))
    let changed = try tx.execute(
      """
      INSERT INTO unit_position (
        partition, unit_id, latitude, longitude, fix_time, speed_mps, heading_deg, sequence,
        record_time, is_jump, jump_count)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      ON CONFLICT (partition, unit_id) DO UPDATE SET
        latitude = excluded.latitude, longitude = excluded.longitude,
        fix_time = excluded.fix_time, speed_mps = excluded.speed_mps,
        heading_deg = excluded.heading_deg, sequence = excluded.sequence,
        record_time = excluded.record_time, is_jump = excluded.is_jump,
        jump_count = excluded.jump_count
      WHERE excluded.fix_time >= unit_position.fix_time
      """,
      [
        partition, report.unitID, position.coordinate.latitude, position.coordinate.longitude,
        position.fixTime, position.speed, position.heading, sequence, now,
        position.jumps?.isLatest == true ? 1 : 0, position.jumps?.count ?? 0,
      ])
    guard changed > 0 else { return .superseded }
    return position.jumps?.isLatest == true ? .implausible : .accepted
  }
}
