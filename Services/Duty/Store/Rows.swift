// Rows and the domain's structs, both ways of reading in one place.
public import DutyDomain
import Foundation
import Geography
import Identifiers
public import Persistence

extension OrgRank: ValueConvertible {}
extension AreaClass: ValueConvertible {}
extension UnitKind: ValueConvertible {}
extension Availability: ValueConvertible {}
extension UnitCondition: ValueConvertible {}
extension CommitmentState: ValueConvertible {}
extension TerminalKind: ValueConvertible {}

extension OrgUnit {
  static let columns = "id, code, name, rank, parent_id"

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), code: try row.get("code"), name: try row.get("name"),
      rank: try row.get("rank"), parentID: try row.get("parent_id"))
  }
}

extension Jurisdiction {
  /// Of `jurisdiction` as j joined with its `org_unit` as o.
  static let columns = """
    j.id AS jurisdiction_id, j.area_class, j.area, o.id, o.code, o.name, o.rank, o.parent_id
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("jurisdiction_id"), orgUnit: try OrgUnit(row),
      areaClass: try row.get("area_class"), area: try Document.decode(try row.get("area")))
  }
}

extension DutyUnit {
  static let columns = """
    u.id, u.call_sign, u.kind, u.org_unit_id, u.group_id, u.headcount, u.capabilities, \
    u.availability, u.condition, u.status_time, u.revision
    """

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), callSign: try row.get("call_sign"), kind: try row.get("kind"),
      orgUnitID: try row.get("org_unit_id"), groupID: try row.get("group_id"),
      headcount: try row.get("headcount"),
      capabilities: try Document.decode(try row.get("capabilities")),
      availability: try row.get("availability"), condition: try row.get("condition"),
      statusTime: try row.get("status_time"), revision: try row.get("revision"))
  }
}

extension UnitPosition {
  static let columns = """
    p.latitude, p.longitude, p.fix_time, p.speed_mps, p.heading_deg, p.is_jump, p.jump_count
    """

  init(_ row: Row) throws {
    self.init(
      coordinate: try Coordinate(
        latitude: try row.get("latitude"), longitude: try row.get("longitude")),
      fixTime: try row.get("fix_time"), speed: try row.get("speed_mps"),
      heading: try row.get("heading_deg"), jumps: try PositionJumps.optional(row))
  }

  /// Nil where an outer join found none.
  static func optional(_ row: Row) throws -> UnitPosition? {
    try row.get("fix_time", as: Date?.self) == nil ? nil : UnitPosition(row)
  }
}

extension PositionJumps {
  /// Nil for a unit that had none.
  fileprivate static func optional(_ row: Row) throws -> PositionJumps? {
    let count = try row.get("jump_count", as: Int.self)
    guard count > 0 else { return nil }
    return PositionJumps(isLatest: try row.get("is_jump", as: Int.self) == 1, count: count)
  }
}

extension Commitment {
  static let columns = "c.assignment_id, c.unit_id, c.incident_id, c.state"

  init(_ row: Row) throws {
    self.init(
      assignmentID: try row.get("assignment_id"), unitID: try row.get("unit_id"),
      incidentID: try row.get("incident_id"), state: try row.get("state"))
  }
}

extension TravelModel {
  init(_ row: Row) throws {
    self.init(
      detourFactor: try row.get("detour_factor"), speed: try row.get("speed_mps"),
      turnout: try row.get("turnout_s"))
  }
}
