// Beats, stations and the bureau as one map without gap or overlap: neighbours share every corner of
// their border, because each border is drawn once.
import Foundation
import Geography

/// A grid of crooked fields. Each field is a beat; each letter of the plan is a station.
struct Parcels {
  /// North row first. The inner letters G, H and I are the centre.
  static let plan: [[Character]] = [
    Array("AABBCCDD"),
    Array("AABBCCDD"),
    Array("EFFGGGJK"),
    Array("EFHHHHJK"),
    Array("EFIIIJJK"),
    Array("LLMMNNOO"),
    Array("LLMMNNOO"),
  ]
  static let centre: Set<Character> = ["G", "H", "I"]

  struct Field: Hashable {
    let row: Int
    let column: Int
  }

  /// A stretch of border from one crossing of the grid to the next.
  private struct Border {
    let from: Int
    let to: Int
    /// The corners from `from` on, `to` left out.
    let corners: [Coordinate]
  }

  private static let columnLines: [Double] = [
    -10_200, -6_400, -3_700, -1_700, 0, 1_700, 3_700, 6_400, 10_200,
  ]
  private static let rowLines: [Double] = [
    -9_000, -5_600, -3_100, -1_000, 1_000, 3_100, 5_600, 9_000,
  ]

  private let crossings: [Coordinate]
  /// Corners between two crossings, by the row or column of the line and the place in it.
  private let eastward: [[[Coordinate]]]
  private let northward: [[[Coordinate]]]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, part: "parcels")
    var points: [LocalPoint] = []
    for (row, north) in Self.rowLines.enumerated() {
      for (column, east) in Self.columnLines.enumerated() {
        let (wide, high) = (
          Self.gap(Self.columnLines, column) * 0.15, Self.gap(Self.rowLines, row) * 0.15
        )
        points.append(
          LocalPoint(
            east: east + generator.number(-wide...wide),
            north: north + generator.number(-high...high)))
      }
    }
    let columns = Self.columnLines.count
    func corners(_ from: Int, _ to: Int) -> [Coordinate] {
      Self.between(points[from], points[to], &generator).map(\.coordinate)
    }
    eastward = Self.rowLines.indices.map { row in
      (0..<columns - 1).map { corners(row * columns + $0, row * columns + $0 + 1) }
    }
    northward = (0..<Self.rowLines.count - 1).map { row in
      (0..<columns).map { corners(row * columns + $0, (row + 1) * columns + $0) }
    }
    crossings = points.map(\.coordinate)
  }

  /// The narrower of the two gaps beside a line.
  private static func gap(_ lines: [Double], _ index: Int) -> Double {
    let before = index > 0 ? lines[index] - lines[index - 1] : .infinity
    let after = index < lines.count - 1 ? lines[index + 1] - lines[index] : .infinity
    return min(before, after)
  }

  /// A bow with a little noise; flat enough that borders from one crossing never meet again.
  private static func between(
    _ from: LocalPoint, _ to: LocalPoint, _ generator: inout SeededGenerator
  ) -> [LocalPoint] {
    let length = from.distance(to: to)
    let bow = generator.number(-0.06...0.06) * length
    return [0.25, 0.5, 0.75].map { share in
      let noise = generator.number(-0.012...0.012) * length
      return from.between(to, share: share, aside: bow * sin(share * .pi) + noise)
    }
  }

  /// All fields, north row first, and the letter of each.
  static var fields: [(field: Field, letter: Character)] {
    plan.enumerated().flatMap { line, letters in
      letters.enumerated().map { column, letter in
        (Field(row: plan.count - 1 - line, column: column), letter)
      }
    }
  }

  /// The outline of connected fields, counterclockwise.
  func outline(of fields: [Field]) throws -> Polygon {
    var borders: [Int: Border] = [:]
    let all = fields.flatMap(borders(of:))
    let directions = Set(all.map { [$0.from, $0.to] })
    // A border that two of the fields share runs in both directions: it is inside.
    for border in all where !directions.contains([border.to, border.from]) {
      borders[border.from] = border
    }
    var corners: [Coordinate] = []
    var next = borders.keys.min()
    while let from = next, let border = borders.removeValue(forKey: from) {
      corners += border.corners
      next = border.to
    }
    return try Polygon(corners: corners)
  }

  private func borders(of field: Field) -> [Border] {
    let columns = Self.columnLines.count
    let southWest = field.row * columns + field.column
    let (southEast, northWest) = (southWest + 1, southWest + columns)
    let northEast = northWest + 1
    return [
      border(southWest, southEast, eastward[field.row][field.column]),
      border(southEast, northEast, northward[field.row][field.column + 1]),
      border(northEast, northWest, eastward[field.row + 1][field.column].reversed()),
      border(northWest, southWest, northward[field.row][field.column].reversed()),
    ]
  }

  private func border(_ from: Int, _ to: Int, _ between: [Coordinate]) -> Border {
    Border(from: from, to: to, corners: [crossings[from]] + between)
  }
}
