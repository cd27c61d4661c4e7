// Whose affair a thing is: duty's tree of organisations and its units, as far as another service must
// know them to cut its own answers to what a caller may see.
public import Access
public import Identifiers
public import Persistence

/// The tree as a service keeps it beside its own tables.
public enum Territory {
  /// For services that follow duty; duty's own tables say the same. To be listed after those of the
  /// event log.
  public static let migration = Migration(
    "territory-0001-tree",
    [
      """
      CREATE TABLE known_org_unit (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        parent_id TEXT,
        PRIMARY KEY (partition, id)
      )
      """,
      "CREATE INDEX known_org_unit_parent ON known_org_unit (partition, parent_id)",
      """
      CREATE TABLE known_unit (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        org_unit_id TEXT,
        PRIMARY KEY (partition, id)
      )
      """,
      "CREATE INDEX known_unit_home ON known_unit (partition, org_unit_id)",
      // A store that followed duty before it kept the tree hears duty's history again: what it knew
      // already stays as it is.
      "DELETE FROM subscription WHERE source = 'duty'",
    ])

  /// Keeps the organisation above this one, in place of what was known before.
  /// - Throws: `DatabaseError`.
  public static func save(
    _ orgUnit: OrgUnitID, under parent: OrgUnitID?, partition: String, in tx: any Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO known_org_unit (partition, id, parent_id) VALUES ($1, $2, $3)
      ON CONFLICT (partition, id) DO UPDATE SET parent_id = excluded.parent_id
      """, [partition, orgUnit, parent])
  }

  /// Keeps where a unit belongs, in place of what was known before.
  /// - Throws: `DatabaseError`.
  public static func save(
    _ unit: UnitID, of orgUnit: OrgUnitID?, partition: String, in tx: any Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO known_unit (partition, id, org_unit_id) VALUES ($1, $2, $3)
      ON CONFLICT (partition, id) DO UPDATE SET org_unit_id = excluded.org_unit_id
      """, [partition, unit, orgUnit])
  }

  /// Where a service has the tree.
  public struct Tables: Sendable {
    let orgUnits: String
    let orgUnitID: String
    /// Nil where units are no matter.
    let units: String?

    /// - Parameters:
    ///   - orgUnits: a table with `partition`, `parent_id` and `orgUnitID`.
    ///   - units: a table with `partition`, `id` and `org_unit_id`.
    public init(orgUnits: String, orgUnitID: String = "id", units: String?) {
      self.orgUnits = orgUnits
      self.orgUnitID = orgUnitID
      self.units = units
    }

    /// Those of `migration`.
    public static let followed = Tables(orgUnits: "known_org_unit", units: "known_unit")
  }
}

/// A caller's reach, spread out over the tree as it stands in one transaction.
public struct ReachedPlaces: Sendable {
  public let isEverywhere: Bool
  /// Organisations, their units, and the caller's own seat.
  public let ids: Set<String>
  /// True when whole areas are the caller's affair, not only what was addressed to it.
  public let hasAreas: Bool
  /// The partner whose own records these are.
  public let partner: String?

  /// - Throws: `DatabaseError`.
  public init(
    _ reach: Reach, _ tables: Territory.Tables, partition: String, in tx: any Transaction
  ) throws {
    isEverywhere = reach.isEverywhere
    hasAreas = !reach.areas.isEmpty
    partner = reach.partner
    var ids: Set<String> = []
    if !isEverywhere, hasAreas {
      ids = try Self.spread(reach.areas.sorted(), tables, partition, tx)
    }
    if let seat = reach.seat { ids.insert(seat) }
    self.ids = ids
  }

  public func reaches(_ id: String) -> Bool { isEverywhere || ids.contains(id) }

  /// A condition in SQL, with `?` for each value.
  public typealias Condition = (text: String, values: [any ValueConvertible])

  /// - Parameter texts: each with `#` where the ids belong, as in `unit_id IN (#)`; one of them is
  ///   enough.
  public func any(_ texts: [String]) -> Condition {
    let sorted = ids.sorted()
    // No reach at all still has to be a query.
    let marks = sorted.isEmpty ? "NULL" : sorted.map { _ in "?" }.joined(separator: ", ")
    return (
      texts.map { $0.replacing("#", with: marks) }.joined(separator: " OR "),
      texts.flatMap { _ in sorted }
    )
  }

  private static func spread(
    _ areas: [String], _ tables: Territory.Tables, _ partition: String, _ tx: any Transaction
  ) throws -> Set<String> {
    let roots = areas.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let units =
      tables.units.map { table in
        """
        UNION SELECT unit.id FROM \(table) AS unit JOIN area
          ON unit.org_unit_id = area.id AND unit.partition = $1
        """
      } ?? ""
    let rows = try tx.query(
      """
      WITH RECURSIVE area (id) AS (
        SELECT root.\(tables.orgUnitID) FROM \(tables.orgUnits) AS root
          WHERE root.partition = $1 AND root.\(tables.orgUnitID) IN (\(roots))
        UNION SELECT below.\(tables.orgUnitID) FROM \(tables.orgUnits) AS below JOIN area
          ON below.parent_id = area.id AND below.partition = $1)
      SELECT id FROM area
      \(units)
      """, [partition] + areas)
    return try rows.reduce(into: Set(areas)) { try $0.insert($1.get("id", as: String.self)) }
  }
}

/// The values of one query, numbered as they come.
public struct Bindings {
  public private(set) var arguments: [any ValueConvertible]

  /// - Parameter arguments: those numbered already, from `$1`.
  public init(_ arguments: [any ValueConvertible]) {
    self.arguments = arguments
  }

  /// - Parameter text: with `?` for each of `values`, in order.
  /// - Returns: the text with numbers in their place.
  public mutating func number(_ text: String, _ values: [any ValueConvertible]) -> String {
    var numbered = ""
    var rest = values[...]
    for character in text {
      if character == "?", let value = rest.popFirst() {
        arguments.append(value)
        numbered += "$\(arguments.count)"
      } else {
        numbered.append(character)
      }
    }
    return numbered
  }
}
