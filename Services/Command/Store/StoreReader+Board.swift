// Reading for live boards: cards of open incidents, and what was advised meanwhile.
import CommandDomain
import Identifiers
import Persistence

extension CommandSchema {
  /// Where command's own feed stood when intelligence's advice was kept: advice is no event of
  /// command's, and boards that begin again after a number must find it all the same.
  static let boards = Migration(
    "command-0014-boards",
    [
      "ALTER TABLE incident_advice ADD COLUMN feed_head INTEGER NOT NULL DEFAULT 0",
      "CREATE INDEX incident_advice_kept ON incident_advice (partition, feed_head)",
    ])
}

extension StoreReader {
  func cards(of ids: [IncidentID]) throws -> [IncidentCard] {
    guard !ids.isEmpty else { return [] }
    var selection = Selection("incident", partition: partition)
    selection.filter("id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))", ids)
    selection.cut(reached) { $0.incident("incident.id") }
    return try cards(selection)
  }

  func openCards(after id: IncidentID?, limit: Int) throws -> [IncidentCard] {
    let open = IncidentState.allCases.filter { !$0.isEnded }
    var selection = Selection("incident", partition: partition)
    selection.filter(
      "state IN (\(open.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
    if let id { selection.filter("id > ?", id) }
    selection.cut(reached) { $0.incident("incident.id") }
    selection.order("id", limit: limit)
    return try cards(selection)
  }

  func advised(sinceFeedHead head: Int64, limit: Int) throws -> [AdvisedIncident] {
    try tx.query(
      """
      SELECT incident_id, assessment_id, feed_head FROM incident_advice
      WHERE partition = $1 AND feed_head >= $2 ORDER BY feed_head, incident_id LIMIT $3
      """, [partition, head, limit]
    ).map { row in
      AdvisedIncident(
        incidentID: try row.get("incident_id"), assessmentID: try row.get("assessment_id"),
        feedHead: try row.get("feed_head"))
    }
  }

  private func cards(_ selection: Selection) throws -> [IncidentCard] {
    let views = try views(selection)
    guard !views.isEmpty else { return [] }
    let marks = views.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let counts = try tx.query(
      """
      SELECT incident_id, count(*) AS unanswered FROM directive
      WHERE partition = $1 AND incident_id IN (\(marks)) AND directive_class <> 'dispatch'
        AND EXISTS (SELECT 1 FROM directive_recipient AS course
          WHERE course.partition = $1 AND course.directive_id = directive.id
            AND course.state IN (\(Self.unansweredStates)))
      GROUP BY incident_id
      """, [partition] + views.map { $0.incident.id as any ValueConvertible })
    var unanswered: [IncidentID: Int] = [:]
    for row in counts {
      let incident: IncidentID = try row.get("incident_id")
      unanswered[incident] = try row.get("unanswered", as: Int.self)
    }
    return views.map {
      IncidentCard($0, unansweredDirectiveCount: unanswered[$0.incident.id] ?? 0)
    }
  }
}
