// Areas: kept with the rectangle around them, so that few are read for a point.

import Foundation
public import Geography
public import Identifiers
public import IntelligenceDomain
import Persistence

extension IntelligenceDatabaseWriter {
  public func save(_ jurisdiction: Jurisdiction) throws {
    // Duty tells of the organisation first; its name and rank come again with the area.
    try tx.execute(
      """
      INSERT INTO org_unit (partition, org_unit_id, name, org_rank, parent_id)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partition, org_unit_id) DO NOTHING
      """,
      [
        partition, jurisdiction.orgUnit.id, jurisdiction.orgUnit.name,
        jurisdiction.orgUnit.rank.rawValue,
        jurisdiction.orgUnit.parent,
      ])
    let bounds = jurisdiction.area.bounds
    try tx.execute(
      """
      INSERT INTO jurisdiction (
        partition, jurisdiction_id, org_unit_id, south, north, west, east, corners)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (partition, jurisdiction_id) DO UPDATE SET
        org_unit_id = excluded.org_unit_id, south = excluded.south, north = excluded.north,
        west = excluded.west, east = excluded.east, corners = excluded.corners
      """,
      [
        partition, jurisdiction.id, jurisdiction.orgUnit.id, bounds.south, bounds.north,
        bounds.west, bounds.east, Corners.bytes(jurisdiction.area.corners),
      ])
  }

  public func removeJurisdictions(of orgUnit: OrgUnitID) throws {
    try tx.execute(
      "DELETE FROM jurisdiction WHERE partition = $1 AND org_unit_id = $2", [partition, orgUnit])
  }

  public func jurisdictions(around point: Coordinate) throws -> [Jurisdiction] {
    let rows = try tx.query(
      """
      SELECT j.jurisdiction_id, j.corners, o.org_unit_id, o.name, o.org_rank, o.parent_id
      FROM jurisdiction j
      JOIN org_unit o ON o.partition = j.partition AND o.org_unit_id = j.org_unit_id
      WHERE j.partition = $1 AND j.south <= $2 AND j.north >= $2 AND j.west <= $3 AND j.east >= $3
      """, [partition, point.latitude, point.longitude])
    return try rows.map { row in
      Jurisdiction(
        id: try row.get("jurisdiction_id"), orgUnit: try Self.orgUnit(row),
        area: try Polygon(corners: Corners.coordinates(row.get("corners"))))
    }
  }
}

/// Latitude and longitude by turns, eight little-endian bytes each.
enum Corners {
  static func bytes(_ corners: [Coordinate]) -> [UInt8] {
    corners.flatMap { bytes($0.latitude) + bytes($0.longitude) }
  }

  static func coordinates(_ bytes: [UInt8]) throws -> [Coordinate] {
    guard bytes.count.isMultiple(of: 16) else {
      throw DatabaseError.unexpectedValue("corners are not pairs of numbers")
    }
    return try stride(from: 0, to: bytes.count, by: 16).map { start in
      try Coordinate(
        latitude: number(bytes[start..<start + 8]), longitude: number(bytes[start + 8..<start + 16])
      )
    }
  }

  private static func bytes(_ number: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Double {
    Double(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }
}
