// The log's tables. Only payload and time can be gone, both together: what is left of an entry after
// its retention period is its number and its hash, so that nothing is kept that cannot be checked.
public import Persistence

extension AuditLog {
  /// To be listed with a service's own migrations.
  public static let migrations: [Migration] = [
    Migration(
      "audit-0001-log",
      [
        """
        CREATE TABLE audit_head (
          partition TEXT NOT NULL PRIMARY KEY,
          n INTEGER NOT NULL CHECK (n > 0),
          frontier BLOB NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE audit_entry (
          partition TEXT NOT NULL,
          n INTEGER NOT NULL CHECK (n >= 0),
          leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
          payload BLOB,
          time INTEGER,
          PRIMARY KEY (partition, n),
          CHECK ((payload IS NULL) = (time IS NULL))
        )
        """,
        "CREATE INDEX audit_entry_time ON audit_entry (partition, time) WHERE time IS NOT NULL",
        // Whatever an entry can be asked for by: its actor, its incident, its records.
        """
        CREATE TABLE audit_subject (
          partition TEXT NOT NULL,
          subject TEXT NOT NULL CHECK (subject <> ''),
          n INTEGER NOT NULL,
          PRIMARY KEY (partition, subject, n)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE audit_node (
          partition TEXT NOT NULL,
          level INTEGER NOT NULL CHECK (level > 0 AND level % 8 = 0),
          n INTEGER NOT NULL CHECK (n >= 0),
          hash BLOB NOT NULL CHECK (length(hash) = 32),
          PRIMARY KEY (partition, level, n)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE audit_checkpoint (
          partition TEXT NOT NULL,
          size INTEGER NOT NULL CHECK (size > 0),
          note TEXT NOT NULL,
          PRIMARY KEY (partition, size)
        )
        """,
      ])
  ]
}
