// The terminals, and how far each has been heard.
import Persistence

extension DutySchema {
  /// `epoch` counts a terminal's connections: what comes by an earlier one than the last is not taken.
  static let terminals = Migration(
    "duty-0005-terminals",
    [
      """
      CREATE TABLE terminal (
        partition TEXT NOT NULL,
        id TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        kind TEXT NOT NULL CHECK (kind IN ('vehicle', 'handheld', 'pillar')),
        unit_id TEXT,
        org_unit_id TEXT,
        place TEXT,
        plate_code TEXT NOT NULL,
        epoch INTEGER NOT NULL CHECK (epoch >= 0),
        last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0),
        last_contact_time INTEGER,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, id),
        UNIQUE (partition, code),
        CHECK ((kind = 'pillar') = (unit_id IS NULL)),
        CHECK ((kind = 'pillar') = (place IS NOT NULL)),
        FOREIGN KEY (partition, unit_id) REFERENCES unit (partition, id),
        FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
      ) WITHOUT ROWID
      """,
      "ALTER TABLE unit_position ADD COLUMN is_jump INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE unit_position ADD COLUMN jump_count INTEGER NOT NULL DEFAULT 0",
    ])
}
