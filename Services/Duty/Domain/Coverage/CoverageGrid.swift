// The map of coverage as squares: few enough to draw, of one size in degrees, so that a screen needs
// only a corner and two lengths.
import Foundation
public import Geography

/// Squares over a rectangle of degrees, numbered by row from the south-west.
public struct CoverageGrid: Sendable, Hashable {
  /// Metres.
  public static let sizes = [100, 200, 250, 500, 1000, 2000, 5000]
  /// Squares in a map.
  public static let cellLimit = 10_000
  /// Squares of a whole rectangle, most of which may lie in no area.
  private static let rectangleLimit = 100_000
  private static let metresPerDegree = 6_371_008.8 * Double.pi / 180

  public let cellMetres: Int
  public let south: Double
  public let west: Double
  /// Degrees.
  public let height: Double
  public let width: Double
  public let rows: Int
  public let columns: Int

  /// Around all of the areas.
  /// - Parameter cellMetres: nil for the finest of `sizes` whose rectangle has few enough squares.
  /// - Returns: nil without areas, and where they would be too many squares.
  public init?(around areas: [Polygon], cellMetres: Int?) {
    guard let first = areas.first?.bounds else { return nil }
    let bounds = areas.reduce(
      (south: first.south, west: first.west, north: first.north, east: first.east)
    ) { all, area in
      (
        min(all.south, area.bounds.south), min(all.west, area.bounds.west),
        max(all.north, area.bounds.north), max(all.east, area.bounds.east)
      )
    }
    func grid(_ metres: Int) -> CoverageGrid {
      let middle = (bounds.south + bounds.north) / 2
      let height = Double(metres) / Self.metresPerDegree
      let width = height / max(0.01, cos(middle * .pi / 180))
      return CoverageGrid(
        cellMetres: metres, south: bounds.south, west: bounds.west, height: height, width: width,
        rows: max(1, Int(((bounds.north - bounds.south) / height).rounded(.up))),
        columns: max(1, Int(((bounds.east - bounds.west) / width).rounded(.up))))
    }
    if let cellMetres {
      self = grid(cellMetres)
      guard rows * columns <= Self.rectangleLimit else { return nil }
    } else if let found = Self.sizes.lazy.map(grid).first(where: {
      $0.rows * $0.columns <= Self.cellLimit
    }) {
      self = found
    } else {
      return nil
    }
  }

  private init(
    cellMetres: Int, south: Double, west: Double, height: Double, width: Double, rows: Int,
    columns: Int
  ) {
    self.cellMetres = cellMetres
    self.south = south
    self.west = west
    self.height = height
    self.width = width
    self.rows = rows
    self.columns = columns
  }

  var count: Int { rows * columns }

  /// - Throws: `CoordinateError` for a square across a pole.
  func middle(of cell: Int) throws -> Coordinate {
    try Coordinate(latitude: latitude(ofRow: cell / columns), longitude: longitude(of: cell))
  }

  private func latitude(ofRow row: Int) -> Double { south + (Double(row) + 0.5) * height }

  private func longitude(of cell: Int) -> Double {
    west + (Double(cell % columns) + 0.5) * width
  }

  func cell(holding point: Coordinate) -> Int? {
    let row = Int(((point.latitude - south) / height).rounded(.down))
    let column = Int(((point.longitude - west) / width).rounded(.down))
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return nil }
    return row * columns + column
  }

  /// Those whose middle lies in the area, by number. A line of latitude after the other, by the
  /// even-odd rule: an area of many corners is not asked about each square.
  func cells(in area: Polygon) -> [Int] {
    let low = max(0, Int(((area.bounds.south - south) / height).rounded(.down)))
    let high = min(rows - 1, Int(((area.bounds.north - south) / height).rounded(.down)))
    guard low <= high else { return [] }
    var found: [Int] = []
    for row in low...high {
      let crossings = Self.crossings(of: area, at: latitude(ofRow: row))
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        // Middles strictly between: the first at or after the west side.
        let first = ((crossings[pair] - west) / width - 0.5).rounded(.up)
        let last = ((crossings[pair + 1] - west) / width - 0.5).rounded(.up) - 1
        guard first <= last, last >= 0, first < Double(columns) else { continue }
        for column in Int(max(0, first))...Int(min(Double(columns - 1), last)) {
          found.append(row * columns + column)
        }
      }
    }
    return found
  }

  private static func crossings(of area: Polygon, at latitude: Double) -> [Double] {
    var crossings: [Double] = []
    var from = area.corners[area.corners.count - 1]
    for to in area.corners {
      if (from.latitude > latitude) != (to.latitude > latitude) {
        let (low, high) = from.latitude < to.latitude ? (from, to) : (to, from)
        let share = (latitude - low.latitude) / (high.latitude - low.latitude)
        crossings.append(low.longitude + share * (high.longitude - low.longitude))
      }
      from = to
    }
    return crossings.sorted()
  }
}
