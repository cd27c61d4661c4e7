// Reading rows of facts, cut to what the caller may see. A point lies within a caller's reach when the
// smallest area that holds it does; the query looks at the areas' bounds, and what it leaves is looked
// at once more before it goes any further.
import Foundation
import Geography
import Identifiers
import Persistence
import SupervisionDomain
import Territory

extension StoreReader {
  func places() throws -> PlaceMap {
    let areas = try tx.query(
      """
      SELECT area.jurisdiction_id, area.area_class, area.polygon, home.org_unit_id
      FROM area JOIN activity_area AS home ON home.partition = area.partition
        AND home.jurisdiction_id = area.jurisdiction_id
      WHERE area.partition = $1
      """, [partition])
    return PlaceMap(
      orgUnits: try tx.query(
        "SELECT * FROM activity_org_unit WHERE partition = $1", [partition]
      ).map(OrgUnitActivity.init),
      units: try tx.query("SELECT * FROM activity_unit WHERE partition = $1", [partition])
        .map(UnitActivity.init),
      areas: try areas.map { row in
        Area(
          id: try row.get("jurisdiction_id"), areaClass: try row.get("area_class"),
          polygon: try Document.decode(Polygon.self, row.get("polygon")))
      },
      holders: try areas.reduce(into: [:]) { holders, row in
        holders[try row.get("jurisdiction_id", as: JurisdictionID.self)] =
          try row.get("org_unit_id", as: OrgUnitID.self)
      })
  }

  func visibleOrgUnits() throws -> Set<OrgUnitID>? {
    reached.isEverywhere ? nil : Set(reached.ids.compactMap { OrgUnitID($0) })
  }

  /// Rows for one answer, or none.
  private func limited(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row] {
    let rows = try tx.query(
      sql + " LIMIT $\(arguments.count + 1)", arguments + [FigureLimits.rows + 1])
    guard rows.count <= FigureLimits.rows else { throw SupervisionError.periodTooLarge }
    return rows
  }

  /// Whether the bounds of an area of the caller's hold the row's point.
  private static func boundsHold(_ row: String) -> String {
    """
    EXISTS (SELECT 1 FROM area JOIN activity_area AS home
      ON home.partition = area.partition AND home.jurisdiction_id = area.jurisdiction_id
      WHERE area.partition = \(row).partition AND home.org_unit_id IN (#)
        AND \(row).latitude BETWEEN area.south AND area.north
        AND \(row).longitude BETWEEN area.west AND area.east)
    """
  }

  private func isOwn(_ lying: PlaceMap.Lying?) -> Bool {
    reached.isEverywhere || lying?.holder.map { reached.reaches($0.description) } ?? false
  }

  /// Begins a query over `seen`: incidents of which anything falls into the period.
  private func seen(
    in period: FigurePeriod, _ bindings: inout Bindings
  ) -> String {
    var cut = ""
    if !reached.isEverywhere {
      let own = reached.any([
        """
        EXISTS (SELECT 1 FROM activity_assignment AS own WHERE own.partition = one.partition
          AND own.incident_id = one.incident_id AND own.unit_id IN (#))
        """,
        Self.boundsHold("one"),
      ])
      cut = " AND (" + bindings.number(own.text, own.values) + ")"
    }
    return """
      WITH touched (incident_id) AS (
        SELECT incident_id FROM activity_incident
          WHERE partition = $1 AND receive_time >= $2 AND receive_time < $3
        UNION SELECT incident_id FROM activity_assignment
          WHERE partition = $1 AND anchor_time >= $2 AND anchor_time < $3
        UNION SELECT incident_id FROM activity_step
          WHERE partition = $1 AND step_time >= $2 AND step_time < $3),
      seen AS (
        SELECT one.* FROM touched JOIN activity_incident AS one
          ON one.partition = $1 AND one.incident_id = touched.incident_id
        WHERE 1 = 1\(cut))
      """
  }

  func stories(in period: FigurePeriod, _ places: PlaceMap) throws -> [IncidentStory] {
    var bindings = Bindings([partition, period.start, period.end])
    let seen = seen(in: period, &bindings)
    let arguments = bindings.arguments
    let incidents = try limited(
      seen + " SELECT * FROM seen ORDER BY incident_id", arguments
    ).map(IncidentActivity.init)
    let sent = try limited(
      seen + """
         SELECT sent.* FROM seen JOIN activity_assignment AS sent
          ON sent.partition = seen.partition AND sent.incident_id = seen.incident_id
        ORDER BY sent.assignment_id
        """, arguments
    ).map(AssignmentActivity.init)
    let steps = try limited(
      seen + """
         SELECT step.incident_id, step.to_state, step.step_time
        FROM seen JOIN activity_step AS step
          ON step.partition = seen.partition AND step.incident_id = seen.incident_id
        ORDER BY step.sequence
        """, arguments
    ).map { row in
      IncidentStep(
        incident: try row.get("incident_id"), to: try row.get("to_state"),
        time: try row.get("step_time"))
    }
    let answers = try limited(
      seen + """
         SELECT call.incident_id, min(call.answer_time) AS answer_time
        FROM seen JOIN activity_call AS call
          ON call.partition = seen.partition AND call.incident_id = seen.incident_id
            AND call.is_first = 1
        GROUP BY call.incident_id
        """, arguments
    ).reduce(into: [IncidentID: Date]()) { answers, row in
      answers[try row.get("incident_id", as: IncidentID.self)] =
        try row.get("answer_time", as: Date?.self)
    }
    let sentByIncident = Dictionary(grouping: sent, by: \.incident)
    let stepsByIncident = Dictionary(grouping: steps, by: \.incident)
    return incidents.compactMap { incident in
      let isVisible = isOwn(places.lying(incident.point))
      let sent = (sentByIncident[incident.id] ?? []).map {
        IncidentStory.Sent($0, isVisible: isVisible || reached.reaches($0.unit.description))
      }
      guard isVisible || sent.contains(where: \.isVisible) else { return nil }
      return IncidentStory(
        incident: incident, isVisible: isVisible, sent: sent,
        steps: stepsByIncident[incident.id] ?? [], answerTime: answers[incident.id])
    }
  }

  func calls(in period: FigurePeriod, _ places: PlaceMap) throws -> [CallActivity] {
    var bindings = Bindings([partition, period.start, period.end])
    var cut = ""
    if !reached.isEverywhere {
      let own = reached.any([Self.boundsHold("call")])
      cut = " AND (" + bindings.number(own.text, own.values) + ")"
    }
    return try limited(
      """
      SELECT call.* FROM activity_call AS call
      WHERE call.partition = $1 AND call.receive_time >= $2 AND call.receive_time < $3\(cut)
      ORDER BY call.call_report_id
      """, bindings.arguments
    ).map(CallActivity.init).filter { isOwn(places.lying($0.point)) }
  }

  /// Leaves out rows whose column names nobody of the caller's.
  private func cut(_ column: String, _ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any(["\(column) IN (#)"])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }

  func courses(in period: FigurePeriod) throws -> [FollowedCourse] {
    var bindings = Bindings([partition, period.start, period.end])
    return try limited(
      """
      SELECT course.*, incident.origin FROM activity_course AS course
      LEFT JOIN activity_incident AS incident ON incident.partition = course.partition
        AND incident.incident_id = course.incident_id
      WHERE course.partition = $1 AND course.issue_time >= $2 AND course.issue_time < $3
        \(cut("course.recipient_id", &bindings))
      ORDER BY course.directive_id, course.recipient_kind, course.recipient_id
      """, bindings.arguments
    ).map { FollowedCourse(course: try CourseActivity($0), origin: try $0.optionalOrigin()) }
  }

  func clockTallies(in period: FigurePeriod) throws -> [ClockTally] {
    var bindings = Bindings([partition, period.start, period.end])
    return try limited(
      """
      SELECT responsible, incident.origin AS origin,
        count(*) FILTER (WHERE deadline.state = 'met') AS met,
        count(*) FILTER (WHERE deadline.state IN ('missed', 'overdue')) AS missed,
        count(*) FILTER (WHERE deadline.state IN ('running', 'warned', 'cancelled')) AS excluded
      FROM deadline
      LEFT JOIN activity_incident AS incident ON incident.partition = deadline.partition
        AND incident.incident_id = deadline.incident_id
      WHERE deadline.partition = $1 AND deadline.start_time >= $2 AND deadline.start_time < $3
        \(cut(&bindings))
      GROUP BY responsible, incident.origin ORDER BY responsible, incident.origin
      """, bindings.arguments
    ).map { row in
      ClockTally(
        responsible: try row.get("responsible"), origin: try row.optionalOrigin(),
        tally: Tally(
          met: try row.get("met"), missed: try row.get("missed"),
          excluded: try row.get("excluded")))
    }
  }

  func judged(in period: FigurePeriod) throws -> [JudgedIncident] {
    var bindings = Bindings([partition, period.start, period.end])
    return try limited(
      """
      SELECT * FROM (
        SELECT evaluation.evaluation_id, evaluation.grade, incident.origin,
          (SELECT sent.unit_id FROM activity_assignment AS sent
            WHERE sent.partition = evaluation.partition
              AND sent.incident_id = evaluation.incident_id AND sent.clear_time IS NOT NULL
            ORDER BY sent.clear_time DESC, substr(sent.assignment_id, 15) DESC LIMIT 1) AS unit_id
        FROM evaluation JOIN activity_incident AS incident
          ON incident.partition = evaluation.partition
            AND incident.incident_id = evaluation.incident_id
        WHERE evaluation.partition = $1 AND evaluation.close_time >= $2
          AND evaluation.close_time < $3
          AND NOT EXISTS (SELECT 1 FROM evaluation AS later
            WHERE later.partition = evaluation.partition
              AND later.incident_id = evaluation.incident_id
              AND later.ordinal > evaluation.ordinal)) AS judged
      WHERE 1 = 1\(cut("unit_id", &bindings))
      ORDER BY evaluation_id
      """, bindings.arguments
    ).map { row in
      JudgedIncident(
        unit: try row.get("unit_id"), origin: try row.origin(), grade: try row.get("grade"))
    }
  }

  func unitStatuses(in period: FigurePeriod) throws -> [UnitStatusActivity] {
    var bindings = Bindings([partition, period.start, period.end])
    return try limited(
      """
      SELECT status.unit_id, status.status_time, status.is_on_duty
      FROM activity_unit_status AS status
      WHERE status.partition = $1 AND status.status_time < $3
        AND (status.status_time >= $2 OR NOT EXISTS (
          SELECT 1 FROM activity_unit_status AS later
          WHERE later.partition = status.partition AND later.unit_id = status.unit_id
            AND later.status_time < $2 AND (later.status_time, later.sequence)
              > (status.status_time, status.sequence)))\(cut("status.unit_id", &bindings))
      ORDER BY status.unit_id, status.status_time, status.sequence
      """, bindings.arguments
    ).map(UnitStatusActivity.init)
  }

  func commitments(in period: FigurePeriod) throws -> [UnitCommitment] {
    var bindings = Bindings([partition, period.start, period.end])
    return try limited(
      """
      SELECT sent.*, incident.origin FROM activity_assignment AS sent
      JOIN activity_incident AS incident ON incident.partition = sent.partition
        AND incident.incident_id = sent.incident_id
      WHERE sent.partition = $1 AND sent.anchor_time < $3
        AND (sent.end_time IS NULL OR sent.end_time > $2)\(cut("sent.unit_id", &bindings))
      ORDER BY sent.assignment_id
      """, bindings.arguments
    ).map { UnitCommitment(assignment: try AssignmentActivity($0), origin: try $0.origin()) }
  }
}
