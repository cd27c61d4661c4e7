// Puts a place into the gazetteer, and its names into the index.

import Audit
import EventLog
public import Foundation
import Geography
public import Identifiers
public import IntelligenceDomain
import Persistence

/// The writer of a transaction, as the gazetteer's use cases see it.
struct GazetteerDatabaseWriter: GazetteerTables, GazetteerWriter {
  let base: IntelligenceDatabaseWriter

  var tx: any Transaction { base.tx }
  var partition: String { base.partition }
  var now: Date { base.now }

  func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag> { base.mint(tag) }

  func record(_ event: IntelligenceEvent, incident: IncidentID?, occurTime: Date) {
    base.record(event, incident: incident, occurTime: occurTime)
  }

  func save(_ place: GazetteerPlace, names: PlaceNames) throws {
    let isFound = !place.content.isRetired
    let before = try place.revision > 1 ? forget(place.id) : []
    var numbers: [String: Int64] = [:]
    for name in isFound ? names.names : [] where numbers[name.key] == nil {
      numbers[name.key] = try number(of: name)
    }
    let house = isFound ? names.house : nil
    try save(place, road: house.flatMap { numbers[$0.road] }, house: house?.number)
    for name in isFound ? names.names : [] {
      guard let number = numbers[name.key] else { continue }
      try tx.execute(
        "INSERT INTO place_name (partition, name_id, field, place_id) VALUES ($1, $2, $3, $4)",
        [partition, number, name.field.rawValue, place.id])
    }
    for number in before where !numbers.values.contains(number) { try drop(unused: number) }
  }

  private func save(_ place: GazetteerPlace, road: Int64?, house: Int?) throws {
    let content = place.content
    let isFound = !content.isRetired
    let key = content.kind.isPlate && isFound ? PlateNumber.key(content.code) : nil
    try tx.execute(
      """
      INSERT INTO place (
        partition, place_id, code, kind, name, aliases, address, area, description, device_code,
        latitude, longitude, radius_m, is_retired, revision, occur_time, record_time, cell,
        number_key, number_digits, road_name_id, house_number)
      VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22)
      ON CONFLICT (partition, place_id) DO UPDATE SET
        kind = excluded.kind, name = excluded.name, aliases = excluded.aliases,
        address = excluded.address, area = excluded.area, description = excluded.description,
        device_code = excluded.device_code, latitude = excluded.latitude,
        longitude = excluded.longitude, radius_m = excluded.radius_m,
        is_retired = excluded.is_retired, revision = excluded.revision,
        occur_time = excluded.occur_time, record_time = excluded.record_time, cell = excluded.cell,
        number_key = excluded.number_key, number_digits = excluded.number_digits,
        road_name_id = excluded.road_name_id, house_number = excluded.house_number
      """,
      [
        partition, place.id, content.code, content.kind.rawValue, content.name,
        try StoredJSON.encode(content.aliases), content.address, content.area, content.description,
        content.deviceCode.isEmpty ? nil : content.deviceCode,
        content.coordinate.latitude, content.coordinate.longitude, content.radiusMetres,
        content.isRetired, place.revision, place.occurTime, place.recordTime,
        isFound ? MapGrid.cell(of: content.coordinate) : nil, key,
        key.map(Self.digits).flatMap { $0.isEmpty ? nil : $0 }, road, house,
      ])
  }

  /// The number of a name in the index, which is made for it when it is new.
  private func number(of name: PlaceNames.Name) throws -> Int64 {
    if let known = try names(equalTo: [name.key]).first { return known.number }
    let number = try tx.query(
      """
      INSERT INTO gazetteer_name (partition, name_id, name_key)
      SELECT $1, coalesce(max(name_id), 0) + 1, $2 FROM gazetteer_name WHERE partition = $1
      RETURNING name_id
      """, [partition, name.key]
    ).first?.get("name_id", as: Int64.self)
    guard let number else { throw DatabaseError.unexpectedValue("a name was given no number") }
    guard !name.terms.isEmpty else { return number }
    let rows = name.terms.indices.map { "($1, $\($0 + 4), $2, $3)" }.joined(separator: ", ")
    try tx.execute(
      "INSERT INTO gazetteer_term (partition, term, name_id, size) VALUES \(rows)",
      [partition, number, name.key.count] + name.terms)
    return number
  }

  /// - Returns: the names that the place had.
  private func forget(_ id: PlaceID) throws -> [Int64] {
    let numbers = try tx.query(
      "SELECT DISTINCT name_id FROM place_name WHERE partition = $1 AND place_id = $2",
      [partition, id]
    ).map { try $0.get("name_id", as: Int64.self) }
    try tx.execute(
      "DELETE FROM place_name WHERE partition = $1 AND place_id = $2", [partition, id])
    return numbers
  }

  private func drop(unused number: Int64) throws {
    let users = try tx.query(
      "SELECT 1 AS found FROM place_name WHERE partition = $1 AND name_id = $2 LIMIT 1",
      [partition, number])
    guard users.isEmpty else { return }
    for table in ["gazetteer_term", "gazetteer_name"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND name_id = $2", [partition, number])
    }
  }
}

extension IntelligenceDatabaseStore: GazetteerStore {
  public func readGazetteer<R: Sendable>(
    _ body: @escaping @Sendable (any GazetteerReader) throws -> R
  ) async throws -> R {
    try await database.read { [partition = log.partition] tx in
      try body(GazetteerDatabaseReader(tx: tx, partition: partition))
    }
  }

  public func writeGazetteer<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, now: Date,
    _ body: @escaping @Sendable (any GazetteerWriter) throws -> R
  ) async throws -> R {
    try await database.write { [self] tx in
      try audit.once(request, provenance: provenance, now: now, in: tx) {
        let writer = writer(in: tx, provenance: provenance, now: now)
        let result = try body(GazetteerDatabaseWriter(base: writer))
        try writer.flush()
        return result
      }
    }
  }
}
