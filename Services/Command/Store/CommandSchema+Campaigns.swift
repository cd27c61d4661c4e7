// The tables of campaigns. A row is there once for each key, whatever file brought it and how often.
import Persistence
import Retention

extension CommandSchema {
  static let campaigns = Migration(
    "command-0012-campaigns",
    [
      """
      CREATE TABLE campaign (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        content TEXT NOT NULL,
        incident_id TEXT,
        state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
        created_by TEXT NOT NULL,
        create_time INTEGER NOT NULL,
        due_time INTEGER NOT NULL,
        close_time INTEGER,
        closed_by TEXT NOT NULL,
        row_count INTEGER NOT NULL CHECK (row_count >= 0),
        clear_time INTEGER,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        CHECK ((state = 'closed') = (close_time IS NOT NULL))
      )
      """,
      """
      CREATE TABLE campaign_part (
        partition TEXT NOT NULL,
        campaign_id TEXT NOT NULL,
        org_unit_id TEXT NOT NULL,
        org_unit_name TEXT NOT NULL,
        hand_out_time INTEGER,
        directive_id TEXT,
        PRIMARY KEY (partition, campaign_id, org_unit_id),
        FOREIGN KEY (partition, campaign_id) REFERENCES campaign (partition, id),
        FOREIGN KEY (partition, directive_id) REFERENCES directive (partition, id),
        CHECK ((hand_out_time IS NULL) = (directive_id IS NULL))
      )
      """,
      "CREATE INDEX campaign_part_org ON campaign_part (partition, org_unit_id, campaign_id)",
      """
      CREATE TABLE campaign_row (
        partition TEXT NOT NULL,
        campaign_id TEXT NOT NULL,
        position INTEGER NOT NULL CHECK (position > 0),
        row_key TEXT NOT NULL CHECK (row_key <> ''),
        number INTEGER NOT NULL CHECK (number > 0),
        revision INTEGER NOT NULL CHECK (revision > 0),
        digest TEXT NOT NULL,
        row_values TEXT NOT NULL,
        sealed BLOB,
        latitude REAL CHECK (latitude BETWEEN -90 AND 90),
        longitude REAL CHECK (longitude BETWEEN -180 AND 180),
        org_unit_id TEXT,
        state TEXT NOT NULL CHECK (state IN ('open', 'checked_once', 'differing', 'done',
          'written_off')),
        write_off_reason TEXT NOT NULL,
        written_off_by TEXT NOT NULL,
        write_off_time INTEGER,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, campaign_id, position),
        UNIQUE (partition, campaign_id, row_key),
        FOREIGN KEY (partition, campaign_id) REFERENCES campaign (partition, id),
        CHECK ((state = 'written_off') = (write_off_time IS NOT NULL))
      )
      """,
      """
      CREATE INDEX campaign_row_part
      ON campaign_row (partition, campaign_id, org_unit_id, state, position)
      """,
      """
      CREATE TABLE campaign_check (
        partition TEXT NOT NULL,
        campaign_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN 1 AND 3),
        actor TEXT NOT NULL CHECK (actor LIKE 'person/%'),
        check_time INTEGER NOT NULL,
        answers TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (partition, campaign_id, position, ordinal),
        UNIQUE (partition, campaign_id, position, actor),
        FOREIGN KEY (partition, campaign_id, position)
          REFERENCES campaign_row (partition, campaign_id, position)
      )
      """,
      """
      CREATE TABLE campaign_import (
        partition TEXT NOT NULL,
        campaign_id TEXT NOT NULL,
        file_digest TEXT NOT NULL CHECK (length(file_digest) = 64),
        through INTEGER NOT NULL CHECK (through > 0),
        stored_count INTEGER NOT NULL CHECK (stored_count >= 0),
        known_count INTEGER NOT NULL CHECK (known_count >= 0),
        quarantined_count INTEGER NOT NULL CHECK (quarantined_count >= 0),
        PRIMARY KEY (partition, campaign_id, file_digest),
        FOREIGN KEY (partition, campaign_id) REFERENCES campaign (partition, id)
      )
      """,
      """
      CREATE TABLE campaign_quarantine (
        partition TEXT NOT NULL,
        campaign_id TEXT NOT NULL,
        file_digest TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        field TEXT NOT NULL,
        rule TEXT NOT NULL CHECK (rule <> ''),
        PRIMARY KEY (partition, campaign_id, file_digest, number),
        FOREIGN KEY (partition, campaign_id) REFERENCES campaign (partition, id)
      )
      """,
      RetentionSchema.period("campaign", days: 365, least: 30),
    ])

  /// Rows with all that hangs on them; the campaign and its parts stay for the figures. One that nobody
  /// closed counts from the day on which it was due.
  static let campaignRows = RetentionKind(
    "campaign", "专班名单各行与核查结果 rows of campaigns and what was found", .delete, table: "campaign",
    key: "id",
    condition: """
      clear_time IS NULL AND coalesce(close_time, due_time) < $2
      AND \(isOfNoOpenIncident("campaign"))
      """
  ) { due, tx in
    for table in ["campaign_check", "campaign_row", "campaign_quarantine", "campaign_import"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND campaign_id = $2", [due.partition, due.key])
    }
    try tx.execute(
      "UPDATE campaign SET clear_time = $3, row_count = 0 WHERE partition = $1 AND id = $2",
      [due.partition, due.key, due.now])
  }
}
