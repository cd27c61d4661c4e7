// Who answers for a point is decided by areas drawn on a map. Neighbouring areas share their border:
// a point on it must fall to exactly one of them, the same one every time.

import Foundation

/// An area bounded by straight lines in latitude and longitude (as RFC 7946, GeoJSON, has them).
///
/// The lines should not cross each other: `contains` then counts by the even-odd rule, and the area
/// is the difference of the parts.
public struct Polygon: Hashable, Sendable {
  /// At least three, in either sense of rotation, the first not repeated at the end.
  public let corners: [Coordinate]
  /// The smallest rectangle around the corners.
  public let bounds: Bounds

  /// The most corners that a polygon may have; a province's border drawn to 100 m stays below it.
  public static let cornerLimit = 100_000

  /// A rectangle of degrees; its sides belong to it.
  public struct Bounds: Hashable, Sendable {
    public let south: Double
    public let west: Double
    public let north: Double
    public let east: Double

    public func contains(_ point: Coordinate) -> Bool {
      (south...north).contains(point.latitude) && (west...east).contains(point.longitude)
    }
  }

  /// - Parameter corners: a repeated first corner at the end, as GeoJSON writes it, is dropped.
  /// - Throws: `PolygonError` for fewer than three different corners, more than `cornerLimit`, no
  ///   area, or corners more than 180 degrees of longitude apart: draw an area across the 180th
  ///   meridian as two.
  public init(corners: [Coordinate]) throws(PolygonError) {
    var corners = corners
    if corners.count > 1, corners.first == corners.last { corners.removeLast() }
    guard corners.count <= Self.cornerLimit else { throw .tooManyCorners }
    guard let first = corners.first, Set(corners).count >= 3 else { throw .tooFewCorners }
    var (south, north) = (first.latitude, first.latitude)
    var (west, east) = (first.longitude, first.longitude)
    for corner in corners {
      south = min(south, corner.latitude)
      north = max(north, corner.latitude)
      west = min(west, corner.longitude)
      east = max(east, corner.longitude)
    }
    guard east - west <= 180 else { throw .tooWide }
    self.corners = corners
    self.bounds = Bounds(south: south, west: west, north: north, east: east)
    guard signedSquareDegrees != 0 else { throw .noArea }
  }

  /// Whether the point lies in the area. Of areas that share a border corner by corner, a point on
  /// the border is in exactly one: the one whose south or west side it is.
  ///
  /// A line eastward from the point is counted against the sides (even-odd); each side includes its
  /// lower end and excludes its upper.
  public func contains(_ point: Coordinate) -> Bool {
    guard bounds.contains(point) else { return false }
    var isInside = false
    var from = corners[corners.count - 1]
    for to in corners {
      if Self.crosses(eastOf: point, from, to) { isInside.toggle() }
      from = to
    }
    return isInside
  }

  private static func crosses(eastOf point: Coordinate, _ from: Coordinate, _ to: Coordinate)
    -> Bool
  {
    guard (from.latitude > point.latitude) != (to.latitude > point.latitude) else { return false }
    // From the lower end up, whichever way the ring runs: two neighbours then compute the very same
    // number for their common side, and rounding cannot give the point to both or to neither.
    let (low, high) = from.latitude < to.latitude ? (from, to) : (to, from)
    let east = (high.longitude - low.longitude) * (point.latitude - low.latitude)
    return (point.longitude - low.longitude) * (high.latitude - low.latitude) < east
  }

  /// Square metres on a sphere of the mean radius, exact for sides straight in degrees.
  ///
  /// The integral of R² sin φ dλ around the border; along a side sin φ has the mean
  /// sin(middle) · sin(h) / h, with h half of the side's difference in latitude.
  public var areaSquareMetres: Double {
    let reference = sin(corners[0].latitude.radians)
    var sum = 0.0
    var from = corners[corners.count - 1]
    for to in corners {
      let half = (to.latitude - from.latitude).radians / 2
      let middle = (to.latitude + from.latitude).radians / 2
      let mean = sin(middle) * (half == 0 ? 1 : sin(half) / half)
      // The reference drops out around the ring, and keeps the terms of a small area small.
      sum += (to.longitude - from.longitude).radians * (mean - reference)
      from = to
    }
    return abs(sum) * Coordinate.earthRadius * Coordinate.earthRadius
  }

  /// The centre of the area in the plane of degrees; of a hollow shape it may lie outside it.
  public var centroid: Coordinate {
    let origin = corners[0]
    var (north, east) = (0.0, 0.0)
    forEachSide { from, to, cross in
      north += (from.latitude + to.latitude) * cross
      east += (from.longitude + to.longitude) * cross
    }
    let scale = 6 * signedSquareDegrees
    let latitude = origin.latitude + north / scale
    let longitude = origin.longitude + east / scale
    // A sliver's area may be all rounding, and crossing sides may leave hardly any: stay within.
    let bounded = try? Coordinate(
      latitude: min(max(latitude, bounds.south), bounds.north),
      longitude: min(max(longitude, bounds.west), bounds.east))
    return bounded ?? origin
  }

  private var signedSquareDegrees: Double {
    var sum = 0.0
    forEachSide { _, _, cross in sum += cross }
    return sum / 2
  }

  /// Sides relative to the first corner, which keeps the digits that a small area needs.
  private func forEachSide(
    _ body: (
      _ from: (latitude: Double, longitude: Double), _ to: (latitude: Double, longitude: Double),
      _ cross: Double
    ) -> Void
  ) {
    let origin = corners[0]
    var from = (latitude: 0.0, longitude: 0.0)
    for corner in corners.dropFirst() {
      let to = (corner.latitude - origin.latitude, corner.longitude - origin.longitude)
      body(from, to, from.longitude * to.0 - to.1 * from.latitude)
      from = to
    }
    // The side back to the first corner adds nothing: its cross product with the origin is zero.
  }
}

extension Polygon: Codable {
  private enum CodingKeys: String, CodingKey {
    case corners
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let corners = try container.decode([Coordinate].self, forKey: .corners)
    do {
      try self.init(corners: corners)
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .corners, in: container, debugDescription: "no polygon: \(error)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(corners, forKey: .corners)
  }
}

/// Why corners are no polygon.
public enum PolygonError: Error, Hashable, Sendable {
  case tooFewCorners
  case tooManyCorners
  case tooWide
  case noArea
}
