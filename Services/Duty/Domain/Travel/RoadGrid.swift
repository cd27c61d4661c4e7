// Which road is nearest to a point: a grid of cells, each with the roads that pass through it. Roads
// are taken as straight between their ends, in a plane that fits one city.
import Foundation
import Geography

struct RoadGrid: Sendable {
  private struct Point {
    var x: Double
    var y: Double
  }

  private let origin: Point
  /// Metres for a degree, eastward and northward.
  private let scale: Point
  private let cell: Double
  private let columns: Int
  private let rows: Int
  private let firstInCell: [Int32]
  private let edgesInCell: [Int32]
  private let starts: [Point]
  private let ends: [Point]

  init(nodes: [Coordinate], edges: [RoadEdge]) {
    let latitudes = nodes.map(\.latitude)
    let longitudes = nodes.map(\.longitude)
    let south = latitudes.min() ?? 0
    let west = longitudes.min() ?? 0
    let metresPerDegree = 6_371_008.8 * Double.pi / 180
    let middle = (south + (latitudes.max() ?? 0)) / 2
    let scale = Point(x: metresPerDegree * cos(middle * .pi / 180), y: metresPerDegree)
    let width = ((longitudes.max() ?? 0) - west) * scale.x
    let height = ((latitudes.max() ?? 0) - south) * scale.y
    // At most some million cells, however far the network reaches.
    let cell = max(250, max(width, height) / 1000)
    let columns = Int(width / cell) + 1
    let rows = Int(height / cell) + 1
    func plane(_ node: Int32) -> Point {
      let place = nodes[Int(node)]
      return Point(x: (place.longitude - west) * scale.x, y: (place.latitude - south) * scale.y)
    }
    let starts = edges.map { plane($0.from) }
    let ends = edges.map { plane($0.to) }
    func cells(of edge: Int) -> [Int] {
      let (start, end) = (starts[edge], ends[edge])
      let across = Int(min(start.x, end.x) / cell)...Int(max(start.x, end.x) / cell)
      let up = Int(min(start.y, end.y) / cell)...Int(max(start.y, end.y) / cell)
      return up.flatMap { row in across.map { row * columns + $0 } }
    }
    var first = [Int32](repeating: 0, count: columns * rows + 1)
    for edge in edges.indices { for cell in cells(of: edge) { first[cell + 1] += 1 } }
    for cell in 0..<(columns * rows) { first[cell + 1] += first[cell] }
    var next = first
    var members = [Int32](repeating: 0, count: Int(first.last ?? 0))
    for edge in edges.indices {
      for cell in cells(of: edge) {
        members[Int(next[cell])] = Int32(edge)
        next[cell] += 1
      }
    }
    self.origin = Point(x: west, y: south)
    self.scale = scale
    self.cell = cell
    self.columns = columns
    self.rows = rows
    self.firstInCell = first
    self.edgesInCell = members
    self.starts = starts
    self.ends = ends
  }

  /// The nearest edge, of equally near ones that of the lowest number.
  /// - Parameter limit: metres.
  func nearest(
    to place: Coordinate, within limit: Double
  ) -> (edge: Int, fraction: Double, metres: Double)? {
    guard !starts.isEmpty else { return nil }
    let point = Point(
      x: (place.longitude - origin.x) * scale.x, y: (place.latitude - origin.y) * scale.y)
    // Farther away than the limit, and the rings around it would be many.
    guard (-limit...Double(columns) * cell + limit).contains(point.x),
      (-limit...Double(rows) * cell + limit).contains(point.y)
    else { return nil }
    let column = Int((point.x / cell).rounded(.down))
    let row = Int((point.y / cell).rounded(.down))
    var best: (edge: Int, fraction: Double, metres: Double)?
    for ring in 0...(Int(limit / cell) + 1) {
      // Whatever lies in this ring is at least this far.
      let least = Double(ring - 1) * cell
      if least > min(limit, best?.metres ?? limit) { break }
      eachCell(ring: ring, row: row, column: column) { cell in
        for edge in edgesInCell[Int(firstInCell[cell])..<Int(firstInCell[cell + 1])] {
          let (fraction, metres) = project(point, on: Int(edge))
          let isBetter =
            best.map { metres < $0.metres || (metres == $0.metres && Int(edge) < $0.edge) } ?? true
          if metres <= limit, isBetter { best = (Int(edge), fraction, metres) }
        }
      }
    }
    return best
  }

  private func eachCell(ring: Int, row: Int, column: Int, _ body: (Int) -> Void) {
    for y in (row - ring)...(row + ring) where (0..<rows).contains(y) {
      let isEdge = y == row - ring || y == row + ring
      for x in stride(
        from: column - ring, through: column + ring, by: isEdge ? 1 : max(1, 2 * ring))
      where (0..<columns).contains(x) {
        body(y * columns + x)
      }
    }
  }

  private func project(_ point: Point, on edge: Int) -> (fraction: Double, metres: Double) {
    let (start, end) = (starts[edge], ends[edge])
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let along = square > 0 ? ((point.x - start.x) * dx + (point.y - start.y) * dy) / square : 0
    let fraction = min(1, max(0, along))
    let (ex, ey) = (point.x - start.x - fraction * dx, point.y - start.y - fraction * dy)
    return (fraction, (ex * ex + ey * ey).squareRoot())
  }
}
