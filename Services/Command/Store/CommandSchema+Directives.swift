// The tables of templates, selections, attachments, cordons, and of what duty and supervision say that
// directives need.
import Persistence

extension CommandSchema {
  static let directives = Migration(
    "command-0009-directive-templates",
    [
      """
      CREATE TABLE directive_template (
        partition TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        revision INTEGER NOT NULL CHECK (revision > 0),
        document TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, code)
      )
      """,
      "ALTER TABLE directive ADD COLUMN template_code TEXT NOT NULL DEFAULT ''",
      "ALTER TABLE directive ADD COLUMN form TEXT",
      "ALTER TABLE directive ADD COLUMN selections TEXT",
      "ALTER TABLE directive ADD COLUMN reissue_of TEXT",
      "ALTER TABLE directive_recipient ADD COLUMN answers TEXT",
      "ALTER TABLE directive_recipient ADD COLUMN reminder_count INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE directive_recipient ADD COLUMN reminder_time INTEGER",
      "ALTER TABLE directive_recipient ADD COLUMN recall_time INTEGER",
      "ALTER TABLE directive_recipient ADD COLUMN recall_confirm_time INTEGER",
      "ALTER TABLE directive_recipient ADD COLUMN post TEXT",
      """
      CREATE INDEX directive_recipient_recalled
      ON directive_recipient (partition, kind, recipient_id, directive_id)
      WHERE recall_time IS NOT NULL AND acknowledge_time IS NOT NULL
        AND recall_confirm_time IS NULL
      """,
      """
      CREATE TABLE directive_attachment (
        partition TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        digest TEXT NOT NULL CHECK (length(digest) = 64),
        kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'unit', 'seat')),
        recipient_id TEXT NOT NULL,
        media TEXT NOT NULL CHECK (media IN ('jpeg', 'png', 'webp')),
        total_bytes INTEGER NOT NULL CHECK (total_bytes > 0),
        is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, directive_id, digest),
        FOREIGN KEY (partition, directive_id) REFERENCES directive (partition, id)
      )
      """,
      """
      CREATE TABLE directive_attachment_piece (
        partition TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        piece INTEGER NOT NULL CHECK (piece > 0),
        data BLOB NOT NULL,
        PRIMARY KEY (partition, directive_id, digest, piece),
        FOREIGN KEY (partition, directive_id, digest)
          REFERENCES directive_attachment (partition, directive_id, digest)
      )
      """,
      """
      CREATE TABLE cordon_plan (
        partition TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        revision INTEGER NOT NULL CHECK (revision > 0),
        document TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, code)
      )
      """,
      """
      CREATE TABLE cordon (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        incident_id TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        plan_code TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('active', 'released')),
        measure TEXT NOT NULL,
        points TEXT NOT NULL,
        activate_time INTEGER NOT NULL,
        release_time INTEGER,
        reason TEXT NOT NULL,
        PRIMARY KEY (partition, id),
        FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
        FOREIGN KEY (partition, directive_id) REFERENCES directive (partition, id),
        CHECK ((state = 'released') = (release_time IS NOT NULL))
      )
      """,
      "CREATE INDEX cordon_incident ON cordon (partition, incident_id, id)",
      """
      CREATE TABLE cordon_ring (
        partition TEXT NOT NULL,
        cordon_id TEXT NOT NULL,
        number INTEGER NOT NULL CHECK (number > 0),
        document TEXT NOT NULL,
        PRIMARY KEY (partition, cordon_id, number),
        FOREIGN KEY (partition, cordon_id) REFERENCES cordon (partition, id)
      )
      """,
      // What selectors look for; the tree itself is Territory's.
      """
      CREATE TABLE known_recipient_org (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'other')),
        PRIMARY KEY (partition, id)
      )
      """,
      """
      CREATE TABLE known_recipient_unit (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        kind INTEGER NOT NULL,
        PRIMARY KEY (partition, id)
      )
      """,
      """
      CREATE TABLE directive_deadline (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        directive_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'unit', 'seat')),
        recipient_id TEXT NOT NULL,
        matter TEXT NOT NULL CHECK (matter IN ('sign', 'feedback')),
        due_time INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'overdue', 'ended')),
        PRIMARY KEY (partition, id)
      )
      """,
      """
      CREATE INDEX directive_deadline_open ON directive_deadline (partition, directive_id)
      WHERE state <> 'ended'
      """,
      """
      CREATE INDEX directive_deadline_overdue ON directive_deadline (partition, directive_id)
      WHERE state = 'overdue'
      """,
      // A store that followed them before hears their history again: what it knew already stays as it
      // is.
      "DELETE FROM subscription WHERE source IN ('duty', 'supervision')",
    ])
}
