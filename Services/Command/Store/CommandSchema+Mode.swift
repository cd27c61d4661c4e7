// The tables of mode plans and musters. Peace is no row: the bureau is at war footing while one muster
// has not been stood down, and the schema sees to it that there is one at most.
import Persistence
import Retention

extension CommandSchema {
  static let operatingMode = Migration(
    "command-0011-operating-mode",
    [
      """
      CREATE TABLE mode_plan (
        partition TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        revision INTEGER NOT NULL CHECK (revision > 0),
        document TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, code)
      )
      """,
      """
      CREATE TABLE muster (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        plan TEXT NOT NULL,
        level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
        incident_id TEXT,
        reason TEXT NOT NULL,
        switched_by TEXT NOT NULL CHECK (switched_by LIKE 'person/%'),
        switch_time INTEGER NOT NULL,
        escalations TEXT NOT NULL,
        stand_down_time INTEGER,
        stood_down_by TEXT,
        stand_down_reason TEXT NOT NULL,
        anonymise_time INTEGER,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        CHECK (stand_down_time >= switch_time),
        CHECK ((stand_down_time IS NULL) = (stood_down_by IS NULL))
      )
      """,
      "CREATE UNIQUE INDEX muster_running ON muster (partition) WHERE stand_down_time IS NULL",
      """
      CREATE TABLE muster_member (
        partition TEXT NOT NULL,
        muster_id TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'unit', 'seat')),
        recipient_id TEXT NOT NULL,
        seats TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('summoned', 'acknowledged', 'mustered', 'excused',
          'released')),
        level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
        is_added INTEGER NOT NULL CHECK (is_added IN (0, 1)),
        summon_time INTEGER NOT NULL,
        due_time INTEGER NOT NULL CHECK (due_time > summon_time),
        acknowledge_time INTEGER,
        muster_time INTEGER,
        excuse_time INTEGER,
        excuse_reason TEXT NOT NULL,
        release_time INTEGER,
        PRIMARY KEY (partition, muster_id, code),
        FOREIGN KEY (partition, muster_id) REFERENCES muster (partition, id),
        CHECK (state <> 'mustered' OR muster_time IS NOT NULL),
        CHECK (state <> 'excused' OR excuse_time IS NOT NULL),
        CHECK ((state = 'released') = (release_time IS NOT NULL))
      )
      """,
      RetentionSchema.period("muster", days: 1825, least: 365),
    ])

  /// That the incident which caused a record is over, or that none did.
  static func isOfNoOpenIncident(_ table: String) -> String {
    """
    NOT EXISTS (SELECT 1 FROM incident AS matter
      WHERE matter.partition = \(table).partition AND matter.id = \(table).incident_id
        AND matter.state NOT IN ('closed', 'cancelled', 'merged'))
    """
  }

  /// What was said of why somebody did not come. That there was a muster stays, and its times.
  static let musters = RetentionKind(
    "muster", "集结的理由与准假说明 reasons of musters and excuses", .anonymise, table: "muster",
    key: "id",
    condition: """
      anonymise_time IS NULL AND stand_down_time < $2 AND \(isOfNoOpenIncident("muster"))
      """
  ) { due, tx in
    try tx.execute(
      """
      UPDATE muster SET reason = '', stand_down_reason = '', escalations = '[]',
        anonymise_time = $3
      WHERE partition = $1 AND id = $2
      """, [due.partition, due.key, due.now])
    try tx.execute(
      "UPDATE muster_member SET excuse_reason = '' WHERE partition = $1 AND muster_id = $2",
      [due.partition, due.key])
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
  }
}
