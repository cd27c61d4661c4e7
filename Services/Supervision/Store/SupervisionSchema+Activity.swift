// The rows of facts that figures are computed from. `sequence` is that of the event that said so: a
// later one replaces it, an earlier one that comes late does not.
import Persistence
import Retention

extension SupervisionSchema {
  private static let incidentStates = """
    'new', 'queued', 'active', 'monitored', 'diverted', 'awaiting_feedback', 'in_review', 'closed', \
    'cancelled', 'merged'
    """
  private static let origins = "'citizen_reported', 'officer_discovered'"

  static let activity = Migration(
    "supervision-0010-activity",
    incidentTables + unitTables + placeTables + [
      "CREATE INDEX deadline_started ON deadline (partition, start_time)",
      RetentionSchema.period("activity_incident", days: 1825, least: 365),
      RetentionSchema.period("activity_call", days: 1825, least: 365),
      RetentionSchema.period("activity_course", days: 1825, least: 365),
      RetentionSchema.period("activity_unit_status", days: 1825, least: 365),
      // Units, their states and whose areas are whose: duty's history is heard again. What was known
      // of it stays as it is.
      "DELETE FROM subscription WHERE source = 'duty'",
    ])

  private static let incidentTables = [
    """
    CREATE TABLE activity_incident (
      partition TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN (\(origins))),
      incident_class TEXT,
      latitude REAL CHECK (latitude BETWEEN -90 AND 90),
      longitude REAL CHECK (longitude BETWEEN -180 AND 180),
      receive_time INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN (\(incidentStates))),
      sequence INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, incident_id),
      CHECK ((latitude IS NULL) = (longitude IS NULL))
    )
    """,
    "CREATE INDEX activity_incident_received ON activity_incident (partition, receive_time)",
    """
    CREATE TABLE activity_step (
      partition TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      to_state TEXT NOT NULL CHECK (to_state IN (\(incidentStates))),
      step_time INTEGER NOT NULL,
      PRIMARY KEY (partition, incident_id, sequence)
    )
    """,
    "CREATE INDEX activity_step_time ON activity_step (partition, step_time)",
    """
    CREATE TABLE activity_assignment (
      partition TEXT NOT NULL,
      assignment_id TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      unit_id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('assigned', 'dispatched', 'acknowledged', 'en_route',
        'on_scene', 'cleared', 'cancelled')),
      assign_time INTEGER,
      dispatch_time INTEGER,
      acknowledge_time INTEGER,
      depart_time INTEGER,
      arrive_time INTEGER,
      clear_time INTEGER,
      cancel_time INTEGER,
      anchor_time INTEGER,
      end_time INTEGER,
      sequence INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, assignment_id)
    )
    """,
    """
    CREATE INDEX activity_assignment_incident ON activity_assignment
    (partition, incident_id, assignment_id)
    """,
    "CREATE INDEX activity_assignment_anchor ON activity_assignment (partition, anchor_time)",
    """
    CREATE TABLE activity_call (
      partition TEXT NOT NULL,
      call_report_id TEXT NOT NULL,
      origin TEXT NOT NULL CHECK (origin IN (\(origins))),
      is_by_voice INTEGER NOT NULL CHECK (is_by_voice IN (0, 1)),
      latitude REAL CHECK (latitude BETWEEN -90 AND 90),
      longitude REAL CHECK (longitude BETWEEN -180 AND 180),
      receive_time INTEGER NOT NULL,
      answer_time INTEGER,
      incident_id TEXT,
      is_first INTEGER NOT NULL CHECK (is_first IN (0, 1)),
      sequence INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, call_report_id),
      CHECK ((latitude IS NULL) = (longitude IS NULL))
    )
    """,
    "CREATE INDEX activity_call_received ON activity_call (partition, receive_time)",
    """
    CREATE INDEX activity_call_incident ON activity_call (partition, incident_id)
    WHERE is_first = 1
    """,
    """
    CREATE TABLE activity_course (
      partition TEXT NOT NULL,
      directive_id TEXT NOT NULL,
      recipient_kind TEXT NOT NULL CHECK (recipient_kind IN ('station', 'beat', 'unit', 'seat')),
      recipient_id TEXT NOT NULL,
      incident_id TEXT,
      state TEXT NOT NULL CHECK (state IN ('open', 'signed', 'fed_back', 'withdrawn')),
      issue_time INTEGER,
      acknowledge_time INTEGER,
      feedback_time INTEGER,
      sequence INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, directive_id, recipient_kind, recipient_id)
    )
    """,
    "CREATE INDEX activity_course_issued ON activity_course (partition, issue_time)",
  ]

  private static let unitTables = [
    """
    CREATE TABLE activity_unit (
      partition TEXT NOT NULL,
      unit_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      org_unit_id TEXT,
      sequence INTEGER NOT NULL,
      PRIMARY KEY (partition, unit_id)
    )
    """,
    """
    CREATE TABLE activity_unit_status (
      partition TEXT NOT NULL,
      unit_id TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      status_time INTEGER NOT NULL,
      is_on_duty INTEGER NOT NULL CHECK (is_on_duty IN (0, 1)),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, unit_id, sequence)
    )
    """,
    """
    CREATE INDEX activity_unit_status_time ON activity_unit_status
    (partition, unit_id, status_time, sequence)
    """,
  ]

  private static let placeTables = [
    """
    CREATE TABLE activity_org_unit (
      partition TEXT NOT NULL,
      org_unit_id TEXT NOT NULL,
      code TEXT NOT NULL,
      name TEXT NOT NULL,
      org_rank TEXT NOT NULL CHECK (org_rank IN ('city', 'county', 'station', 'beat')),
      parent_id TEXT,
      sequence INTEGER NOT NULL,
      PRIMARY KEY (partition, org_unit_id)
    )
    """,
    """
    CREATE TABLE activity_area (
      partition TEXT NOT NULL,
      jurisdiction_id TEXT NOT NULL,
      org_unit_id TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      PRIMARY KEY (partition, jurisdiction_id)
    )
    """,
  ]
}
