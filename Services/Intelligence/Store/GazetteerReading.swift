// The gazetteer's questions in SQL. They are asked in the reader's transaction and in the writer's.

import Foundation
import Geography
import Identifiers
import IntelligenceDomain
import Persistence
import Territory

/// Where the questions are asked.
protocol GazetteerTables: GazetteerReader {
  var tx: any Transaction { get }
  var partition: String { get }
}

struct GazetteerDatabaseReader: GazetteerTables {
  let tx: any Transaction
  let partition: String
}

/// How many names one term is counted up to: beyond, it tells next to nothing.
private let countedNames = 4_000
/// Rows of the index that one question reads, give or take a term.
private let readNames = 12_000
/// Terms of one question.
private let termLimit = 60
private let plateLimit = 60

extension GazetteerTables {
  // MARK: - By id, code and device

  func place(_ id: PlaceID) throws -> GazetteerPlace? {
    try places(where: "p.place_id = $2", [id]).first
  }

  func place(code: String) throws -> GazetteerPlace? {
    try places(where: "p.code = $2", [code]).first
  }

  func place(device: String) throws -> GazetteerPlace? {
    try places(where: "p.device_code = $2 AND p.is_retired = 0", [device]).first
  }

  func places(
    after code: String?, kinds: Set<PlaceKind>, limit: Int
  ) throws -> [GazetteerPlace] {
    var bindings = Bindings([partition])
    var condition = bindings.number("p.code > ?", [code ?? ""])
    if !kinds.isEmpty {
      let names = kinds.map(\.rawValue).sorted()
      condition += bindings.number(" AND p.kind IN (\(Self.marks(names.count)))", names)
    }
    let end = bindings.number("ORDER BY p.code LIMIT ?", [limit])
    return try places(where: condition, end, bindings)
  }

  func plates(numbered keys: [String]) throws -> [GazetteerPlace] {
    guard !keys.isEmpty else { return [] }
    var bindings = Bindings([partition])
    var condition = bindings.number("p.number_key IN (\(Self.marks(keys.count)))", keys)
    let digits = keys.filter { $0.allSatisfy(\.isNumber) }.map(Self.digits).filter { !$0.isEmpty }
    if !digits.isEmpty {
      condition += bindings.number(
        " OR p.number_digits IN (\(Self.marks(digits.count)))", digits)
    }
    let end = bindings.number("ORDER BY p.code LIMIT ?", [plateLimit])
    return try places(where: "(\(condition))", end, bindings)
  }

  /// The digits of a number without the zeros before them: whoever reads it aloud leaves them out.
  static func digits(_ key: String) -> String {
    String(key.filter(\.isNumber).drop { $0 == "0" })
  }

  // MARK: - By place on the map and on the road

  func places(around point: Coordinate, metres: Double, limit: Int) throws -> [GazetteerPlace] {
    let cells = MapGrid.cells(around: point, metres: metres)
    var bindings = Bindings([partition])
    let condition = bindings.number("p.cell IN (\(Self.marks(cells.count)))", cells)
    let end = bindings.number("LIMIT ?", [limit])
    return try places(where: condition, end, bindings)
  }

  func houses(on road: Int64, around number: Int, limit: Int) throws -> [HousePlace] {
    let below = try tx.query(
      """
      SELECT \(Self.columns), p.house_number FROM place p
      WHERE p.partition = $1 AND p.road_name_id = $2 AND p.house_number <= $3
      ORDER BY p.house_number DESC, p.place_id LIMIT $4
      """, [partition, road, number, limit])
    let above = try tx.query(
      """
      SELECT \(Self.columns), p.house_number FROM place p
      WHERE p.partition = $1 AND p.road_name_id = $2 AND p.house_number > $3
      ORDER BY p.house_number, p.place_id LIMIT $4
      """, [partition, road, number, limit])
    return try (below + above).map {
      HousePlace(place: try Self.place($0), number: try $0.get("house_number"))
    }
  }

  // MARK: - By name

  func names(equalTo keys: [String]) throws -> [IndexedName] {
    guard !keys.isEmpty else { return [] }
    var bindings = Bindings([partition])
    let condition = bindings.number("name_key IN (\(Self.marks(keys.count)))", keys)
    return try tx.query(
      "SELECT name_id, name_key FROM gazetteer_name WHERE partition = $1 AND \(condition)",
      bindings.arguments
    ).map(Self.name)
  }

  func names(sharing terms: [String], length: Int, limit: Int) throws -> [IndexedName] {
    let weights = try telling(Array(terms.prefix(termLimit)))
    guard !weights.isEmpty else { return [] }
    var bindings = Bindings([partition, length, limit])
    let rows = weights.map { bindings.number("(?, ?)", [$0.term, $0.weight]) }
    // The few terms first, each by the index; an engine that chose otherwise would read all of it.
    return try tx.query(
      """
      WITH told (term, weight) AS (VALUES \(rows.joined(separator: ", "))),
      best AS (
        SELECT t.name_id, sum(told.weight) AS weight, max(t.size) AS size
        FROM told CROSS JOIN gazetteer_term t
        WHERE t.partition = $1 AND t.term = told.term
        GROUP BY t.name_id
        ORDER BY sum(told.weight) / (max(t.size) + $2 + 4) DESC, t.name_id LIMIT $3)
      SELECT n.name_id, n.name_key FROM best
      JOIN gazetteer_name n ON n.partition = $1 AND n.name_id = best.name_id
      """, bindings.arguments
    ).map(Self.name)
  }

  /// The terms worth looking for, and how much each tells: the fewer names have it, the more.
  private func telling(_ terms: [String]) throws -> [(term: String, weight: Double)] {
    guard !terms.isEmpty else { return [] }
    var bindings = Bindings([partition])
    let parts = terms.indices.map { index in
      """
      SELECT \(index) AS ordinal, (SELECT count(*) FROM (SELECT 1 AS one FROM gazetteer_term
      WHERE partition = $1 AND term = \(bindings.number("?", [terms[index]]))
      LIMIT \(countedNames)) AS counted) AS known
      """
    }
    let counts = try tx.query(parts.joined(separator: " UNION ALL "), bindings.arguments).map {
      (term: terms[try $0.get("ordinal", as: Int.self)], known: try $0.get("known", as: Int.self))
    }
    var chosen: [(term: String, weight: Double)] = []
    var read = 0
    for (term, known) in counts.filter({ $0.known > 0 }).sorted(by: { $0.known < $1.known }) {
      guard chosen.count < 2 || read + known <= readNames else { break }
      read += known
      chosen.append((term, log(200_000 / Double(known))))
    }
    return chosen
  }

  func places(
    named weights: [Int64: Double], in fields: Set<NameField>, within bounds: Polygon.Bounds?,
    limit: Int
  ) throws -> [NamedPlace] {
    guard !weights.isEmpty, !fields.isEmpty else { return [] }
    var bindings = Bindings([partition, limit])
    let rows = weights.sorted { $0.key < $1.key }
      .map { bindings.number("(?, ?)", [$0.key, $0.value]) }.joined(separator: ", ")
    let words = fields.map(\.rawValue).sorted()
    let inFields = bindings.number("n.field IN (\(Self.marks(words.count)))", words)
    var box = ""
    if let bounds {
      box = bindings.number(
        """
        JOIN place b ON b.partition = $1 AND b.place_id = n.place_id
          AND b.latitude BETWEEN ? AND ? AND b.longitude BETWEEN ? AND ?
        """, [bounds.south, bounds.north, bounds.west, bounds.east])
    }
    let found = try tx.query(
      """
      WITH told (name_id, weight) AS (VALUES \(rows)),
      best AS (
        SELECT n.place_id, sum(told.weight) AS weight
        FROM told CROSS JOIN place_name n \(box)
        WHERE n.partition = $1 AND n.name_id = told.name_id AND \(inFields)
        GROUP BY n.place_id ORDER BY sum(told.weight) DESC, n.place_id LIMIT $2)
      SELECT \(Self.columns), n.name_id, n.field FROM best
      JOIN place p ON p.partition = $1 AND p.place_id = best.place_id
      JOIN place_name n ON n.partition = $1 AND n.place_id = best.place_id AND \(inFields)
      """, bindings.arguments)
    var places: [PlaceID: NamedPlace] = [:]
    for row in found {
      let number = try row.get("name_id", as: Int64.self)
      guard weights[number] != nil else { continue }
      let field = try row.value("field", as: NameField.self)
      let id = try row.get("place_id", as: PlaceID.self)
      var named = try places[id] ?? NamedPlace(place: Self.place(row), names: [:])
      // A name that is an alias too is a name.
      if named.names[number] != .name { named.names[number] = field }
      places[id] = named
    }
    return Array(places.values)
  }

  // MARK: - Rows

  private func places(
    where condition: String, _ arguments: [any ValueConvertible]
  ) throws -> [GazetteerPlace] {
    try places(where: condition, "", Bindings([partition] + arguments))
  }

  private func places(
    where condition: String, _ end: String, _ bindings: Bindings
  ) throws -> [GazetteerPlace] {
    try tx.query(
      "SELECT \(Self.columns) FROM place p WHERE p.partition = $1 AND \(condition) \(end)",
      bindings.arguments
    ).map(Self.place)
  }

  static func marks(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
  }

  private static func name(_ row: Row) throws -> IndexedName {
    IndexedName(number: try row.get("name_id"), key: try row.get("name_key"))
  }

  private static var columns: String {
    """
    p.place_id, p.code, p.kind, p.name, p.aliases, p.address, p.area, p.description, \
    p.device_code, p.latitude, p.longitude, p.radius_m, p.is_retired, p.revision, p.occur_time, \
    p.record_time
    """
  }

  private static func place(_ row: Row) throws -> GazetteerPlace {
    let aliases = try row.get("aliases", as: String.self)
    return GazetteerPlace(
      id: try row.get("place_id"),
      content: PlaceContent(
        code: try row.get("code"), kind: try row.value("kind"), name: try row.get("name"),
        // Few places have any, and a search reads many places.
        aliases: aliases == "[]" ? [] : try StoredJSON.decode([String].self, aliases),
        address: try row.get("address"), area: try row.get("area"),
        description: try row.get("description"),
        deviceCode: try row.get("device_code", as: String?.self) ?? "",
        coordinate: try Coordinate(
          latitude: row.get("latitude"), longitude: row.get("longitude")),
        radiusMetres: try row.get("radius_m"), isRetired: try row.get("is_retired")),
      revision: try row.get("revision"), occurTime: try row.get("occur_time"),
      recordTime: try row.get("record_time"))
  }
}
