// A thousand units report where they are every ten seconds, and each call asks for the nearest few.
// Sorting all of them for each call would do for one county; a city's calls come in storms.

import Foundation

/// Moving points in a grid of cells; the nearest are found in growing circles, exactly.
///
/// Rows of cells are bands of latitude, each cut into as many cells as its length holds, so a cell
/// has about the same size everywhere and the 180th meridian and the poles are nothing special.
public struct PointIndex<Key: Hashable & Sendable>: Sendable {
  private struct Cell: Hashable {
    let row: Int
    let column: Int
  }

  private struct Entry {
    let key: Key
    var position: Coordinate
  }

  private let cellMetres: Double
  private var positions: [Key: Coordinate] = [:]
  private var cells: [Cell: [Entry]] = [:]

  /// - Parameter cellMetres: the side of a cell, at least 1 m; best near the usual distance to the
  ///   nearest few. It decides speed, never results.
  public init(cellMetres: Double = 500) {
    precondition(cellMetres >= 1 && cellMetres.isFinite, "a cell is at least one metre wide")
    self.cellMetres = cellMetres
  }

  public var count: Int { positions.count }

  public func position(of key: Key) -> Coordinate? { positions[key] }

  /// Puts the key there, wherever it was before.
  public mutating func set(_ key: Key, at position: Coordinate) {
    let cell = cell(of: position)
    if let old = positions.updateValue(position, forKey: key) {
      let before = self.cell(of: old)
      // Most moves stay within a cell.
      if before == cell, let place = cells[cell]?.firstIndex(where: { $0.key == key }) {
        cells[cell]?[place].position = position
        return
      }
      remove(key, from: before)
    }
    cells[cell, default: []].append(Entry(key: key, position: position))
  }

  /// Does nothing for a key that is not here.
  public mutating func remove(_ key: Key) {
    guard let old = positions.removeValue(forKey: key) else { return }
    remove(key, from: cell(of: old))
  }

  private mutating func remove(_ key: Key, from cell: Cell) {
    cells[cell]?.removeAll { $0.key == key }
    // Empty cells would pile up along every unit's way.
    if cells[cell]?.isEmpty == true { cells[cell] = nil }
  }

  /// The nearest `limit` points that are accepted, nearest first, with their distances in metres.
  ///
  /// Points equally far (two cars at one station) come in the order of their keys' descriptions, so
  /// that the answer depends on nothing but the points.
  ///
  /// - Parameters:
  ///   - metres: how far away they may be.
  ///   - isIncluded: may be asked more than once for a key, and not for every key.
  public func nearest(
    to point: Coordinate, limit: Int, within metres: Double = .infinity,
    where isIncluded: (Key) throws -> Bool
  ) rethrows -> [(key: Key, distance: Double)] {
    guard limit > 0, metres >= 0, !positions.isEmpty else { return [] }
    var radius = min(cellMetres, metres)
    while limit < positions.count || metres.isFinite,
      let region = region(around: point, metres: radius)
    {
      let found = try select(region, around: point, metres: radius, where: isIncluded)
      // All points within the radius are known, so nothing outside can be nearer than these.
      if found.count >= limit || radius >= metres { return Array(found.prefix(limit)) }
      radius = min(radius * 2, metres)
    }
    let found = try select(Array(cells.keys), around: point, metres: metres, where: isIncluded)
    return Array(found.prefix(limit))
  }

  /// The same of all points.
  public func nearest(to point: Coordinate, limit: Int) -> [(key: Key, distance: Double)] {
    nearest(to: point, limit: limit) { _ in true }
  }

  /// All points at most this many metres away, nearest first, ties as in `nearest`.
  public func within(metres: Double, of point: Coordinate) -> [(key: Key, distance: Double)] {
    guard metres >= 0 else { return [] }
    let region = region(around: point, metres: metres) ?? Array(cells.keys)
    return select(region, around: point, metres: metres) { _ in true }
  }

  private func select(
    _ region: [Cell], around point: Coordinate, metres: Double,
    where isIncluded: (Key) throws -> Bool
  ) rethrows -> [(key: Key, distance: Double)] {
    // Degrees of latitude that are surely too far: saves most of the sines.
    let farthest = (metres + 0.001) / Coordinate.earthRadius
    let degrees = farthest.degrees
    var found: [(key: Key, distance: Double)] = []
    for cell in region {
      guard let entries = cells[cell] else { continue }
      for index in entries.indices
      where abs(entries[index].position.latitude - point.latitude) <= degrees {
        let distance = point.distance(to: entries[index].position)
        guard distance <= metres, try isIncluded(entries[index].key) else { continue }
        found.append((entries[index].key, distance))
      }
    }
    found.sort { left, right in
      left.distance == right.distance
        ? String(describing: left.key) < String(describing: right.key)
        : left.distance < right.distance
    }
    return found
  }
}

// MARK: - The grid

extension PointIndex {
  private var rowDegrees: Double { (cellMetres / Coordinate.earthRadius).degrees }

  /// How many cells the row's circle of latitude is cut into; any number ≥ 1 would be correct.
  private func columns(inRow row: Int) -> Int {
    let middle = (Double(row) + 0.5) * rowDegrees - 90
    let length = 2 * Double.pi * Coordinate.earthRadius * cos(min(middle, 90).radians)
    return max(1, Int(length / cellMetres))
  }

  private func row(at latitude: Double) -> Int {
    Int(((latitude + 90) / rowDegrees).rounded(.down))
  }

  /// Counts on beyond the row's last column and below its first; the remainder names the cell.
  private func column(at longitude: Double, of columns: Int) -> Int {
    Int(((longitude + 180) / 360 * Double(columns)).rounded(.down))
  }

  private func cell(of position: Coordinate) -> Cell {
    let row = row(at: position.latitude)
    let columns = columns(inRow: row)
    return Cell(row: row, column: column(at: position.longitude, of: columns) % columns)
  }

  /// All cells that the circle may touch. Nil when there are so many of them that going through all
  /// points is quicker.
  private func region(around point: Coordinate, metres: Double) -> [Cell]? {
    // A millimetre more than asked: what rounding puts just across a cell's border is still found.
    let angle = (metres + 0.001) / Coordinate.earthRadius
    let latitude = abs(point.latitude.radians)
    // A circle around a pole has points at every longitude; beyond that all are near or far alike.
    guard angle + latitude < .pi / 2 else { return nil }
    let halfWidth = asin(min(1, sin(angle) / cos(latitude))).degrees + 1e-9
    let rows =
      row(at: point.latitude - angle.degrees)...row(at: point.latitude + angle.degrees)
    guard rows.count <= cells.count else { return nil }
    var found: [Cell] = []
    for row in rows {
      let columns = columns(inRow: row)
      let first = column(at: point.longitude - halfWidth, of: columns)
      let last = min(
        column(at: point.longitude + halfWidth, of: columns), first + columns - 1)
      guard found.count + last - first < cells.count else { return nil }
      for column in first...last {
        found.append(Cell(row: row, column: (column % columns + columns) % columns))
      }
    }
    return found
  }
}
