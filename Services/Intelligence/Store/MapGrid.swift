// Cells of the map, so that calls near a point are found by an index on one number. Cells are of
// degrees, not of metres: a call's cell then depends on nothing but its point.

import Foundation
import Geography

enum MapGrid {
  /// A side in degrees: some 222 m northward, and less eastward away from the equator.
  private static let side = 0.002
  private static let columns = 180_000
  /// Metres in a degree of latitude on the sphere that distances are taken on.
  private static let metresPerDegree = 111_195.0
  /// More cells than a search needs up to 89 degrees of latitude.
  private static let limit = 800

  static func cell(of point: Coordinate) -> Int64 {
    cell(row: row(point.latitude), column: column(point.longitude))
  }

  /// All cells with a point within `metres`, and a few more. Around a pole there are too many, and
  /// only the nearest column stays.
  static func cells(around point: Coordinate, metres: Double) -> [Int64] {
    let north = metres / metresPerDegree
    let farthest = min(89.9, abs(point.latitude) + north)
    let east = north / cos(farthest * .pi / 180)
    let rows = row(point.latitude - north)...row(point.latitude + north)
    var columns = column(point.longitude - east)...column(point.longitude + east)
    if rows.count * columns.count > limit {
      columns = column(point.longitude)...column(point.longitude)
    }
    return rows.flatMap { row in columns.map { cell(row: row, column: $0) } }
  }

  private static func row(_ latitude: Double) -> Int { Int((latitude / side).rounded(.down)) }

  private static func column(_ longitude: Double) -> Int {
    Int((longitude / side).rounded(.down))
  }

  /// East of the 180th meridian the columns begin again.
  private static func cell(row: Int, column: Int) -> Int64 {
    let wrapped = ((column + columns / 2) % columns + columns) % columns
    return Int64(row + 45_000) * 1_000_000 + Int64(wrapped)
  }
}
