// Reading calls, samples and deployments.
import DutyDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

extension StoreReader {
  func standingJurisdictions() throws -> [Jurisdiction] {
    try tx.query(
      """
      SELECT \(Jurisdiction.columns) FROM jurisdiction j
      JOIN org_unit o ON o.partition = j.partition AND o.id = j.org_unit_id
      WHERE j.partition = $1 AND EXISTS (
        SELECT 1 FROM org_unit_period p
        WHERE p.partition = j.partition AND p.org_unit_id = j.org_unit_id
          AND p.until_time IS NULL)
      """, [partition]
    ).map(Jurisdiction.init)
  }

  func orgUnits(within id: OrgUnitID) throws -> Set<OrgUnitID> {
    let rows = try tx.query(
      """
      WITH RECURSIVE area (id) AS (
        SELECT root.id FROM org_unit AS root WHERE root.partition = $1 AND root.id = $2
        UNION SELECT below.id FROM org_unit AS below JOIN area
          ON below.parent_id = area.id AND below.partition = $1)
      SELECT id FROM area
      """, [partition, id])
    return try rows.reduce(into: []) { try $0.insert($1.get("id", as: OrgUnitID.self)) }
  }

  // MARK: Calls

  func demand(_ query: DemandQuery) throws -> [DemandRecord] {
    let bounds = query.bounds ?? DemandBounds(south: -90, west: -180, north: 90, east: 180)
    let condition = """
      c.partition = $1 AND c.receive_time >= $2 AND c.receive_time < $3
      AND c.latitude BETWEEN $4 AND $5 AND c.longitude BETWEEN $6 AND $7
      AND c.exclusion IS \(query.counted ? "" : "NOT ")NULL
      """
    return try tx.query(
      """
      SELECT c.latitude, c.longitude, c.receive_time, c.exclusion, a.order_time, a.arrive_time,
        c.incident_id AS reference
      FROM demand_incident c
      LEFT JOIN demand_arrival a ON a.partition = c.partition AND a.incident_id = c.incident_id
      WHERE \(condition)
      UNION ALL
      SELECT c.latitude, c.longitude, c.receive_time, c.exclusion, NULL, NULL,
        c.source || '/' || c.reference
      FROM past_call c WHERE \(condition)
      ORDER BY receive_time DESC, reference LIMIT $8
      """,
      [
        partition, query.from, query.until, bounds.south, bounds.north, bounds.west, bounds.east,
        query.limit,
      ]
    ).map(DemandRecord.init)
  }

  // MARK: Deployments

  /// Leaves out those that are not the caller's affair, unless its unit is in them.
  private func cutDeployments(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any([
      "d.org_unit_id IN (#)",
      """
      EXISTS (SELECT 1 FROM deployment_unit m WHERE m.partition = d.partition
        AND m.deployment_id = d.id AND m.unit_id IN (#))
      """,
    ])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }

  func deployment(_ id: DeploymentID) throws -> Deployment? {
    var bindings = Bindings([partition, id])
    return try tx.query(
      "SELECT document FROM deployment d WHERE d.partition = $1 AND d.id = $2"
        + cutDeployments(&bindings), bindings.arguments
    ).first.map { try Document.decode(try $0.get("document")) }
  }

  func deployments(_ query: DeploymentQuery) throws -> [Deployment] {
    var bindings = Bindings([partition, query.limit])
    var conditions = ""
    if let after = query.after {
      conditions += bindings.number(
        " AND (d.start_time < ? OR (d.start_time = ? AND d.id > ?))",
        [after.time, after.time, after.id])
    }
    if let orgUnit = query.orgUnitID {
      conditions += bindings.number(" AND d.org_unit_id = ?", [orgUnit])
    }
    if let unit = query.unitID {
      conditions += bindings.number(
        """
         AND EXISTS (SELECT 1 FROM deployment_unit m WHERE m.partition = d.partition
          AND m.deployment_id = d.id AND m.unit_id = ?)
        """, [unit])
    }
    if !query.standings.isEmpty {
      let each = Deployment.Standing.allCases.filter(query.standings.contains).map {
        Self.condition(of: $0)
      }
      let values = each.flatMap { $0.needsTime ? [query.now] : [] }
      conditions += bindings.number(
        " AND (" + each.map(\.text).joined(separator: " OR ") + ")", values)
    }
    return try tx.query(
      """
      SELECT d.document FROM deployment d
      WHERE d.partition = $1\(conditions)\(cutDeployments(&bindings))
      ORDER BY d.start_time DESC, d.id LIMIT $2
      """, bindings.arguments
    ).map { try Document.decode(try $0.get("document")) }
  }

  private static func condition(
    of standing: Deployment.Standing
  ) -> (text: String, needsTime: Bool) {
    switch standing {
    case .proposed: ("(d.state = 'proposed' AND d.end_time > ?)", true)
    case .lapsed: ("(d.state = 'proposed' AND d.end_time <= ?)", true)
    case .accepted: ("(d.state = 'accepted' AND d.end_time > ?)", true)
    case .ended: ("(d.state = 'accepted' AND d.end_time <= ?)", true)
    case .refused: ("d.state = 'refused'", false)
    case .withdrawn: ("d.state = 'withdrawn'", false)
    }
  }

  func deploymentsToCompare(
    endedBy end: Date, recent: Date, comparedBefore before: Date, limit: Int
  ) throws -> [DeploymentID] {
    try tx.query(
      """
      SELECT id FROM deployment
      WHERE partition = $1 AND state = 'accepted' AND end_time <= $2
        AND (compare_time IS NULL OR (end_time > $3 AND compare_time < $4))
      ORDER BY end_time, id LIMIT $5
      """, [partition, end, recent, before, limit]
    ).map { try $0.get("id") }
  }

  // MARK: Samples

  func hasCoverageSample(ofHour hour: Date) throws -> Bool {
    try !tx.query(
      "SELECT 1 AS found FROM coverage_sample WHERE partition = $1 AND hour_time = $2 LIMIT 1",
      [partition, hour]
    ).isEmpty
  }

  func coverageSamples(
    _ span: Range<Date>, of orgUnits: Set<OrgUnitID>?, after key: CoverageSampleKey?, limit: Int
  ) throws -> [CoverageSample] {
    var bindings = Bindings([partition, span.lowerBound, span.upperBound, limit])
    var conditions = ""
    if let key {
      conditions += bindings.number(
        """
         AND (s.hour_time > ? OR (s.hour_time = ? AND (s.org_unit_code, s.area_class) > (?, ?)))
        """, [key.hour, key.hour, key.orgUnitCode, key.areaClass])
    }
    if let orgUnits {
      let marks = orgUnits.map { _ in "?" }.joined(separator: ", ")
      conditions += bindings.number(
        " AND s.org_unit_id IN (\(marks))", orgUnits.sorted())
    }
    if !reached.isEverywhere {
      let own = reached.any(["s.org_unit_id IN (#)"])
      conditions += " AND (" + bindings.number(own.text, own.values) + ")"
    }
    return try tx.query(
      """
      SELECT s.document FROM coverage_sample s
      WHERE s.partition = $1 AND s.hour_time >= $2 AND s.hour_time < $3\(conditions)
      ORDER BY s.hour_time, s.org_unit_code, s.area_class LIMIT $4
      """, bindings.arguments
    ).map { try Document.decode(try $0.get("document")) }
  }

  func sampledHours(_ span: Range<Date>) throws -> [Date] {
    try tx.query(
      """
      SELECT DISTINCT hour_time FROM coverage_sample
      WHERE partition = $1 AND hour_time >= $2 AND hour_time < $3 ORDER BY hour_time
      """, [partition, span.lowerBound, span.upperBound]
    ).map { try $0.get("hour_time") }
  }
}

extension DemandRecord {
  init(_ row: Row) throws {
    let order = try row.get("order_time", as: Date?.self)
    let arrival = try row.get("arrive_time", as: Date?.self)
    let exclusion = try row.get("exclusion", as: String?.self)
    self.init(
      point: try Coordinate(latitude: try row.get("latitude"), longitude: try row.get("longitude")),
      receiveTime: try row.get("receive_time"),
      exclusion: try exclusion.map { name in
        guard let known = DemandExclusion(rawValue: name) else {
          throw DatabaseError.unexpectedValue("a call left out for \(name)")
        }
        return known
      },
      arrivalSeconds: order.flatMap { order in arrival.map { max(0, $0.timeIntervalSince(order)) } }
    )
  }
}
