// Questions about look-ups and findings.
import Foundation
import Identifiers
import Persistence
import SupervisionDomain
import Territory

extension StoreReader {
  func finding(_ id: LookUpFindingID) throws -> LookUpFinding? {
    var bindings = Bindings([partition, id])
    return try tx.query(
      """
      SELECT \(LookUpFinding.columns) FROM look_up_finding
      WHERE partition = $1 AND finding_id = $2\(cutFinding(&bindings))
      """, bindings.arguments
    ).first.map(LookUpFinding.init)
  }

  func findings(
    in states: [LookUpFinding.State], before: LookUpFindingID?, limit: Int
  ) throws -> [LookUpFinding] {
    var bindings = Bindings([partition])
    var condition = "partition = $1" + cutFinding(&bindings)
    if !states.isEmpty {
      let marks = states.map { _ in "?" }.joined(separator: ", ")
      condition += " AND " + bindings.number("state IN (\(marks))", states)
    }
    if let before { condition += " AND " + bindings.number("finding_id < ?", [before]) }
    let end = bindings.number("LIMIT ?", [limit])
    return try tx.query(
      """
      SELECT \(LookUpFinding.columns) FROM look_up_finding
      WHERE \(condition) ORDER BY finding_id DESC \(end)
      """, bindings.arguments
    ).map(LookUpFinding.init)
  }

  /// Whoever is responsible for an area sees what its people did; those of all areas are for whoever
  /// sees everything.
  private func cutFinding(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any(["area IN (#)"])
    return """
       AND EXISTS (SELECT 1 FROM look_up_finding_area AS place
      WHERE place.partition = look_up_finding.partition
      AND place.finding_id = look_up_finding.finding_id
      AND (\(bindings.number(own.text, own.values))))
      """
  }

  func lookUps(of finding: LookUpFinding, limit: Int) throws -> [LookUp] {
    try tx.query(
      """
      SELECT \(LookUp.columns) FROM look_up
      WHERE partition = $1 AND actor = $2 AND occur_time BETWEEN $3 AND $4
        AND \(LookUp.column(of: finding.concern)) = 1
      ORDER BY occur_time DESC, service, entry_index DESC LIMIT $5
      """,
      [partition, finding.actor, finding.count.firstTime, finding.count.lastTime, limit]
    ).map(LookUp.init)
  }

  func openFinding(about actor: String, _ concern: LookUpConcern) throws -> LookUpFinding? {
    try tx.query(
      """
      SELECT \(LookUpFinding.columns) FROM look_up_finding
      WHERE partition = $1 AND actor = $2 AND concern = $3 AND state = 'open'
      """, [partition, actor, concern]
    ).first.map(LookUpFinding.init)
  }

  func lastAnsweredLookUp(of actor: String, _ concern: LookUpConcern) throws -> Date? {
    try tx.query(
      """
      SELECT max(last_time) AS last FROM look_up_finding
      WHERE partition = $1 AND actor = $2 AND concern = $3 AND state <> 'open'
      """, [partition, actor, concern]
    ).first?.get("last")
  }

  func lookUpCount(
    of actor: String, _ concern: LookUpConcern, from start: Date, through end: Date
  ) throws -> LookUpCount? {
    let row = try tx.query(
      """
      SELECT count(*) AS found, count(DISTINCT NULLIF(person_key, '')) AS persons,
        min(occur_time) AS first, max(occur_time) AS last
      FROM look_up
      WHERE partition = $1 AND actor = $2 AND occur_time BETWEEN $3 AND $4
        AND \(LookUp.column(of: concern)) = 1
      """, [partition, actor, start, end]
    ).first
    guard let row, try row.get("found", as: Int.self) > 0 else { return nil }
    return LookUpCount(
      lookUps: try row.get("found"), persons: try row.get("persons"),
      firstTime: try row.get("first"), lastTime: try row.get("last"))
  }

  func lookUpRules() throws -> [LookUpRule] {
    let rows = try tx.query(
      "SELECT concern, threshold, window_s FROM look_up_rule WHERE partition = $1", [partition])
    let rules = try rows.map { row in
      LookUpRule(
        concern: try row.get("concern"), threshold: try row.get("threshold"),
        window: try row.get("window_s"))
    }
    return LookUpConcern.allCases.compactMap { concern in rules.first { $0.concern == concern } }
  }
}
