// Look-ups and findings as rows.
import Foundation
import Identifiers
public import Persistence
public import SupervisionDomain

extension LookUpConcern: ValueConvertible {}
extension LookUpFinding.State: ValueConvertible {}

extension StoreWriter {
  func insert(_ lookUp: LookUp) throws -> Bool {
    try !tx.query(
      """
      INSERT INTO look_up (\(LookUp.columns), partition, is_many_persons, is_refused,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
        $18)
      ON CONFLICT (partition, service, entry_index) DO NOTHING RETURNING entry_index
      """,
      try lookUp.values() + [
        partition, lookUp.concerns.contains(.manyPersons), lookUp.concerns.contains(.refused), now,
      ]
    ).isEmpty
  }

  func insert(_ finding: LookUpFinding) throws {
    try tx.execute(
      """
      INSERT INTO look_up_finding (\(LookUpFinding.columns), partition, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      """, try finding.values() + [partition, now])
    for area in Set(finding.areas).sorted() {
      try tx.execute(
        "INSERT INTO look_up_finding_area (partition, finding_id, area) VALUES ($1, $2, $3)",
        [partition, finding.id, area])
    }
  }

  func update(_ finding: LookUpFinding) throws {
    try tx.execute(
      """
      UPDATE look_up_finding SET state = $3, look_up_count = $4, person_count = $5,
        first_time = $6, last_time = $7, answer = $8, answered_by = $9, answer_time = $10,
        revision = $11, record_time = $12
      WHERE partition = $1 AND finding_id = $2
      """,
      [
        partition, finding.id, finding.state, finding.count.lookUps, finding.count.persons,
        finding.count.firstTime, finding.count.lastTime, finding.answer?.text,
        finding.answer?.actor, finding.answer?.time, finding.revision, now,
      ])
  }

  func save(_ rule: LookUpRule) throws {
    try tx.execute(
      """
      INSERT INTO look_up_rule (partition, concern, threshold, window_s) VALUES ($1, $2, $3, $4)
      ON CONFLICT (partition, concern) DO UPDATE SET threshold = excluded.threshold,
        window_s = excluded.window_s
      """, [partition, rule.concern, rule.threshold, rule.window])
  }

  /// Puts in the rules that are not there yet.
  func seedLookUpRules() throws {
    let known = Set(try lookUpRules().map(\.concern))
    for rule in LookUpRule.defaults where !known.contains(rule.concern) { try save(rule) }
  }
}

extension LookUp {
  static let columns = """
    service, entry_index, actor, areas, method, purpose, case_id, person_key, result_code, \
    result_reason, is_own_family_name, is_outside_area, is_outside_shift, occur_time
    """

  /// Where it stands that a look-up counts for this.
  static func column(of concern: LookUpConcern) -> String { "is_\(concern.rawValue)" }

  init(_ row: Row) throws {
    self.init(
      service: try row.get("service"), entryIndex: try row.get("entry_index"),
      actor: try row.get("actor"),
      areas: try Document.decode([String].self, row.get("areas")),
      method: try row.get("method"), purpose: try row.get("purpose"),
      caseID: try row.get("case_id"), personKey: try row.get("person_key"),
      resultCode: try row.get("result_code"), resultReason: try row.get("result_reason"),
      isOwnFamilyName: try row.get("is_own_family_name"),
      isHeldElsewhere: try row.get("is_outside_area"),
      isOutsideShift: try row.get("is_outside_shift"), time: try row.get("occur_time"))
  }

  /// In the order of `columns`.
  func values() throws -> [any ValueConvertible] {
    [
      service, entryIndex, actor, try Document.encode(areas), method, purpose, caseID, personKey,
      resultCode, resultReason, isOwnFamilyName, isHeldElsewhere,
      concerns.contains(.outsideShift), time,
    ]
  }
}

extension LookUpFinding {
  static let columns = """
    finding_id, actor, areas, concern, threshold, window_s, state, look_up_count, person_count, \
    first_time, last_time, answer, answered_by, answer_time, revision
    """

  init(_ row: Row) throws {
    var answer: Answer?
    if let time = try row.get("answer_time", as: Date?.self) {
      answer = Answer(
        text: try row.get("answer"), actor: try row.get("answered_by"), time: time)
    }
    self.init(
      id: try row.get("finding_id"), actor: try row.get("actor"),
      areas: try Document.decode([String].self, row.get("areas")),
      rule: LookUpRule(
        concern: try row.get("concern"), threshold: try row.get("threshold"),
        window: try row.get("window_s")),
      state: try row.get("state"),
      count: LookUpCount(
        lookUps: try row.get("look_up_count"), persons: try row.get("person_count"),
        firstTime: try row.get("first_time"), lastTime: try row.get("last_time")),
      answer: answer, revision: try row.get("revision"))
  }

  /// In the order of `columns`.
  func values() throws -> [any ValueConvertible] {
    [
      id, actor, try Document.encode(areas), concern, rule.threshold, rule.window, state,
      count.lookUps, count.persons, count.firstTime, count.lastTime, answer?.text, answer?.actor,
      answer?.time, revision,
    ]
  }
}
