// What is to be compared, checked message by message.
import Classification
import DutyDomain
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct WhatIfIntake: Sendable {
  static let incidentLimit = 20_000
  static let longest: Double = 172_800

  private let header: Quintet_Duty_V1_WhatIfHeader
  private let units: [WhatIfUnit]
  private let unitCodes: Set<String>
  private let scenarios: [WhatIfScenario]
  private let model: TravelModel?
  private let resamples: Int
  private var codes: Set<String> = []
  private var incidents: [WhatIfIncident] = []

  init(_ header: Quintet_Duty_V1_WhatIfHeader) throws {
    self.header = header
    units = try Check.list(header.units, field: "header.units", 1...2_000).enumerated().map {
      index, unit in
      let field = "header.units[\(index)]"
      guard unit.hasBasePoint else { throw Failure.required("\(field).base_point") }
      return WhatIfUnit(
        code: try Check.text(unit.code, field: "\(field).code", max: 32, required: true),
        capability: try Self.capability(unit.capability, "\(field).capability"),
        base: try Check.givenPoint(unit.basePoint, field: "\(field).base_point").coordinate)
    }
    unitCodes = Set(units.map(\.code))
    guard unitCodes.count == units.count else { throw Self.duplicate("header.units") }
    let known = unitCodes
    scenarios = try Check.list(header.scenarios, field: "header.scenarios", 0...10).enumerated()
      .map { try WhatIfScenario($1, field: "header.scenarios[\($0)]", units: known) }
    guard Set(scenarios.map(\.name)).count == scenarios.count else {
      throw Self.duplicate("header.scenarios")
    }
    model =
      header.hasTravelModel
      ? TravelModel(
        detourFactor: try Check.range(
          header.travelModel.detourFactor, field: "header.travel_model.detour_factor", 1...5),
        speed: try Check.range(
          header.travelModel.speedMps, field: "header.travel_model.speed_mps", 0.5...100),
        turnout: try Check.range(
          header.travelModel.turnoutS, field: "header.travel_model.turnout_s", 0...600)) : nil
    resamples = try Check.count(
      header.resampleCount, field: "header.resample_count", 100...10_000,
      standard: WhatIfComparison.standardResamples)
    _ = try Check.range(
      Double(header.utcOffsetS), field: "header.utc_offset_s", -50_400...50_400)
  }

  mutating func add(_ batch: Quintet_Duty_V1_WhatIfBatch) throws {
    let given = try Check.list(batch.incidents, field: "batch.incidents", 1...500)
    guard incidents.count + given.count <= Self.incidentLimit else {
      throw Failure.invalid(
        "TOO_MANY", field: "batch.incidents",
        "最多 \(Self.incidentLimit) 起警情。At most \(Self.incidentLimit) incidents.")
    }
    for (index, incident) in given.enumerated() {
      let field = "batch.incidents[\(index)]"
      incidents.append(try checked(incident, field))
      guard codes.insert(incident.code).inserted else { throw Self.duplicate("\(field).code") }
    }
  }

  private func checked(
    _ incident: Quintet_Duty_V1_WhatIfIncident, _ field: String
  ) throws -> WhatIfIncident {
    guard incident.hasWantedTime else { throw Failure.required("\(field).wanted_time") }
    guard incident.hasPoint else { throw Failure.required("\(field).point") }
    guard let level = try Check.incidentLevel(incident.level, field: "\(field).level") else {
      throw Failure.unspecified("\(field).level")
    }
    let wanted = try Self.time(incident.wantedTime, "\(field).wanted_time")
    return WhatIfIncident(
      code: try Check.text(incident.code, field: "\(field).code", max: 64, required: true),
      wantedTime: wanted,
      point: try Check.givenPoint(incident.point, field: "\(field).point").coordinate,
      areaName: try Check.text(incident.areaName, field: "\(field).area_name", max: 64),
      areaClass: .other, level: level,
      tasks: try Check.list(incident.tasks, field: "\(field).tasks", 0...50).enumerated().map {
        try checked($1, "\(field).tasks[\($0)]", wanted)
      },
      firstArrival: incident.hasFirstArriveTime
        ? try Self.time(incident.firstArriveTime, "\(field).first_arrive_time") : nil)
  }

  private func checked(
    _ task: Quintet_Duty_V1_WhatIfTask, _ field: String, _ wanted: Date
  ) throws -> WhatIfTask {
    guard unitCodes.contains(task.unitCode) else { throw Self.unknown("\(field).unit_code") }
    return WhatIfTask(
      capability: try Self.capability(task.capability, "\(field).capability"),
      unitCode: task.unitCode,
      dispatchTime: task.hasDispatchTime
        ? try Self.time(task.dispatchTime, "\(field).dispatch_time") : wanted,
      secondsOnScene: task.hasOnSceneS
        ? try Check.range(task.onSceneS, field: "\(field).on_scene_s", 0...Self.longest) : nil,
      secondsToCallOff: try Check.range(
        task.callOffS, field: "\(field).call_off_s", 0...Self.longest))
  }

  /// - Parameter areaClass: of a point, as duty's areas have it.
  func comparison(
    model standard: TravelModel, roads: RoadNetwork?,
    areaClass: (Coordinate) throws -> AreaClass
  ) throws -> WhatIfComparison {
    guard !incidents.isEmpty else { throw Failure.required("batch") }
    var known: [Coordinate: AreaClass] = [:]
    let placed = try incidents.map { incident in
      let found = try known[incident.point] ?? areaClass(incident.point)
      known[incident.point] = found
      return WhatIfIncident(
        code: incident.code, wantedTime: incident.wantedTime, point: incident.point,
        areaName: incident.areaName, areaClass: found, level: incident.level,
        tasks: incident.tasks, firstArrival: incident.firstArrival)
    }
    return WhatIfComparison(
      day: WhatIfDay(units: units, incidents: placed, utcOffset: Int(header.utcOffsetS)),
      scenarios: scenarios, model: model ?? standard, roads: model == nil ? roads : nil,
      seed: header.seed, resamples: resamples)
  }

  static func capability(_ text: String, _ field: String) throws -> String {
    try Check.code(text, field: field, max: 32, allowed: .capability, required: true)
  }

  private static func time(
    _ time: Google_Protobuf_Timestamp, _ field: String
  ) throws -> Date {
    try Check.time(time, field: field, now: .distantFuture)
  }

  static func duplicate(_ field: String) -> Failure {
    .invalid("DUPLICATE", field: field, "\(field) 重复。\(field) was given before.")
  }

  static func unknown(_ field: String) -> Failure {
    .invalid(
      "UNIT_UNKNOWN", field: field,
      "\(field) 不在 units 中。\(field) is none of the units of the header.")
  }
}

extension WhatIfHours {
  init(from: Int32, until: Int32, field: String) throws {
    let end = until == 0 ? 24 : Int(until)
    self.init(
      from: Int(try Check.range(Double(from), field: "\(field).from_hour", 0...23)),
      until: Int(try Check.range(Double(end), field: "\(field).until_hour", 1...24)))
  }
}

extension WhatIfScenario {
  private static let additionLimit = 500

  init(
    _ scenario: Quintet_Duty_V1_WhatIfScenario, field: String, units: Set<String>
  ) throws {
    let absences = try Check.list(scenario.absences, field: "\(field).absences", 0...50)
      .enumerated().map { try Absence($1, field: "\(field).absences[\($0)]", units: units) }
    let additions = try Check.list(scenario.additions, field: "\(field).additions", 0...50)
      .enumerated().flatMap { index, addition in
        try WhatIfUnit.added(addition, index, field: "\(field).additions[\(index)]")
      }
    guard additions.count <= Self.additionLimit else {
      throw Failure.invalid(
        "TOO_MANY", field: "\(field).additions",
        "最多增加 \(Self.additionLimit) 个单元。At most \(Self.additionLimit) units are added.")
    }
    let lines = try Check.list(scenario.planLines, field: "\(field).plan_lines", 0...50)
      .enumerated().map { index, line in
        let field = "\(field).plan_lines[\(index)]"
        return PlanLine(
          level: try Check.incidentLevel(line.level, field: "\(field).level"),
          capability: try WhatIfIntake.capability(line.capability, "\(field).capability"),
          count: Int(try Check.range(Double(line.count), field: "\(field).count", 0...20)))
      }
    self.init(
      name: try Check.text(scenario.name, field: "\(field).name", max: 60, required: true),
      absences: absences, additions: additions, planLines: lines)
  }
}

extension WhatIfScenario.Absence {
  init(
    _ absence: Quintet_Duty_V1_WhatIfAbsence, field: String, units: Set<String>
  ) throws {
    let codes = try Check.list(absence.unitCodes, field: "\(field).unit_codes", 0...200)
    for (index, code) in codes.enumerated() where !units.contains(code) {
      throw WhatIfIntake.unknown("\(field).unit_codes[\(index)]")
    }
    let who: WhatIfScenario.Absent =
      codes.isEmpty
      ? .capability(try WhatIfIntake.capability(absence.capability, "\(field).capability"))
      : .units(Set(codes))
    self.init(
      who: who,
      hours: try WhatIfHours(
        from: absence.fromHour, until: absence.untilHour, field: field))
  }
}

extension WhatIfUnit {
  /// Their codes cannot be those of any unit of the header: they begin with a blank.
  static func added(
    _ addition: Quintet_Duty_V1_WhatIfAddition, _ index: Int, field: String
  ) throws -> [WhatIfUnit] {
    guard addition.hasBasePoint else { throw Failure.required("\(field).base_point") }
    let capability = try WhatIfIntake.capability(
      addition.capability, "\(field).capability")
    let base = try Check.givenPoint(addition.basePoint, field: "\(field).base_point").coordinate
    let hours = try WhatIfHours(
      from: addition.fromHour, until: addition.untilHour, field: field)
    let count = Int(try Check.range(Double(addition.count), field: "\(field).count", 1...200))
    return (0..<count).map {
      WhatIfUnit(
        code: " \(index)+\($0)", capability: capability, base: base, hours: hours)
    }
  }
}
