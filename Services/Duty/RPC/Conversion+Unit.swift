// Units, their status and positions between wire and domain.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension UnitKind {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_UnitKind, field: String) throws {
    switch value {
    case .car: self = .car
    case .motorcycle: self = .motorcycle
    case .foot: self = .foot
    case .drone: self = .drone
    case .helicopter: self = .helicopter
    case .boat: self = .boat
    case .volunteer: self = .volunteer
    case .partner: self = .partner
    case .guard: self = .securityGuard
    case .commandCar: self = .commandCar
    case .group: self = .group
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_UnitKind {
  init(_ value: UnitKind) {
    self =
      switch value {
      case .car: .car
      case .motorcycle: .motorcycle
      case .foot: .foot
      case .drone: .drone
      case .helicopter: .helicopter
      case .boat: .boat
      case .volunteer: .volunteer
      case .partner: .partner
      case .securityGuard: .guard
      case .commandCar: .commandCar
      case .group: .group
      }
  }
}

extension Availability {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_Availability, field: String) throws {
    switch value {
    case .available: self = .available
    case .conditionallyAvailable: self = .conditionallyAvailable
    case .notAvailable: self = .notAvailable
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_Availability {
  init(_ value: Availability) {
    self =
      switch value {
      case .available: .available
      case .conditionallyAvailable: .conditionallyAvailable
      case .notAvailable: .notAvailable
      }
  }
}

extension UnitCondition {
  /// Nil for none.
  /// - Throws: `Failure` UNSPECIFIED, also for what follows from assignments and is not set.
  static func optional(
    _ value: Quintet_Duty_V1_SecondaryStatus, field: String
  ) throws -> UnitCondition? {
    switch value {
    case .unspecified: nil
    case .staging: .staging
    case .delayed: .delayed
    case .offDuty: .offDuty
    case .outOfService: .outOfService
    case .assigned, .dispatched, .enRoute, .onScene:
      throw Failure.invalid(
        "UNSPECIFIED", field: field,
        "该状态由派警得出，不能直接设置。This status follows from assignments and is not set.")
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_SecondaryStatus {
  init(_ activity: UnitView.Activity?) {
    self =
      switch activity {
      case nil, .committed(.ended): .unspecified
      case .committed(.assigned): .assigned
      // Having signed is still waiting to set out.
      case .committed(.dispatched), .committed(.acknowledged): .dispatched
      case .committed(.enRoute): .enRoute
      case .committed(.onScene): .onScene
      case .own(.staging): .staging
      case .own(.delayed): .delayed
      case .own(.offDuty): .offDuty
      case .own(.outOfService): .outOfService
      }
  }
}

extension Quintet_Duty_V1_Unit {
  init(_ view: UnitView) {
    self = .with {
      $0.id = view.unit.id.description
      $0.etag = view.unit.etag
      $0.callSign = view.unit.callSign
      $0.kind = Quintet_Duty_V1_UnitKind(view.unit.kind)
      $0.orgUnitID = view.unit.orgUnitID?.description ?? ""
      $0.capabilities = view.unit.capabilities
      $0.availability = Quintet_Duty_V1_Availability(view.availability)
      $0.secondaryStatus = Quintet_Duty_V1_SecondaryStatus(view.activity)
      $0.incidentIds = view.incidentIDs.map(\.description)
      if let position = view.position { $0.position = Quintet_Duty_V1_UnitPosition(position) }
      $0.groupID = view.unit.groupID?.description ?? ""
      $0.headcount = Int32(clamping: view.headcount)
    }
  }
}

extension Quintet_Duty_V1_NearbyUnit {
  init(_ nearby: NearbyUnit) {
    self = .with {
      $0.unit = Quintet_Duty_V1_Unit(nearby.view)
      $0.distanceM = nearby.metres
      $0.travelTimeS = nearby.travelTime
      $0.canBeSent = nearby.canBeSent
      $0.reason = nearby.reason
    }
  }
}

extension Quintet_Duty_V1_UnitPosition {
  init(_ position: UnitPosition) {
    self = .with {
      $0.point = Quintet_Type_V1_GeoPoint(position.coordinate)
      $0.fixTime = position.fixTime.timestamp
      $0.speedMps = position.speed
      $0.headingDeg = position.heading
      $0.isImplausible = position.jumps?.isLatest ?? false
      $0.implausibleCount = Int32(clamping: position.jumps?.count ?? 0)
    }
  }
}

extension PositionReport {
  /// - Throws: `Failure`.
  init(_ request: Quintet_Duty_V1_ReportPositionsRequest, now: Date) throws {
    let unitID: UnitID = try Check.identifier(request.unitID, field: "unit_id")
    guard request.hasPosition else { throw Failure.required("position") }
    let position = request.position
    guard position.hasPoint else { throw Failure.required("position.point") }
    let point = try Check.givenPoint(position.point, field: "position.point")
    guard position.hasFixTime else { throw Failure.required("position.fix_time") }
    self.init(
      unitID: unitID,
      position: UnitPosition(
        coordinate: point.coordinate,
        fixTime: try Check.time(position.fixTime, field: "position.fix_time", now: now),
        speed: try Check.range(position.speedMps, field: "position.speed_mps", 0...350),
        heading: try Check.range(position.headingDeg, field: "position.heading_deg", 0...360)))
  }
}

extension TravelModel {
  /// - Throws: `Failure` OUT_OF_RANGE.
  init(_ value: Quintet_Duty_V1_TravelModel, field: String) throws {
    self.init(
      detourFactor: try Check.range(value.detourFactor, field: "\(field).detour_factor", 1...5),
      speed: try Check.range(value.speedMps, field: "\(field).speed_mps", 0.5...100),
      turnout: try Check.range(value.turnoutS, field: "\(field).turnout_s", 0...600))
  }
}

extension Quintet_Duty_V1_TravelModel {
  init(_ model: TravelModel) {
    self = .with {
      $0.detourFactor = model.detourFactor
      $0.speedMps = model.speed
      $0.turnoutS = model.turnout
    }
  }
}
