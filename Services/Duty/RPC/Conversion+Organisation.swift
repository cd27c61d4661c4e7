// Organisations and areas between wire and domain.
import DutyDomain
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension OrgRank {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_OrgRank, field: String) throws {
    switch value {
    case .city: self = .city
    case .county: self = .county
    case .station: self = .station
    case .beat: self = .beat
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_OrgRank {
  init(_ value: OrgRank) {
    self =
      switch value {
      case .city: .city
      case .county: .county
      case .station: .station
      case .beat: .beat
      }
  }
}

extension AreaClass {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_AreaClass, field: String) throws {
    switch value {
    case .keyPlace: self = .keyPlace
    case .centre: self = .centre
    case .other: self = .other
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_AreaClass {
  init(_ value: AreaClass) {
    self =
      switch value {
      case .keyPlace: .keyPlace
      case .centre: .centre
      case .other: .other
      }
  }
}

extension Quintet_Duty_V1_OrgUnit {
  init(_ period: OrgUnitPeriod) {
    let orgUnit = period.orgUnit
    self = .with {
      $0.id = orgUnit.id.description
      $0.code = orgUnit.code
      $0.name = orgUnit.name
      $0.rank = Quintet_Duty_V1_OrgRank(orgUnit.rank)
      $0.parentID = orgUnit.parentID?.description ?? ""
      if let time = period.from { $0.fromTime = time.timestamp }
      if let time = period.until { $0.untilTime = time.timestamp }
    }
  }
}

extension Quintet_Duty_V1_Jurisdiction {
  init(_ jurisdiction: Jurisdiction) {
    self = .with {
      $0.id = jurisdiction.id.description
      $0.orgUnitID = jurisdiction.orgUnit.id.description
      $0.orgUnitName = jurisdiction.orgUnit.name
      $0.rank = Quintet_Duty_V1_OrgRank(jurisdiction.orgUnit.rank)
      $0.areaClass = Quintet_Duty_V1_AreaClass(jurisdiction.areaClass)
      $0.area = .with {
        $0.corners = jurisdiction.area.corners.map(Quintet_Type_V1_GeoPoint.init)
      }
    }
  }
}
