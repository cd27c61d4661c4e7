// The rules of automatic dispatch, and the assignments made by them.
import Classification
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension CommandSchema {
  static let automaticDispatch = Migration(
    "command-0007-automatic-dispatch",
    [
      """
      CREATE TABLE dispatch_rule (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_classes TEXT NOT NULL,
        levels TEXT NOT NULL CHECK (levels <> ''),
        station_id TEXT,
        reason TEXT NOT NULL CHECK (reason <> ''),
        switched_on_by TEXT NOT NULL CHECK (switched_on_by LIKE 'person/%'),
        switch_on_time INTEGER NOT NULL,
        end_time INTEGER NOT NULL,
        switch_off_time INTEGER,
        switched_off_by TEXT,
        PRIMARY KEY (partition, id),
        CHECK (end_time > switch_on_time),
        CHECK ((switch_off_time IS NULL) = (switched_off_by IS NULL))
      )
      """,
      "CREATE INDEX dispatch_rule_on ON dispatch_rule (partition, id) WHERE switch_off_time IS NULL",
      "ALTER TABLE assignment ADD COLUMN dispatch_rule_id TEXT",
    ])
}

extension DispatchRule {
  init(_ row: Row) throws {
    let classes = try row.get("incident_classes", as: String.self).split(separator: " ")
    let levels = try row.get("levels", as: String.self).split(separator: " ")
    self.init(
      id: try row.get("id"),
      classes: Set(
        try classes.map { word in
          guard let value = IncidentClass(rawValue: String(word)) else {
            throw DatabaseError.unexpectedValue("a dispatch rule for class \(word)")
          }
          return value
        }),
      levels: Set(
        try levels.map { word in
          guard let value = Int(word).flatMap(IncidentLevel.init) else {
            throw DatabaseError.unexpectedValue("a dispatch rule for level \(word)")
          }
          return value
        }),
      stationID: try row.get("station_id"), reason: try row.get("reason"),
      switchedOnBy: try row.get("switched_on_by"), switchOnTime: try row.get("switch_on_time"),
      endTime: try row.get("end_time"), switchOffTime: try row.get("switch_off_time"),
      switchedOffBy: try row.get("switched_off_by"))
  }
}

extension StoreReader {
  func dispatchRule(_ id: DispatchRuleID) throws -> DispatchRule? {
    try tx.query(
      "SELECT * FROM dispatch_rule WHERE partition = $1 AND id = $2", [partition, id]
    ).first.map(DispatchRule.init)
  }

  func dispatchRules(before: DispatchRuleID?, limit: Int) throws -> [DispatchRule] {
    var selection = Selection("dispatch_rule", partition: partition)
    selection.page(before: before, limit: limit)
    return try tx.query(selection.query, selection.arguments).map(DispatchRule.init)
  }

  func dispatchRulesNotSwitchedOff() throws -> [DispatchRule] {
    try tx.query(
      "SELECT * FROM dispatch_rule WHERE partition = $1 AND switch_off_time IS NULL ORDER BY id",
      [partition]
    ).map(DispatchRule.init)
  }
}

extension TransactionWriter {
  func insert(_ rule: DispatchRule) throws {
    try tx.execute(
      """
      INSERT INTO dispatch_rule (partition, id, incident_classes, levels, station_id, reason,
        switched_on_by, switch_on_time, end_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        partition, rule.id, rule.classes.map(\.rawValue).sorted().joined(separator: " "),
        rule.levels.sorted().map { String($0.rawValue) }.joined(separator: " "), rule.stationID,
        rule.reason, rule.switchedOnBy, rule.switchOnTime, rule.endTime,
      ])
  }

  func update(_ rule: DispatchRule) throws {
    try change(
      """
      UPDATE dispatch_rule SET switch_off_time = $3, switched_off_by = $4
      WHERE partition = $1 AND id = $2
      """, [partition, rule.id, rule.switchOffTime, rule.switchedOffBy])
  }
}
