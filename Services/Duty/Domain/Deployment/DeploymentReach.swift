// Which calls a unit reaches in time from which places: looked up once, asked many times.
import Foundation
import Geography
import Identifiers

/// Calls at one place. Points are rounded, so many calls share one.
struct DemandSite: Hashable {
  let point: Coordinate
  let target: Double
  /// Numbers of calls.
  let calls: [Int]

  /// By latitude, then longitude.
  static func all(_ calls: [DemandCall]) -> [DemandSite] {
    struct Key: Hashable {
      let point: Coordinate
      let target: Double
    }
    let grouped = Dictionary(grouping: calls.indices) {
      Key(point: calls[$0].point, target: calls[$0].target)
    }
    return grouped.map { DemandSite(point: $0.key.point, target: $0.key.target, calls: $0.value) }
      .sorted {
        ($0.point.latitude, $0.point.longitude, $0.target)
          < ($1.point.latitude, $1.point.longitude, $1.target)
      }
  }
}

struct DeploymentReach {
  private struct Origin: Hashable {
    let point: Coordinate
    let kind: UnitKind
  }

  let sites: [DemandSite]
  /// Numbers of sites within their target, ascending.
  private let reached: [Origin: [Int]]

  /// - Parameter origins: where units of a kind might be.
  init(
    _ calls: [DemandCall], from origins: [(point: Coordinate, kind: UnitKind)],
    by estimator: any TravelEstimator
  ) {
    sites = DemandSite.all(calls)
    let origins = Set(origins.map { Origin(point: $0.point, kind: $0.kind) })
    var reached = Dictionary(uniqueKeysWithValues: origins.map { ($0, [Int]()) })
    for (number, site) in sites.enumerated() {
      // Each destination is one search, and goes no further than somebody might come from in time.
      var search = estimator.search(to: site.point)
      for origin in origins {
        let metres = origin.point.distance(to: site.point)
        guard search.leastSeconds(metres: metres, kinds: [origin.kind]) <= site.target,
          search.estimate(from: origin.point, by: origin.kind).seconds <= site.target
        else { continue }
        reached[origin]?.append(number)
      }
    }
    self.reached = reached
  }

  func sites(from point: Coordinate, by kind: UnitKind) -> [Int] {
    reached[Origin(point: point, kind: kind)] ?? []
  }
}
