// The bureau before its day: organisations, areas, units, travel times and the exercise clock, all
// through the same RPCs that an administrator's tools use.

import DemoBureau
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

/// The bureau's parts as the suite knows them.
struct DemoFleet: Sendable {
  /// `org_…` by index into `Bureau.stations` and `Bureau.beats`.
  let stationIDs: [String]
  let beatIDs: [String]
  /// `unit_…` by index into `Bureau.units`, and back.
  let unitIDs: [String]
  let unitIndices: [String: Int]
}

struct DemoSetup: Sendable {
  let suite: SuiteCalls
  let bureau: Bureau
  let day: DemoDay
  let midnight: Date

  /// All this was so before the day began.
  private var time: Date { midnight.addingTimeInterval(-3_600) }

  func run() async throws -> DemoFleet {
    let top = try await put(code: "QL", name: Bureau.name, rank: .county, parent: "")
    try await put(area: bureau.area, as: .other, of: top, "QL")
    let stationIDs = try await inParallel(bureau.stations.count) { index in
      let station = bureau.stations[index]
      let id = try await put(code: station.code, name: station.name, rank: .station, parent: top)
      try await put(
        area: station.area, as: station.isCentre ? .centre : .other, of: id, station.code)
      return id
    }
    let beatIDs = try await inParallel(bureau.beats.count) { index in
      let beat = bureau.beats[index]
      let id = try await put(
        code: beat.code, name: beat.name, rank: .beat, parent: stationIDs[beat.station])
      try await put(area: beat.area, as: beat.isCentre ? .centre : .other, of: id, beat.code)
      for key in bureau.keyPlaces where key.beat == index {
        try await put(area: key.area, as: .keyPlace, of: id, beat.code)
      }
      return id
    }
    let unitIDs = try await inParallel(bureau.units.count) { index in
      let home = bureau.units[index].station.map { stationIDs[$0] } ?? top
      return try await put(bureau.units[index], index, home: home)
    }
    let fleet = DemoFleet(
      stationIDs: stationIDs, beatIDs: beatIDs, unitIDs: unitIDs,
      unitIndices: Dictionary(uniqueKeysWithValues: zip(unitIDs, unitIDs.indices)))
    try await DemoGroups(suite: suite, bureau: bureau, time: time).put(home: top)
    try await putTravelModel()
    try await putGazetteer()
    try await putHistory()
    try await DemoRoster(suite: suite, midnight: midnight).prepare(at: top)
    try await suite.startExercise(at: time)
    try await DemoTasks(suite: suite, bureau: bureau, beatIDs: beatIDs, midnight: midnight)
      .prepare()
    // Arrival targets and assessments rest on the areas.
    for reader in ["supervision", "intelligence"] {
      try await suite.waitUntil(reader, hasReadAllOf: "duty")
    }
    return fleet
  }

  /// A few at once: this is no race.
  private func inParallel<R: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> R
  ) async throws -> [R] {
    try await withThrowingTaskGroup(of: (Int, R).self) { group in
      var results: [Int: R] = [:]
      for index in 0..<count {
        if index >= 8, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await body(index)) }
      }
      for try await (done, result) in group { results[done] = result }
      return results.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  private func put(
    code: String, name: String, rank: Quintet_Duty_V1_OrgRank, parent: String
  ) async throws -> String {
    let request = Quintet_Duty_V1_PutOrgUnitRequest.with {
      $0.requestID = "demo/org/\(code)"
      $0.code = code
      $0.name = name
      $0.rank = rank
      $0.parentID = parent
      $0.occurTime = time.timestamp
    }
    return try await suite.call("PutOrgUnit \(code)") {
      try await suite.organisation.putOrgUnit(request, options: .item).orgUnit.id
    }
  }

  private func put(
    area: Polygon, as areaClass: Quintet_Duty_V1_AreaClass, of org: String, _ code: String
  ) async throws {
    let request = Quintet_Duty_V1_PutJurisdictionRequest.with {
      $0.requestID = "demo/area/\(code)/\(areaClass.rawValue)"
      $0.orgUnitID = org
      $0.areaClass = areaClass
      $0.area.corners = area.corners.map { Quintet_Type_V1_GeoPoint($0) }
      $0.occurTime = time.timestamp
    }
    _ = try await suite.call("PutJurisdiction \(code)") {
      try await suite.organisation.putJurisdiction(request, options: .item)
    }
  }

  private func put(_ unit: PatrolUnit, _ index: Int, home: String) async throws -> String {
    let request = Quintet_Duty_V1_PutUnitRequest.with {
      $0.requestID = "demo/unit/\(index)"
      $0.callSign = unit.callSign
      $0.kind = Quintet_Duty_V1_UnitKind(unit.kind)
      $0.orgUnitID = home
      $0.capabilities = unit.capabilities
      $0.occurTime = time.timestamp
    }
    let id = try await suite.call("PutUnit \(unit.callSign)") {
      try await suite.units.putUnit(request, options: .item).unit.id
    }
    if day.startingLater.contains(where: { $0.callSign == unit.callSign }) {
      try await suite.set(unit: id, isOnDuty: false, at: time, key: "off")
    }
    return id
  }

  private func putTravelModel() async throws {
    let request = Quintet_Duty_V1_PutTravelModelRequest.with {
      $0.requestID = "demo/travel"
      $0.model.detourFactor = PatrolKind.car.detour
      $0.model.speedMps = PatrolKind.car.speed
      $0.model.turnoutS = 25
    }
    _ = try await suite.call("PutTravelModel") {
      try await suite.units.putTravelModel(request, options: .item)
    }
  }

  private func putGazetteer() async throws {
    let entries = bureau.gazetteer
    let batches = stride(from: 0, to: entries.count, by: PlaceBatches.size).map { first in
      Quintet_Intelligence_V1_ImportPlacesRequest.with {
        $0.requestID = "demo/places/\(first)"
        $0.entries = entries[first..<min(first + PlaceBatches.size, entries.count)]
          .map(Quintet_Intelligence_V1_ImportEntry.init)
      }
    }
    let answers = try await PlaceBatches(suite: suite).send(batches)
    // The bureau's own names: one that is refused is a mistake of the demo.
    if let problem = answers.flatMap(\.problems).first {
      throw DemoPlaceRefused(words: problem.problem.words)
    }
  }
}

extension DemoSetup {
  /// Calls that one request takes.
  private static let historyBatch = 1_000

  /// Four weeks of calls of before, on which deployments rest.
  private func putHistory() async throws {
    let calls = DemoHistory(of: bureau, days: 28).calls
    for first in stride(from: 0, to: calls.count, by: Self.historyBatch) {
      let request = Quintet_Duty_V1_ImportPastCallsRequest.with {
        $0.requestID = "demo/history/\(first)"
        $0.source = "demo-history"
        $0.calls = calls[first..<min(first + Self.historyBatch, calls.count)].map { call in
          .with {
            $0.reference = "\(call.daysAgo)-\(call.number)"
            $0.origin = Quintet_Type_V1_IncidentOrigin(call.origin)
            $0.incidentClass = Quintet_Type_V1_IncidentClass(call.incidentClass)
            $0.point = Quintet_Type_V1_GeoPoint(call.point)
            $0.receiveTime =
              midnight.addingTimeInterval(
                Double(call.receiveSecond - call.daysAgo * 86_400)
              ).timestamp
          }
        }
      }
      _ = try await suite.call("ImportPastCalls") {
        try await suite.deployments.importPastCalls(request, options: .item)
      }
    }
  }
}

/// A name of the demo was not taken.
struct DemoPlaceRefused: Error, CustomStringConvertible {
  let words: String

  var description: String { "演示地名未被接受：\(words) / a name of the demo was refused" }
}
