// The tables of work that several do together: support requests, consultations and series.
import Persistence
import Retention

extension CommandSchema {
  static let jointWork = Migration(
    "command-0010-joint-work",
    support + consultations + series + [
      "ALTER TABLE directive ADD COLUMN decision TEXT",
      RetentionSchema.period("consultation", days: 1825, least: 365),
      RetentionSchema.period("series", days: 1825, least: 365),
    ])

  private static let support = [
    """
    CREATE TABLE support_request (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      incident_id TEXT NOT NULL,
      asker_kind TEXT NOT NULL CHECK (asker_kind IN ('station', 'beat', 'unit', 'seat')),
      asker_id TEXT NOT NULL CHECK (asker_id <> ''),
      title TEXT NOT NULL CHECK (title <> ''),
      text TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'underway', 'answered', 'closed',
        'withdrawn')),
      outcome TEXT CHECK (outcome IN ('solved', 'unsolved')),
      reason TEXT NOT NULL,
      ask_time INTEGER NOT NULL,
      end_time INTEGER,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
      CHECK ((state IN ('closed', 'withdrawn')) = (end_time IS NOT NULL)),
      CHECK ((state = 'closed') = (outcome IS NOT NULL))
    )
    """,
    "CREATE INDEX support_request_incident ON support_request (partition, incident_id, id)",
    "CREATE INDEX support_request_asker ON support_request (partition, asker_id, id)",
    "CREATE INDEX support_request_ask_time ON support_request (partition, ask_time)",
    """
    CREATE TABLE support_part (
      partition TEXT NOT NULL,
      support_request_id TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      revision INTEGER NOT NULL CHECK (revision > 0),
      seat_code TEXT NOT NULL CHECK (seat_code <> ''),
      task TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('offered', 'taken', 'answered', 'given_back',
        'released')),
      answer TEXT NOT NULL,
      result TEXT CHECK (result IN ('found', 'nothing')),
      reason TEXT NOT NULL,
      offer_time INTEGER NOT NULL,
      take_time INTEGER,
      answer_time INTEGER,
      end_time INTEGER,
      PRIMARY KEY (partition, support_request_id, number),
      FOREIGN KEY (partition, support_request_id) REFERENCES support_request (partition, id),
      CHECK ((state = 'answered') = (result IS NOT NULL)),
      CHECK ((state = 'answered') = (answer_time IS NOT NULL)),
      CHECK ((state IN ('given_back', 'released')) = (end_time IS NOT NULL))
    )
    """,
    // A seat has one part at a time.
    """
    CREATE UNIQUE INDEX support_part_open
    ON support_part (partition, support_request_id, seat_code)
    WHERE state IN ('offered', 'taken')
    """,
    "CREATE INDEX support_part_seat ON support_part (partition, seat_code, support_request_id)",
  ]

  private static let consultations = [
    """
    CREATE TABLE consultation (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      title TEXT NOT NULL CHECK (title <> ''),
      state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'cancelled')),
      start_time INTEGER NOT NULL,
      open_time INTEGER,
      close_time INTEGER,
      reason TEXT NOT NULL,
      convened_by TEXT NOT NULL CHECK (convened_by <> ''),
      record_time INTEGER NOT NULL,
      anonymise_time INTEGER,
      PRIMARY KEY (partition, id),
      CHECK ((state IN ('closed', 'cancelled')) = (close_time IS NOT NULL)),
      CHECK ((state IN ('open', 'closed')) = (open_time IS NOT NULL))
    )
    """,
    """
    CREATE TABLE consultation_participant (
      partition TEXT NOT NULL,
      consultation_id TEXT NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      kind TEXT NOT NULL CHECK (kind IN ('station', 'beat', 'unit', 'seat')),
      recipient_id TEXT NOT NULL CHECK (recipient_id <> ''),
      name TEXT NOT NULL CHECK (name <> ''),
      attendance TEXT NOT NULL CHECK (attendance IN ('awaited', 'present', 'absent')),
      reason TEXT NOT NULL,
      attend_time INTEGER,
      PRIMARY KEY (partition, consultation_id, ordinal),
      UNIQUE (partition, consultation_id, kind, recipient_id),
      FOREIGN KEY (partition, consultation_id) REFERENCES consultation (partition, id)
    )
    """,
    """
    CREATE INDEX consultation_participant_recipient
    ON consultation_participant (partition, recipient_id, consultation_id)
    """,
    // What nothing looks into by SQL is one document; state is a decision's, empty for the others.
    """
    CREATE TABLE consultation_entry (
      partition TEXT NOT NULL,
      consultation_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('item', 'link', 'decision', 'amendment')),
      number INTEGER NOT NULL CHECK (number > 0),
      state TEXT NOT NULL CHECK (state IN ('', 'recorded', 'issued', 'withdrawn')),
      incident_id TEXT,
      document TEXT NOT NULL,
      PRIMARY KEY (partition, consultation_id, kind, number),
      FOREIGN KEY (partition, consultation_id) REFERENCES consultation (partition, id),
      CHECK ((kind = 'decision') = (state <> ''))
    )
    """,
    """
    CREATE INDEX consultation_entry_incident ON consultation_entry (partition, incident_id)
    WHERE incident_id IS NOT NULL
    """,
  ]

  private static let series = [
    """
    CREATE TABLE series (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      title TEXT NOT NULL CHECK (title <> ''),
      state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'rejected', 'dissolved')),
      state_time INTEGER NOT NULL,
      proposed_by TEXT NOT NULL CHECK (proposed_by <> ''),
      propose_time INTEGER NOT NULL,
      reason TEXT NOT NULL,
      decided_by TEXT,
      decide_time INTEGER,
      decide_reason TEXT,
      dissolved_by TEXT,
      dissolve_time INTEGER,
      dissolve_reason TEXT,
      anonymise_time INTEGER,
      PRIMARY KEY (partition, id),
      CHECK ((state = 'proposed') = (decide_time IS NULL)),
      CHECK ((state = 'dissolved') = (dissolve_time IS NOT NULL)),
      CHECK ((decide_time IS NULL) = (decided_by IS NULL)),
      CHECK ((decide_time IS NULL) = (decide_reason IS NULL)),
      CHECK ((dissolve_time IS NULL) = (dissolved_by IS NULL)),
      CHECK ((dissolve_time IS NULL) = (dissolve_reason IS NULL))
    )
    """,
    """
    CREATE TABLE series_member (
      partition TEXT NOT NULL,
      series_id TEXT NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      incident_id TEXT NOT NULL,
      added_by TEXT NOT NULL CHECK (added_by <> ''),
      add_time INTEGER NOT NULL,
      reason TEXT NOT NULL,
      dropped_by TEXT,
      drop_time INTEGER,
      drop_reason TEXT,
      PRIMARY KEY (partition, series_id, ordinal),
      UNIQUE (partition, series_id, incident_id),
      FOREIGN KEY (partition, series_id) REFERENCES series (partition, id),
      FOREIGN KEY (partition, incident_id) REFERENCES incident (partition, id),
      CHECK ((drop_time IS NULL) = (dropped_by IS NULL)),
      CHECK ((drop_time IS NULL) = (drop_reason IS NULL))
    )
    """,
    "CREATE INDEX series_member_incident ON series_member (partition, incident_id, series_id)",
  ]
}
