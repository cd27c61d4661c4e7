// The tables of the organisation's history, of rosters and of seats.
import Persistence
public import Retention

extension DutySchema {
  static let rosters = Migration(
    "duty-0007-rosters", history + staff + shifts + changes + seats + periods)

  /// `from_time` 0: since before histories were kept.
  private static let history = [
    """
    CREATE TABLE org_unit_period (
      partition TEXT NOT NULL,
      org_unit_id TEXT NOT NULL,
      from_time INTEGER NOT NULL,
      until_time INTEGER CHECK (until_time >= from_time),
      name TEXT NOT NULL CHECK (name <> ''),
      rank TEXT NOT NULL CHECK (rank IN ('city', 'county', 'station', 'beat')),
      parent_id TEXT,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, org_unit_id, from_time),
      FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id),
      FOREIGN KEY (partition, parent_id) REFERENCES org_unit (partition, id)
    )
    """,
    "CREATE INDEX org_unit_period_parent ON org_unit_period (partition, parent_id)",
    """
    CREATE UNIQUE INDEX org_unit_period_last ON org_unit_period (partition, org_unit_id)
    WHERE until_time IS NULL
    """,
    """
    INSERT INTO org_unit_period (
      partition, org_unit_id, from_time, name, rank, parent_id, record_time)
    SELECT partition, id, 0, name, rank, parent_id, record_time FROM org_unit
    """,
  ]

  private static let staff = [
    """
    CREATE TABLE officer (
      partition TEXT NOT NULL,
      number TEXT NOT NULL CHECK (number <> ''),
      name TEXT NOT NULL,
      actor TEXT NOT NULL CHECK (actor <> ''),
      org_unit_id TEXT NOT NULL,
      qualifications TEXT NOT NULL,
      leave_time INTEGER,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, number),
      UNIQUE (partition, actor),
      FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
    )
    """,
    """
    CREATE TABLE seat (
      partition TEXT NOT NULL,
      code TEXT NOT NULL CHECK (code <> ''),
      name TEXT NOT NULL CHECK (name <> ''),
      kind TEXT NOT NULL CHECK (kind IN (
        'bureau_leader', 'duty_director', 'shift_leader', 'warning', 'joint_operations',
        'call_taker', 'dispatcher')),
      role TEXT NOT NULL CHECK (role <> ''),
      org_unit_id TEXT,
      minimum_manning INTEGER NOT NULL CHECK (minimum_manning BETWEEN 0 AND 50),
      qualifications TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, code),
      FOREIGN KEY (partition, org_unit_id) REFERENCES org_unit (partition, id)
    )
    """,
    """
    CREATE TABLE roster_pattern (
      partition TEXT NOT NULL,
      code TEXT NOT NULL CHECK (code <> ''),
      document TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, code)
    )
    """,
  ]

  /// The times stand beside each officer as well: what an officer does is looked for by them.
  private static let shifts = [
    """
    CREATE TABLE shift (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      seat_code TEXT NOT NULL,
      pattern_code TEXT NOT NULL,
      turn_code TEXT NOT NULL,
      crew TEXT NOT NULL,
      start_time INTEGER NOT NULL,
      end_time INTEGER NOT NULL CHECK (end_time > start_time),
      minimum_rest_min INTEGER NOT NULL CHECK (minimum_rest_min BETWEEN 0 AND 4320),
      minimum_manning INTEGER NOT NULL CHECK (minimum_manning BETWEEN 0 AND 50),
      missing_count INTEGER NOT NULL CHECK (missing_count BETWEEN 0 AND minimum_manning),
      flag_time INTEGER,
      change_time INTEGER NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, seat_code) REFERENCES seat (partition, code)
    )
    """,
    "CREATE INDEX shift_start ON shift (partition, start_time, id)",
    "CREATE INDEX shift_seat ON shift (partition, seat_code, start_time, id)",
    "CREATE INDEX shift_gap ON shift (partition, start_time, id) WHERE missing_count > 0",
    """
    CREATE TABLE shift_officer (
      partition TEXT NOT NULL,
      shift_id TEXT NOT NULL,
      officer_number TEXT NOT NULL,
      standing TEXT NOT NULL CHECK (standing IN ('on', 'leave', 'swapped')),
      substitute INTEGER NOT NULL CHECK (substitute IN (0, 1)),
      start_time INTEGER NOT NULL,
      end_time INTEGER NOT NULL,
      PRIMARY KEY (partition, shift_id, officer_number),
      FOREIGN KEY (partition, shift_id) REFERENCES shift (partition, id),
      FOREIGN KEY (partition, officer_number) REFERENCES officer (partition, number)
    )
    """,
    "CREATE INDEX shift_officer_time ON shift_officer (partition, officer_number, start_time)",
  ]

  // No reference to a shift: a roster that is made anew takes shifts away that were to be swapped.
  private static let changes = [
    """
    CREATE TABLE shift_swap (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN (
        'asked', 'accepted', 'declined', 'withdrawn', 'approved', 'refused')),
      officer_number TEXT NOT NULL,
      shift_id TEXT NOT NULL,
      other_officer_number TEXT NOT NULL CHECK (other_officer_number <> officer_number),
      other_shift_id TEXT,
      ask_time INTEGER NOT NULL,
      move_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, officer_number) REFERENCES officer (partition, number),
      FOREIGN KEY (partition, other_officer_number) REFERENCES officer (partition, number)
    )
    """,
    "CREATE INDEX shift_swap_asked ON shift_swap (partition, ask_time, id)",
    """
    CREATE TABLE officer_leave (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused')),
      officer_number TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN (
        'annual', 'compensatory', 'training', 'errand', 'other')),
      start_time INTEGER NOT NULL,
      end_time INTEGER NOT NULL CHECK (end_time > start_time),
      ask_time INTEGER NOT NULL,
      move_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, officer_number) REFERENCES officer (partition, number)
    )
    """,
    "CREATE INDEX officer_leave_asked ON officer_leave (partition, ask_time, id)",
    "CREATE INDEX officer_leave_of ON officer_leave (partition, officer_number, end_time)",
  ]

  // revoked: the token of a seat that was left early is refused everywhere.
  private static let seats = [
    """
    CREATE TABLE seat_taking (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      seat_code TEXT NOT NULL,
      shift_id TEXT NOT NULL,
      officer_number TEXT NOT NULL,
      start_time INTEGER NOT NULL,
      until_time INTEGER NOT NULL CHECK (until_time > start_time),
      leave_time INTEGER CHECK (leave_time >= start_time),
      revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, seat_code) REFERENCES seat (partition, code),
      FOREIGN KEY (partition, officer_number) REFERENCES officer (partition, number)
    )
    """,
    "CREATE INDEX seat_taking_until ON seat_taking (partition, until_time, id)",
    """
    CREATE INDEX seat_taking_left ON seat_taking (partition, until_time)
    WHERE leave_time IS NOT NULL AND revoked = 0
    """,
    // Nobody begins to sit in two places: the same person, the same shift, one open taking.
    """
    CREATE UNIQUE INDEX seat_taking_open ON seat_taking (partition, officer_number, shift_id)
    WHERE leave_time IS NULL
    """,
    """
    CREATE TABLE handover_note (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      seat_code TEXT NOT NULL,
      shift_id TEXT NOT NULL,
      shift_start_time INTEGER NOT NULL,
      taking_id TEXT NOT NULL,
      officer_number TEXT NOT NULL,
      text TEXT NOT NULL,
      write_time INTEGER NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, seat_code) REFERENCES seat (partition, code)
    )
    """,
    """
    CREATE INDEX handover_note_seat
    ON handover_note (partition, seat_code, shift_start_time, write_time)
    """,
    "CREATE INDEX handover_note_taking ON handover_note (partition, taking_id)",
    """
    CREATE TABLE handover_reading (
      partition TEXT NOT NULL,
      note_id TEXT NOT NULL,
      officer_number TEXT NOT NULL,
      shift_id TEXT NOT NULL,
      read_time INTEGER NOT NULL,
      PRIMARY KEY (partition, note_id, officer_number),
      FOREIGN KEY (partition, note_id) REFERENCES handover_note (partition, id)
    )
    """,
  ]

  private static let periods = [
    RetentionSchema.period("officer", days: 1825, least: 365),
    RetentionSchema.period("shift", days: 1825, least: 365),
    RetentionSchema.period("officer_leave", days: 1095, least: 365),
    RetentionSchema.period("handover_note", days: 365, least: 90),
  ]
}

// MARK: - Retention

extension DutySchema {
  public static let rosterKinds: [RetentionKind] = [
    notes, leaves, shiftsOver, formerOfficers,
  ]

  private static let notes = RetentionKind(
    "handover_note", "交接班记录 handover notes", .delete, table: "handover_note", key: "id",
    condition: "write_time < $2 AND record_time < $2"
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    try tx.execute("DELETE FROM handover_reading WHERE partition = $1 AND note_id = $2", gone)
    try tx.execute("DELETE FROM handover_note WHERE partition = $1 AND id = $2", gone)
  }

  private static let leaves = RetentionKind.deleting(
    "officer_leave", "请假记录 leaves", table: "officer_leave", key: "id",
    condition: "end_time < $2 AND record_time < $2")

  private static let shiftsOver = RetentionKind(
    "shift", "班次、换班与在席记录 shifts, swaps and who sat where", .delete, table: "shift", key: "id",
    condition: "end_time < $2 AND record_time < $2"
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    for statement in [
      "DELETE FROM shift_officer WHERE partition = $1 AND shift_id = $2",
      "DELETE FROM shift_swap WHERE partition = $1 AND shift_id = $2",
      "DELETE FROM seat_taking WHERE partition = $1 AND shift_id = $2",
      "DELETE FROM shift WHERE partition = $1 AND id = $2",
    ] {
      try tx.execute(statement, gone)
    }
  }

  /// The number stays, for the shifts that are told by it.
  private static let formerOfficers = RetentionKind(
    "officer", "离职民警姓名 names of former staff", .anonymise, table: "officer", key: "number",
    condition: "leave_time < $2 AND record_time < $2 AND name <> ''"
  ) { due, tx in
    let gone: [any ValueConvertible] = [due.partition, due.key]
    try PersonalContent.removeFromEvents(where: "subject = $2", due.partition, due.key, tx)
    try tx.execute(
      """
      UPDATE officer SET name = '', actor = 'former/' || number
      WHERE partition = $1 AND number = $2
      """, gone)
  }
}
