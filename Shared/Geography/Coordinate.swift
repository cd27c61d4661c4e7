// One point on the Earth, always WGS 84 inside the suite, so that no two parts of it can compare
// points of different datums.

import Foundation

/// A point in WGS 84 degrees. Whoever holds one holds numbers in range.
public struct Coordinate: Hashable, Sendable {
  /// Degrees north, −90 … 90.
  public let latitude: Double
  /// Degrees east, −180 … 180.
  public let longitude: Double

  /// The mean radius of the Earth in metres (IUGG, R₁ of WGS 84).
  static let earthRadius = 6_371_008.8

  /// - Throws: `CoordinateError` on NaN and out of range; infinities are out of range.
  public init(latitude: Double, longitude: Double) throws(CoordinateError) {
    guard !latitude.isNaN, !longitude.isNaN else { throw .notANumber }
    guard (-90...90).contains(latitude) else { throw .latitudeOutOfRange }
    guard (-180...180).contains(longitude) else { throw .longitudeOutOfRange }
    self.init(inRange: latitude, longitude)
  }

  /// Converts to WGS 84: CGCS2000 is taken as equal to it, GCJ-02 inverted by iteration with an
  /// error far below 0.5 m in China, and left unchanged outside.
  ///
  /// - Throws: `CoordinateError` on NaN and out of range.
  public init(latitude: Double, longitude: Double, datum: Datum) throws(CoordinateError) {
    let given = try Coordinate(latitude: latitude, longitude: longitude)
    switch datum {
    case .wgs84, .cgcs2000:
      self = given
    case .gcj02:
      let point = ChineseShift.toWGS84(latitude: given.latitude, longitude: given.longitude)
      self.init(inRange: point.latitude, point.longitude)
    }
  }

  /// For results of arithmetic that are in range by construction.
  private init(inRange latitude: Double, _ longitude: Double) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// The same point in degrees of another datum, for maps and partners that want it.
  public func converted(to datum: Datum) -> (latitude: Double, longitude: Double) {
    switch datum {
    case .wgs84, .cgcs2000: (latitude, longitude)
    case .gcj02: ChineseShift.toGCJ02(latitude: latitude, longitude: longitude)
    }
  }

  /// Metres along the great circle on a sphere of the mean radius (haversine): within 0.6 % of the
  /// distance on the ellipsoid, and accurate for the smallest distances.
  public func distance(to other: Coordinate) -> Double {
    let northward = sin((other.latitude - latitude).radians / 2)
    let eastward = sin((other.longitude - longitude).radians / 2)
    let haversine =
      northward * northward
      + cos(latitude.radians) * cos(other.latitude.radians) * eastward * eastward
    return 2 * Self.earthRadius * asin(min(1, haversine.squareRoot()))
  }

  /// Metres north and east from here to another point, with degrees of longitude as long as they are
  /// here: what is straight in degrees is straight in these metres. Within 1 % for points up to 30 km
  /// apart and 60 degrees from the equator; right across the 180th meridian.
  public func plane(to other: Coordinate) -> (north: Double, east: Double) {
    let east = (other.longitude - longitude).remainder(dividingBy: 360)
    return (
      (other.latitude - latitude).radians * Self.earthRadius,
      east.radians * Self.earthRadius * cos(latitude.radians)
    )
  }

  /// The point reached along the great circle that starts towards (north, east); its distance from
  /// here is the length of that vector. Right across the poles and the 180th meridian.
  ///
  /// - Parameters: metres, finite; negative ones lead south and west.
  public func offset(northMetres: Double, eastMetres: Double) -> Coordinate {
    precondition(northMetres.isFinite && eastMetres.isFinite, "an offset is a finite distance")
    let angle =
      (northMetres * northMetres + eastMetres * eastMetres).squareRoot() / Self.earthRadius
    guard angle > 0 else { return self }
    let bearing = atan2(eastMetres, northMetres)
    let start = latitude.radians
    let sine = sin(start) * cos(angle) + cos(start) * sin(angle) * cos(bearing)
    let turn = atan2(
      sin(bearing) * sin(angle) * cos(start), cos(angle) - sin(start) * sine)
    // IEEE remainder brings any longitude into −180 … 180; asin's result is within −90 … 90.
    let east = (longitude + turn.degrees).remainder(dividingBy: 360)
    return Coordinate(inRange: asin(min(1, max(-1, sine))).degrees, east)
  }
}

extension Coordinate: Codable {
  private enum CodingKeys: String, CodingKey {
    case latitude, longitude
  }

  /// Stored or received numbers are checked like any others.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let latitude = try container.decode(Double.self, forKey: .latitude)
    let longitude = try container.decode(Double.self, forKey: .longitude)
    do {
      try self.init(latitude: latitude, longitude: longitude)
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no coordinate: \(error)"))
    }
  }
}

/// Why two numbers are no coordinate.
public enum CoordinateError: Error, Hashable, Sendable {
  case latitudeOutOfRange
  case longitudeOutOfRange
  case notANumber
}

extension Double {
  var radians: Double { self * .pi / 180 }
  var degrees: Double { self * 180 / .pi }
}
