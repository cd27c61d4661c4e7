// Which kinds of deadline there are is the domain's to say. The first schema listed them, so that every new
// kind would have to rebuild two tables; this rebuilds them once, without the list.
import Persistence

extension SupervisionSchema {
  static let openKinds = Migration(
    "supervision-0007-open-kinds",
    [
      "ALTER TABLE deadline RENAME TO deadline_before",
      "ALTER TABLE rule RENAME TO rule_before",
    ] + openIndexNames.map { "DROP INDEX \($0)" } + openTables + [
      "INSERT INTO rule SELECT * FROM rule_before",
      "INSERT INTO deadline SELECT * FROM deadline_before",
      "DROP TABLE deadline_before",
      "DROP TABLE rule_before",
    ] + openIndexes)

  private static let openIndexNames = [
    "deadline_open", "deadline_scope_open", "deadline_next", "deadline_due", "deadline_incident",
    "deadline_scope", "deadline_rule",
  ]

  private static let openTables = [
    """
    CREATE TABLE rule (
      partition TEXT NOT NULL,
      code TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind <> ''),
      name TEXT NOT NULL CHECK (name <> ''),
      limit_s INTEGER NOT NULL CHECK (limit_s BETWEEN 1 AND 31536000),
      warn_before_s INTEGER NOT NULL CHECK (warn_before_s BETWEEN 0 AND limit_s),
      escalate_after_s INTEGER NOT NULL CHECK (escalate_after_s BETWEEN 1 AND 31536000),
      escalation_levels INTEGER NOT NULL CHECK (escalation_levels BETWEEN 0 AND 3),
      PRIMARY KEY (partition, code)
    )
    """,
    """
    CREATE TABLE deadline (
      partition TEXT NOT NULL,
      deadline_id TEXT NOT NULL,
      rule_code TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind <> ''),
      state TEXT NOT NULL
        CHECK (state IN ('running', 'warned', 'overdue', 'met', 'missed', 'cancelled')),
      subject TEXT NOT NULL CHECK (subject <> ''),
      responsible TEXT NOT NULL CHECK (responsible <> ''),
      incident_id TEXT,
      scope TEXT NOT NULL CHECK (scope <> ''),
      mode TEXT NOT NULL CHECK (mode IN ('system', 'exercise')),
      start_cause TEXT NOT NULL CHECK (start_cause <> ''),
      trace TEXT NOT NULL,
      start_time INTEGER NOT NULL,
      warn_time INTEGER NOT NULL CHECK (warn_time >= start_time),
      due_time INTEGER NOT NULL CHECK (due_time > start_time AND due_time >= warn_time),
      escalate_time INTEGER CHECK (escalate_time > due_time),
      stop_time INTEGER,
      next_time INTEGER,
      escalation_level INTEGER NOT NULL CHECK (escalation_level BETWEEN 0 AND escalation_levels),
      escalate_after_s INTEGER NOT NULL,
      escalation_levels INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, deadline_id),
      UNIQUE (partition, kind, subject, responsible, start_cause),
      FOREIGN KEY (partition, rule_code) REFERENCES rule (partition, code),
      CHECK ((stop_time IS NULL) = (state IN ('running', 'warned', 'overdue'))),
      CHECK (stop_time IS NULL OR next_time IS NULL)
    )
    """,
  ]

  private static let openIndexes = [
    // What someone owes, they owe once at a time.
    """
    CREATE UNIQUE INDEX deadline_open ON deadline (partition, kind, subject, responsible)
    WHERE stop_time IS NULL
    """,
    """
    CREATE INDEX deadline_scope_open ON deadline (partition, scope) WHERE stop_time IS NULL
    """,
    """
    CREATE INDEX deadline_next ON deadline (partition, mode, next_time)
    WHERE next_time IS NOT NULL
    """,
    "CREATE INDEX deadline_due ON deadline (partition, due_time, deadline_id)",
    "CREATE INDEX deadline_incident ON deadline (partition, incident_id, due_time, deadline_id)",
    "CREATE INDEX deadline_scope ON deadline (partition, scope, state)",
    "CREATE INDEX deadline_rule ON deadline (partition, rule_code, state)",
  ]
}
