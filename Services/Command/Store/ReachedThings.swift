// How far the caller may see, in the words of this store: a condition that goes into the query itself,
// for one thing as for a list.
import Access
import CommandDomain
import Identifiers
import Persistence
import Territory

/// The caller's reach over what command keeps.
struct ReachedThings {
  let places: ReachedPlaces

  /// - Throws: `DatabaseError`.
  init(_ reach: Reach, partition: String, in tx: any Transaction) throws {
    places = try ReachedPlaces(reach, .followed, partition: partition, in: tx)
  }

  var isEverywhere: Bool { places.isEverywhere }

  func reaches(_ id: String) -> Bool { places.reaches(id) }

  /// Whether a report from this system is the caller's to make.
  func mayReport(from source: String) -> Bool {
    places.partner == nil || places.partner == source
  }

  typealias Condition = ReachedPlaces.Condition

  /// - Parameter column: of the incident's id, such as `incident.id`.
  func incident(_ column: String) -> Condition {
    var condition = places.any(
      [
        "EXISTS (SELECT 1 FROM assignment AS a WHERE a.partition = $1 AND a.incident_id = \(column)"
          + " AND a.unit_id IN (#))",
        "EXISTS (SELECT 1 FROM directive AS d JOIN directive_recipient AS c"
          + " ON c.partition = d.partition AND c.directive_id = d.id"
          + " WHERE d.partition = $1 AND d.incident_id = \(column) AND c.state <> 'draft'"
          + " AND c.recipient_id IN (#))",
        "EXISTS (SELECT 1 FROM support_request AS r JOIN support_part AS p"
          + " ON p.partition = r.partition AND p.support_request_id = r.id"
          + " WHERE r.partition = $1 AND r.incident_id = \(column)"
          + " AND p.state <> 'given_back' AND p.seat_code IN (#))",
      ]
        + (places.hasAreas
          ? [
            "EXISTS (SELECT 1 FROM incident_advice AS v WHERE v.partition = $1"
              + " AND v.incident_id = \(column) AND v.station_id IN (#))"
          ] : []))
    if let partner = places.partner {
      condition.text +=
        " OR EXISTS (SELECT 1 FROM incident AS i WHERE i.partition = $1 AND i.id = \(column)"
        + " AND (i.source = ? OR i.diverted_to = ?))"
      condition.values += [partner, partner]
    }
    return ("(\(condition.text))", condition.values)
  }

  /// A report that belongs to no incident yet has no place in the tree: the hall's alone.
  var callReport: Condition {
    if let partner = places.partner { return ("call_report.source = ?", [partner]) }
    return incident("call_report.incident_id")
  }

  var assignment: Condition {
    withAreas(places.any(["assignment.unit_id IN (#)"]), incident("assignment.incident_id"))
  }

  var directive: Condition {
    withAreas(
      places.any([
        "EXISTS (SELECT 1 FROM directive_recipient AS c WHERE c.partition = $1"
          + " AND c.directive_id = directive.id AND c.recipient_id IN (#))"
      ]), incident("directive.incident_id"))
  }

  var support: Condition {
    let own = places.any([
      "support_request.asker_id IN (#)",
      "EXISTS (SELECT 1 FROM support_part AS p WHERE p.partition = $1"
        + " AND p.support_request_id = support_request.id AND p.seat_code IN (#))",
    ])
    return withAreas(
      ("(\(own.text))", own.values), incident("support_request.incident_id"))
  }

  /// Whoever takes part.
  var consultation: Condition {
    places.any([
      "EXISTS (SELECT 1 FROM consultation_participant AS c WHERE c.partition = $1"
        + " AND c.consultation_id = consultation.id AND c.recipient_id IN (#))"
    ])
  }

  /// Whoever sees an incident of it.
  var series: Condition {
    let (text, values) = incident("m.incident_id")
    return (
      "EXISTS (SELECT 1 FROM series_member AS m WHERE m.partition = $1"
        + " AND m.series_id = series.id AND m.drop_time IS NULL AND \(text))", values
    )
  }

  var recommendation: Condition { incident("recommendation.incident_id") }

  private func withAreas(_ own: Condition, _ incident: Condition) -> Condition {
    places.hasAreas ? ("(\(own.text) OR \(incident.text))", own.values + incident.values) : own
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
