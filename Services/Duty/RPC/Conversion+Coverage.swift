// Coverage from domain to wire.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Duty_V1_GetCoverageResponse {
  /// - Parameter isVisible: whether a unit may be named.
  init(_ map: CoverageMap, asOf: Date, withCells: Bool, _ isVisible: (UnitID) -> Bool) {
    self = .with { answer in
      answer.asOfTime = asOf.timestamp
      answer.estimator = map.estimator
      answer.turnoutS = map.turnout
      if let grid = map.grid {
        answer.cellM = Int32(grid.cellMetres)
        answer.origin = .with {
          $0.latitude = grid.south
          $0.longitude = grid.west
          $0.datum = .wgs84
        }
        answer.cellHeightDeg = grid.height
        answer.cellWidthDeg = grid.width
      }
      if withCells {
        answer.cells = map.cells.map { Quintet_Duty_V1_CoverageCell($0, isVisible) }
      }
      answer.areas = map.areas.prefix(CoverageService.areaLimit).map(
        Quintet_Duty_V1_AreaCoverage.init)
      answer.leftOutAreaCount = Int32(max(0, map.areas.count - CoverageService.areaLimit))
      answer.keyPlaces = map.keyPlaces.prefix(CoverageService.keyPlaceLimit).map {
        Quintet_Duty_V1_KeyPlaceCoverage($0, isVisible)
      }
      answer.leftOutKeyPlaceCount = Int32(
        max(0, map.keyPlaces.count - CoverageService.keyPlaceLimit))
      answer.freePatrolCount = Int32(map.freePatrolCount)
    }
  }
}

extension Quintet_Duty_V1_CoverageShare {
  init(_ share: CoverageShare) {
    self = .with {
      $0.share = share.share
      $0.coveredCount = Int64(share.covered)
      $0.totalCount = Int64(share.total)
      $0.excludedCount = Int64(share.excluded)
    }
  }
}

extension Quintet_Duty_V1_CoverageCell {
  fileprivate init(_ cell: CoverageCell, _ isVisible: (UnitID) -> Bool) {
    self = .with {
      $0.row = Int32(cell.row)
      $0.column = Int32(cell.column)
      $0.areaClass = Quintet_Duty_V1_AreaClass(cell.areaClass)
      $0.travelTimeS = Int32((cell.seconds ?? 3600).rounded(.up))
      $0.isCovered = cell.isCovered
      if let unit = cell.patrol?.unit, isVisible(unit.id) { $0.callSign = unit.callSign }
    }
  }
}

extension Quintet_Duty_V1_AreaCoverage {
  fileprivate init(_ area: AreaCoverage) {
    self = .with {
      $0.jurisdictionID = area.jurisdiction.id.description
      $0.orgUnitID = area.jurisdiction.orgUnit.id.description
      $0.orgUnitName = area.jurisdiction.orgUnit.name
      $0.rank = Quintet_Duty_V1_OrgRank(area.jurisdiction.orgUnit.rank)
      $0.areaClass = Quintet_Duty_V1_AreaClass(area.jurisdiction.areaClass)
      $0.byArea = Quintet_Duty_V1_CoverageShare(area.byArea)
      $0.byCalls = Quintet_Duty_V1_CoverageShare(area.byCalls)
      $0.byArrivals = Quintet_Duty_V1_CoverageShare(area.byArrivals)
    }
  }
}

extension Quintet_Duty_V1_KeyPlaceCoverage {
  fileprivate init(_ place: KeyPlaceStanding, _ isVisible: (UnitID) -> Bool) {
    self = .with { answer in
      answer.jurisdictionID = place.jurisdiction.id.description
      answer.orgUnitID = place.jurisdiction.orgUnit.id.description
      answer.orgUnitName = place.jurisdiction.orgUnit.name
      answer.point = Quintet_Type_V1_GeoPoint(place.point)
      answer.isCovered = place.isCovered
      answer.patrols = place.near.map { near in
        .with {
          if isVisible(near.unit.id) {
            $0.unitID = near.unit.id.description
            $0.callSign = near.unit.callSign
          }
          $0.travelTimeS = near.seconds
          $0.lateByS = near.late
        }
      }
      answer.reason = Self.reason(place, isVisible)
    }
  }

  private static func reason(
    _ place: KeyPlaceStanding, _ isVisible: (UnitID) -> Bool
  ) -> String {
    guard let near = place.near.first else {
      return "无空闲巡逻警力。No patrol is free."
    }
    let name = isVisible(near.unit.id) ? near.unit.callSign : "邻区警力 (a patrol of others)"
    let seconds = Int(near.seconds.rounded(.up))
    guard near.late > 0 else {
      return "已覆盖：\(name) 约 \(seconds) 秒。Covered: \(name), about \(seconds) s."
    }
    let late = Int(near.late.rounded(.up))
    return "未覆盖：最近为 \(name)，约 \(seconds) 秒，差 \(late) 秒。"
      + "Not covered: the soonest is \(name), about \(seconds) s, \(late) s too late."
  }
}

extension Quintet_Duty_V1_CoverageSample {
  init(_ sample: CoverageSample) {
    self = .with {
      $0.hourTime = sample.hour.timestamp
      $0.sampleTime = sample.time.timestamp
      $0.jurisdictionID = sample.jurisdictionID.description
      $0.orgUnitID = sample.orgUnitID.description
      $0.orgUnitName = sample.orgUnitName
      $0.areaClass = Quintet_Duty_V1_AreaClass(sample.areaClass)
      $0.cellM = Int32(sample.cellMetres)
      $0.byArea = Quintet_Duty_V1_CoverageShare(sample.byArea)
      $0.byCalls = Quintet_Duty_V1_CoverageShare(sample.byCalls)
      $0.freePatrolCount = Int32(sample.freePatrolCount)
    }
  }
}
