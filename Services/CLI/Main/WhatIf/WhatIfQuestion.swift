// A file of recorded calls as duty's what-if service takes it.
import Classification
import Datasets
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct WhatIfQuestion {
  /// Incidents in one message.
  private static let batch = 200

  let calls: [FireCall]
  let scenarios: [Quintet_Duty_V1_WhatIfScenario]
  let seed: UInt64
  let resamples: Int32
  let world: RecommendWorld
  let bases: [String: Coordinate]
  private let capabilities: [String: String]

  /// - Parameters:
  ///   - file: all calls of the file: travel times and bases are learnt from them.
  ///   - calls: those that are played.
  init(
    file: [FireCall], calls: [FireCall], scenarios: [Quintet_Duty_V1_WhatIfScenario],
    seed: UInt64, resamples: Int32
  ) {
    self.calls = calls
    self.scenarios = scenarios
    self.seed = seed
    self.resamples = resamples
    let fit =
      TravelFit.fit(Journey.halves(of: file).first)
      ?? TravelFit(fixedSeconds: 60, metresPerSecond: 8.3)
    world = RecommendWorld(file, fit: fit)
    bases = FireBases.bases(of: file)
    capabilities = file.flatMap(\.responses).reduce(into: [:]) { known, row in
      if known[row.unitID] == nil { known[row.unitID] = Self.capability(row.capability) }
    }
  }

  private static func capability(_ code: String) -> String {
    code.isEmpty ? "other" : String(code.prefix(32))
  }

  var header: Quintet_Duty_V1_CompareScenariosRequest {
    .with {
      $0.header.units = capabilities.sorted { $0.key < $1.key }.compactMap { code, capability in
        bases[code].map { base in
          .with {
            $0.code = code
            $0.capability = capability
            $0.basePoint = Quintet_Type_V1_GeoPoint(base)
          }
        }
      }
      $0.header.scenarios = scenarios
      $0.header.travelModel.detourFactor = 1
      $0.header.travelModel.speedMps = world.fit.metresPerSecond
      $0.header.travelModel.turnoutS = min(600, world.turnout + world.fit.fixedSeconds)
      $0.header.seed = seed
      $0.header.resampleCount = resamples
    }
  }

  var batches: [Quintet_Duty_V1_CompareScenariosRequest] {
    stride(from: 0, to: calls.count, by: Self.batch).map { first in
      .with { $0.batch.incidents = calls[first...].prefix(Self.batch).map(incident) }
    }
  }

  private func incident(_ call: FireCall) -> Quintet_Duty_V1_WhatIfIncident {
    .with {
      $0.code = call.number
      $0.wantedTime = world.decisionTime(of: call).timestamp
      $0.point = Quintet_Type_V1_GeoPoint(call.point)
      $0.areaName = call.first.battalion
      $0.level = .init(IncidentLevel(rawValue: call.kind.level))
      // As many as one incident takes; no call of the file has more.
      $0.tasks = zip(rows(of: call), world.tasks(of: call)).prefix(50).map { row, task in
        .with {
          $0.capability = Self.capability(task.capability)
          $0.unitCode = row.unitID
          if let time = row.dispatch { $0.dispatchTime = time.timestamp }
          if let stay = task.secondsOnScene { $0.onSceneS = min(stay, 172_800) }
          $0.callOffS = min(max(0, task.secondsToCancel), 172_800)
        }
      }
      if let time = call.onScene { $0.firstArriveTime = time.timestamp }
    }
  }

  /// Those that `RecommendWorld.tasks` makes tasks of.
  private func rows(of call: FireCall) -> [FireResponse] {
    call.responses.filter { !$0.laterTimes.isEmpty }
  }
}
