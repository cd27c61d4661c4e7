// The tables of standard work, lists and what phones report.
import Persistence
public import Retention

extension DutySchema {
  static let tasks = Migration(
    "duty-0010-tasks", catalogue + lists + reports + taskPeriods)

  private static let catalogue = [
    """
    CREATE TABLE task_template (
      partition TEXT NOT NULL,
      code TEXT NOT NULL CHECK (code <> ''),
      version INTEGER NOT NULL CHECK (version > 0),
      document TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, code, version)
    )
    """,
    """
    CREATE TABLE task_plan (
      partition TEXT NOT NULL,
      beat_id TEXT NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      first_day INTEGER NOT NULL,
      last_day INTEGER CHECK (last_day >= first_day),
      made_day INTEGER,
      document TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, beat_id),
      FOREIGN KEY (partition, beat_id) REFERENCES org_unit (partition, id)
    )
    """,
  ]

  /// `sequence` is the number of the change in `task_head`: what a phone has not seen has a greater one.
  private static let lists = [
    """
    CREATE TABLE task_head (
      partition TEXT NOT NULL PRIMARY KEY,
      sequence INTEGER NOT NULL CHECK (sequence > 0)
    )
    """,
    """
    CREATE TABLE task (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      beat_id TEXT NOT NULL,
      place_code TEXT NOT NULL CHECK (place_code <> ''),
      state TEXT NOT NULL CHECK (state IN ('planned', 'issued', 'signed', 'done', 'returned')),
      start_time INTEGER NOT NULL,
      due_time INTEGER NOT NULL CHECK (due_time > start_time),
      done_time INTEGER,
      standard_minutes INTEGER NOT NULL CHECK (standard_minutes > 0),
      basis_count INTEGER NOT NULL CHECK (basis_count > 0),
      revision INTEGER NOT NULL CHECK (revision > 0),
      sequence INTEGER NOT NULL,
      document TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, id),
      FOREIGN KEY (partition, beat_id) REFERENCES org_unit (partition, id),
      CHECK ((state = 'done') = (done_time IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX task_sequence ON task (partition, beat_id, sequence)",
    "CREATE INDEX task_due ON task (partition, due_time, id)",
    """
    CREATE INDEX task_unsigned ON task (partition, beat_id, place_code)
    WHERE state IN ('planned', 'issued')
    """,
    "CREATE INDEX task_open ON task (partition, place_code) WHERE state <> 'done'",
    "CREATE INDEX task_to_issue ON task (partition, start_time) WHERE state = 'planned'",
    """
    CREATE TABLE task_basis (
      partition TEXT NOT NULL,
      need TEXT NOT NULL CHECK (need <> ''),
      task_id TEXT NOT NULL,
      PRIMARY KEY (partition, need)
    )
    """,
    "CREATE INDEX task_basis_task ON task_basis (partition, task_id)",
    """
    CREATE TABLE task_departure (
      partition TEXT NOT NULL,
      task_id TEXT NOT NULL,
      beat_id TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('reassigned', 'withdrawn', 'merged')),
      into_task_id TEXT,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, task_id, beat_id),
      CHECK ((kind = 'merged') = (into_task_id IS NOT NULL))
    )
    """,
    "CREATE INDEX task_departure_beat ON task_departure (partition, beat_id, sequence)",
    """
    CREATE TABLE place_fact (
      partition TEXT NOT NULL,
      place_code TEXT NOT NULL,
      field_code TEXT NOT NULL,
      task_id TEXT NOT NULL,
      give_time INTEGER NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (partition, place_code, field_code)
    )
    """,
    "CREATE INDEX place_fact_task ON place_fact (partition, task_id)",
  ]

  /// No reference to a task: a report of one that is no more, or never was, is kept as well.
  private static let reports = [
    """
    CREATE TABLE task_device (
      partition TEXT NOT NULL,
      actor TEXT NOT NULL,
      device_code TEXT NOT NULL CHECK (device_code <> ''),
      last_ordinal INTEGER NOT NULL CHECK (last_ordinal > 0),
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, actor, device_code)
    )
    """,
    """
    CREATE TABLE task_report (
      partition TEXT NOT NULL,
      actor TEXT NOT NULL,
      device_code TEXT NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal > 0),
      report_id TEXT NOT NULL CHECK (report_id <> ''),
      task_id TEXT NOT NULL,
      misfit TEXT,
      document TEXT NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, actor, device_code, ordinal),
      UNIQUE (partition, actor, device_code, report_id),
      FOREIGN KEY (partition, actor, device_code)
        REFERENCES task_device (partition, actor, device_code)
    )
    """,
    """
    CREATE INDEX task_report_kept ON task_report (partition, task_id, record_time)
    WHERE misfit IS NOT NULL
    """,
    """
    CREATE TABLE task_photo (
      partition TEXT NOT NULL,
      task_id TEXT NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      media_type TEXT NOT NULL,
      data BLOB NOT NULL,
      record_time INTEGER NOT NULL,
      PRIMARY KEY (partition, task_id, digest)
    )
    """,
  ]

  private static let taskPeriods = [
    RetentionSchema.period("task", days: 1095, least: 90),
    RetentionSchema.period("task_report", days: 1095, least: 90),
    RetentionSchema.period("task_device", days: 1825, least: 365),
    RetentionSchema.period("task_departure", days: 365, least: 91),
  ]
}

// MARK: - Retention

extension DutySchema {
  public static let taskKinds: [RetentionKind] = [
    tasksOver, taskReports, taskDevices, taskDepartures,
  ]

  private static let tasksOver = RetentionKind(
    "task", "任务、填报与照片 tasks with answers and photos", .delete, table: "task", key: "id",
    condition: "due_time < $2 AND record_time < $2"
  ) { due, tx in
    for table in ["task_basis", "task_photo", "place_fact"] {
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND task_id = $2", [due.partition, due.key])
    }
    try tx.execute(
      "DELETE FROM task WHERE partition = $1 AND id = $2", [due.partition, due.key])
  }

  private static let taskReports = RetentionKind.deleting(
    "task_report", "手机上报 reports of phones", table: "task_report",
    key: "actor || '/' || device_code || '/' || ordinal", condition: "record_time < $2")

  private static let taskDevices = RetentionKind.deleting(
    "task_device", "手机上报序号 counts of phones", table: "task_device",
    key: "actor || '/' || device_code",
    condition: """
      record_time < $2 AND NOT EXISTS (
        SELECT 1 FROM task_report AS held
        WHERE held.partition = task_device.partition AND held.actor = task_device.actor
          AND held.device_code = task_device.device_code)
      """)

  private static let taskDepartures = RetentionKind.deleting(
    "task_departure", "离开清单的任务 tasks that left a list", table: "task_departure",
    key: "task_id || '/' || beat_id", condition: "record_time < $2")
}
