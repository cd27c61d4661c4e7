// Where units are: the newest position of each, whichever way it came; and what of it its track needs.
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
      SELECT u.kind, \(UnitPosition.columns), \(TrackWindow.columns), p.sequence FROM unit u
      LEFT JOIN unit_position p ON p.partition = u.partition AND p.unit_id = u.id
      WHERE u.partition = $1 AND u.id = $2
      """, [partition, report.unitID])
    guard let row = known.first else { return .unitUnknown }
    let kind: UnitKind = try row.get("kind")
    guard kind != .group else { return .unitIsGroup }
    let track = TrackRows(unit: report.unitID, partition: partition, now: now, tx: tx)
    guard let before = try UnitPosition.optional(row) else {
      let first = TrackWindow.advance(nil, from: nil, to: report.position)
      return try keep(report.position, first, in: track, sequence)
    }
    let window = try TrackWindow.optional(row)
    // Times are kept to the microsecond; half of one absorbs the rounding of equal times.
    if before.fixTime.timeIntervalSince(report.position.fixTime) > 0.000_000_5 {
      if let window {
        try track.insert(late: report.position, sequence, before: before, window)
      }
      return .superseded
    }
    let position = report.position.following(before, of: kind)
    let advance = TrackWindow.advance(window, from: before, to: position)
    if let dropped = advance.keptBefore {
      try track.insert(before, sequence: try row.get("sequence"), dropped: dropped)
    }
    return try keep(position, advance, in: track, sequence)
  }

  private static func keep(
    _ position: UnitPosition, _ advance: TrackWindow.Advance, in track: TrackRows,
    _ sequence: Int64
  ) throws -> PositionOutcome {
    if advance.keepsNew { try track.insert(position, sequence: sequence, dropped: 0) }
    let newest: [any ValueConvertible] = [
      track.partition, track.unit, position.coordinate.latitude, position.coordinate.longitude,
      position.fixTime, position.speed, position.heading, sequence, track.now,
      position.jumps?.isLatest == true ? 1 : 0, position.jumps?.count ?? 0,
    ]
    try track.tx.execute(
      """
      INSERT INTO unit_position (
        partition, unit_id, latitude, longitude, fix_time, speed_mps, heading_deg, sequence,
        record_time, is_jump, jump_count, start_latitude, start_longitude, start_time, north_least,
        north_most, east_least, east_most, dropped_count)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
      ON CONFLICT (partition, unit_id) DO UPDATE SET
        latitude = excluded.latitude, longitude = excluded.longitude,
        fix_time = excluded.fix_time, speed_mps = excluded.speed_mps,
        heading_deg = excluded.heading_deg, sequence = excluded.sequence,
        record_time = excluded.record_time, is_jump = excluded.is_jump,
        jump_count = excluded.jump_count, start_latitude = excluded.start_latitude,
        start_longitude = excluded.start_longitude, start_time = excluded.start_time,
        north_least = excluded.north_least, north_most = excluded.north_most,
        east_least = excluded.east_least, east_most = excluded.east_most,
        dropped_count = excluded.dropped_count
      """, newest + advance.window.values)
    return position.jumps?.isLatest == true ? .implausible : .accepted
  }
}
