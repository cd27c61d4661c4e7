// Travel times by road: one-way streets, places between crossings, and every answer held against a
// search that looks at every way.
import Foundation
import Geography
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct RoadTravelTests {
  let corner: Coordinate
  init() throws { corner = try Coordinate(latitude: 22.5, longitude: 114) }

  let model = TravelModel(detourFactor: 1.4, speed: 8, turnout: 60)

  func at(_ north: Double, _ east: Double) -> Coordinate {
    corner.offset(northMetres: north, eastMetres: east)
  }

  /// Edges at 10 m/s, as long as they are straight.
  func network(
    _ places: [(Double, Double)], _ edges: [(Int, Int)], speed: Double = 10
  ) -> RoadNetwork {
    let nodes = places.map { at($0.0, $0.1) }
    return RoadNetwork(
      nodes: nodes,
      edges: edges.map { from, to in
        let metres = nodes[from].distance(to: nodes[to])
        return RoadEdge(
          from: Int32(from), to: Int32(to), metres: metres, seconds: metres / speed)
      }, speeds: TravelSpeeds(changes: ["access": 18 / 3.6]))
  }

  func seconds(_ network: RoadNetwork, _ from: Coordinate, _ to: Coordinate) -> Double {
    var search = RoadTravel(network: network, model: model).search(to: to)
    return search.estimate(from: from, by: .car).seconds
  }

  @Test func aOneWayStreetIsDrivenInItsDirectionOnly() {
    // A square, anticlockwise only.
    let square = network(
      [(0, 0), (0, 1000), (1000, 1000), (1000, 0)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    #expect(abs(seconds(square, at(0, 0), at(0, 1000)) - 100) < 0.2)
    #expect(abs(seconds(square, at(0, 1000), at(0, 0)) - 300) < 0.5)
    // Along one street: ahead is short, back is all the way round.
    #expect(abs(seconds(square, at(0, 200), at(0, 600)) - 40) < 0.2)
    #expect(abs(seconds(square, at(0, 600), at(0, 200)) - 360) < 0.5)
  }

  @Test func theNearestByStraightLineIsNotSentTheWrongWayRound() throws {
    // The incident is on a long one-way road; "near" has just passed it, "far" comes towards it.
    let road = network(
      [(0, 0), (0, 2000), (1500, 2000), (1500, 0)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    var roster = Roster()
    roster.travelModel = model
    for (name, east) in [("far", 500.0), ("near", 1100.0)] {
      let unit = DutyUnit(id: id(name, UnitTag.self), callSign: name, kind: .car)
      roster.put(unit)
      roster.put(UnitPosition(coordinate: at(0, east), fixTime: noon), of: unit.id)
    }
    let wish = RecommendationWish(point: at(0, 1000), asOf: noon, limit: 1)
    #expect(UnitAdvisor.recommend(wish, from: roster).units.map(\.callSign) == ["near"])
    roster.roads = road
    let answer = UnitAdvisor.recommend(wish, from: roster)
    #expect(answer.units.map(\.callSign) == ["far"])
    #expect(abs(answer.units[0].travelTime - (60 + 50)) < 1)
    #expect(answer.units[0].reason.hasPrefix("直线 500 米，行车 500 米，预计 110 秒"))
    #expect(answer.passedOver[0].detail.contains("更远：直线 100 米，行车 6900 米，预计 750 秒"))
    #expect(answer.estimator.hasPrefix("road_network nodes=4 edges=4"))
  }

  @Test func whoeverTakesNoRoadFliesStraight() {
    let road = network(
      [(0, 0), (0, 2000), (1500, 2000), (1500, 0)], [(0, 1), (1, 2), (2, 3), (3, 0)])
    var search = RoadTravel(network: road, model: model).search(to: at(0, 0))
    for (kind, speed) in [(UnitKind.drone, 50.0), (.helicopter, 180), (.boat, 30)] {
      let estimate = search.estimate(from: at(1500, 0), by: kind)
      #expect(estimate.way == .direct)
      #expect(abs(estimate.seconds - 1500 / (speed / 3.6)) < 0.1)
    }
    #expect(abs(search.estimate(from: at(600, 0), by: .foot).seconds - 840 / (6 / 3.6)) < 0.5)
  }

  @Test func offTheRoadsTheStraightLineServesAndWithoutAWayNobodyIsNear() {
    let islands = network(
      [(0, 0), (0, 500), (0, 900), (0, 1400)], [(0, 1), (1, 0), (2, 3), (3, 2)])
    var search = RoadTravel(network: islands, model: model).search(to: at(0, 100))
    let outside = search.estimate(from: at(9000, 0), by: .car)
    #expect(outside.way == .straightLine)
    let cutOff = search.estimate(from: at(0, 1000), by: .car)
    #expect(cutOff.way == .noRoad)
    #expect(cutOff.seconds == 3600)
    // From beside the road: 50 m to it at 5 m/s, 300 m along it.
    let beside = search.estimate(from: at(50, 400), by: .car)
    #expect(abs(beside.seconds - 40) < 0.2)
    #expect(search.estimate(from: at(0, 100), by: .car).seconds == 0)
  }

  /// Bellman and Ford's algorithm, forwards from each origin.
  func oracle(_ network: RoadNetwork, from origin: Int) -> [Double] {
    var times = [Double](repeating: .infinity, count: network.nodes.count)
    times[origin] = 0
    for _ in network.nodes.indices {
      for edge in network.edges {
        times[Int(edge.to)] = min(times[Int(edge.to)], times[Int(edge.from)] + edge.seconds)
      }
    }
    return times
  }

  @Test func everyTimeBetweenCrossingsIsTheShortest() {
    var random = Seeded(3)
    for round in 0..<40 {
      let count = Int.random(in: 3...25, using: &random)
      let places = (0..<count).map { _ in
        (Double.random(in: 0...4000, using: &random), Double.random(in: 0...4000, using: &random))
      }
      let edges = (0..<(count * 3)).map { _ in
        (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
      }.filter { $0.0 != $0.1 }
      let network = network(places, edges)
      // A place on a crossing is on it, whichever of its roads is found first.
      let used = Set(network.edges.flatMap { [Int($0.from), Int($0.to)] })
      for goal in used.prefix(4) {
        var search = RoadSearch(to: network.nodes[goal], network, model)
        for origin in used {
          let expected = origin == goal ? 0 : oracle(network, from: origin)[goal]
          let estimate = search.estimate(from: network.nodes[origin], by: .car)
          if expected <= RoadTravel.limit {
            #expect(abs(estimate.seconds - expected) < 0.6, "round \(round)")
          } else {
            #expect(estimate.way == .noRoad, "round \(round)")
          }
        }
      }
    }
  }

  @Test func theSoonestByRoadAreFoundWithoutLookingAtEveryUnit() {
    var random = Seeded(5)
    let places = (0..<36).map { node -> (Double, Double) in
      (Double(node / 6) * 700, Double(node % 6) * 700)
    }
    for _ in 0..<30 {
      var edges: [(Int, Int)] = []
      for node in 0..<36 {
        for next in [node + 1, node + 6] where next < 36 && (next != node + 1 || next % 6 != 0) {
          let way = Int.random(in: 0..<3, using: &random)
          if way != 1 { edges.append((node, next)) }
          if way != 2 { edges.append((next, node)) }
        }
      }
      var roster = Roster()
      roster.travelModel = model
      roster.roads = network(places, edges, speed: 15)
      for number in 0..<120 {
        let unit = DutyUnit(
          id: id("\(number)", UnitTag.self), callSign: "U\(number)",
          kind: number % 20 == 0 ? .drone : .car)
        roster.put(unit)
        roster.put(
          UnitPosition(
            coordinate: at(
              .random(in: -500...4000, using: &random), .random(in: -500...4000, using: &random)),
            fixTime: noon), of: unit.id)
      }
      let point = at(.random(in: 0...3500, using: &random), .random(in: 0...3500, using: &random))
      let wish = RecommendationWish(point: point, asOf: noon, limit: 5)
      var search = roster.travel.search(to: point)
      let all = roster.nearest(to: point, limit: 200).compactMap { member, metres in
        member.position.map {
          Traveller(
            member: member, metres: metres,
            travel: search.estimate(from: $0.coordinate, by: member.unit.kind))
        }
      }.sorted(by: Traveller.comesFirst)
      #expect(
        UnitAdvisor.recommend(wish, from: roster).units.map(\.callSign)
          == all.prefix(5).map(\.member.unit.callSign))
    }
  }
}
