// The tables of supervision. Append-only: a shipped migration is mended by the next one.
import Audit
import EventLog
public import Persistence
import Territory

public enum SupervisionSchema {
  /// Those of the event log, the request ledger, the audit log and supervision.
  public static let all =
    EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations + migrations
    + [Territory.migration, activity]

  /// To be listed after those of the request ledger and the event log.
  static let migrations: [Migration] = [
    Migration("supervision-0001-rules-and-clock", rulesAndClock),
    Migration("supervision-0002-deadlines", deadlines),
    Migration("supervision-0003-incidents-and-evaluations", incidents),
    Migration("supervision-0004-outgoing-calls", outgoingCalls),
    retentionMigration,
    lookUps,
    openKinds,
  ]

  private static let kinds = """
    'sign', 'departure', 'arrival', 'directive_feedback', 'incident_feedback', 'opinion_response'
    """

  private static let rulesAndClock = [
    """
    CREATE TABLE rule (
      partition TEXT NOT NULL,
      code TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN (\(kinds))),
      name TEXT NOT NULL CHECK (name <> ''),
      limit_s INTEGER NOT NULL CHECK (limit_s BETWEEN 1 AND 31536000),
      warn_before_s INTEGER NOT NULL CHECK (warn_before_s BETWEEN 0 AND limit_s),
      escalate_after_s INTEGER NOT NULL CHECK (escalate_after_s BETWEEN 1 AND 31536000),
      escalation_levels INTEGER NOT NULL CHECK (escalation_levels BETWEEN 0 AND 3),
      PRIMARY KEY (partition, code)
    )
    """,
    """
    CREATE TABLE feedback_rule (
      partition TEXT NOT NULL,
      code TEXT NOT NULL CHECK (code IN ('incident', 'directive')),
      minimum_length INTEGER NOT NULL CHECK (minimum_length BETWEEN 0 AND 4000),
      filler_words TEXT NOT NULL,
      PRIMARY KEY (partition, code)
    )
    """,
    // record_time: the latest time of the machine's clock at which deadlines were fired.
    """
    CREATE TABLE clock_state (
      partition TEXT NOT NULL PRIMARY KEY,
      mode TEXT NOT NULL CHECK (mode IN ('system', 'exercise')),
      exercise_time INTEGER,
      record_time INTEGER,
      CHECK ((mode = 'exercise') = (exercise_time IS NOT NULL))
    )
    """,
  ]

  private static let deadlines = [
    """
    CREATE TABLE deadline (
      partition TEXT NOT NULL,
      deadline_id TEXT NOT NULL,
      rule_code TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN (\(kinds))),
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

  private static let incidents = [
    """
    CREATE TABLE followed_incident (
      partition TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      latitude REAL CHECK (latitude BETWEEN -90 AND 90),
      longitude REAL CHECK (longitude BETWEEN -180 AND 180),
      responsible TEXT NOT NULL CHECK (responsible <> ''),
      return_count INTEGER NOT NULL CHECK (return_count >= 0),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, incident_id)
    )
    """,
    """
    CREATE TABLE area (
      partition TEXT NOT NULL,
      jurisdiction_id TEXT NOT NULL,
      area_class TEXT NOT NULL CHECK (area_class IN ('key_place', 'centre', 'other')),
      south REAL NOT NULL,
      west REAL NOT NULL,
      north REAL NOT NULL,
      east REAL NOT NULL,
      polygon TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, jurisdiction_id)
    )
    """,
    """
    CREATE TABLE evaluation (
      partition TEXT NOT NULL,
      evaluation_id TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal > 0),
      grade TEXT NOT NULL CHECK (grade IN ('none', 'good', 'fair', 'poor')),
      met_count INTEGER NOT NULL CHECK (met_count >= 0),
      missed_count INTEGER NOT NULL CHECK (missed_count >= 0),
      excluded_count INTEGER NOT NULL CHECK (excluded_count >= 0),
      return_count INTEGER NOT NULL CHECK (return_count >= 0),
      close_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, evaluation_id),
      UNIQUE (partition, incident_id, ordinal)
    )
    """,
    "CREATE INDEX evaluation_closed ON evaluation (partition, close_time, evaluation_id)",
  ]

  // How often a call was tried is not kept: it would differ between two runs of the same causes.
  private static let outgoingCalls = [
    """
    CREATE TABLE outgoing_call (
      partition TEXT NOT NULL,
      request_id TEXT NOT NULL,
      method TEXT NOT NULL
        CHECK (method IN ('ReturnIncidentFeedback', 'ReturnDirectiveFeedback')),
      incident_id TEXT,
      directive_id TEXT,
      recipient_kind TEXT CHECK (recipient_kind IN ('station', 'beat', 'unit', 'seat')),
      recipient_id TEXT,
      reason TEXT NOT NULL CHECK (reason <> ''),
      occur_time INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'answered', 'refused')),
      trace TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, request_id),
      CHECK (method <> 'ReturnIncidentFeedback' OR incident_id IS NOT NULL),
      CHECK (method <> 'ReturnDirectiveFeedback'
        OR (directive_id IS NOT NULL AND recipient_kind IS NOT NULL AND recipient_id IS NOT NULL))
    )
    """,
    """
    CREATE INDEX outgoing_call_pending ON outgoing_call (partition, occur_time, request_id)
    WHERE state = 'pending'
    """,
  ]
}
