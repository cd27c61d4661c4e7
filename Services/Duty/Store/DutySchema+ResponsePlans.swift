// The tables behind response plans: the roads, the plans, and how grave each incident is.
import Persistence

extension DutySchema {
  /// A network is never searched by its parts, so they are kept as documents of a few thousand ways;
  /// the one row of `road_network` says which network they make.
  static let responsePlans = Migration(
    "duty-0006-response-plans",
    [
      """
      CREATE TABLE road_network (
        partition TEXT NOT NULL PRIMARY KEY,
        id TEXT NOT NULL,
        source TEXT NOT NULL CHECK (source <> ''),
        node_count INTEGER NOT NULL CHECK (node_count > 0),
        edge_count INTEGER NOT NULL CHECK (edge_count > 0),
        import_time INTEGER NOT NULL,
        speeds TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE road_part (
        partition TEXT NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        document TEXT NOT NULL,
        PRIMARY KEY (partition, ordinal)
      )
      """,
      """
      CREATE TABLE response_plan (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_class TEXT NOT NULL CHECK (incident_class IN ('', 'criminal', 'public_order',
          'traffic', 'mass_event', 'disaster', 'help', 'dispute', 'complaint', 'other')),
        level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
        terms TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, incident_class, level)
      )
      """,
      """
      CREATE TABLE known_incident (
        partition TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        level INTEGER CHECK (level BETWEEN 1 AND 4),
        is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
        revision INTEGER NOT NULL CHECK (revision >= 0),
        sequence INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, incident_id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX known_incident_sequence ON known_incident (partition, sequence)",
      // A store that followed command before it kept levels hears that history again: what it knew
      // already stays as it is.
      "DELETE FROM subscription WHERE source = 'command'",
    ])
}
