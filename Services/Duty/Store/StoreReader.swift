// The reading half of the repository: one transaction, one partition.
import Access
import DutyDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

struct StoreReader: DutyReader {
  let tx: any Transaction
  let partition: String
  let reached: ReachedPlaces

  /// - Throws: `DatabaseError`.
  init(tx: any Transaction, partition: String, reach: Reach) throws {
    self.tx = tx
    self.partition = partition
    reached = try ReachedPlaces(
      reach, .init(orgUnits: "org_unit", units: nil), partition: partition, in: tx)
  }

  func reaches(_ unit: DutyUnit) -> Bool {
    reached.reaches(unit.id.description)
      || unit.orgUnitID.map { reached.reaches($0.description) } == true
      || unit.groupID.map { reached.reaches($0.description) } == true
  }

  var reachesEverywhere: Bool { reached.isEverywhere }

  func reaches(_ orgUnit: OrgUnitID) -> Bool { reached.reaches(orgUnit.description) }

  /// Corners in one page of jurisdictions: some 22 bytes each on the wire, where 1 MiB is the limit.
  static let cornerLimit = 30_000

  // MARK: Organisations

  func orgUnit(_ id: OrgUnitID) throws -> OrgUnit? {
    try tx.query(
      "SELECT \(OrgUnit.columns) FROM org_unit WHERE partition = $1 AND id = $2", [partition, id]
    ).first.map(OrgUnit.init)
  }

  func orgUnit(code: String) throws -> OrgUnit? {
    try tx.query(
      "SELECT \(OrgUnit.columns) FROM org_unit WHERE partition = $1 AND code = $2",
      [partition, code]
    ).first.map(OrgUnit.init)
  }

  // MARK: Jurisdictions

  private static let jurisdictionsOfOrgUnits = """
    FROM jurisdiction j
    JOIN org_unit o ON o.partition = j.partition AND o.id = j.org_unit_id
    """

  func jurisdiction(of orgUnit: OrgUnitID, _ areaClass: AreaClass) throws -> Jurisdiction? {
    try tx.query(
      """
      SELECT \(Jurisdiction.columns) \(Self.jurisdictionsOfOrgUnits)
      WHERE j.partition = $1 AND j.org_unit_id = $2 AND j.area_class = $3
      """, [partition, orgUnit, areaClass]
    ).first.map(Jurisdiction.init)
  }

  func jurisdictions(after key: JurisdictionKey?, limit: Int) throws -> JurisdictionPage {
    let keys: [any ValueConvertible] = [
      partition, key?.orgUnitCode ?? "", key?.areaClass.rawValue ?? "",
    ]
    let order = """
      WHERE j.partition = $1 AND (o.code, j.area_class) > ($2, $3)
      ORDER BY o.code, j.area_class LIMIT $4
      """
    // Sizes first: the areas of a full page would not fit into one answer.
    let sizes = try tx.query(
      "SELECT j.corner_count \(Self.jurisdictionsOfOrgUnits) \(order)", keys + [limit + 1]
    ).map { try $0.get("corner_count", as: Int.self) }
    var corners = 0
    var count = 0
    for size in sizes.prefix(limit) {
      corners += size
      guard count == 0 || corners <= Self.cornerLimit else { break }
      count += 1
    }
    let page = try tx.query(
      "SELECT \(Jurisdiction.columns) \(Self.jurisdictionsOfOrgUnits) \(order)", keys + [count]
    ).map(Jurisdiction.init)
    let last = page.last.map {
      JurisdictionKey(orgUnitCode: $0.orgUnit.code, areaClass: $0.areaClass)
    }
    return JurisdictionPage(jurisdictions: page, next: count < sizes.count ? last : nil)
  }

  func jurisdictions(holding point: Coordinate) throws -> [Jurisdiction] {
    try tx.query(
      """
      SELECT \(Jurisdiction.columns) \(Self.jurisdictionsOfOrgUnits)
      WHERE j.partition = $1 AND j.south <= $2 AND j.north >= $2 AND j.west <= $3 AND j.east >= $3
        AND EXISTS (
          SELECT 1 FROM org_unit_period p
          WHERE p.partition = j.partition AND p.org_unit_id = j.org_unit_id
            AND p.until_time IS NULL)
      """, [partition, point.latitude, point.longitude]
    ).map(Jurisdiction.init).filter { $0.area.contains(point) }
  }

  // MARK: Units

  private static let unitsWithPositions = """
    SELECT \(DutyUnit.columns), \(UnitPosition.columns) FROM unit u
    LEFT JOIN unit_position p ON p.partition = u.partition AND p.unit_id = u.id
    """

  /// Leaves out the units of others. A unit's own seat is the unit; whoever leads a group has its
  /// parts as well.
  private func cut(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any(["u.org_unit_id IN (#)", "u.id IN (#)", "u.group_id IN (#)"])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }

  func unit(_ id: UnitID) throws -> UnitView? {
    var bindings = Bindings([partition, id])
    return try tx.query(
      "\(Self.unitsWithPositions) WHERE u.partition = $1 AND u.id = $2" + cut(&bindings),
      bindings.arguments
    ).first.map(view)
  }

  func unit(callSign: String) throws -> UnitView? {
    try anyUnit(callSign: callSign).flatMap { reaches($0.unit) ? $0 : nil }
  }

  /// Whosever it is.
  func anyUnit(callSign: String) throws -> UnitView? {
    try tx.query(
      "\(Self.unitsWithPositions) WHERE u.partition = $1 AND u.call_sign = $2",
      [partition, callSign]
    ).first.map(view)
  }

  private func view(_ row: Row) throws -> UnitView {
    let unit = try DutyUnit(row)
    let commitments = try tx.query(
      """
      SELECT \(Commitment.columns) FROM unit_commitment c
      WHERE c.partition = $1 AND c.unit_id = $2 AND c.state <> 'ended' ORDER BY c.assignment_id
      """, [partition, unit.id]
    ).map(Commitment.init)
    return UnitView(
      unit: unit, commitments: commitments, position: try UnitPosition.optional(row),
      parts: unit.kind == .group ? try parts(of: unit.id) : [])
  }

  /// By call sign.
  private func parts(of group: UnitID) throws -> [UnitView] {
    try tx.query(
      """
      \(Self.unitsWithPositions)
      WHERE u.partition = $1 AND u.group_id = $2 AND u.kind <> 'group' ORDER BY u.call_sign
      """, [partition, group]
    ).map(view)
  }

  func units(after callSign: String?, limit: Int) throws -> [UnitView] {
    var bindings = Bindings([partition, callSign ?? "", limit])
    let rows = try tx.query(
      """
      \(Self.unitsWithPositions)
      WHERE u.partition = $1 AND u.call_sign > $2\(cut(&bindings)) ORDER BY u.call_sign LIMIT $3
      """, bindings.arguments)
    guard let last = try rows.last?.get("call_sign", as: String.self) else { return [] }
    let commitments = try tx.query(
      """
      SELECT \(Commitment.columns) FROM unit u
      JOIN unit_commitment c ON c.partition = u.partition AND c.unit_id = u.id
      WHERE u.partition = $1 AND u.call_sign > $2 AND u.call_sign <= $3 AND c.state <> 'ended'
      ORDER BY c.assignment_id
      """, [partition, callSign ?? "", last]
    ).map(Commitment.init)
    let byUnit = Dictionary(grouping: commitments, by: \.unitID)
    return try rows.map { row in
      let unit = try DutyUnit(row)
      return UnitView(
        unit: unit, commitments: byUnit[unit.id] ?? [], position: try UnitPosition.optional(row),
        parts: unit.kind == .group ? try parts(of: unit.id) : [])
    }
  }
}
