// The tables of public opinion. Append-only: a shipped migration is never edited. There is no
// column for who wrote a text, and a test keeps it so.
//
// A rule with an empty partition holds for every partition that has none of its own.

public import Persistence

public enum PublicOpinionSchema {
  /// To be listed after those of the event log and the request ledger.
  public static let migrations: [Migration] = [
    Migration(
      "publicopinion-0001-topics",
      [
        """
        CREATE TABLE gathering_rule (
          partition TEXT NOT NULL PRIMARY KEY,
          threshold REAL NOT NULL CHECK (threshold > 0 AND threshold <= 1),
          window_s INTEGER NOT NULL CHECK (window_s > 0)
        ) WITHOUT ROWID
        """,
        "INSERT INTO gathering_rule (partition, threshold, window_s) VALUES ('', 0.5, 604800)",
        """
        CREATE TABLE known_incident (
          partition TEXT NOT NULL,
          incident_id TEXT NOT NULL,
          occur_time INTEGER NOT NULL,
          PRIMARY KEY (partition, incident_id)
        ) WITHOUT ROWID
        """,
        // `sketch` holds the hashes of the first text, eight little-endian bytes each, ascending.
        """
        CREATE TABLE topic (
          partition TEXT NOT NULL,
          topic_id TEXT NOT NULL,
          revision INTEGER NOT NULL CHECK (revision > 0),
          title TEXT NOT NULL,
          item_count INTEGER NOT NULL CHECK (item_count > 0),
          first_time INTEGER NOT NULL,
          last_time INTEGER NOT NULL CHECK (last_time >= first_time),
          incident_id TEXT,
          tie_time INTEGER,
          response TEXT,
          response_time INTEGER,
          sketch BLOB NOT NULL,
          is_resting INTEGER NOT NULL DEFAULT 0 CHECK (is_resting IN (0, 1)),
          record_time INTEGER NOT NULL,
          PRIMARY KEY (partition, topic_id),
          FOREIGN KEY (partition, incident_id) REFERENCES known_incident (partition, incident_id),
          CHECK ((incident_id IS NULL) = (tie_time IS NULL)),
          CHECK ((response IS NULL) = (response_time IS NULL)),
          CHECK (response IS NULL OR incident_id IS NOT NULL)
        )
        """,
        "CREATE INDEX topic_fed ON topic (partition, last_time, topic_id)",
        """
        CREATE INDEX topic_searched ON topic (partition, last_time) WHERE is_resting = 0
        """,
        // Which topics begin with a text that holds this run of characters.
        """
        CREATE TABLE topic_shingle (
          partition TEXT NOT NULL,
          shingle INTEGER NOT NULL,
          topic_id TEXT NOT NULL,
          PRIMARY KEY (partition, shingle, topic_id),
          FOREIGN KEY (partition, topic_id) REFERENCES topic (partition, topic_id)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX topic_shingle_topic ON topic_shingle (partition, topic_id)",
        """
        CREATE TABLE opinion_item (
          partition TEXT NOT NULL,
          item_id TEXT NOT NULL,
          topic_id TEXT NOT NULL,
          source TEXT NOT NULL CHECK (source IN ('social', 'news', 'hotline', 'letter')),
          text TEXT NOT NULL CHECK (text <> ''),
          publish_time INTEGER NOT NULL,
          attributes TEXT NOT NULL,
          record_time INTEGER NOT NULL,
          PRIMARY KEY (partition, item_id),
          FOREIGN KEY (partition, topic_id) REFERENCES topic (partition, topic_id)
        )
        """,
        """
        CREATE INDEX opinion_item_topic ON opinion_item (partition, topic_id, publish_time, item_id)
        """,
      ]),
    retentionMigration, statements,
  ]
}
