// What duty keeps of calls, how coverage stood hour by hour, and the deployments; and how long.
import Persistence
import Retention

extension DutySchema {
  /// Nothing here names anybody but the staff who suggested or decided.
  static let deployments = Migration(
    "duty-0008-deployments",
    [
      """
      CREATE TABLE demand_incident (
        partition TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        incident_class TEXT NOT NULL,
        latitude REAL,
        longitude REAL,
        receive_time INTEGER NOT NULL,
        exclusion TEXT CHECK (exclusion IN (
          'officer_discovered', 'merged', 'cancelled', 'diverted', 'about_police')),
        revision INTEGER NOT NULL CHECK (revision >= 0),
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, incident_id),
        CHECK ((latitude IS NULL) = (longitude IS NULL))
      ) WITHOUT ROWID
      """,
      "CREATE INDEX demand_incident_time ON demand_incident (partition, receive_time)",
      """
      CREATE TABLE demand_arrival (
        partition TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        order_time INTEGER NOT NULL,
        arrive_time INTEGER,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, incident_id)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE past_call (
        partition TEXT NOT NULL,
        source TEXT NOT NULL CHECK (source <> ''),
        reference TEXT NOT NULL CHECK (reference <> ''),
        incident_class TEXT NOT NULL,
        latitude REAL NOT NULL,
        longitude REAL NOT NULL,
        receive_time INTEGER NOT NULL,
        exclusion TEXT CHECK (exclusion IN ('officer_discovered', 'about_police')),
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, source, reference)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX past_call_time ON past_call (partition, receive_time)",
      """
      CREATE TABLE coverage_sample (
        partition TEXT NOT NULL,
        hour_time INTEGER NOT NULL,
        org_unit_code TEXT NOT NULL,
        area_class TEXT NOT NULL CHECK (area_class IN ('key_place', 'centre', 'other')),
        org_unit_id TEXT NOT NULL,
        document TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, hour_time, org_unit_code, area_class)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE deployment (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        org_unit_id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn')),
        start_time INTEGER NOT NULL,
        end_time INTEGER NOT NULL,
        document TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        compare_time INTEGER,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        CHECK (start_time < end_time),
        FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
      )
      """,
      "CREATE INDEX deployment_start ON deployment (partition, start_time, id)",
      "CREATE INDEX deployment_end ON deployment (partition, state, end_time)",
      """
      CREATE TABLE deployment_unit (
        partition TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        deployment_id TEXT NOT NULL,
        PRIMARY KEY (partition, unit_id, deployment_id),
        FOREIGN KEY (partition, deployment_id) REFERENCES deployment (partition, id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX deployment_unit_deployment ON deployment_unit (partition, deployment_id)",
      // A store that followed command before it kept calls hears that history again: what it knew
      // already stays as it is.
      "DELETE FROM subscription WHERE source = 'command'",
      RetentionSchema.period("demand_incident", days: 120, least: 28),
      RetentionSchema.period("past_call", days: 120, least: 28),
      RetentionSchema.period("coverage_sample", days: 365, least: 30),
      RetentionSchema.period("deployment", days: 1095, least: 90),
    ])
}

// MARK: - Retention

extension DutySchema {
  static let deploymentKinds: [RetentionKind] = [
    demandIncidents, pastCalls, coverageSamples, deploymentsOver,
  ]

  private static let demandIncidents = RetentionKind(
    "demand_incident", "警情时空记录 places and times of calls", .delete, table: "demand_incident",
    key: "incident_id", incident: "incident_id",
    condition: "receive_time < $2 AND record_time < $2"
  ) { due, tx in
    for table in ["demand_arrival", "demand_incident"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND incident_id = $2",
        [due.partition, due.key])
    }
  }

  private static let pastCalls = RetentionKind.deleting(
    "past_call", "导入的历史警情 imported past calls", table: "past_call",
    key: "source || '/' || reference", condition: "receive_time < $2 AND record_time < $2")

  private static let coverageSamples = RetentionKind.deleting(
    "coverage_sample", "每小时覆盖 hourly coverage", table: "coverage_sample",
    key: "hour_time || '/' || org_unit_code || '/' || area_class",
    condition: "hour_time < $2 AND record_time < $2")

  private static let deploymentsOver = RetentionKind(
    "deployment", "勤务部署 deployments", .delete, table: "deployment", key: "id",
    condition: "end_time < $2 AND record_time < $2"
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
    try tx.execute(
      "DELETE FROM deployment_unit WHERE partition = $1 AND deployment_id = $2", gone)
    try tx.execute("DELETE FROM deployment WHERE partition = $1 AND id = $2", gone)
  }
}
