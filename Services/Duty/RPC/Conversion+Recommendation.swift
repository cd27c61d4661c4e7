// Recommendations from domain to wire.
import DutyDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Type_V1_UnitRecommendation {
  init(_ recommendation: UnitRecommendation) {
    self = .with {
      $0.point = Quintet_Type_V1_GeoPoint(recommendation.point)
      $0.asOfTime = recommendation.asOf.timestamp
      $0.units = recommendation.units.map(Quintet_Type_V1_RecommendedUnit.init)
      $0.passedOver = recommendation.passedOver.map(Quintet_Type_V1_PassedOverUnit.init)
      $0.estimator = recommendation.estimator
      if let plan = recommendation.plan { $0.plan = Quintet_Type_V1_DispatchPlan(plan) }
    }
  }
}

extension Quintet_Type_V1_RecommendedUnit {
  init(_ unit: RecommendedUnit) {
    self = .with {
      $0.unitID = unit.unitID.description
      $0.callSign = unit.callSign
      $0.distanceM = unit.metres
      $0.travelTimeS = unit.travelTime
      $0.fixAgeS = unit.fixAge
      $0.point = Quintet_Type_V1_GeoPoint(unit.point)
      $0.reason = unit.reason
    }
  }
}

extension Quintet_Type_V1_PassedOverUnit {
  init(_ unit: PassedOverUnit) {
    self = .with {
      $0.unitID = unit.unitID.description
      $0.callSign = unit.callSign
      $0.distanceM = unit.metres ?? -1
      $0.reason = Quintet_Type_V1_PassOverReason(unit.reason)
      $0.detail = unit.detail
    }
  }
}

extension Quintet_Type_V1_PassOverReason {
  init(_ reason: PassOverReason) {
    self =
      switch reason {
      case .assigned: .assigned
      case .notAvailable: .notAvailable
      case .notCapable: .notCapable
      case .positionStale: .positionStale
      case .farther: .farther
      case .otherKind: .otherKind
      case .coverage: .coverage
      }
  }
}
