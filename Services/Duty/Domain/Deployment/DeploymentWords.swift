// A deployment's reasons as people read them, Chinese first, each with the figures it rests on.
import Foundation

enum DeploymentWords {
  private static func days(_ basis: DemandBasis) -> Int {
    RosterDay(of: basis.until).number - RosterDay(of: basis.from).number
  }

  /// - Parameters:
  ///   - reached: calls of the post's hours within the target from there.
  ///   - new: of those, the ones that nobody reaches in time from where the units stand.
  static func reason(isMoved: Bool, reached: Int, new: Int, _ basis: DemandBasis) -> String {
    let days = days(basis)
    guard isMoved else {
      return "原地：近 \(days) 天同时段群众报警 \(reached) 起由此可按时到达，别处增益不足。"
        + "Stays: \(reached) citizens' calls of these hours in the last \(days) days are in time "
        + "from here, and no other place gains enough."
    }
    return "移位：近 \(days) 天同时段群众报警 \(reached) 起由此可按时到达，其中 \(new) 起从现有位置均不能按时到达。"
      + "Moves: \(reached) citizens' calls of these hours in the last \(days) days are in time "
      + "from here; \(new) of them are from nowhere that units stand now."
  }

  static func summary(
    _ posts: [DeployedPost], _ gains: [DeploymentGain], _ basis: DemandBasis
  ) -> String {
    let moved = Set(posts.filter(\.isMoved).map(\.unitID)).count
    let units = Set(posts.map(\.unitID)).count
    let calls = gains.reduce(0) { $0 + $1.calls }
    let before = gains.reduce(0) { $0 + $1.before }
    let after = gains.reduce(0) { $0 + $1.after }
    let days = days(basis)
    let expected = gains.reduce(0) { $0 + $1.expected }
    let more = gains.reduce(0) { $0 + $1.expectedAfter - $1.expectedBefore }
    let figures = (number(expected), number(more))
    return "\(units) 个单元中移位 \(moved) 个；近 \(days) 天同时段群众报警 \(calls) 起，按时可达由 \(before) 起"
      + "变为 \(after) 起；预计 \(figures.0) 起中多覆盖 \(figures.1) 起。民警自行发现的不计。"
      + "\(moved) of \(units) units move; of \(calls) citizens' calls of these hours in the last "
      + "\(days) days, \(after) instead of \(before) would be in time; of \(figures.0) expected, "
      + "\(figures.1) more. What officers found themselves does not count."
  }

  static func outcome(
    calls: Int, with: Int, without: Int, arrived: Int, arrivedWithin: Int
  ) -> String {
    "实际群众报警 \(calls) 起：按部署可按时到达 \(with) 起，不部署 \(without) 起（同一模型）；"
      + "实到 \(arrived) 起，其中按时 \(arrivedWithin) 起。"
      + "\(calls) citizens' calls came: \(with) in time by the deployment, \(without) without it "
      + "(the same model); units arrived at \(arrived), at \(arrivedWithin) in time."
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
