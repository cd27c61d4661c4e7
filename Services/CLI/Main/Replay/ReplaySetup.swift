// Before the first call: the organisation and the units that a file knows, put into the suite. Ids of
// the requests follow from the file, so that doing it again changes nothing.
import Datasets
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

/// The units of a file as the suite knows them.
struct ReplayFleet: Sendable {
  /// Unit id of the file → `unit_…`.
  let ids: [String: String]
  /// `unit_…` → unit id of the file.
  let callSigns: [String: String]

  init(ids: [String: String]) {
    self.ids = ids
    callSigns = ids.reduce(into: [:]) { $0[$1.value] = $1.key }
  }
}

struct ReplaySetup: Sendable {
  let suite: SuiteCalls
  let file: FireFile
  /// Prefix of all request ids.
  let prefix: String
  /// When all this is said to have happened: before the first call.
  let time: Date

  func run() async throws -> ReplayFleet {
    let bureau = try await put(
      code: "SF", name: "消防急救总队 Fire and ambulance", rank: .county, parent: "")
    var battalions: [String: String] = [:]
    var areas: [String: String] = [:]
    for response in file.responses {
      let battalion = Code.organisation(response.battalion)
      guard !battalion.isEmpty else { continue }
      if battalions[battalion] == nil {
        battalions[battalion] = try await put(
          code: "SF-\(battalion)", name: "\(battalion) 大队 Battalion \(battalion)", rank: .station,
          parent: bureau)
      }
      let area = Code.organisation(response.stationArea)
      guard !area.isEmpty, areas[area] == nil, let parent = battalions[battalion] else { continue }
      // An area answers to the battalion of its first call.
      areas[area] = try await put(
        code: "SF-A-\(area)", name: "\(area) 站区 Station area \(area)", rank: .beat, parent: parent)
    }
    let homes = Homes(bureau: bureau, battalions: battalions, areas: areas)
    return ReplayFleet(ids: try await putUnits(homes))
  }

  /// Units are named for their battalion (`B04`) or for their station (`E41`, `T03`).
  private struct Homes: Sendable {
    let bureau: String
    let battalions: [String: String]
    let areas: [String: String]

    func home(of unit: String) -> String {
      battalions[unit] ?? areas[String(unit.drop { !$0.isNumber })] ?? bureau
    }
  }

  private func putUnits(_ homes: Homes) async throws -> [String: String] {
    var types: [String: String] = [:]
    for response in file.responses where types[response.unitID] == nil {
      types[response.unitID] = response.capability
    }
    let units = types.sorted { $0.key < $1.key }
    return try await withThrowingTaskGroup(of: (String, String).self) { group in
      var ids: [String: String] = [:]
      for (index, unit) in units.enumerated() {
        // A few at once: this is no race.
        if index >= 8, let (name, id) = try await group.next() { ids[name] = id }
        group.addTask {
          (
            unit.key,
            try await put(unit: unit.key, capability: unit.value, homes.home(of: unit.key))
          )
        }
      }
      for try await (name, id) in group { ids[name] = id }
      return ids
    }
  }

  private func put(
    unit: String, capability: String, _ home: String
  ) async throws -> String {
    let request = Quintet_Duty_V1_PutUnitRequest.with {
      $0.requestID = "\(prefix):unit:\(unit)"
      $0.callSign = unit
      $0.kind = .partner
      $0.orgUnitID = home
      $0.capabilities = capability.isEmpty ? [] : [capability]
      $0.occurTime = time.timestamp
    }
    return try await suite.call("PutUnit \(unit)") {
      try await suite.units.putUnit(request, options: .item).unit.id
    }
  }

  private func put(
    code: String, name: String, rank: Quintet_Duty_V1_OrgRank, parent: String
  ) async throws -> String {
    let request = Quintet_Duty_V1_PutOrgUnitRequest.with {
      $0.requestID = "\(prefix):org:\(code)"
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
}
