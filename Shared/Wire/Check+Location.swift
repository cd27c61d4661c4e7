// Points and places from the wire: a coordinate without its datum is refused.

import Foundation
public import Geography
public import QuintetAPI
import SwiftProtobuf

extension Check {
  /// A point with its datum.
  public static func givenPoint(
    _ point: Quintet_Type_V1_GeoPoint, field: String
  ) throws -> GivenPoint {
    let datum: Datum
    switch point.datum {
    case .wgs84: datum = .wgs84
    case .cgcs2000: datum = .cgcs2000
    case .gcj02: datum = .gcj02
    case .unspecified:
      throw Failure.invalid(
        "DATUM_REQUIRED", field: "\(field).datum",
        "坐标必须说明基准。A coordinate must name its datum.")
    case .UNRECOGNIZED:
      throw Failure.unspecified("\(field).datum")
    }
    do {
      return try GivenPoint(latitude: point.latitude, longitude: point.longitude, datum: datum)
    } catch {
      let isLongitude = error == .longitudeOutOfRange || point.longitude.isNaN
      if !isLongitude {
        throw Failure.invalid(
          "OUT_OF_RANGE", field: "\(field).latitude",
          "纬度须在 −90 到 90 之间。Latitude must lie between −90 and 90.")
      }
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "\(field).longitude",
        "经度须在 −180 到 180 之间。Longitude must lie between −180 and 180.")
    }
  }

  /// A place; with `required` it must have a point, an address or a description.
  public static func place(
    _ location: Quintet_Type_V1_Location, field: String, required: Bool = true
  ) throws -> Place {
    let place = Place(
      given: location.hasPoint
        ? try givenPoint(location.point, field: "\(field).point") : nil,
      address: try text(location.address, field: "\(field).address", max: 300),
      description: try text(location.description_p, field: "\(field).description", max: 500),
      uncertaintyMetres: try range(
        location.uncertaintyM, field: "\(field).uncertainty_m", 0...100_000))
    let isEmpty = place.given == nil && place.address.isEmpty && place.description.isEmpty
    guard !required || !isEmpty else { throw Failure.required(field) }
    return place
  }

  /// 3 … 2 000 corners of one datum.
  public static func polygon(
    _ polygon: Quintet_Type_V1_GeoPolygon, field: String
  ) throws -> Polygon {
    let corners = try list(polygon.corners, field: "\(field).corners", 0...2_000)
    guard corners.count >= 3 else {
      throw Failure.invalid(
        "TOO_FEW_CORNERS", field: "\(field).corners",
        "多边形至少三个顶点。A polygon has at least three corners.")
    }
    let points = try corners.enumerated().map {
      try givenPoint($1, field: "\(field).corners[\($0)]")
    }
    guard points.allSatisfy({ $0.datum == points[0].datum }) else {
      throw Failure.invalid(
        "DATUM_MIXED", field: "\(field).corners",
        "多边形只能用一种基准。All corners of a polygon share one datum.")
    }
    do {
      return try Polygon(corners: points.map(\.coordinate))
    } catch {
      throw Failure.invalid(
        "POLYGON_INVALID", field: "\(field).corners",
        "多边形无效。The corners do not make a polygon.")
    }
  }
}

extension Quintet_Type_V1_GeoPoint {
  /// A point of ours: WGS 84.
  public init(_ coordinate: Coordinate) {
    self = .with {
      $0.latitude = coordinate.latitude
      $0.longitude = coordinate.longitude
      $0.datum = .wgs84
    }
  }

  /// A point as it was given.
  public init(_ given: GivenPoint) {
    self = .with {
      $0.latitude = given.latitude
      $0.longitude = given.longitude
      $0.datum =
        switch given.datum {
        case .wgs84: .wgs84
        case .cgcs2000: .cgcs2000
        case .gcj02: .gcj02
        }
    }
  }
}

extension Quintet_Type_V1_Location {
  public init(_ place: Place) {
    self = .with {
      $0.address = place.address
      $0.description_p = place.description
      $0.uncertaintyM = place.uncertaintyMetres
      if let given = place.given {
        $0.point = Quintet_Type_V1_GeoPoint(given)
        $0.wgs84Point = Quintet_Type_V1_GeoPoint(given.coordinate)
      }
    }
  }
}
