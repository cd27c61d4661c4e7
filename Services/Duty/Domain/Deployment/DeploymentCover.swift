// Whether a call is within the target of somebody, with a deployment and without.
import Foundation
import Geography
import Identifiers

struct DeploymentCover {
  private let posts: [DeployedPost]
  private let standing: [StandingUnit]
  /// By number of the call: which posts, and which units from where they stand.
  private var byPost: [[Int]]
  private var byStanding: [[Int]]
  /// Numbers of posts, by unit.
  private let postsOf: [UnitID: [Int]]

  init(
    posts: [DeployedPost], standing: [StandingUnit], calls: [DemandCall],
    _ estimator: any TravelEstimator
  ) {
    self.posts = posts
    self.standing = standing
    postsOf = Dictionary(grouping: posts.indices) { posts[$0].unitID }
    byPost = Array(repeating: [], count: calls.count)
    byStanding = Array(repeating: [], count: calls.count)
    let reach = DeploymentReach(
      calls,
      from: posts.map { (point: $0.point, kind: $0.kind) }
        + standing.map { (point: $0.point, kind: $0.kind) },
      by: estimator)
    for (number, post) in posts.enumerated() {
      for call in reach.calls(from: post.point, by: post.kind) { byPost[call].append(number) }
    }
    for (number, unit) in standing.enumerated() {
      for call in reach.calls(from: unit.point, by: unit.kind) { byStanding[call].append(number) }
    }
  }

  /// As if there were no deployment.
  func isReachedFromStanding(_ call: Int) -> Bool { !byStanding[call].isEmpty }

  /// With it. Whoever has no post at that moment stands where it would.
  func isReached(_ call: Int, at time: Date) -> Bool {
    if byPost[call].contains(where: { posts[$0].holds(at: time) }) { return true }
    return byStanding[call].contains { number in
      !(postsOf[standing[number].unitID] ?? []).contains { posts[$0].holds(at: time) }
    }
  }
}

extension DeploymentReach {
  /// Numbers of calls.
  fileprivate func calls(from point: Coordinate, by kind: UnitKind) -> [Int] {
    sites(from: point, by: kind).flatMap { sites[$0].calls }
  }
}
