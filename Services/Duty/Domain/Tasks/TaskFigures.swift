// Counts of tasks, of beats and of stations; never of officers.
public import Foundation
public import Identifiers

public struct TaskFigures: Sendable, Hashable {
  public var total = 0
  public var doneInTime = 0
  public var doneLate = 0
  public var open = 0
  public var overdue = 0
  public var returned = 0
  public var standardMinutes = 0
  public var doneMinutes = 0
  public var merged = 0

  public init() {}

  public static func + (left: TaskFigures, right: TaskFigures) -> TaskFigures {
    var sum = left
    sum.total += right.total
    sum.doneInTime += right.doneInTime
    sum.doneLate += right.doneLate
    sum.open += right.open
    sum.overdue += right.overdue
    sum.returned += right.returned
    sum.standardMinutes += right.standardMinutes
    sum.doneMinutes += right.doneMinutes
    sum.merged += right.merged
    return sum
  }
}

public struct BeatFigures: Sendable, Hashable {
  public let beat: OrgUnitID
  public let figures: TaskFigures

  public init(beat: OrgUnitID, figures: TaskFigures) {
    self.beat = beat
    self.figures = figures
  }
}

/// A beat, or a station with all its beats.
public struct TaskProgress: Sendable, Hashable {
  public let orgUnit: OrgUnit
  public let figures: TaskFigures

  /// By code: beats, and the stations above them.
  public static func all(
    dueWithin time: Range<Date>, asOf now: Date, in reader: any DutyReader
  ) throws -> [TaskProgress] {
    var byUnit: [OrgUnitID: TaskFigures] = [:]
    var units: [OrgUnitID: OrgUnit] = [:]
    for beat in try reader.taskFigures(dueWithin: time, asOf: now) {
      guard let unit = try reader.orgUnit(beat.beat) else { continue }
      units[unit.id] = unit
      byUnit[unit.id] = beat.figures
      guard let parent = unit.parentID, reader.reaches(parent),
        let station = try units[parent] ?? reader.orgUnit(parent), station.rank == .station
      else { continue }
      units[parent] = station
      byUnit[parent] = (byUnit[parent] ?? TaskFigures()) + beat.figures
    }
    return units.values.sorted { $0.code < $1.code }.map {
      TaskProgress(orgUnit: $0, figures: byUnit[$0.id] ?? TaskFigures())
    }
  }
}
