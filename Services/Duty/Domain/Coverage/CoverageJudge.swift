// Judges every square, area and key place at one moment.
import Foundation
import Geography
import Identifiers

public struct CoverageJudge {
  /// Patrols told for a key place.
  static let nearLimit = 3
  /// Of an area of fewer squares each call is judged by itself: squares would blur its border.
  static let fewCells = 25

  private let question: CoverageQuestion
  private let roster: Roster
  private let patrols: [StandingPatrol]
  private let sweep: CoverageSweep

  /// - Parameter roster: as of the moment.
  public init(_ question: CoverageQuestion, _ roster: Roster) {
    self.question = question
    self.roster = roster
    patrols = roster.freePatrols(asOf: question.asOf)
    sweep = CoverageSweep(patrols: patrols, roads: roster.roads, model: roster.travelModel)
  }

  /// - Throws: `DeploymentError.tooManyCells`; `CoordinateError` for areas around a pole.
  public func map() throws -> CoverageMap {
    let told = question.areas.filter { question.told.contains($0.id) }.sorted {
      ($0.orgUnit.code, $0.areaClass) < ($1.orgUnit.code, $1.areaClass)
    }
    guard let grid = CoverageGrid(around: told.map(\.area), cellMetres: question.cellMetres) else {
      guard told.isEmpty else { throw DeploymentError.tooManyCells }
      return map(nil, [], [])
    }
    let inArea = told.map { grid.cells(in: $0.area) }
    let chosen = Set(inArea.joined()).sorted()
    guard chosen.count <= CoverageGrid.cellLimit else { throw DeploymentError.tooManyCells }
    let classes = classes(on: grid)
    var cells: [Int: CoverageCell] = [:]
    for cell in chosen {
      cells[cell] = judge(
        try grid.middle(of: cell), classes[cell] ?? .other, row: cell / grid.columns,
        column: cell % grid.columns)
    }
    let calls = calls(on: grid, classes)
    let areas = zip(told, inArea).map { area, inArea in
      coverage(
        of: area,
        inArea.compactMap { number in
          cells[number].map { (cell: $0, calls: calls[number]) }
        })
    }
    return map(grid, chosen.compactMap { cells[$0] }, areas)
  }

  private func map(
    _ grid: CoverageGrid?, _ cells: [CoverageCell], _ areas: [AreaCoverage]
  ) -> CoverageMap {
    CoverageMap(
      estimator: roster.travel.name, turnout: roster.travel.turnout, grid: grid, cells: cells,
      areas: areas, keyPlaces: keyPlaces(), freePatrolCount: patrols.count)
  }

  /// Of each square, the most urgent area that holds its middle.
  private func classes(on grid: CoverageGrid) -> [Int: AreaClass] {
    var classes: [Int: AreaClass] = [:]
    for area in question.areas {
      for cell in grid.cells(in: area.area) {
        classes[cell] = min(classes[cell] ?? area.areaClass, area.areaClass)
      }
    }
    return classes
  }

  private func judge(
    _ point: Coordinate, _ areaClass: AreaClass, row: Int, column: Int
  ) -> CoverageCell {
    let soonest = sweep.soonest(to: point)
    return CoverageCell(
      row: row, column: column, areaClass: areaClass, seconds: soonest?.seconds,
      patrol: soonest.map { patrols[$0.patrol] })
  }

  // MARK: Areas

  /// What came from one square.
  private struct Calls {
    var counted = 0
    var leftOut = 0
    var arrivals = CoverageShare()

    mutating func add(_ record: DemandRecord, within target: Double) {
      guard record.exclusion == nil else {
        leftOut += 1
        return
      }
      counted += 1
      guard let seconds = record.arrivalSeconds else {
        arrivals.excluded += 1
        return
      }
      arrivals.total += 1
      if seconds <= target { arrivals.covered += 1 }
    }

    func share(isCovered: Bool) -> CoverageShare {
      CoverageShare(covered: isCovered ? counted : 0, total: counted, excluded: leftOut)
    }
  }

  private func calls(on grid: CoverageGrid, _ classes: [Int: AreaClass]) -> [Int: Calls] {
    var calls: [Int: Calls] = [:]
    for record in question.demand {
      guard let cell = grid.cell(holding: record.point) else { continue }
      calls[cell, default: Calls()].add(
        record, within: (classes[cell] ?? .other).drivingSeconds)
    }
    return calls
  }

  private func coverage(
    of area: Jurisdiction, _ cells: [(cell: CoverageCell, calls: Calls?)]
  ) -> AreaCoverage {
    var (byArea, byCalls, byArrivals) = (CoverageShare(), CoverageShare(), CoverageShare())
    func add(_ cell: CoverageCell, _ calls: Calls?) {
      byArea.add(CoverageShare(covered: cell.isCovered ? 1 : 0, total: 1))
      guard let calls else { return }
      byCalls.add(calls.share(isCovered: cell.isCovered))
      byArrivals.add(calls.arrivals)
    }
    for (cell, calls) in cells { add(cell, cells.count < Self.fewCells ? nil : calls) }
    if cells.isEmpty {
      add(judge(area.area.centroid, area.areaClass, row: 0, column: 0), nil)
    }
    if cells.count < Self.fewCells {
      for record in question.demand where area.area.contains(record.point) {
        var calls = Calls()
        calls.add(record, within: area.areaClass.drivingSeconds)
        let cell = judge(record.point, area.areaClass, row: 0, column: 0)
        byCalls.add(calls.share(isCovered: cell.isCovered))
        byArrivals.add(calls.arrivals)
      }
    }
    return AreaCoverage(
      jurisdiction: area, byArea: byArea, byCalls: byCalls, byArrivals: byArrivals)
  }

  // MARK: Key places

  private func keyPlaces() -> [KeyPlaceStanding] {
    question.areas.filter { $0.areaClass == .keyPlace && question.told.contains($0.id) }
      .map(standing).sorted(by: KeyPlaceStanding.comesFirst)
  }

  private func standing(_ place: Jurisdiction) -> KeyPlaceStanding {
    let point = place.area.middle
    var search = roster.travel.search(to: point)
    let target = place.areaClass.drivingSeconds
    let near = roster.soonest(to: point, limit: Self.nearLimit, by: &search) {
      KeyPlaceCover.stands($0, asOf: question.asOf)
    }
    return KeyPlaceStanding(
      jurisdiction: place, point: point,
      near: near.map {
        KeyPlaceStanding.Near(
          unit: $0.member.unit, seconds: $0.travel.seconds,
          late: max(0, $0.travel.seconds - target))
      })
  }
}

extension Polygon {
  /// Of the rectangle around it, as the planner takes key places.
  var middle: Coordinate {
    let middle = try? Coordinate(
      latitude: (bounds.south + bounds.north) / 2, longitude: (bounds.west + bounds.east) / 2)
    return middle ?? centroid
  }
}
