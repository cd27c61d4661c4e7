// Where the patrols of a post should be: from what citizens reported, so that as many as possible of the
// calls to come would be reached within the target.
public import Foundation
import Geography
import Identifiers

/// What is to be planned.
public struct DeploymentWish: Sendable {
  /// Of a few hours each, in order, one after the other.
  public let windows: [Range<Date>]
  /// By call sign.
  public let units: [StandingUnit]
  public let calls: [DemandCall]
  public let basis: DemandBasis
  /// All areas, for the names of places.
  public let areas: [Jurisdiction]

  public init(
    windows: [Range<Date>], units: [StandingUnit], calls: [DemandCall], basis: DemandBasis,
    areas: [Jurisdiction]
  ) {
    self.windows = windows
    self.units = units
    self.calls = calls
    self.basis = basis
    self.areas = areas
  }
}

/// The maximal covering location problem (Church and ReVelle, "The maximal covering location problem",
/// 1974): a given number of units, placed so that the weight of the calls within the target of at least
/// one of them is as great as can be. Solved by interchange (Teitz and Bart, "Heuristic methods for
/// estimating the generalized vertex median", 1968): from where the units stand, always the one move of
/// one unit that gains most, until none gains enough to be worth going. A move that gains nothing is
/// never made, so each has a reason. For such objectives a choice that no single move improves has at
/// least half of the best there is (Nemhauser, Wolsey and Fisher, 1978).
public struct DeploymentPlanner {
  /// Calls expected in a window that a move must gain.
  static let leastGain = 0.05
  /// Places that are considered.
  static let spotLimit = 120
  /// Side of the square of which one place is considered, in degrees of latitude and longitude.
  private static let square = (latitude: 0.00225, longitude: 0.0025)

  private let wish: DeploymentWish
  private let reach: DeploymentReach
  private let estimator: any TravelEstimator
  /// Where a unit may be: first where each stands, in the order of the units, then where calls are.
  private let spots: [Coordinate]
  /// Weight of each site, by window.
  private let weights: [[Double]]

  public init(_ wish: DeploymentWish, by estimator: any TravelEstimator) {
    self.wish = wish
    self.estimator = estimator
    let spots = wish.units.map(\.point) + Self.spots(wish.calls)
    let kinds = Set(wish.units.map(\.kind))
    let reach = DeploymentReach(
      wish.calls, from: kinds.flatMap { kind in spots.map { (point: $0, kind: kind) } },
      by: estimator)
    let forecast = DemandForecast(
      first: RosterDay(of: wish.basis.from), end: RosterDay(of: wish.basis.until))
    self.spots = spots
    self.reach = reach
    weights = wish.windows.map { window in
      reach.sites.map { site in
        site.calls.reduce(0) { $0 + forecast.weight(of: wish.calls[$1].time, for: window) }
      }
    }
  }

  /// In each square the place with most calls, of the squares with most calls.
  private static func spots(_ calls: [DemandCall]) -> [Coordinate] {
    struct Square: Hashable {
      let row: Int
      let column: Int
    }
    let sites = DemandSite.all(calls)
    let squares = Dictionary(grouping: sites) { site in
      Square(
        row: Int((site.point.latitude / square.latitude).rounded(.down)),
        column: Int((site.point.longitude / square.longitude).rounded(.down)))
    }
    return squares.map { square, sites in
      // Sites come in the order of their points: of equal ones the first.
      let best = sites.max { $0.calls.count < $1.calls.count } ?? sites[0]
      return (square, best.point, sites.reduce(0) { $0 + $1.calls.count })
    }.sorted {
      ($1.2, $0.0.row, $0.0.column) < ($0.2, $1.0.row, $1.0.column)
    }.prefix(spotLimit).map(\.1)
  }

  public func suggestion() -> DeploymentSuggestion {
    var positions = Array(wish.units.indices)
    let course = wish.windows.indices.map { window in
      positions = interchange(from: positions, weights[window])
      return positions
    }
    let posts = wish.units.indices.flatMap { unit in self.posts(of: unit, course.map { $0[unit] }) }
    let gains = gains(of: posts)
    return DeploymentSuggestion(
      posts: posts, standing: wish.units, gains: gains, basis: wish.basis,
      estimator: estimator.name, method: Self.method,
      summary: DeploymentWords.summary(posts, gains, wish.basis))
  }

  private static let method =
    "mclp_interchange half_life_d=\(Int(DemandForecast.halfLifeDays)) "
    + "other_weekday=\(DemandForecast.otherWeekday) spread_h=\(Int(DemandForecast.spreadHours)) "
    + "spots=\(spotLimit) least_gain=\(leastGain)"

  // MARK: Interchange

  private func sites(of unit: Int, at spot: Int) -> [Int] {
    reach.sites(from: spots[spot], by: wish.units[unit].kind)
  }

  private struct Move {
    let unit: Int
    let spot: Int
    let gain: Double
    let metres: Double

    /// Of moves that gain the same, the shorter one, then that of the first unit to the first place.
    func isBetter(than other: Move?) -> Bool {
      guard let other else { return true }
      if abs(gain - other.gain) > 1e-9 { return gain > other.gain }
      return (metres, unit, spot) < (other.metres, other.unit, other.spot)
    }
  }

  /// - Returns: the spot of each unit.
  func interchange(from start: [Int], _ weights: [Double]) -> [Int] {
    var positions = start
    var covering = [Int](repeating: 0, count: reach.sites.count)
    for unit in positions.indices {
      for site in sites(of: unit, at: positions[unit]) { covering[site] += 1 }
    }
    // Each move gains, so it ends by itself; the limit is for what rounding might do.
    for _ in 0..<(4 * positions.count + 20) {
      guard let move = bestMove(positions, covering, weights) else { break }
      for site in sites(of: move.unit, at: positions[move.unit]) { covering[site] -= 1 }
      for site in sites(of: move.unit, at: move.spot) { covering[site] += 1 }
      positions[move.unit] = move.spot
    }
    return positions
  }

  private func bestMove(
    _ positions: [Int], _ covering: [Int], _ weights: [Double]
  ) -> Move? {
    var best: Move?
    for unit in positions.indices {
      var others = covering
      let own = sites(of: unit, at: positions[unit])
      for site in own { others[site] -= 1 }
      let held = own.reduce(0) { others[$1] == 0 ? $0 + weights[$1] : $0 }
      for spot in spots.indices where spot != positions[unit] {
        let won = sites(of: unit, at: spot).reduce(0) {
          others[$1] == 0 ? $0 + weights[$1] : $0
        }
        guard won - held >= Self.leastGain else { continue }
        let move = Move(
          unit: unit, spot: spot, gain: won - held,
          metres: wish.units[unit].point.distance(to: spots[spot]))
        if move.isBetter(than: best) { best = move }
      }
    }
    return best
  }

  // MARK: What it says

  /// Of one unit; hours at the same spot in one.
  private func posts(of unit: Int, _ course: [Int]) -> [DeployedPost] {
    var posts: [DeployedPost] = []
    var first = 0
    for window in course.indices
    where window == course.count - 1 || course[window + 1] != course[window] {
      posts.append(post(of: unit, at: course[window], first...window))
      first = window + 1
    }
    return posts
  }

  private func post(of unit: Int, at spot: Int, _ windows: ClosedRange<Int>) -> DeployedPost {
    let standing = wish.units[unit]
    let hours = windows.map { wish.windows[$0] }
    let before = Set(wish.units.indices.flatMap { sites(of: $0, at: $0) })
    let calls = sites(of: unit, at: spot).flatMap { site in
      reach.sites[site].calls.filter { call in
        hours.contains { DemandForecast.isInHours(wish.calls[call].time, of: $0) }
      }.map { (call: $0, isNew: !before.contains(site)) }
    }
    let isMoved = spots[spot] != standing.point
    let name = Jurisdiction.placeName(of: spots[spot], among: wish.areas)
    let (start, end) = (hours[0].lowerBound, hours[hours.count - 1].upperBound)
    return DeployedPost(
      unitID: standing.unitID, callSign: standing.callSign, kind: standing.kind,
      point: spots[spot], placeName: name, start: start, end: end, isMoved: isMoved,
      reason: DeploymentWords.reason(
        isMoved: isMoved, reached: calls.count, new: calls.count { $0.isNew }, wish.basis))
  }

  /// What some posts gain over where the units stand, by window.
  public func gains(of posts: [DeployedPost]) -> [DeploymentGain] {
    let cover = DeploymentCover(posts: posts, standing: wish.units, calls: wish.calls, estimator)
    return wish.windows.map { gain(in: $0, cover) }
  }

  private func gain(in window: Range<Date>, _ cover: DeploymentCover) -> DeploymentGain {
    let forecast = DemandForecast(
      first: RosterDay(of: wish.basis.from), end: RosterDay(of: wish.basis.until))
    var gain = DeploymentGain(start: window.lowerBound, end: window.upperBound)
    for (number, call) in wish.calls.enumerated() {
      let weight = forecast.weight(of: call.time, for: window)
      let isInHours = DemandForecast.isInHours(call.time, of: window)
      guard weight > 0 || isInHours else { continue }
      let moment = DemandForecast.moment(of: call.time, in: window)
      let before = cover.isReachedFromStanding(number)
      let after = cover.isReached(number, at: moment)
      gain.expected += weight
      if before { gain.expectedBefore += weight }
      if after { gain.expectedAfter += weight }
      guard isInHours else { continue }
      gain.calls += 1
      if before { gain.before += 1 }
      if after { gain.after += 1 }
    }
    return gain
  }
}

extension Jurisdiction {
  /// Of the smallest area that holds the point; empty when none does.
  static func placeName(of point: Coordinate, among areas: [Jurisdiction]) -> String {
    areas.filter { $0.area.contains(point) }.min(by: comesFirst)?.orgUnit.name ?? ""
  }
}
