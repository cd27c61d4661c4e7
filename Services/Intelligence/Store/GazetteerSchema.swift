// The tables of the gazetteer. Names are kept once, however many places share them, and found by their
// terms: an inverted index in plain tables, the same on either engine.

import Persistence
import Retention

extension IntelligenceSchema {
  static let gazetteerMigration = Migration(
    "intelligence-0005-gazetteer",
    [
      // What is retired has no cell, number or house any more, and no names: no search meets it. Its
      // device may be put on another plate.
      """
      CREATE TABLE place (
        partition TEXT NOT NULL,
        place_id TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code <> ''),
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        aliases TEXT NOT NULL,
        address TEXT NOT NULL,
        area TEXT NOT NULL,
        description TEXT NOT NULL,
        device_code TEXT,
        latitude REAL NOT NULL,
        longitude REAL NOT NULL,
        radius_m REAL NOT NULL CHECK (radius_m >= 0),
        is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
        revision INTEGER NOT NULL CHECK (revision > 0),
        occur_time INTEGER NOT NULL,
        record_time INTEGER NOT NULL,
        cell INTEGER,
        number_key TEXT,
        number_digits TEXT,
        road_name_id INTEGER,
        house_number INTEGER,
        PRIMARY KEY (partition, place_id),
        UNIQUE (partition, code)
      )
      """,
      "CREATE UNIQUE INDEX place_device ON place (partition, device_code) "
        + "WHERE device_code IS NOT NULL AND is_retired = 0",
      "CREATE INDEX place_cell ON place (partition, cell) WHERE cell IS NOT NULL",
      "CREATE INDEX place_number ON place (partition, number_key) WHERE number_key IS NOT NULL",
      "CREATE INDEX place_digits ON place (partition, number_digits) "
        + "WHERE number_digits IS NOT NULL",
      "CREATE INDEX place_house ON place (partition, road_name_id, house_number) "
        + "WHERE house_number IS NOT NULL",
      """
      CREATE TABLE gazetteer_name (
        partition TEXT NOT NULL,
        name_id INTEGER NOT NULL,
        name_key TEXT NOT NULL CHECK (name_key <> ''),
        PRIMARY KEY (partition, name_id),
        UNIQUE (partition, name_key)
      )
      """,
      // `size` is the length of the name: which of two names that share as much is the nearer.
      """
      CREATE TABLE gazetteer_term (
        partition TEXT NOT NULL,
        term TEXT NOT NULL,
        name_id INTEGER NOT NULL,
        size INTEGER NOT NULL CHECK (size > 0),
        PRIMARY KEY (partition, term, name_id),
        FOREIGN KEY (partition, name_id) REFERENCES gazetteer_name (partition, name_id)
      ) WITHOUT ROWID
      """,
      """
      CREATE TABLE place_name (
        partition TEXT NOT NULL,
        name_id INTEGER NOT NULL,
        field TEXT NOT NULL CHECK (field IN ('name', 'alias', 'road', 'description')),
        place_id TEXT NOT NULL,
        PRIMARY KEY (partition, name_id, field, place_id),
        FOREIGN KEY (partition, name_id) REFERENCES gazetteer_name (partition, name_id),
        FOREIGN KEY (partition, place_id) REFERENCES place (partition, place_id)
      ) WITHOUT ROWID
      """,
      "CREATE INDEX place_name_place ON place_name (partition, place_id)",
      // Places are put by request: what was answered is remembered from now on.
      RetentionSchema.period("request_ledger", days: 90, least: 30),
    ])
}
