// Coverage: one search from all patrols gives the times that the recommending search gives, squares are
// in areas as points are, and shares say what they were counted from.
import Foundation
import Geography
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct CoverageTests {
  let corner: Coordinate
  init() throws { corner = try Coordinate(latitude: 28, longitude: 120.6) }

  let model = TravelModel(detourFactor: 1.4, speed: 8, turnout: 60)

  func at(_ north: Double, _ east: Double) -> Coordinate {
    corner.offset(northMetres: north, eastMetres: east)
  }

  func unit(_ name: String, _ kind: UnitKind = .car) -> DutyUnit {
    DutyUnit(id: id(name, UnitTag.self), callSign: name, kind: kind)
  }

  func square(_ north: Double, _ east: Double, _ side: Double) throws -> Polygon {
    try Polygon(corners: [
      at(north, east), at(north, east + side), at(north + side, east + side),
      at(north + side, east),
    ])
  }

  func area(
    _ code: String, _ areaClass: AreaClass, _ area: Polygon, rank: OrgRank = .station
  ) -> Jurisdiction {
    Jurisdiction(
      id: id("\(code) \(areaClass)", JurisdictionTag.self),
      orgUnit: OrgUnit(
        id: id(code, OrgUnitTag.self), code: code, name: "机构 \(code)", rank: rank, parentID: nil),
      areaClass: areaClass, area: area)
  }

  func network(_ random: inout Seeded) -> RoadNetwork {
    let count = Int.random(in: 3...25, using: &random)
    let nodes = (0..<count).map { _ in
      at(.random(in: 0...4000, using: &random), .random(in: 0...4000, using: &random))
    }
    let edges = (0..<(count * 2)).compactMap { _ -> RoadEdge? in
      let from = Int.random(in: 0..<count, using: &random)
      let to = Int.random(in: 0..<count, using: &random)
      guard from != to else { return nil }
      let metres = nodes[from].distance(to: nodes[to])
      return RoadEdge(from: Int32(from), to: Int32(to), metres: metres, seconds: metres / 10)
    }
    return RoadNetwork(nodes: nodes, edges: edges, speeds: TravelSpeeds())
  }

  /// Far outside as well, where there are no roads near.
  func place(_ random: inout Seeded) -> Coordinate {
    let reach = Int.random(in: 0..<5, using: &random) == 0 ? 12_000.0 : 4500
    return at(.random(in: -500...reach, using: &random), .random(in: -500...reach, using: &random))
  }

  @Test func oneSearchFromAllPatrolsGivesTheTimesOfTheRecommendingSearch() {
    var random = Seeded(5)
    for round in 0..<60 {
      let roads = round % 6 == 0 ? nil : network(&random)
      let patrols = (0..<Int.random(in: 1...8, using: &random)).map { number in
        StandingPatrol(
          unit: unit(
            "巡\(number)", [.car, .motorcycle, .foot].randomElement(using: &random) ?? .car),
          point: place(&random))
      }
      let sweep = CoverageSweep(patrols: patrols, roads: roads, model: model)
      let travel: any TravelEstimator =
        roads.map { RoadTravel(network: $0, model: model) } ?? model
      for _ in 0..<40 {
        let goal = place(&random)
        var search = travel.search(to: goal)
        let times = patrols.map {
          min(search.estimate(from: $0.point, by: $0.unit.kind).seconds, CoverageSweep.limit)
        }
        let found = sweep.soonest(to: goal)
        let least = times.min() ?? .infinity
        #expect(abs((found?.seconds ?? -1) - least) < 1e-6, "round \(round)")
        if let found { #expect(times[found.patrol] - least < 1e-6) }
      }
    }
    #expect(CoverageSweep(patrols: [], roads: nil, model: model).soonest(to: corner) == nil)
  }

  @Test func aSquareIsInAnAreaIfItsMiddleIs() throws {
    var random = Seeded(9)
    for _ in 0..<30 {
      let corners = (0..<Int.random(in: 3...9, using: &random)).map { _ in
        at(.random(in: 0...5000, using: &random), .random(in: 0...5000, using: &random))
      }
      guard let area = try? Polygon(corners: corners),
        let grid = CoverageGrid(around: [area], cellMetres: 250)
      else { continue }
      let inside = Set(grid.cells(in: area))
      for cell in 0..<grid.count {
        #expect(try inside.contains(cell) == area.contains(grid.middle(of: cell)))
        #expect(grid.cell(holding: try grid.middle(of: cell)) == cell)
      }
    }
  }

  @Test func theFinestGridThatFitsIsTakenAndTooFineAOneIsRefused() throws {
    let bureau = try square(0, 0, 20_000)
    #expect(CoverageGrid(around: [bureau], cellMetres: nil)?.cellMetres == 250)
    #expect(CoverageGrid(around: [try square(0, 0, 5000)], cellMetres: nil)?.cellMetres == 100)
    #expect(CoverageGrid(around: [], cellMetres: nil) == nil)
    let question = CoverageQuestion(
      asOf: noon, areas: [area("1", .other, bureau)],
      told: [area("1", .other, bureau).id], cellMetres: 100)
    #expect(throws: DeploymentError.tooManyCells) { try CoverageJudge(question, Roster()).map() }
  }

  func roster(_ units: [(String, Double, Double)]) -> Roster {
    var roster = Roster()
    roster.travelModel = TravelModel(detourFactor: 1, speed: 10, turnout: 30)
    for (name, north, east) in units {
      let unit = unit(name)
      roster.put(unit)
      roster.put(UnitPosition(coordinate: at(north, east), fixTime: noon), of: unit.id)
    }
    return roster
  }

  func record(
    _ north: Double, _ east: Double, _ exclusion: DemandExclusion? = nil, arrival: Double? = nil
  ) -> DemandRecord {
    DemandRecord(
      point: at(north, east), receiveTime: noon, exclusion: exclusion, arrivalSeconds: arrival)
  }

  /// A centre of 4 km by 4 km and in it a key place: 10 m/s, so 1 800 m and 600 m are in time.
  @Test func sharesAreOfSquaresAndOfCallsEachWithItsDenominator() throws {
    let centre = area("1", .centre, try square(0, 0, 4000))
    let key = area("1-1", .keyPlace, try square(3905, 3905, 30), rank: .beat)
    let question = CoverageQuestion(
      asOf: noon, areas: [centre, key], told: [centre.id, key.id], cellMetres: 100,
      demand: [
        record(100, 100, arrival: 100), record(120, 100, arrival: 181), record(3000, 3000),
        record(100, 100, .officerDiscovered), record(3920, 3920, arrival: 61),
      ])
    let map = try CoverageJudge(question, roster([("巡1", 0, 0), ("巡2", 2000, 3930)])).map()
    let (whole, place) = (map.areas[0], map.areas[1])
    #expect((1560...1680).contains(whole.byArea.total) && whole.byArea.covered > 400)
    #expect(whole.byArea.covered < 1500)
    #expect(whole.byCalls.total == 4 && whole.byCalls.excluded == 1)
    #expect(whole.byArrivals.total == 3 && whole.byArrivals.excluded == 1)
    // Too small for any square: its own middle stands for it.
    #expect(place.byArea.total == 1 && place.byArea.covered == 0)
    #expect(place.byCalls.total == 1 && place.byArrivals.covered == 0)
    let standing = try #require(map.keyPlaces.first)
    #expect(!standing.isCovered && standing.near.map(\.unit.callSign) == ["巡2", "巡1"])
    #expect(abs(standing.near[0].late - (standing.near[0].seconds - 60)) < 1e-9)
    #expect(map.cells.allSatisfy { $0.areaClass == .centre || $0.areaClass == .keyPlace })
  }

  @Test func whoeverIsOnAnIncidentStaleOrAwayCoversNothing() throws {
    let centre = area("1", .centre, try square(0, 0, 1000))
    var roster = roster([("巡1", 500, 500), ("巡2", 500, 500), ("巡3", 500, 500), ("巡4", 500, 500)])
    roster.put(
      Commitment(
        assignmentID: id("a"), unitID: id("巡1"), incidentID: id("i"), state: .dispatched))
    var away = unit("巡2")
    away.availability = .notAvailable
    roster.put(away)
    roster.put(
      UnitPosition(coordinate: at(500, 500), fixTime: noon.addingTimeInterval(-601)),
      of: id("巡3", UnitTag.self))
    roster.put(DutyUnit(id: id("巡4", UnitTag.self), callSign: "巡4", kind: .drone))
    let question = CoverageQuestion(asOf: noon, areas: [centre], told: [centre.id])
    let map = try CoverageJudge(question, roster).map()
    #expect(map.freePatrolCount == 0)
    #expect(map.areas[0].byArea.covered == 0 && map.areas[0].byArea.total > 0)
    #expect(map.cells.allSatisfy { $0.seconds == nil && !$0.isCovered })
  }
}
