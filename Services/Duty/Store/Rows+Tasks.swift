// Rows of lists, and the domain's structs.
public import DutyDomain
import Identifiers
public import Persistence

extension TaskState: ValueConvertible {}

extension BeatFigures {
  init(_ row: Row) throws {
    var figures = TaskFigures()
    figures.total = try row.get("total")
    figures.doneInTime = try row.get("in_time")
    figures.doneLate = try row.get("done_late")
    figures.open = try row.get("still_open")
    figures.overdue = try row.get("overdue")
    figures.returned = try row.get("returned_count")
    figures.standardMinutes = try row.get("minutes")
    figures.doneMinutes = try row.get("done_minutes")
    figures.merged = try row.get("merged")
    self.init(beat: try row.get("beat_id"), figures: figures)
  }
}
