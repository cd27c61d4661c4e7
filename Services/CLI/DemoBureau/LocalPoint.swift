// The bureau is drawn in metres around its middle, and put on the globe once.
import Foundation
import Geography

/// Metres east and north of the middle of the bureau.
struct LocalPoint: Hashable, Sendable {
  var east: Double
  var north: Double

  /// In the open sea, so that the invented county lies on nobody's streets, and within the area in
  /// which GCJ-02 differs from WGS 84.
  static let origin: Coordinate = {
    let middle = try? Coordinate(latitude: 28.05, longitude: 123.25)
    // In range by construction.
    return middle!
  }()

  var coordinate: Coordinate {
    Self.origin.offset(northMetres: north, eastMetres: east)
  }

  func distance(to other: LocalPoint) -> Double {
    hypot(other.east - east, other.north - north)
  }

  func moved(east: Double, north: Double) -> LocalPoint {
    LocalPoint(east: self.east + east, north: self.north + north)
  }

  /// The point `share` of the way to another, `aside` metres to the left of it.
  func between(_ other: LocalPoint, share: Double, aside: Double) -> LocalPoint {
    let length = max(distance(to: other), 1)
    let (east, north) = (other.east - self.east, other.north - self.north)
    return LocalPoint(
      east: self.east + east * share - north / length * aside,
      north: self.north + north * share + east / length * aside)
  }
}
