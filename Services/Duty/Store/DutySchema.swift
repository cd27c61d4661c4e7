// The tables of this service. Append-only: a mistake is mended by the next migration.
public import Persistence

public enum DutySchema {
  /// To be applied after those of the event log and the request ledger.
  public static let migrations = [
    organisation, units, recommendations, retentionMigration, terminals, responsePlans, rosters,
    deployments, groupsAndTracks, tasks,
  ]

  private static let organisation = Migration(
    "duty-0001-organisation",
    [
      """
      CREATE TABLE org_unit (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        name TEXT NOT NULL CHECK (name <> ''),
        rank TEXT NOT NULL CHECK (rank IN ('city', 'county', 'station', 'beat')),
        parent_id TEXT,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, code),
        FOREIGN KEY (partition, parent_id) REFERENCES org_unit (partition, id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX org_unit_parent ON org_unit (partition, parent_id)",
      """
      CREATE TABLE jurisdiction (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        org_unit_id TEXT NOT NULL,
        area_class TEXT NOT NULL CHECK (area_class IN ('key_place', 'centre', 'other')),
        area TEXT NOT NULL,
        corner_count INTEGER NOT NULL CHECK (corner_count >= 3),
        south REAL NOT NULL,
        west REAL NOT NULL,
        north REAL NOT NULL,
        east REAL NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, org_unit_id, area_class),
        CHECK (south <= north AND west <= east),
        FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
      )
      """,
      "CREATE INDEX jurisdiction_bounds ON jurisdiction (partition, south, north, west, east)",
    ])

  /// `sequence` in these tables is the number of the change in `roster_head`: what the roster in
  /// memory has not seen yet has a greater one.
  private static let units = Migration(
    "duty-0002-units",
    [
      """
      CREATE TABLE roster_head (
        partition TEXT NOT NULL PRIMARY KEY,
        sequence INTEGER NOT NULL CHECK (sequence > 0)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE unit (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        call_sign TEXT NOT NULL CHECK (call_sign <> ''),
        kind TEXT NOT NULL CHECK (kind IN (
          'car', 'motorcycle', 'foot', 'drone', 'helicopter', 'boat', 'volunteer', 'partner')),
        org_unit_id TEXT,
        capabilities TEXT NOT NULL,
        availability TEXT NOT NULL CHECK (availability IN (
          'available', 'conditionally_available', 'not_available')),
        condition TEXT CHECK (condition IN (
          'staging', 'delayed', 'off_duty', 'out_of_service')),
        status_time INTEGER,
        revision INTEGER NOT NULL CHECK (revision > 0),
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, call_sign),
        FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX unit_sequence ON unit (partition, sequence)",
      """
      CREATE TABLE unit_position (
        partition TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        latitude REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
        longitude REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
        fix_time INTEGER NOT NULL,
        speed_mps REAL NOT NULL CHECK (speed_mps BETWEEN 0 AND 350),
        heading_deg REAL NOT NULL CHECK (heading_deg BETWEEN 0 AND 360),
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, unit_id),
        FOREIGN KEY (partition, unit_id) REFERENCES unit (partition, id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX unit_position_sequence ON unit_position (partition, sequence)",
      // No reference to unit: Command may assign a unit before it is known here.
      """
      CREATE TABLE unit_commitment (
        partition TEXT NOT NULL,
        assignment_id TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN (
          'assigned', 'dispatched', 'acknowledged', 'en_route', 'on_scene', 'ended')),
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, assignment_id)
      ) WITHOUT ROWID
      """,
      """
      CREATE INDEX unit_commitment_open ON unit_commitment (partition, unit_id)
      WHERE state <> 'ended'
      """,
      "CREATE INDEX unit_commitment_sequence ON unit_commitment (partition, sequence)",
      """
      CREATE TABLE travel_model (
        partition TEXT NOT NULL PRIMARY KEY,
        detour_factor REAL NOT NULL CHECK (detour_factor BETWEEN 1 AND 5),
        speed_mps REAL NOT NULL CHECK (speed_mps BETWEEN 0.5 AND 100),
        turnout_s REAL NOT NULL CHECK (turnout_s BETWEEN 0 AND 600),
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL
      ) WITHOUT ROWID
      """,
    ])

  private static let recommendations = Migration(
    "duty-0003-recommendations",
    [
      """
      CREATE TABLE recommendation (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        as_of_time INTEGER NOT NULL,
        document TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id)
      )
      """,
      "CREATE INDEX recommendation_incident ON recommendation (partition, incident_id)",
    ])
}
