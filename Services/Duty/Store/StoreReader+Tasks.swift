// Reading standard work, lists and reports.
import DutyDomain
import Foundation
import Identifiers
import Persistence
import Territory

extension StoreReader {
  // MARK: The catalogue

  private func templates(_ condition: String, _ arguments: [any ValueConvertible]) throws
    -> [TaskTemplate]
  {
    try tx.query(
      "SELECT t.document FROM task_template t WHERE t.partition = $1 AND \(condition)", arguments
    ).map { try Document.decode(try $0.get("document")) }
  }

  private static let newest = """
    t.version = (
      SELECT max(later.version) FROM task_template later
      WHERE later.partition = t.partition AND later.code = t.code)
    """

  func taskTemplate(code: String, version: Int?) throws -> TaskTemplate? {
    guard let version else {
      return try templates(
        "t.code = $2 ORDER BY t.version DESC LIMIT 1", [partition, code]
      ).first
    }
    return try templates("t.code = $2 AND t.version = $3", [partition, code, version]).first
  }

  func taskTemplates(_ keys: Set<TaskTemplateKey>) throws -> [TaskTemplate] {
    guard !keys.isEmpty else { return [] }
    var bindings = Bindings([partition])
    let sorted = keys.sorted()
    let among = bindings.number(
      Array(repeating: "(t.code = ? AND t.version = ?)", count: sorted.count)
        .joined(separator: " OR "),
      sorted.flatMap { key -> [any ValueConvertible] in [key.code, key.version] })
    return try templates("(\(among)) ORDER BY t.code, t.version", bindings.arguments)
  }

  func taskTemplates(after code: String?, limit: Int) throws -> [TaskTemplate] {
    try templates(
      "t.code > $2 AND \(Self.newest) ORDER BY t.code LIMIT $3", [partition, code ?? "", limit])
  }

  // MARK: Plans

  func taskPlan(of beat: OrgUnitID) throws -> TaskPlan? {
    guard reaches(beat) else { return nil }
    return try tx.query(
      "SELECT document FROM task_plan WHERE partition = $1 AND beat_id = $2", [partition, beat]
    ).first.map { try Document.decode(try $0.get("document")) }
  }

  func beatsToMake(
    for days: ClosedRange<RosterDay>, limit: Int
  ) throws -> [OrgUnitID] {
    try tx.query(
      """
      SELECT beat_id FROM task_plan
      WHERE partition = $1 AND first_day <= $3 AND (last_day IS NULL OR last_day >= $2) AND (
        made_day IS NULL OR made_day < CASE WHEN last_day < $3 THEN last_day ELSE $3 END)
      ORDER BY beat_id LIMIT $4
      """, [partition, days.lowerBound.number, days.upperBound.number, limit]
    ).map { try $0.get("beat_id") }
  }

  // MARK: Tasks

  private func tasks(_ condition: String, _ arguments: [any ValueConvertible]) throws -> [DutyTask]
  {
    try tx.query(
      "SELECT t.document FROM task t WHERE t.partition = $1 AND \(condition)", arguments
    ).map { try Document.decode(try $0.get("document")) }
  }

  func task(_ id: TaskID) throws -> DutyTask? {
    try tasks("t.id = $2", [partition, id]).first { reaches($0.beat) }
  }

  func tasks(_ filter: TaskFilter, after key: TimeKey?, limit: Int) throws -> [DutyTask] {
    var bindings = Bindings([partition, limit])
    var conditions: [String] = []
    func add(_ text: String, _ values: [any ValueConvertible]) {
      conditions.append(bindings.number(text, values))
    }
    if !reached.isEverywhere {
      let own = reached.any(["t.beat_id IN (#)"])
      add(own.text, own.values)
    }
    if let beat = filter.beat { add("t.beat_id = ?", [beat]) }
    if !filter.states.isEmpty {
      let marks = Array(repeating: "?", count: filter.states.count).joined(separator: ", ")
      add("t.state IN (\(marks))", filter.states)
    }
    if let time = filter.dueFrom { add("t.due_time >= ?", [time]) }
    if let time = filter.dueBefore { add("t.due_time < ?", [time]) }
    if let time = filter.overdueAt { add("t.done_time IS NULL AND t.due_time < ?", [time]) }
    if let key { add("(t.due_time, t.id) > (?, ?)", [key.time, key.id]) }
    let all = conditions.map { "(\($0))" }.joined(separator: " AND ")
    return try tasks(
      "\(all.isEmpty ? "1 = 1" : all) ORDER BY t.due_time, t.id LIMIT $2", bindings.arguments)
  }

  func unsignedTasks(of beat: OrgUnitID, about place: String?) throws -> [DutyTask] {
    let mine = "t.beat_id = $2 AND t.state IN ('planned', 'issued')"
    guard let place else {
      return try tasks("\(mine) ORDER BY t.start_time, t.id", [partition, beat])
    }
    return try tasks(
      "\(mine) AND t.place_code = $3 ORDER BY t.start_time, t.id", [partition, beat, place])
  }

  func openTasks(about place: String, limit: Int) throws -> [DutyTask] {
    try tasks(
      "t.place_code = $2 AND t.state <> 'done' ORDER BY t.id LIMIT $3", [partition, place, limit])
  }

  func tasksToIssue(by time: Date, limit: Int) throws -> [TaskID] {
    try tx.query(
      """
      SELECT id FROM task WHERE partition = $1 AND state = 'planned' AND start_time <= $2
      ORDER BY start_time, id LIMIT $3
      """, [partition, time, limit]
    ).map { try $0.get("id") }
  }

  func hasTaskBasis(_ key: String) throws -> Bool {
    try !tx.query(
      "SELECT 1 AS found FROM task_basis WHERE partition = $1 AND need = $2", [partition, key]
    ).isEmpty
  }

  func facts(about place: String) throws -> [TaskFact] {
    try tx.query(
      """
      SELECT document FROM place_fact WHERE partition = $1 AND place_code = $2 ORDER BY field_code
      """, [partition, place]
    ).map { try Document.decode(try $0.get("document")) }
  }

  func departure(of id: TaskID) throws -> TaskDeparture? {
    let rows = try tx.query(
      """
      SELECT beat_id, kind, into_task_id FROM task_departure
      WHERE partition = $1 AND task_id = $2 ORDER BY sequence DESC
      """, [partition, id])
    for row in rows where reaches(try row.get("beat_id")) {
      switch try row.get("kind", as: String.self) {
      case "reassigned": return .reassigned
      case "withdrawn": return .withdrawn
      default: return .merged(try row.get("into_task_id"))
      }
    }
    return nil
  }

  // MARK: What phones ask and report

  func taskChanges(
    of beat: OrgUnitID, after sequence: Int64, doneSince: Date?, limit: Int
  ) throws -> [TaskChange] {
    guard reaches(beat) else { return [] }
    var arguments: [any ValueConvertible] = [partition, beat, sequence, limit]
    var recent = ""
    if let doneSince {
      arguments.append(doneSince)
      recent = "AND (t.done_time IS NULL OR t.done_time >= $5)"
    }
    let changed = try tx.query(
      """
      SELECT t.sequence, t.document FROM task t
      WHERE t.partition = $1 AND t.beat_id = $2 AND t.sequence > $3 \(recent)
      ORDER BY t.sequence LIMIT $4
      """, arguments
    ).map {
      TaskChange(
        sequence: try $0.get("sequence"),
        kind: .task(try Document.decode(try $0.get("document"))))
    }
    let gone = try tx.query(
      """
      SELECT d.sequence, d.task_id FROM task_departure d
      WHERE d.partition = $1 AND d.beat_id = $2 AND d.sequence > $3 AND NOT EXISTS (
        SELECT 1 FROM task t
        WHERE t.partition = d.partition AND t.id = d.task_id AND t.beat_id = d.beat_id)
      ORDER BY d.sequence LIMIT $4
      """, [partition, beat, sequence, limit]
    ).map { TaskChange(sequence: try $0.get("sequence"), kind: .gone(try $0.get("task_id"))) }
    return Array((changed + gone).sorted { $0.sequence < $1.sequence }.prefix(limit))
  }

  func lastReportOrdinal(of actor: String, _ device: String) throws -> Int64 {
    try tx.query(
      """
      SELECT last_ordinal FROM task_device
      WHERE partition = $1 AND actor = $2 AND device_code = $3
      """, [partition, actor, device]
    ).first?.get("last_ordinal") ?? 0
  }

  func taskReport(
    of actor: String, _ device: String, ordinal: Int64
  ) throws -> TakenTaskReport? {
    try tx.query(
      """
      SELECT document FROM task_report
      WHERE partition = $1 AND actor = $2 AND device_code = $3 AND ordinal = $4
      """, [partition, actor, device, ordinal]
    ).first.map { try Document.decode(try $0.get("document")) }
  }

  func hasTaskReport(of actor: String, _ device: String, id: String) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM task_report
      WHERE partition = $1 AND actor = $2 AND device_code = $3 AND report_id = $4
      """, [partition, actor, device, id]
    ).isEmpty
  }

  func keptReports(of task: TaskID, limit: Int) throws -> [TakenTaskReport] {
    try tx.query(
      """
      SELECT document FROM task_report
      WHERE partition = $1 AND task_id = $2 AND misfit IS NOT NULL
      ORDER BY record_time, actor, device_code, ordinal LIMIT $3
      """, [partition, task, limit]
    ).map { try Document.decode(try $0.get("document")) }
  }

  func taskPhoto(_ digest: String, of task: TaskID) throws -> TaskPhoto? {
    try tx.query(
      """
      SELECT media_type, data FROM task_photo
      WHERE partition = $1 AND task_id = $2 AND digest = $3
      """, [partition, task, digest]
    ).first.map {
      TaskPhoto(digest: digest, mediaType: try $0.get("media_type"), data: try $0.get("data"))
    }
  }

  func hasTaskPhoto(_ digest: String, of task: TaskID) throws -> Bool {
    try !tx.query(
      """
      SELECT 1 AS found FROM task_photo WHERE partition = $1 AND task_id = $2 AND digest = $3
      """, [partition, task, digest]
    ).isEmpty
  }

  func taskPhotoCount(of task: TaskID) throws -> Int {
    try tx.query(
      "SELECT count(*) AS n FROM task_photo WHERE partition = $1 AND task_id = $2",
      [partition, task]
    ).first?.get("n") ?? 0
  }

  func taskFigures(dueWithin time: Range<Date>, asOf now: Date) throws -> [BeatFigures] {
    var bindings = Bindings([partition, time.lowerBound, time.upperBound, now])
    var cut = ""
    if !reached.isEverywhere {
      let own = reached.any(["t.beat_id IN (#)"])
      cut = " AND (\(bindings.number(own.text, own.values)))"
    }
    // What was done after the moment that is asked about was not done then.
    return try tx.query(
      """
      SELECT t.beat_id, count(*) AS total,
        sum(CASE WHEN t.done_time <= $4 AND t.done_time <= t.due_time
          THEN 1 ELSE 0 END) AS in_time,
        sum(CASE WHEN t.done_time <= $4 AND t.done_time > t.due_time
          THEN 1 ELSE 0 END) AS done_late,
        sum(CASE WHEN (t.done_time IS NULL OR t.done_time > $4) AND t.due_time >= $4
          THEN 1 ELSE 0 END) AS still_open,
        sum(CASE WHEN (t.done_time IS NULL OR t.done_time > $4) AND t.due_time < $4
          THEN 1 ELSE 0 END) AS overdue,
        sum(CASE WHEN t.state = 'returned' THEN 1 ELSE 0 END) AS returned_count,
        sum(t.standard_minutes) AS minutes,
        sum(CASE WHEN t.done_time <= $4 THEN t.standard_minutes ELSE 0 END) AS done_minutes,
        sum(t.basis_count - 1) AS merged
      FROM task t
      WHERE t.partition = $1 AND t.due_time > $2 AND t.due_time <= $3\(cut)
      GROUP BY t.beat_id ORDER BY t.beat_id
      """, bindings.arguments
    ).map(BeatFigures.init)
  }
}
