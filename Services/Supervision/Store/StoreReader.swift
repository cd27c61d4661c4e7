// The domain's questions as SQL.
import Access
import Foundation
import Geography
import Identifiers
import Persistence
import SupervisionDomain
import Territory

/// Reads within one transaction.
class StoreReader: SupervisionReader {
  let tx: any Transaction
  let partition: String
  let reached: ReachedPlaces

  /// - Throws: `DatabaseError`.
  init(tx: any Transaction, partition: String, reach: Reach) throws {
    self.tx = tx
    self.partition = partition
    reached = try ReachedPlaces(reach, .followed, partition: partition, in: tx)
  }

  /// Leaves out what others are responsible for.
  func cut(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    // `responsible` is a kind, a slash and an id.
    let own = reached.any([
      "substr(responsible, 1 + length('unit/')) IN (#)",
      "substr(responsible, 1 + length('beat/')) IN (#)",
      "substr(responsible, 1 + length('station/')) IN (#)",
    ])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }

  func deadline(_ id: DeadlineID) throws -> Deadline? {
    var bindings = Bindings([partition, id])
    return try tx.query(
      """
      SELECT \(Deadline.columns) FROM deadline
      WHERE partition = $1 AND deadline_id = $2\(cut(&bindings))
      """, bindings.arguments
    ).first.map(Deadline.init)
  }

  func deadlines(
    _ filter: DeadlineFilter, after: PageStart?, limit: Int
  ) throws -> [Deadline] {
    var bindings = Bindings([partition])
    var conditions = ["partition = $1" + cut(&bindings)]
    let bind = { (value: any ValueConvertible) -> String in bindings.number("?", [value]) }
    if let incident = filter.incident { conditions.append("incident_id = \(bind(incident))") }
    if !filter.states.isEmpty {
      let states = filter.states.map { bind($0) }.joined(separator: ", ")
      conditions.append("state IN (\(states))")
    }
    if let after {
      conditions.append("(due_time, deadline_id) > (\(bind(after.time)), \(bind(after.id)))")
    }
    return try tx.query(
      """
      SELECT \(Deadline.columns) FROM deadline
      WHERE \(conditions.joined(separator: " AND "))
      ORDER BY due_time, deadline_id LIMIT \(bind(limit))
      """, bindings.arguments
    ).map(Deadline.init)
  }

  func counts(of kind: DeadlineKind?) throws -> [DeadlineCount] {
    var bindings = Bindings([partition, kind])
    return try tx.query(
      """
      SELECT rule_code, count(*) AS started,
        count(*) FILTER (WHERE state = 'met') AS met,
        count(*) FILTER (WHERE state IN ('missed', 'overdue')) AS missed,
        count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE state IN ('running', 'warned')) AS running
      FROM deadline WHERE partition = $1 AND ($2 IS NULL OR kind = $2)\(cut(&bindings))
      GROUP BY rule_code ORDER BY rule_code
      """, bindings.arguments
    ).map { row in
      DeadlineCount(
        ruleCode: try row.get("rule_code"), started: try row.get("started"),
        met: try row.get("met"), missed: try row.get("missed"),
        cancelled: try row.get("cancelled"), running: try row.get("running"))
    }
  }

  func openDeadlines(inScope scope: String) throws -> [Deadline] {
    try tx.query(
      """
      SELECT \(Deadline.columns) FROM deadline
      WHERE partition = $1 AND scope = $2 AND stop_time IS NULL
      """, [partition, scope]
    ).map(Deadline.init)
  }

  func deadlines(of mode: ClockMode, dueBy time: Date, limit: Int) throws -> [Deadline] {
    try tx.query(
      """
      SELECT \(Deadline.columns) FROM deadline
      WHERE partition = $1 AND mode = $2 AND next_time <= $3
      ORDER BY next_time LIMIT $4
      """, [partition, mode, time, limit]
    ).map(Deadline.init)
  }

  func nextTime(of mode: ClockMode) throws -> Date? {
    try tx.query(
      """
      SELECT min(next_time) AS next FROM deadline
      WHERE partition = $1 AND mode = $2 AND next_time IS NOT NULL
      """, [partition, mode]
    ).first?.get("next")
  }

  func hasOpenDeadlines(of mode: ClockMode) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM deadline
      WHERE partition = $1 AND mode = $2 AND stop_time IS NULL LIMIT 1
      """, [partition, mode]
    ).isEmpty
  }

  func hasDeadline(_ kind: DeadlineKind, subject: String) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM deadline
      WHERE partition = $1 AND kind = $2 AND subject = $3 LIMIT 1
      """, [partition, kind, subject]
    ).isEmpty
  }

  func tally(ofScope scope: String) throws -> Tally {
    let row = try tx.query(
      """
      SELECT count(*) FILTER (WHERE state = 'met') AS met,
        count(*) FILTER (WHERE state IN ('missed', 'overdue')) AS missed,
        count(*) FILTER (WHERE state IN ('running', 'warned', 'cancelled')) AS excluded
      FROM deadline WHERE partition = $1 AND scope = $2
      """, [partition, scope]
    ).first
    return Tally(
      met: try row?.get("met") ?? 0, missed: try row?.get("missed") ?? 0,
      excluded: try row?.get("excluded") ?? 0)
  }

  func rules() throws -> [Rule] {
    try tx.query(
      "SELECT \(Rule.columns) FROM rule WHERE partition = $1 ORDER BY code", [partition]
    ).map(Rule.init)
  }

  func rule(_ code: String) throws -> Rule? {
    try tx.query(
      "SELECT \(Rule.columns) FROM rule WHERE partition = $1 AND code = $2", [partition, code]
    ).first.map(Rule.init)
  }

  func feedbackRule(_ code: FeedbackRule.Code) throws -> FeedbackRule? {
    try tx.query(
      """
      SELECT code, minimum_length, filler_words FROM feedback_rule
      WHERE partition = $1 AND code = $2
      """, [partition, code]
    ).first.map { row in
      FeedbackRule(
        code: try row.get("code"), minimumLength: try row.get("minimum_length"),
        fillerWords: try Document.decode([String].self, row.get("filler_words")))
    }
  }

  func incident(_ id: IncidentID) throws -> FollowedIncident? {
    try tx.query(
      """
      SELECT latitude, longitude, responsible, return_count FROM followed_incident
      WHERE partition = $1 AND incident_id = $2
      """, [partition, id]
    ).first.map { row in
      FollowedIncident(
        id: id, latitude: try row.get("latitude"), longitude: try row.get("longitude"),
        responsible: try row.get("responsible"), returnCount: try row.get("return_count"))
    }
  }

  func areas(around point: Coordinate) throws -> [Area] {
    try tx.query(
      """
      SELECT jurisdiction_id, area_class, polygon FROM area
      WHERE partition = $1 AND south <= $2 AND north >= $2 AND west <= $3 AND east >= $3
      """, [partition, point.latitude, point.longitude]
    ).map { row in
      Area(
        id: try row.get("jurisdiction_id"), areaClass: try row.get("area_class"),
        polygon: try Document.decode(Polygon.self, row.get("polygon")))
    }
  }

  func evaluation(of incident: IncidentID) throws -> Evaluation? {
    var bindings = Bindings([partition, incident])
    return try tx.query(
      """
      SELECT \(Evaluation.columns) FROM evaluation
      WHERE partition = $1 AND incident_id = $2\(cutEvaluation(&bindings))
      ORDER BY ordinal DESC LIMIT 1
      """, bindings.arguments
    ).first.map(Evaluation.init)
  }

  /// Leaves out incidents in which none of the caller's had anything to do.
  private func cutEvaluation(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = cut(&bindings)
    return """
       AND EXISTS (SELECT 1 FROM deadline WHERE deadline.partition = evaluation.partition
      AND deadline.incident_id = evaluation.incident_id\(own))
      """
  }

  func evaluations(after: PageStart?, limit: Int) throws -> [Evaluation] {
    let start = after == nil ? "" : " AND (close_time, evaluation_id) < ($3, $4)"
    let keys: [any ValueConvertible] = after.map { [$0.time, $0.id] } ?? []
    var bindings = Bindings([partition, limit] + keys)
    return try tx.query(
      """
      SELECT \(Evaluation.columns) FROM evaluation
      WHERE partition = $1\(start)\(cutEvaluation(&bindings))
      ORDER BY close_time DESC, evaluation_id DESC LIMIT $2
      """, bindings.arguments
    ).map(Evaluation.init)
  }

  func clockState() throws -> ClockState {
    try tx.query(
      "SELECT exercise_time, record_time FROM clock_state WHERE partition = $1", [partition]
    ).first.map { row in
      ClockState(
        exerciseTime: try row.get("exercise_time"), highestSeen: try row.get("record_time"))
    } ?? ClockState()
  }

  func pendingCalls(limit: Int) throws -> [OutgoingCall] {
    try tx.query(
      """
      SELECT \(OutgoingCall.columns) FROM outgoing_call
      WHERE partition = $1 AND state = 'pending'
      ORDER BY occur_time, request_id LIMIT $2
      """, [partition, limit]
    ).map(OutgoingCall.init)
  }
}
