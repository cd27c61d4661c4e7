// The tables of intelligence. Append-only: a shipped migration is never edited.
//
// A rule with an empty partition holds for every partition; one with a partition's name is that
// partition's own, and takes the place of the common one with the same key.

public import Persistence

public enum IntelligenceSchema {
  /// To be listed after those of the event log.
  public static let migrations: [Migration] = [
    Migration("intelligence-0001-assessments", rules + organisation + assessments),
    Migration("intelligence-0002-rules", [KindRuleSeed.statement, repeatRules, genericAddresses]),
    retentionMigration,
    Migration("intelligence-0004-citizens-calls-only", citizensOnly),
    gazetteerMigration,
  ]

  private static let classes = """
    'criminal', 'public_order', 'traffic', 'mass_event', 'disaster', 'help', 'dispute', \
    'complaint', 'other'
    """

  private static let rules = [
    """
    CREATE TABLE kind_rule (
      partition TEXT NOT NULL,
      keyword TEXT NOT NULL CHECK (keyword <> ''),
      incident_class TEXT NOT NULL CHECK (incident_class IN (\(classes))),
      level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
      weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 10),
      PRIMARY KEY (partition, keyword)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE repeat_rule (
      partition TEXT NOT NULL,
      link TEXT NOT NULL CHECK (link IN ('same_phone', 'same_address', 'nearby')),
      lookback_s INTEGER NOT NULL CHECK (lookback_s BETWEEN 60 AND 7776000),
      distance_m INTEGER NOT NULL CHECK (distance_m BETWEEN 0 AND 1000),
      life_s INTEGER NOT NULL CHECK (life_s BETWEEN 60 AND 7776000),
      PRIMARY KEY (partition, link)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE generic_address (
      partition TEXT NOT NULL,
      address_key TEXT NOT NULL,
      PRIMARY KEY (partition, address_key)
    ) WITHOUT ROWID
    """,
  ]

  private static let organisation = [
    """
    CREATE TABLE org_unit (
      partition TEXT NOT NULL,
      org_unit_id TEXT NOT NULL,
      name TEXT NOT NULL,
      org_rank TEXT NOT NULL CHECK (org_rank IN ('city', 'county', 'station', 'beat')),
      parent_id TEXT,
      PRIMARY KEY (partition, org_unit_id)
    ) WITHOUT ROWID
    """,
    // Corners are pairs of little-endian doubles: they are read for every call that has a point.
    """
    CREATE TABLE jurisdiction (
      partition TEXT NOT NULL,
      jurisdiction_id TEXT NOT NULL,
      org_unit_id TEXT NOT NULL,
      south REAL NOT NULL,
      north REAL NOT NULL,
      west REAL NOT NULL,
      east REAL NOT NULL,
      corners BLOB NOT NULL,
      PRIMARY KEY (partition, jurisdiction_id),
      FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, org_unit_id)
    )
    """,
    """
    CREATE INDEX jurisdiction_box
    ON jurisdiction (partition, south, north, west, east, jurisdiction_id)
    """,
  ]

  private static let assessments = [
    """
    CREATE TABLE assessment (
      partition TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      assessment_id TEXT NOT NULL,
      source TEXT NOT NULL,
      incident_class TEXT CHECK (incident_class IN (\(classes))),
      latitude REAL,
      longitude REAL,
      words TEXT NOT NULL,
      is_located INTEGER NOT NULL CHECK (is_located IN (0, 1)),
      station_id TEXT,
      station_name TEXT,
      beat_id TEXT,
      beat_name TEXT,
      suggested_class TEXT CHECK (suggested_class IN (\(classes))),
      suggested_level INTEGER CHECK (suggested_level BETWEEN 1 AND 4),
      suggested_by TEXT NOT NULL,
      found_repeat INTEGER NOT NULL CHECK (found_repeat IN (0, 1)),
      occur_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, incident_id),
      UNIQUE (partition, assessment_id)
    )
    """,
    "CREATE INDEX assessment_time ON assessment (partition, occur_time, assessment_id)",
    """
    CREATE INDEX assessment_repeat ON assessment (partition, occur_time, assessment_id)
    WHERE found_repeat = 1
    """,
    "CREATE INDEX assessment_source ON assessment (partition, source, found_repeat)",
    """
    CREATE TABLE repeat_finding (
      partition TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      link TEXT NOT NULL CHECK (link IN ('same_phone', 'same_address', 'nearby')),
      call_count INTEGER NOT NULL CHECK (call_count > 0),
      evidence TEXT NOT NULL,
      rule TEXT NOT NULL,
      expire_time INTEGER NOT NULL,
      PRIMARY KEY (partition, incident_id, link),
      FOREIGN KEY (partition, incident_id) REFERENCES assessment (partition, incident_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX repeat_finding_expire ON repeat_finding (partition, expire_time)",
    """
    CREATE TABLE known_call (
      partition TEXT NOT NULL,
      call_report_id TEXT NOT NULL,
      call_stable TEXT NOT NULL,
      incident_id TEXT NOT NULL,
      receive_time INTEGER NOT NULL,
      phone_hash TEXT,
      address_key TEXT,
      latitude REAL,
      longitude REAL,
      cell INTEGER,
      is_complaint INTEGER NOT NULL CHECK (is_complaint IN (0, 1)),
      PRIMARY KEY (partition, call_report_id),
      FOREIGN KEY (partition, incident_id) REFERENCES assessment (partition, incident_id)
    )
    """,
    // Calls of complaints are not in this index, so that no search by number can meet them.
    """
    CREATE INDEX known_call_phone
    ON known_call (partition, phone_hash, receive_time, call_stable, incident_id, is_complaint)
    WHERE phone_hash IS NOT NULL AND is_complaint = 0
    """,
    """
    CREATE INDEX known_call_address
    ON known_call (partition, address_key, receive_time, call_stable, incident_id)
    WHERE address_key IS NOT NULL
    """,
    """
    CREATE INDEX known_call_cell ON known_call (partition, cell, receive_time)
    WHERE cell IS NOT NULL
    """,
    "CREATE INDEX known_call_incident ON known_call (partition, incident_id, receive_time)",
    // By the hour, for deleting: an index by time itself would lure the planner away from the cells.
    """
    CREATE INDEX known_call_hour ON known_call (partition, (receive_time / 3600000000))
    """,
    // How far command's feed has come, in its own time, to the hour.
    """
    CREATE TABLE heard_clock (
      partition TEXT NOT NULL PRIMARY KEY,
      heard_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
  ]

  // Repeats are told of what citizens reported; of no complaint where they speak of its caller. The
  // searches' indexes hold nothing else, so that no search can meet it.
  private static let citizensOnly = [
    """
    ALTER TABLE known_call ADD COLUMN is_discovered INTEGER NOT NULL DEFAULT 0
      CHECK (is_discovered IN (0, 1))
    """,
    "DROP INDEX known_call_phone",
    "DROP INDEX known_call_address",
    "DROP INDEX known_call_cell",
    """
    CREATE INDEX known_call_phone
    ON known_call (partition, phone_hash, receive_time, call_stable, incident_id, is_complaint,
      is_discovered)
    WHERE phone_hash IS NOT NULL AND is_complaint = 0 AND is_discovered = 0
    """,
    """
    CREATE INDEX known_call_address
    ON known_call (partition, address_key, receive_time, call_stable, incident_id, is_complaint,
      is_discovered)
    WHERE address_key IS NOT NULL AND is_complaint = 0 AND is_discovered = 0
    """,
    """
    CREATE INDEX known_call_cell ON known_call (partition, cell, receive_time)
    WHERE cell IS NOT NULL AND is_discovered = 0
    """,
  ]

  private static let repeatRules = """
    INSERT INTO repeat_rule (partition, link, lookback_s, distance_m, life_s) VALUES
      ('', 'same_phone', 7776000, 0, 7776000),
      ('', 'same_address', 7776000, 0, 7776000),
      ('', 'nearby', 3600, 150, 7776000)
    """

  private static let genericAddresses = """
    INSERT INTO generic_address (partition, address_key) VALUES
      ('', '地址不详'), ('', '地点不详'), ('', '位置不详'), ('', '不知道地址'), ('', '报警人不清楚'),
      ('', 'unknown'), ('', 'unknown address'), ('', 'unknown location'), ('', 'not given'),
      ('', 'no address'), ('', 'none given')
    """
}
