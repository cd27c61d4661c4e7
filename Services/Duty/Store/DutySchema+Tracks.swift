// Groups of units, more kinds of them, and tracks.
import Persistence
import Retention

extension DutySchema {
  static let groupsAndTracks = Migration("duty-0009-groups-and-tracks", kinds + groups + tracks)

  /// A check cannot be widened on SQLite: the column goes, and one that takes more comes in its place.
  private static let kinds = [
    """
    ALTER TABLE unit ADD COLUMN kind_now TEXT NOT NULL DEFAULT 'car' CHECK (kind_now IN (
      'car', 'motorcycle', 'foot', 'drone', 'helicopter', 'boat', 'volunteer', 'partner', 'guard',
      'command_car', 'group'))
    """,
    "UPDATE unit SET kind_now = kind",
    "ALTER TABLE unit DROP COLUMN kind",
    "ALTER TABLE unit RENAME COLUMN kind_now TO kind",
  ]

  private static let groups = [
    "ALTER TABLE unit ADD COLUMN group_id TEXT",
    "ALTER TABLE unit ADD COLUMN headcount INTEGER CHECK (headcount BETWEEN 1 AND 1000)",
    "CREATE INDEX unit_group ON unit (partition, group_id) WHERE group_id IS NOT NULL",
  ]

  /// The open end of a track stands beside the newest position, which is written anyway: a position
  /// that is left out costs no row. `start_time` is null for a unit that has had no track yet.
  private static let tracks = [
    """
    CREATE TABLE track_point (
      partition TEXT NOT NULL,
      unit_id TEXT NOT NULL,
      fix_time INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      latitude REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
      longitude REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
      speed_mps REAL NOT NULL CHECK (speed_mps BETWEEN 0 AND 350),
      heading_deg REAL NOT NULL CHECK (heading_deg BETWEEN 0 AND 360),
      is_jump INTEGER NOT NULL CHECK (is_jump IN (0, 1)),
      is_aside INTEGER NOT NULL CHECK (is_aside IN (0, 1)),
      dropped_count INTEGER NOT NULL CHECK (dropped_count >= 0),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, unit_id, fix_time, sequence),
      FOREIGN KEY (partition, unit_id) REFERENCES unit (partition, id)
    ) WITHOUT ROWID
    """,
    "ALTER TABLE unit_position ADD COLUMN start_latitude REAL",
    "ALTER TABLE unit_position ADD COLUMN start_longitude REAL",
    "ALTER TABLE unit_position ADD COLUMN start_time INTEGER",
    "ALTER TABLE unit_position ADD COLUMN north_least REAL",
    "ALTER TABLE unit_position ADD COLUMN north_most REAL",
    "ALTER TABLE unit_position ADD COLUMN east_least REAL",
    "ALTER TABLE unit_position ADD COLUMN east_most REAL",
    "ALTER TABLE unit_position ADD COLUMN dropped_count INTEGER NOT NULL DEFAULT 0",
    // Whether a unit was ever sent to an incident.
    "CREATE INDEX unit_commitment_sent ON unit_commitment (partition, unit_id, incident_id)",
    RetentionSchema.period("track_point", days: 90, least: 1),
  ]
}
