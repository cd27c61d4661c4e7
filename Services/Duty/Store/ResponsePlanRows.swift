// Roads, response plans and known incidents: rows and the domain's structs.
import Classification
public import DutyDomain
import Foundation
public import Geography
import Identifiers
import Persistence

/// A stretch of nodes and ways as it is kept: columns, because names beside every number would be
/// most of the text.
struct RoadPart: Codable {
  static let limit = 2000

  var latitudes: [Double] = []
  var longitudes: [Double] = []
  var from: [Int32] = []
  var to: [Int32] = []
  var metres: [Double] = []
  var seconds: [Double] = []

  static func parts(nodes: [Coordinate], edges: [RoadEdge]) -> [RoadPart] {
    stride(from: 0, to: max(nodes.count, edges.count), by: limit).map { first in
      let nodes = nodes.dropFirst(first).prefix(limit)
      let edges = edges.dropFirst(first).prefix(limit)
      return RoadPart(
        latitudes: nodes.map(\.latitude), longitudes: nodes.map(\.longitude),
        from: edges.map(\.from), to: edges.map(\.to), metres: edges.map(\.metres),
        seconds: edges.map(\.seconds))
    }
  }

  func append(to nodes: inout [Coordinate], _ edges: inout [RoadEdge]) throws {
    nodes += try zip(latitudes, longitudes).map { try Coordinate(latitude: $0, longitude: $1) }
    guard to.count == from.count, metres.count == from.count, seconds.count == from.count else {
      throw DatabaseError.unexpectedValue("a part of the road network has columns of two lengths")
    }
    edges += from.indices.map {
      RoadEdge(from: from[$0], to: to[$0], metres: metres[$0], seconds: seconds[$0])
    }
  }
}

extension RoadNetworkFacts {
  static let columns = "id, source, node_count, edge_count, import_time, speeds"

  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), source: try row.get("source"),
      nodeCount: try row.get("node_count"), edgeCount: try row.get("edge_count"),
      importTime: try row.get("import_time"),
      speeds: try Document.decode(try row.get("speeds")))
  }
}

extension RoadNetwork {
  /// The network of a partition, whose facts have been read.
  init(_ facts: RoadNetworkFacts, _ partition: String, in tx: any Transaction) throws {
    var nodes: [Coordinate] = []
    var edges: [RoadEdge] = []
    nodes.reserveCapacity(facts.nodeCount)
    edges.reserveCapacity(facts.edgeCount)
    let rows = try tx.query(
      "SELECT document FROM road_part WHERE partition = $1 ORDER BY ordinal", [partition])
    for row in rows {
      let part: RoadPart = try Document.decode(try row.get("document"))
      try part.append(to: &nodes, &edges)
    }
    self.init(nodes: nodes, edges: edges, speeds: facts.speeds)
  }
}

extension ResponsePlan {
  init(_ row: Row) throws {
    let name = try row.get("incident_class", as: String.self)
    let number = try row.get("level", as: Int.self)
    guard let level = IncidentLevel(rawValue: number),
      name.isEmpty || IncidentClass(rawValue: name) != nil
    else { throw DatabaseError.unexpectedValue("a response plan for \(name) \(number)") }
    self.init(
      id: try row.get("id"),
      key: ResponseKey(incidentClass: IncidentClass(rawValue: name), level: level),
      terms: try Document.decode(try row.get("terms")), revision: try row.get("revision"))
  }
}

extension StoreReader {
  func responsePlans() throws -> [ResponsePlan] {
    try tx.query(
      """
      SELECT id, incident_class, level, terms, revision FROM response_plan
      WHERE partition = $1 ORDER BY level, incident_class
      """, [partition]
    ).map(ResponsePlan.init)
  }

  func roadNetwork() throws -> RoadNetworkFacts? {
    try tx.query(
      "SELECT \(RoadNetworkFacts.columns) FROM road_network WHERE partition = $1", [partition]
    ).first.map(RoadNetworkFacts.init)
  }

  func keyPlaces(around point: Coordinate, degrees: Double) throws -> [KeyPlace] {
    let east = degrees / max(0.01, cos(point.latitude * .pi / 180))
    return try tx.query(
      """
      SELECT o.name, (j.south + j.north) / 2 AS latitude, (j.west + j.east) / 2 AS longitude
      FROM jurisdiction j
      JOIN org_unit o ON o.partition = j.partition AND o.id = j.org_unit_id
      WHERE j.partition = $1 AND j.area_class = 'key_place' AND j.south <= $2 AND j.north >= $3
        AND j.west <= $4 AND j.east >= $5
      ORDER BY o.code
      """,
      [
        partition, point.latitude + degrees, point.latitude - degrees, point.longitude + east,
        point.longitude - east,
      ]
    ).map { row in
      KeyPlace(
        name: try row.get("name"),
        point: try Coordinate(
          latitude: try row.get("latitude"), longitude: try row.get("longitude")))
    }
  }
}

extension StoreWriter {
  public func save(_ facts: RoadNetworkFacts, nodes: [Coordinate], edges: [RoadEdge]) throws {
    try tx.execute("DELETE FROM road_part WHERE partition = $1", [partition])
    for (ordinal, part) in RoadPart.parts(nodes: nodes, edges: edges).enumerated() {
      try tx.execute(
        "INSERT INTO road_part (partition, ordinal, document) VALUES ($1, $2, $3)",
        [partition, ordinal, try Document.encode(part)])
    }
    try tx.execute(
      """
      INSERT INTO road_network (
        partition, id, source, node_count, edge_count, import_time, speeds, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition) DO UPDATE SET
        id = excluded.id, source = excluded.source, node_count = excluded.node_count,
        edge_count = excluded.edge_count, import_time = excluded.import_time,
        speeds = excluded.speeds, sequence = excluded.sequence,
        record_time = excluded.record_time
      """,
      [
        partition, facts.id, facts.source, facts.nodeCount, facts.edgeCount, facts.importTime,
        try Document.encode(facts.speeds), try RosterHead.advance(partition, in: tx), now,
      ])
  }

  public func save(_ plan: ResponsePlan) throws {
    try tx.execute(
      """
      INSERT INTO response_plan (
        partition, id, incident_class, level, terms, revision, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, id) DO UPDATE SET
        terms = excluded.terms, revision = excluded.revision, record_time = excluded.record_time
      """,
      [
        partition, plan.id, plan.key.incidentClass?.rawValue ?? "", plan.key.level.rawValue,
        try Document.encode(plan.terms), plan.revision, now,
      ])
  }

  public func save(_ incident: KnownIncident) throws {
    try tx.execute(
      """
      INSERT INTO known_incident (
        partition, incident_id, level, is_open, revision, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, incident_id) DO UPDATE SET
        level = excluded.level, is_open = excluded.is_open, revision = excluded.revision,
        sequence = excluded.sequence, record_time = excluded.record_time
      WHERE excluded.revision > known_incident.revision
      """,
      [
        partition, incident.id, incident.level?.rawValue, incident.isOpen ? 1 : 0,
        incident.revision, try RosterHead.advance(partition, in: tx), now,
      ])
  }

  public func responsePlans() throws -> [ResponsePlan] { try reader.responsePlans() }

  public func roadNetwork() throws -> RoadNetworkFacts? { try reader.roadNetwork() }

  public func keyPlaces(around point: Coordinate, degrees: Double) throws -> [KeyPlace] {
    try reader.keyPlaces(around: point, degrees: degrees)
  }

  public func reaches(_ unit: DutyUnit) throws -> Bool { reader.reaches(unit) }
}
