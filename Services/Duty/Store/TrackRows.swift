// The points of tracks as rows: written with the positions that make them points, read by time.
public import DutyDomain
public import Foundation
import Geography
public import Identifiers
import Persistence

/// One unit's track within one transaction.
struct TrackRows {
  let unit: UnitID
  let partition: String
  let now: Date
  let tx: any Transaction

  func insert(
    _ position: UnitPosition, sequence: Int64, dropped: Int, isAside: Bool = false
  ) throws {
    try tx.execute(
      """
      INSERT INTO track_point (
        partition, unit_id, fix_time, sequence, latitude, longitude, speed_mps, heading_deg,
        is_jump, is_aside, dropped_count, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """,
      [
        partition, unit, position.fixTime, sequence, position.coordinate.latitude,
        position.coordinate.longitude, position.speed, position.heading,
        position.jumps?.isLatest == true ? 1 : 0, isAside ? 1 : 0, dropped, now,
      ])
  }

  /// - Parameters:
  ///   - newest: of the unit; it is later.
  ///   - window: the open end of the track.
  func insert(
    late position: UnitPosition, _ sequence: Int64, before newest: UnitPosition,
    _ window: TrackWindow
  ) throws {
    if position.fixTime >= window.startTime, !window.starts(at: newest) {
      let (place, next) = window.place(late: position, before: newest)
      if next != window { try save(next) }
      return try insert(position, sequence, at: place)
    }
    // Retention may have taken the point after it: then it is past its period itself.
    guard let (after, row) = try end(after: position.fixTime) else { return }
    let place = TrackWindow.place(
      late: position, between: try end(upTo: position.fixTime), and: after)
    if place == .dropped {
      try tx.execute(
        """
        UPDATE track_point SET dropped_count = dropped_count + 1
        WHERE partition = $1 AND unit_id = $2 AND fix_time = $3 AND sequence = $4
        """, [partition, unit, after.time, row])
    }
    try insert(position, sequence, at: place)
  }

  private func insert(_ position: UnitPosition, _ sequence: Int64, at place: LatePlace) throws {
    guard place == .onLine || place == .aside else { return }
    try insert(position, sequence: sequence, dropped: 0, isAside: place == .aside)
  }

  private func save(_ window: TrackWindow) throws {
    let key: [any ValueConvertible] = [partition, unit]
    try tx.execute(
      """
      UPDATE unit_position SET
        start_latitude = $3, start_longitude = $4, start_time = $5, north_least = $6,
        north_most = $7, east_least = $8, east_most = $9, dropped_count = $10
      WHERE partition = $1 AND unit_id = $2
      """, key + window.values)
  }

  private func end(after time: Date) throws -> (end: TrackEnd, sequence: Int64)? {
    try ends("fix_time > $3 ORDER BY fix_time, sequence", time).first.map {
      (try TrackEnd($0), try $0.get("sequence"))
    }
  }

  private func end(upTo time: Date) throws -> TrackEnd? {
    try ends("fix_time <= $3 ORDER BY fix_time DESC, sequence DESC", time).first
      .map { try TrackEnd($0) }
  }

  private func ends(_ condition: String, _ time: Date) throws -> [Row] {
    try tx.query(
      """
      SELECT latitude, longitude, fix_time, sequence, dropped_count FROM track_point
      WHERE partition = $1 AND unit_id = $2 AND is_aside = 0 AND \(condition) LIMIT 1
      """, [partition, unit, time])
  }
}

extension TrackEnd {
  fileprivate init(_ row: Row) throws {
    self.init(
      coordinate: try Coordinate(
        latitude: try row.get("latitude"), longitude: try row.get("longitude")),
      time: try row.get("fix_time"), droppedCount: try row.get("dropped_count"))
  }
}

extension TrackWindow {
  static let columns = """
    p.start_latitude, p.start_longitude, p.start_time, p.north_least, p.north_most, \
    p.east_least, p.east_most, p.dropped_count
    """

  /// In the order of `columns`.
  var values: [any ValueConvertible] {
    [
      start.latitude, start.longitude, startTime, north.least, north.most, east.least, east.most,
      droppedCount,
    ]
  }

  /// Nil for a unit that has had no track yet.
  static func optional(_ row: Row) throws -> TrackWindow? {
    guard let time = try row.get("start_time", as: Date?.self) else { return nil }
    return TrackWindow(
      start: try Coordinate(
        latitude: try row.get("start_latitude"), longitude: try row.get("start_longitude")),
      startTime: time,
      north: Rates(least: try row.get("north_least"), most: try row.get("north_most")),
      east: Rates(least: try row.get("east_least"), most: try row.get("east_most")),
      droppedCount: try row.get("dropped_count"))
  }
}

// MARK: - Reading

extension TrackPoint {
  fileprivate init(_ row: Row) throws {
    let isJump = try row.get("is_jump", as: Int.self) == 1
    self.init(
      position: UnitPosition(
        coordinate: try Coordinate(
          latitude: try row.get("latitude"), longitude: try row.get("longitude")),
        fixTime: try row.get("fix_time"), speed: try row.get("speed_mps"),
        heading: try row.get("heading_deg"),
        jumps: isJump ? PositionJumps(isLatest: true, count: 0) : nil),
      isAside: try row.get("is_aside", as: Int.self) == 1,
      droppedCount: try row.get("dropped_count"),
      isNewest: try row.get("is_newest", as: Int.self) == 1, sequence: try row.get("sequence"))
  }
}

extension StoreReader {
  func track(
    of unit: UnitID, from: Date, to: Date, after key: TrackKey?, limit: Int
  ) throws -> [TrackPoint] {
    let start = key ?? TrackKey(time: from, sequence: -1)
    return try tx.query(
      """
      SELECT fix_time, sequence, latitude, longitude, speed_mps, heading_deg, is_jump, is_aside,
        dropped_count, 0 AS is_newest
      FROM track_point
      WHERE partition = $1 AND unit_id = $2 AND fix_time BETWEEN $3 AND $4
        AND (fix_time, sequence) > ($3, $5)
      UNION ALL
      SELECT p.fix_time, p.sequence, p.latitude, p.longitude, p.speed_mps, p.heading_deg, p.is_jump,
        0 AS is_aside, p.dropped_count, 1 AS is_newest
      FROM unit_position p
      WHERE p.partition = $1 AND p.unit_id = $2 AND p.fix_time BETWEEN $3 AND $4
        AND (p.fix_time, p.sequence) > ($3, $5) AND NOT EXISTS (
          SELECT 1 FROM track_point t
          WHERE t.partition = p.partition AND t.unit_id = p.unit_id AND t.fix_time = p.fix_time
            AND t.sequence = p.sequence)
      ORDER BY fix_time, sequence LIMIT $6
      """, [partition, unit, start.time, to, start.sequence, limit]
    ).map(TrackPoint.init)
  }

  func wasSent(_ unit: UnitID, to incident: IncidentID) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM unit_commitment
      WHERE partition = $1 AND unit_id = $2 AND incident_id = $3 LIMIT 1
      """, [partition, unit, incident]
    ).isEmpty
  }

  func isOpen(_ incident: IncidentID) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM known_incident
      WHERE partition = $1 AND incident_id = $2 AND is_open = 1
      """, [partition, incident]
    ).isEmpty
  }
}

extension StoreWriter {
  public func track(
    of unit: UnitID, from: Date, to: Date, after key: TrackKey?, limit: Int
  ) throws -> [TrackPoint] {
    try reader.track(of: unit, from: from, to: to, after: key, limit: limit)
  }

  public func wasSent(_ unit: UnitID, to incident: IncidentID) throws -> Bool {
    try reader.wasSent(unit, to: incident)
  }

  public func isOpen(_ incident: IncidentID) throws -> Bool { try reader.isOpen(incident) }
}
