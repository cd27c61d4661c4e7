// Maps sold in China show points in GCJ-02, hundreds of metres from where a GPS receiver says they
// are. A point whose datum is not known sends the car to the wrong street; so every point names it.

import Foundation

/// The datum in which a latitude and longitude are given.
public enum Datum: String, Sendable, Codable, CaseIterable {
  /// What satellite receivers give, and what the suite keeps.
  case wgs84
  /// China's national datum; it differs from WGS 84 by centimetres and is taken as equal to it.
  case cgcs2000
  /// The shifted coordinates of Chinese map providers (火星坐标).
  case gcj02
}

/// WGS 84 ↔ GCJ-02, by the formula that is published and used everywhere, though not officially.
///
/// Source: googollee/eviltransform (`go/transform.go`, with its test points in the tests here). Its
/// rectangle stands for "in China": it also covers parts of the neighbours. Points outside it are
/// left unchanged both ways, so within a shift's length of its edge there is no round trip.
enum ChineseShift {
  /// The Krasovsky 1940 ellipsoid: half of the long axis in metres, and eccentricity squared.
  private static let semiMajorAxis = 6_378_245.0
  private static let eccentricitySquared = 0.00669342162296594323

  /// Degrees to add to the WGS 84 point to get its GCJ-02 point: up to 0.011, or some 730 m.
  static func shift(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double) {
    let x = longitude - 105
    let y = latitude - 35
    let waves = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
    let root = abs(x).squareRoot()
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
    north += (160 * sin(y / 12 * .pi) + 320 * sin(y / 30 * .pi)) * 2 / 3
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
    east += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3

    // From metres to degrees by the ellipsoid's radii of curvature at this latitude.
    let radians = latitude * .pi / 180
    let magic = 1 - eccentricitySquared * sin(radians) * sin(radians)
    let meridian = semiMajorAxis * (1 - eccentricitySquared) / (magic * magic.squareRoot())
    let parallel = semiMajorAxis / magic.squareRoot() * cos(radians)
    return (north / meridian * 180 / .pi, east / parallel * 180 / .pi)
  }

  static func isInChina(latitude: Double, longitude: Double) -> Bool {
    (0.8293...55.8271).contains(latitude) && (72.004...137.8347).contains(longitude)
  }

  static func toGCJ02(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double)
  {
    guard isInChina(latitude: latitude, longitude: longitude) else { return (latitude, longitude) }
    let shift = shift(latitude: latitude, longitude: longitude)
    return (latitude + shift.latitude, longitude + shift.longitude)
  }

  /// The shift has no closed inverse; it changes slowly, so w ← g − shift(w) gains two to three
  /// digits a round. Ten rounds end far below a millimetre; the loop stops when nothing moves.
  static func toWGS84(latitude: Double, longitude: Double) -> (latitude: Double, longitude: Double)
  {
    guard isInChina(latitude: latitude, longitude: longitude) else { return (latitude, longitude) }
    var guess = (latitude: latitude, longitude: longitude)
    for _ in 0..<10 {
      let shift = shift(latitude: guess.latitude, longitude: guess.longitude)
      let next = (latitude: latitude - shift.latitude, longitude: longitude - shift.longitude)
      if next == guess { break }
      guess = next
    }
    return guess
  }
}
