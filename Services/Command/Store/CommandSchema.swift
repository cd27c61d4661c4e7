// The tables of command. Append-only: a shipped migration is never edited, a mistake is mended by
// the next one. The states are spelled out here, so that the code cannot write another.
import Audit
import EventLog
public import Persistence
import Territory

public enum CommandSchema {
  /// Everything a store of command needs, in order.
  public static let migrations: [Migration] =
    EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations
    + [incidents, dispatch, neighbours, Territory.migration, reach, callers, retentionMigration]
    + [automaticDispatch, pillars, directives, jointWork, operatingMode, campaigns, answerTimes]
    + [boards]

  private static let incidents = Migration(
    "command-0001-calls-and-incidents",
    [
      """
      CREATE TABLE incident (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        number TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('new', 'queued', 'active', 'monitored', 'diverted',
          'awaiting_feedback', 'in_review', 'closed', 'cancelled', 'merged')),
        state_time INTEGER NOT NULL,
        incident_class TEXT CHECK (incident_class IN ('criminal', 'public_order', 'traffic',
          'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
        level INTEGER CHECK (level BETWEEN 1 AND 4),
        title TEXT NOT NULL CHECK (title <> ''),
        place TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('citizen_reported', 'officer_discovered')),
        narrative TEXT NOT NULL,
        source TEXT NOT NULL,
        external_reference TEXT NOT NULL,
        occur_time INTEGER NOT NULL,
        receive_time INTEGER NOT NULL,
        create_time INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        merged_into TEXT,
        state_before_merge TEXT CHECK (state_before_merge IN ('new', 'queued', 'active')),
        diverted_to TEXT NOT NULL,
        feedback TEXT,
        feedback_code TEXT,
        feedback_time INTEGER,
        feedback_return_count INTEGER CHECK (feedback_return_count >= 0),
        reopen_count INTEGER NOT NULL CHECK (reopen_count >= 0),
        PRIMARY KEY (partition, id),
        UNIQUE (partition, number),
        FOREIGN KEY (partition, merged_into) REFERENCES incident (partition, id),
        CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
        CHECK ((state = 'merged') = (state_before_merge IS NOT NULL)),
        CHECK ((feedback IS NULL) = (feedback_code IS NULL)),
        CHECK ((feedback IS NULL) = (feedback_time IS NULL)),
        CHECK ((feedback IS NULL) = (feedback_return_count IS NULL))
      )
      """,
      "CREATE INDEX incident_state ON incident (partition, state, id)",
      "CREATE INDEX incident_source ON incident (partition, source, id) WHERE source <> ''",
      """
      CREATE TABLE incident_counter (
        partition TEXT NOT NULL,
        day TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        PRIMARY KEY (partition, day)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE call_report (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
        outcome TEXT CHECK (outcome IN ('created', 'attached', 'advised', 'diverted', 'hoax',
          'accidental', 'abandoned')),
        incident_id TEXT,
        channel TEXT NOT NULL CHECK (channel IN ('phone', 'sms', 'app', 'pillar', 'partner',
          'walk_in')),
        origin TEXT NOT NULL CHECK (origin IN ('citizen_reported', 'officer_discovered')),
        phone_hash TEXT,
        masked_phone TEXT NOT NULL,
        place TEXT NOT NULL,
        narrative TEXT NOT NULL,
        source TEXT NOT NULL,
        external_reference TEXT NOT NULL,
        occur_time INTEGER NOT NULL,
        receive_time INTEGER NOT NULL,
        end_time INTEGER,
        record_time INTEGER NOT NULL,
        end_reason TEXT NOT NULL,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        CHECK ((state = 'ended') = (outcome IS NOT NULL)),
        CHECK ((state = 'ended') = (end_time IS NOT NULL)),
        CHECK ((incident_id IS NOT NULL) = (coalesce(outcome, '') IN ('created', 'attached')))
      )
      """,
      """
      CREATE UNIQUE INDEX call_report_reference
      ON call_report (partition, source, external_reference) WHERE external_reference <> ''
      """,
      """
      CREATE INDEX call_report_incident ON call_report (partition, incident_id, id)
      WHERE incident_id IS NOT NULL
      """,
      "CREATE INDEX call_report_active ON call_report (partition, id) WHERE state = 'active'",
      """
      CREATE TABLE incident_call (
        partition TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        call_report_id TEXT NOT NULL,
        PRIMARY KEY (partition, incident_id, ordinal),
        UNIQUE (partition, call_report_id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        FOREIGN KEY (partition, call_report_id) REFERENCES call_report (partition, id)
      ) WITHOUT ROWID
      """,
    ])

  private static let dispatch = Migration(
    "command-0002-directives-and-assignments",
    [
      """
      CREATE TABLE directive (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        directive_class TEXT NOT NULL CHECK (directive_class IN ('dispatch', 'urgent', 'priority',
          'routine', 'general')),
        incident_id TEXT,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        issue_time INTEGER,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id)
      )
      """,
      """
      CREATE INDEX directive_incident ON directive (partition, incident_id, id)
      WHERE incident_id IS NOT NULL
      """,
      // assignment_id names the assignment that the course follows. It has no foreign key: the
      // assignment refers to the directive, and one of the two has to be written first.
      """
      CREATE TABLE directive_recipient (
        partition TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'unit', 'seat')),
        recipient_id TEXT NOT NULL CHECK (recipient_id <> ''),
        revision INTEGER NOT NULL CHECK (revision > 0),
        state TEXT NOT NULL CHECK (state IN ('draft', 'issued', 'delivered', 'acknowledged',
          'in_progress', 'fed_back', 'accepted', 'returned', 'cancelled', 'reassigned')),
        deliver_time INTEGER,
        acknowledge_time INTEGER,
        feedback_time INTEGER,
        feedback TEXT NOT NULL,
        return_count INTEGER NOT NULL CHECK (return_count >= 0),
        reason TEXT NOT NULL,
        assignment_id TEXT,
        PRIMARY KEY (partition, directive_id, ordinal),
        UNIQUE (partition, kind, recipient_id, directive_id),
        FOREIGN KEY (partition, directive_id) REFERENCES directive (partition, id)
      )
      """,
      """
      CREATE INDEX directive_recipient_open
      ON directive_recipient (partition, kind, recipient_id, directive_id)
      WHERE state IN ('issued', 'delivered', 'acknowledged', 'in_progress', 'fed_back', 'returned')
      """,
      """
      CREATE TABLE recommendation (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        occur_time INTEGER NOT NULL,
        document TEXT NOT NULL,
        unit_ids TEXT NOT NULL,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id)
      )
      """,
      """
      CREATE TABLE assignment (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        unit_id TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        recommendation_id TEXT,
        state TEXT NOT NULL CHECK (state IN ('assigned', 'dispatched', 'acknowledged', 'en_route',
          'on_scene', 'cleared', 'cancelled')),
        assign_time INTEGER NOT NULL,
        dispatch_time INTEGER,
        acknowledge_time INTEGER,
        depart_time INTEGER,
        arrive_time INTEGER,
        clear_time INTEGER,
        cancel_time INTEGER,
        disposal_code TEXT NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, incident_id, ordinal),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        FOREIGN KEY (partition, directive_id) REFERENCES directive (partition, id),
        FOREIGN KEY (partition, recommendation_id) REFERENCES recommendation (partition, id)
      )
      """,
      """
      CREATE UNIQUE INDEX assignment_open ON assignment (partition, incident_id, unit_id)
      WHERE state NOT IN ('cleared', 'cancelled')
      """,
    ])

  private static let neighbours = Migration(
    "command-0003-what-neighbours-tell",
    [
      """
      CREATE TABLE incident_advice (
        partition TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        assessment_id TEXT NOT NULL,
        station_id TEXT,
        station_name TEXT NOT NULL,
        suggested_class TEXT CHECK (suggested_class IN ('criminal', 'public_order', 'traffic',
          'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
        suggested_level INTEGER CHECK (suggested_level BETWEEN 1 AND 4),
        repeat_count INTEGER NOT NULL CHECK (repeat_count >= 0),
        occur_time INTEGER NOT NULL,
        PRIMARY KEY (partition, incident_id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id)
      )
      """,
      // No foreign key: a neighbour's fact is kept as it was told.
      """
      CREATE TABLE foreign_event (
        partition TEXT NOT NULL,
        service TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        occur_time INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        actor TEXT NOT NULL,
        cause TEXT NOT NULL,
        trace TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (partition, id)
      )
      """,
      """
      CREATE INDEX foreign_event_incident ON foreign_event (partition, incident_id, occur_time)
      """,
    ])

  /// The ways from those who were given something to what it was.
  private static let reach = Migration(
    "command-0004-whose-affair",
    [
      """
      CREATE INDEX directive_recipient_given
      ON directive_recipient (partition, recipient_id, directive_id)
      """,
      "CREATE INDEX assignment_unit ON assignment (partition, unit_id, incident_id)",
      "CREATE INDEX incident_advice_station ON incident_advice (partition, station_id, incident_id)",
    ])

  /// How often a pillar's button was pressed for a call; NULL for calls that came by another way.
  private static let pillars = Migration(
    "command-0008-pillars", ["ALTER TABLE call_report ADD COLUMN press_count INTEGER"])

  /// Who called, encrypted, and the way from a number's hash to its calls.
  private static let callers = Migration(
    "command-0005-callers",
    [
      "ALTER TABLE call_report ADD COLUMN masked_name TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE call_report ADD COLUMN sealed_caller BLOB",
      """
      CREATE INDEX call_report_phone ON call_report (partition, phone_hash, id)
      WHERE phone_hash IS NOT NULL
      """,
    ])
}
