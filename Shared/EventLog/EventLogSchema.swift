// The log's tables: what this service recorded, and how far it has read its neighbours.
public import Persistence

extension EventLog {
  /// To be listed before the service's own migrations.
  public static let migrations: [Migration] = [
    Migration(
      "eventlog-0001-log-and-subscriptions",
      [
        """
        CREATE TABLE event_head (
          partition TEXT NOT NULL PRIMARY KEY,
          n INTEGER NOT NULL CHECK (n >= 0)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE event (
          partition TEXT NOT NULL,
          sequence INTEGER NOT NULL CHECK (sequence > 0),
          id TEXT NOT NULL,
          type TEXT NOT NULL CHECK (type <> ''),
          subject TEXT NOT NULL,
          incident_id TEXT,
          occur_time INTEGER NOT NULL,
          record_time INTEGER NOT NULL,
          actor TEXT NOT NULL CHECK (actor <> ''),
          cause TEXT NOT NULL CHECK (cause <> ''),
          trace TEXT NOT NULL,
          service TEXT NOT NULL,
          payload BLOB NOT NULL,
          PRIMARY KEY (partition, sequence),
          UNIQUE (partition, id)
        )
        """,
        """
        CREATE INDEX event_incident ON event (partition, incident_id)
        WHERE incident_id IS NOT NULL
        """,
        """
        CREATE TABLE subscription (
          partition TEXT NOT NULL,
          source TEXT NOT NULL,
          cursor INTEGER NOT NULL CHECK (cursor >= 0),
          PRIMARY KEY (partition, source)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE parked_event (
          partition TEXT NOT NULL,
          source TEXT NOT NULL,
          sequence INTEGER NOT NULL,
          event_id TEXT NOT NULL,
          type TEXT NOT NULL,
          subject TEXT NOT NULL,
          tries INTEGER NOT NULL,
          error TEXT NOT NULL,
          payload BLOB NOT NULL,
          record_time INTEGER NOT NULL,
          PRIMARY KEY (partition, source, sequence)
        )
        """,
      ]),
    // pruned_through: numbers at or below it may be missing. compacted_through is behind it while
    // events are being removed. snapshot_sequence: the bound of the snapshot that is being read.
    Migration(
      "eventlog-0002-pruning-and-skipping",
      [
        """
        ALTER TABLE event_head
        ADD COLUMN pruned_through INTEGER NOT NULL DEFAULT 0 CHECK (pruned_through >= 0)
        """,
        """
        ALTER TABLE event_head
        ADD COLUMN compacted_through INTEGER NOT NULL DEFAULT 0 CHECK (compacted_through >= 0)
        """,
        "CREATE INDEX event_subject ON event (partition, subject) WHERE incident_id IS NULL",
        "ALTER TABLE subscription ADD COLUMN snapshot_sequence INTEGER",
        "ALTER TABLE parked_event ADD COLUMN skip_actor TEXT",
        "ALTER TABLE parked_event ADD COLUMN skip_reason TEXT",
        "ALTER TABLE parked_event ADD COLUMN skip_time INTEGER",
      ]),
  ]
}
