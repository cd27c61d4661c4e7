// 辖区: the area an organisation answers for, and how fast a unit must arrive in it.
public import Geography
public import Identifiers

/// How fast a unit must arrive in an area (1-3-5).
public enum AreaClass: String, Codable, Sendable, Hashable, CaseIterable, Comparable {
  /// 重点部位: 1 minute
  case keyPlace = "key_place"
  /// 中心城区: 3 minutes
  case centre
  /// 其他: 5 minutes
  case other

  /// Minutes from order to arrival.
  public var arrivalMinutes: Int {
    switch self {
    case .keyPlace: 1
    case .centre: 3
    case .other: 5
    }
  }

  /// The more urgent is the lesser.
  public static func < (left: AreaClass, right: AreaClass) -> Bool {
    left.arrivalMinutes < right.arrivalMinutes
  }
}

/// The area an organisation answers for; one of each class for an organisation.
public struct Jurisdiction: Codable, Sendable, Hashable {
  public let id: JurisdictionID
  public let orgUnit: OrgUnit
  public let areaClass: AreaClass
  public var area: Polygon

  public init(id: JurisdictionID, orgUnit: OrgUnit, areaClass: AreaClass, area: Polygon) {
    self.id = id
    self.orgUnit = orgUnit
    self.areaClass = areaClass
    self.area = area
  }

  /// Smallest rank first; of one organisation the more urgent area first.
  public static func comesFirst(_ left: Jurisdiction, _ right: Jurisdiction) -> Bool {
    if left.orgUnit.rank != right.orgUnit.rank { return left.orgUnit.rank < right.orgUnit.rank }
    if left.areaClass != right.areaClass { return left.areaClass < right.areaClass }
    return left.orgUnit.code < right.orgUnit.code
  }
}
