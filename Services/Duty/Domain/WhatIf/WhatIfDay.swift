// 推演: a past day as it was recorded, and the days that might have been.
public import Classification
public import Foundation
public import Geography

/// A unit as the records know it.
public struct WhatIfUnit: Sendable, Hashable {
  public let code: String
  public let capability: String
  public let base: Coordinate
  /// When it is there.
  public let hours: WhatIfHours

  public init(
    code: String, capability: String, base: Coordinate, hours: WhatIfHours = .always
  ) {
    self.code = code
    self.capability = capability
    self.base = base
    self.hours = hours
  }
}

/// Some hours of every day, local.
public struct WhatIfHours: Sendable, Hashable {
  /// 0 … 23.
  public let from: Int
  /// 1 … 24; not after `from` means over midnight.
  public let until: Int

  public static let always = WhatIfHours(from: 0, until: 24)

  public init(from: Int, until: Int) {
    self.from = from
    self.until = until
  }

  public func contains(_ hour: Int) -> Bool {
    from < until ? from <= hour && hour < until : hour >= from || hour < until
  }
}

/// What one unit that was sent did.
public struct WhatIfTask: Sendable, Hashable {
  public let capability: String
  public let unitCode: String
  public let dispatchTime: Date
  /// Nil for one that was called off on the way.
  public let secondsOnScene: Double?
  public let secondsToCallOff: Double

  public init(
    capability: String, unitCode: String, dispatchTime: Date, secondsOnScene: Double?,
    secondsToCallOff: Double
  ) {
    self.capability = capability
    self.unitCode = unitCode
    self.dispatchTime = dispatchTime
    self.secondsOnScene = secondsOnScene
    self.secondsToCallOff = secondsToCallOff
  }
}

/// One incident as it was recorded.
public struct WhatIfIncident: Sendable, Hashable {
  public let code: String
  public let wantedTime: Date
  public let point: Coordinate
  public let areaName: String
  public let areaClass: AreaClass
  public let level: IncidentLevel
  public let tasks: [WhatIfTask]
  /// Nil where nobody recorded it.
  public let firstArrival: Date?

  public init(
    code: String, wantedTime: Date, point: Coordinate, areaName: String, areaClass: AreaClass,
    level: IncidentLevel, tasks: [WhatIfTask], firstArrival: Date?
  ) {
    self.code = code
    self.wantedTime = wantedTime
    self.point = point
    self.areaName = areaName
    self.areaClass = areaClass
    self.level = level
    self.tasks = tasks
    self.firstArrival = firstArrival
  }
}

/// A day that was not.
public struct WhatIfScenario: Sendable, Hashable {
  public enum Absent: Sendable, Hashable {
    case units(Set<String>)
    case capability(String)
  }

  public struct Absence: Sendable, Hashable {
    public let who: Absent
    public let hours: WhatIfHours

    public init(who: Absent, hours: WhatIfHours) {
      self.who = who
      self.hours = hours
    }

    func concerns(_ unit: WhatIfUnit) -> Bool {
      switch who {
      case .units(let codes): codes.contains(unit.code)
      case .capability(let capability): unit.capability == capability
      }
    }
  }

  public struct PlanLine: Sendable, Hashable {
    /// Nil for every level.
    public let level: IncidentLevel?
    public let capability: String
    public let count: Int

    public init(level: IncidentLevel?, capability: String, count: Int) {
      self.level = level
      self.capability = capability
      self.count = count
    }
  }

  public let name: String
  public let absences: [Absence]
  /// Units besides, with their hours.
  public let additions: [WhatIfUnit]
  public let planLines: [PlanLine]

  public init(
    name: String, absences: [Absence] = [], additions: [WhatIfUnit] = [],
    planLines: [PlanLine] = []
  ) {
    self.name = name
    self.absences = absences
    self.additions = additions
    self.planLines = planLines
  }
}

/// What was recorded.
public struct WhatIfDay: Sendable, Hashable {
  public let units: [WhatIfUnit]
  /// In the order in which units were wanted, then by code.
  public let incidents: [WhatIfIncident]
  /// Seconds that local time is ahead of UTC.
  public let utcOffset: Int

  public init(units: [WhatIfUnit], incidents: [WhatIfIncident], utcOffset: Int) {
    self.units = units.sorted { $0.code < $1.code }
    self.incidents = incidents.sorted { ($0.wantedTime, $0.code) < ($1.wantedTime, $1.code) }
    self.utcOffset = utcOffset
  }

  /// Local hour of the day.
  func hour(of time: Date) -> Int {
    let seconds = Int(time.timeIntervalSince1970.rounded(.down)) + utcOffset
    return ((seconds % 86_400) + 86_400) % 86_400 / 3_600
  }

  /// The hours in which incidents came in, whole, in UTC seconds.
  var span: Range<Int> {
    guard let first = incidents.first, let last = incidents.last else { return 0..<0 }
    let start = Int((first.wantedTime.timeIntervalSince1970 / 3600).rounded(.down)) * 3600
    let end = Int((last.wantedTime.timeIntervalSince1970 / 3600).rounded(.down) + 1) * 3600
    return start..<end
  }

  /// Seconds on scene that are usual for each capability: the median of the day.
  var usualStay: [String: Double] {
    var stays: [String: [Double]] = [:]
    for task in incidents.flatMap(\.tasks) {
      if let stay = task.secondsOnScene { stays[task.capability, default: []].append(stay) }
    }
    return stays.compactMapValues { WhatIfRank.value(50, of: $0.sorted()) }
  }

  /// Whom an incident asks for in a scenario.
  func tasks(
    of incident: WhatIfIncident, in scenario: WhatIfScenario, _ usual: [String: Double]
  ) -> [WhatIfTask] {
    var wanted: [String: Int] = [:]
    for line in scenario.planLines where line.level == nil || line.level == incident.level {
      wanted[line.capability] = line.count
    }
    guard !wanted.isEmpty else { return incident.tasks }
    var tasks: [WhatIfTask] = []
    for task in incident.tasks {
      guard let left = wanted[task.capability] else {
        tasks.append(task)
        continue
      }
      guard left > 0 else { continue }
      tasks.append(task)
      wanted[task.capability] = left - 1
    }
    for (capability, count) in wanted.sorted(by: { $0.key < $1.key }) where count > 0 {
      let more = WhatIfTask(
        capability: capability, unitCode: "", dispatchTime: incident.wantedTime,
        secondsOnScene: usual[capability] ?? 1800, secondsToCallOff: 0)
      tasks += Array(repeating: more, count: count)
    }
    return tasks
  }
}

/// The smallest value that at least `percent` of all do not exceed. Always one of the values.
enum WhatIfRank {
  /// - Parameter sorted: ascending.
  static func value(_ percent: Int, of sorted: [Double]) -> Double? {
    sorted.isEmpty ? nil : sorted[(percent * sorted.count + 99) / 100 - 1]
  }

  static func median(of values: [Double]) -> Double? { value(50, of: values.sorted()) }
}
