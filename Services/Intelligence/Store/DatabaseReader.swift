// Answers about assessments.

import Classification
import Foundation
import Geography
import Identifiers
import IntelligenceDomain
import Persistence
import Territory

struct DatabaseReader: IntelligenceReader {
  let tx: any Transaction
  let partition: String
  /// What the caller may see; nil for work of the service's own.
  var reached: ReachedPlaces?

  /// Leaves out what lies in the areas of others.
  private func cut(_ bindings: inout Bindings) -> String {
    guard let reached, !reached.isEverywhere else { return "" }
    let own = reached.any(["a.station_id IN (#)", "a.beat_id IN (#)"])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }

  func assessment(of incident: IncidentID, now: Date) throws -> Assessment? {
    let heard = try heardTime(now: now)
    guard var known = try self.incident(incident)?.assessment, try reaches(incident) else {
      return nil
    }
    known.repeats.removeAll { finding in heard.map { finding.expireTime <= $0 } ?? false }
    return known
  }

  func assessments(
    after cursor: AssessmentCursor?, limit: Int, repeatsOnly: Bool, now: Date
  ) throws -> [Assessment] {
    let heard = try heardTime(now: now) ?? .distantPast
    let position = cursor == nil ? "" : "AND (a.occur_time, a.assessment_id) < ($4, $5)"
    let found =
      repeatsOnly
      ? """
      AND a.found_repeat = 1 AND EXISTS (
        SELECT 1 FROM repeat_finding f
        WHERE f.partition = a.partition AND f.incident_id = a.incident_id AND f.expire_time > $2)
      """ : ""
    var arguments: [any ValueConvertible] = [partition, heard, limit]
    if let cursor { arguments += [cursor.occurTime, cursor.id] }
    var bindings = Bindings(arguments)
    let page = """
      SELECT \(Self.columns) FROM assessment a
      WHERE a.partition = $1 \(position) \(found)\(cut(&bindings))
      ORDER BY a.occur_time DESC, a.assessment_id DESC LIMIT $3
      """
    arguments = bindings.arguments
    let rows = try tx.query(page, arguments)
    let findings = try tx.query(
      """
      SELECT f.incident_id, f.link, f.call_count, f.evidence, f.rule, f.expire_time
      FROM repeat_finding f JOIN (\(page)) p ON p.incident_id = f.incident_id
      WHERE f.partition = $1 AND f.expire_time > $2
      """, arguments)
    var byIncident: [IncidentID: [RepeatFinding]] = [:]
    for row in findings {
      byIncident[try row.get("incident_id"), default: []].append(try Self.finding(row))
    }
    return try rows.map { row in
      var assessment = try Self.assessed(row).assessment
      assessment.repeats = Self.ordered(byIncident[assessment.incident] ?? [])
      return assessment
    }
  }

  func count(source: String?) throws -> AssessmentCount {
    var bindings = Bindings([partition])
    let filter = source.map { bindings.number(" AND a.source = ?", [$0]) } ?? ""
    let rows = try tx.query(
      """
      SELECT count(*) AS assessments, coalesce(sum(a.found_repeat), 0) AS repeats
      FROM assessment a WHERE a.partition = $1\(filter)\(cut(&bindings))
      """, bindings.arguments)
    guard let row = rows.first else { return AssessmentCount(assessments: 0, repeats: 0) }
    return AssessmentCount(
      assessments: try row.get("assessments"), repeats: try row.get("repeats"))
  }

  private func reaches(_ incident: IncidentID) throws -> Bool {
    guard let reached, !reached.isEverywhere else { return true }
    var bindings = Bindings([partition, incident])
    return try !tx.query(
      """
      SELECT 1 AS found FROM assessment a
      WHERE a.partition = $1 AND a.incident_id = $2\(cut(&bindings))
      """, bindings.arguments
    ).isEmpty
  }

  /// With all its findings, expired ones too.
  func incident(_ id: IncidentID) throws -> AssessedIncident? {
    let rows = try tx.query(
      """
      SELECT \(Self.columns) FROM assessment a WHERE a.partition = $1 AND a.incident_id = $2
      """, [partition, id])
    guard let row = rows.first else { return nil }
    var incident = try Self.assessed(row)
    incident.assessment.repeats = Self.ordered(
      try tx.query(
        """
        SELECT link, call_count, evidence, rule, expire_time FROM repeat_finding
        WHERE partition = $1 AND incident_id = $2
        """, [partition, id]
      ).map(Self.finding))
    return incident
  }

  /// The moment by which things have expired: how far command's feed has come, and as long again
  /// as has passed since. For live work that is the present; for history that is played or
  /// imported it is that history's own time, so that its findings can be looked at. Nil before
  /// anything was heard.
  func heardTime(now: Date) throws -> Date? {
    let rows = try tx.query(
      "SELECT heard_time, record_time FROM heard_clock WHERE partition = $1", [partition])
    guard let row = rows.first else { return nil }
    let since = now.timeIntervalSince(try row.get("record_time", as: Date.self))
    return try row.get("heard_time", as: Date.self).addingTimeInterval(max(0, since))
  }

  private static let columns = """
    a.incident_id, a.assessment_id, a.source, a.incident_class, a.latitude, a.longitude, a.words, \
    a.is_located, a.station_id, a.station_name, a.beat_id, a.beat_name, a.suggested_class, \
    a.suggested_level, a.suggested_by, a.found_repeat, a.occur_time, a.record_time
    """

  private static func assessed(_ row: Row) throws -> AssessedIncident {
    var coordinate: Coordinate?
    if let latitude = try row.get("latitude", as: Double?.self),
      let longitude = try row.get("longitude", as: Double?.self)
    {
      coordinate = try Coordinate(latitude: latitude, longitude: longitude)
    }
    var kind: KindFinding?
    if let incidentClass = try row.named("suggested_class", as: IncidentClass.self),
      let level = try row.named("suggested_level", as: IncidentLevel.self)
    {
      kind = KindFinding(
        incidentClass: incidentClass, level: level,
        words: try StoredJSON.decode([String].self, row.get("suggested_by")))
    }
    let jurisdiction =
      try row.get("is_located", as: Bool.self)
      ? JurisdictionFinding(
        station: try organisation(row, "station"), beat: try organisation(row, "beat")) : nil
    return AssessedIncident(
      assessment: Assessment(
        id: try row.get("assessment_id"), incident: try row.get("incident_id"),
        jurisdiction: jurisdiction, kind: kind, repeats: [],
        occurTime: try row.get("occur_time"), recordTime: try row.get("record_time")),
      source: try row.get("source"), incidentClass: try row.named("incident_class"),
      coordinate: coordinate, words: try StoredJSON.decode([String].self, row.get("words")),
      foundRepeat: try row.get("found_repeat"))
  }

  private static func organisation(
    _ row: Row, _ rank: String
  ) throws -> JurisdictionFinding.Organisation? {
    guard let id = try row.get("\(rank)_id", as: OrgUnitID?.self) else { return nil }
    return JurisdictionFinding.Organisation(id: id, name: try row.get("\(rank)_name"))
  }

  private static func finding(_ row: Row) throws -> RepeatFinding {
    RepeatFinding(
      link: try row.value("link"), count: try row.get("call_count"),
      evidence: try StoredJSON.decode([StoredEvidence].self, row.get("evidence")).map(\.evidence),
      expireTime: try row.get("expire_time"), rule: try row.get("rule"))
  }

  private static func ordered(_ findings: [RepeatFinding]) -> [RepeatFinding] {
    RepeatLink.allCases.compactMap { link in findings.first { $0.link == link } }
  }
}
