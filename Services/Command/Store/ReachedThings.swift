// How far the caller may see, in the words of this store: a condition that goes into the query itself,
// for one thing as for a list.
import Access
import CommandDomain
import Identifiers
import Persistence

/// The caller's reach, spread out over the tree as it stands in this snapshot.
struct ReachedThings {
  let isEverywhere: Bool
  /// Organisational units, their units, and the caller's own seat.
  private let ids: Set<String>
  /// True when whole areas are the caller's affair, not only what was addressed to it.
  private let hasAreas: Bool
  private let partner: String?

  /// - Throws: `DatabaseError`.
  init(_ reach: Reach, partition: String, in tx: any Transaction) throws {
    isEverywhere = reach.isEverywhere
    partner = reach.partner
    hasAreas = !reach.areas.isEmpty
    var ids: Set<String> = []
    if !isEverywhere, hasAreas {
      let areas = reach.areas.sorted()
      let first = areas.indices.map { "SELECT CAST($\($0 + 2) AS TEXT)" }
        .joined(separator: " UNION ALL ")
      let rows = try tx.query(
        """
        WITH RECURSIVE area (id) AS (
          \(first)
          UNION SELECT below.id FROM known_org_unit AS below JOIN area
            ON below.parent_id = area.id AND below.partition = $1)
        SELECT id FROM area
        UNION SELECT unit.id FROM known_unit AS unit JOIN area
          ON unit.org_unit_id = area.id AND unit.partition = $1
        """, [partition] + areas)
      ids = Set(try rows.map { try $0.get("id", as: String.self) })
    }
    if let seat = reach.seat { ids.insert(seat) }
    self.ids = ids
  }

  func reaches(_ id: String) -> Bool { isEverywhere || ids.contains(id) }

  /// Whether a report from this system is the caller's to make.
  func mayReport(from source: String) -> Bool { partner == nil || partner == source }

  /// A condition with `?` for each value, as `Selection.filter` takes it.
  typealias Condition = (text: String, values: [any ValueConvertible])

  /// - Parameter column: of the incident's id, such as `incident.id`.
  func incident(_ column: String) -> Condition {
    var condition = any(
      [
        "EXISTS (SELECT 1 FROM assignment AS a WHERE a.partition = $1 AND a.incident_id = \(column)"
          + " AND a.unit_id IN (#))",
        "EXISTS (SELECT 1 FROM directive AS d JOIN directive_recipient AS c"
          + " ON c.partition = d.partition AND c.directive_id = d.id"
          + " WHERE d.partition = $1 AND d.incident_id = \(column) AND c.state <> 'draft'"
          + " AND c.recipient_id IN (#))",
      ]
        + (hasAreas
          ? [
            "EXISTS (SELECT 1 FROM incident_advice AS v WHERE v.partition = $1"
              + " AND v.incident_id = \(column) AND v.station_id IN (#))"
          ] : []))
    if let partner {
      condition.text +=
        " OR EXISTS (SELECT 1 FROM incident AS i WHERE i.partition = $1 AND i.id = \(column)"
        + " AND (i.source = ? OR i.diverted_to = ?))"
      condition.values += [partner, partner]
    }
    return ("(\(condition.text))", condition.values)
  }

  /// A report that belongs to no incident yet has no place in the tree: the hall's alone.
  var callReport: Condition {
    if let partner { return ("call_report.source = ?", [partner]) }
    return incident("call_report.incident_id")
  }

  var assignment: Condition {
    withAreas(any(["assignment.unit_id IN (#)"]), incident("assignment.incident_id"))
  }

  var directive: Condition {
    withAreas(
      any([
        "EXISTS (SELECT 1 FROM directive_recipient AS c WHERE c.partition = $1"
          + " AND c.directive_id = directive.id AND c.recipient_id IN (#))"
      ]), incident("directive.incident_id"))
  }

  var recommendation: Condition { incident("recommendation.incident_id") }

  private func withAreas(_ own: Condition, _ incident: Condition) -> Condition {
    hasAreas ? ("(\(own.text) OR \(incident.text))", own.values + incident.values) : own
  }

  /// - Parameter texts: each with `#` where the ids belong.
  private func any(_ texts: [String]) -> Condition {
    let sorted = ids.sorted()
    // No reach at all still has to be a query.
    let marks = sorted.isEmpty ? "NULL" : sorted.map { _ in "?" }.joined(separator: ", ")
    return (
      texts.map { $0.replacing("#", with: marks) }.joined(separator: " OR "),
      texts.flatMap { _ in sorted }
    )
  }
}

extension Selection {
  /// Leaves out what the caller may not see.
  mutating func cut(
    _ reached: ReachedThings, _ condition: (ReachedThings) -> ReachedThings.Condition
  ) {
    if reached.isEverywhere { return }
    let (text, values) = condition(reached)
    filter(text, values)
  }
}
