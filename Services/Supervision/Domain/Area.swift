// 1-3-5: how fast a unit must arrive depends on where. The areas are duty's; a copy is kept here so
// that a deadline can start while duty is down.
public import Geography
public import Identifiers

/// How fast a unit must arrive in an area; the raw values are the ends of the rules' codes.
public enum AreaClass: String, Sendable, Hashable, Codable, CaseIterable {
  /// 重点部位
  case keyPlace = "key_place"
  /// 中心城区
  case centre
  /// 其他
  case other

  /// The strictest first.
  var strictness: Int {
    switch self {
    case .keyPlace: 0
    case .centre: 1
    case .other: 2
    }
  }
}

/// An area and the class of its arrivals.
public struct Area: Sendable, Hashable, Codable {
  public var id: JurisdictionID
  public var areaClass: AreaClass
  public var polygon: Polygon

  public init(id: JurisdictionID, areaClass: AreaClass, polygon: Polygon) {
    self.id = id
    self.areaClass = areaClass
    self.polygon = polygon
  }
}

extension AreaClass {
  /// The class of the smallest of `areas` that holds the point; of equally small ones the strictest.
  /// `other` where none does, or where nobody knows the point.
  public init(of point: Coordinate?, among areas: [Area]) {
    let holding = areas.filter { area in point.map(area.polygon.contains) ?? false }
    let smallest = holding.min { left, right in
      let sizes = (left.polygon.areaSquareMetres, right.polygon.areaSquareMetres)
      guard sizes.0 == sizes.1 else { return sizes.0 < sizes.1 }
      return left.areaClass.strictness < right.areaClass.strictness
    }
    self = smallest?.areaClass ?? .other
  }
}
