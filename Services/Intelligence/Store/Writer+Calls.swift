// Earlier calls, each question from an index of its own.

public import Foundation
public import Geography
public import Identifiers
public import IntelligenceDomain
import Persistence

extension IntelligenceDatabaseWriter {
  public func save(_ call: CallRecord, isComplaint: Bool) throws {
    // As with findings: a call beyond the reach of every rule would only wait to be deleted.
    let reach = call.receiveTime.addingTimeInterval(Retention.callSeconds)
    try tx.execute(
      """
      INSERT INTO known_call (
        partition, call_report_id, call_stable, incident_id, receive_time, phone_hash, address_key,
        latitude, longitude, cell, is_complaint, is_discovered)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 WHERE NOT EXISTS (
        SELECT 1 FROM heard_clock WHERE partition = $1 AND heard_time > $13)
      ON CONFLICT (partition, call_report_id) DO NOTHING
      """,
      [
        partition, call.id, call.id.stablePart, call.incident, call.receiveTime, call.phoneHash,
        call.addressKey, call.coordinate?.latitude, call.coordinate?.longitude,
        call.coordinate.map(MapGrid.cell(of:)), isComplaint, call.isDiscovered, reach,
      ])
  }

  public func setComplaint(_ isComplaint: Bool, callsOf incident: IncidentID) throws {
    try tx.execute(
      "UPDATE known_call SET is_complaint = $3 WHERE partition = $1 AND incident_id = $2",
      [partition, incident, isComplaint])
  }

  public func calls(of incident: IncidentID, limit: Int) throws -> [CallRecord] {
    try tx.query(
      """
      SELECT \(CallQueries.columns) FROM known_call
      WHERE partition = $1 AND incident_id = $2 AND is_discovered = 0
      ORDER BY receive_time DESC, call_stable DESC LIMIT $3
      """, [partition, incident, limit]
    ).map(Self.call)
  }

  public func incidents(
    like call: CallRecord, from time: Date, limit: Int
  ) throws -> [IncidentID] {
    let ways = [(CallQueries.phone, call.phoneHash), (CallQueries.address, call.addressKey)]
    return try ways.flatMap { condition, key -> [IncidentID] in
      guard let key else { return [] }
      return try tx.query(
        """
        SELECT incident_id, max(receive_time) AS newest FROM known_call
        WHERE partition = $1 AND \(condition) AND receive_time >= $3
        GROUP BY incident_id ORDER BY newest DESC, incident_id LIMIT $4
        """, [partition, key, time, limit]
      ).map { try $0.get("incident_id") }
    }
  }

  public func calls(
    phoneHash: String, in window: CallWindow, notOf incident: IncidentID
  ) throws -> EarlierCalls {
    try earlier(CallQueries.phone, key: phoneHash, window, incident)
  }

  public func calls(
    addressKey: String, in window: CallWindow, notOf incident: IncidentID
  ) throws -> EarlierCalls {
    try earlier(CallQueries.address, key: addressKey, window, incident)
  }

  public func calls(
    near coordinate: Coordinate, metres: Double, in window: CallWindow,
    notOf incident: IncidentID, limit: Int
  ) throws -> [CallRecord] {
    let cells = Self.padded(MapGrid.cells(around: coordinate, metres: metres))
    return try tx.query(
      CallQueries.near(cells: cells.count),
      [partition, window.from, window.before.time, window.before.stablePart, incident, limit]
        + cells
    ).map(Self.call)
  }

  private func earlier(
    _ condition: String, key: String, _ window: CallWindow, _ incident: IncidentID
  ) throws -> EarlierCalls {
    let arguments: [any ValueConvertible] = [
      partition, key, window.from, window.before.time, window.before.stablePart, incident,
    ]
    let count = try tx.query(CallQueries.count(condition), arguments).first?.get("n", as: Int.self)
    // Mostly there are none.
    guard let count, count > 0 else { return EarlierCalls(count: 0, newest: []) }
    let newest = try tx.query(
      CallQueries.newest(condition), arguments + [RepeatFinding.evidenceLimit])
    return EarlierCalls(count: count, newest: try newest.map(Self.call))
  }

  private static func call(_ row: Row) throws -> CallRecord {
    var coordinate: Coordinate?
    if let latitude = try row.get("latitude", as: Double?.self),
      let longitude = try row.get("longitude", as: Double?.self)
    {
      coordinate = try Coordinate(latitude: latitude, longitude: longitude)
    }
    return CallRecord(
      id: try row.get("call_report_id"), incident: try row.get("incident_id"),
      receiveTime: try row.get("receive_time"), phoneHash: try row.get("phone_hash"),
      addressKey: try row.get("address_key"), coordinate: coordinate)
  }

  /// To one of a few lengths, by repeating the last, so that few statements are prepared.
  private static func padded(_ cells: [Int64]) -> [Int64] {
    guard let last = cells.last else { return [-1] }
    var length = 4
    while length < cells.count { length *= 2 }
    return cells + Array(repeating: last, count: length - cells.count)
  }
}

/// The searches for earlier calls. A test holds each to its index.
enum CallQueries {
  static let columns = """
    call_report_id, incident_id, receive_time, phone_hash, address_key, latitude, longitude
    """

  static let phone = "phone_hash = $2 AND is_complaint = 0 AND is_discovered = 0"
  static let address = "address_key = $2 AND is_complaint = 0 AND is_discovered = 0"

  static func count(_ condition: String) -> String {
    "SELECT count(*) AS n FROM known_call \(window(condition))"
  }

  static func newest(_ condition: String) -> String {
    """
    SELECT \(columns) FROM known_call \(window(condition))
    ORDER BY receive_time DESC, call_stable DESC LIMIT $7
    """
  }

  private static func window(_ condition: String) -> String {
    """
    WHERE partition = $1 AND \(condition) AND receive_time >= $3 AND receive_time <= $4
      AND (receive_time, call_stable) < ($4, $5) AND incident_id <> $6
    """
  }

  static func near(cells: Int) -> String {
    let places = (0..<cells).map { "$\($0 + 7)" }.joined(separator: ", ")
    return """
      SELECT \(columns) FROM known_call
      WHERE partition = $1 AND cell IN (\(places)) AND is_discovered = 0 AND receive_time >= $2
        AND receive_time <= $3 AND (receive_time, call_stable) < ($3, $4) AND incident_id <> $5
      ORDER BY receive_time DESC, call_stable DESC LIMIT $6
      """
  }
}
