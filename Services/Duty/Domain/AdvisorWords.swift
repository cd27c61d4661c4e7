// The advisor's reasons as people read them, Chinese first, each with the figures it rests on.
import Foundation

enum AdvisorWords {
  static func recommended(
    _ traveller: Traveller, turnout: Double, fixAge: Double, isConditional: Bool
  ) -> String {
    let (chinese, english) = way(traveller, turnout: turnout)
    let age = whole(fixAge)
    if isConditional {
      return "可派单元不足，有条件可派：\(chinese)，定位 \(age) 秒前。"
        + "Conditionally available, for want of available units: "
        + "\(english), position \(age) s old."
    }
    return "\(chinese)，定位 \(age) 秒前。\(capitalised(english)), position \(age) s old."
  }

  /// How far and how long, with how that was estimated.
  static func way(
    _ traveller: Traveller, turnout: Double
  ) -> (chinese: String, english: String) {
    let straight = whole(traveller.metres)
    let (seconds, road) = (
      whole(turnout + traveller.travel.seconds), whole(traveller.travel.metres)
    )
    switch traveller.travel.way {
    case .straightLine:
      return ("直线 \(straight) 米，预计 \(seconds) 秒", "\(straight) m away, about \(seconds) s")
    case .roads:
      return (
        "直线 \(straight) 米，行车 \(road) 米，预计 \(seconds) 秒",
        "\(straight) m away, \(road) m by road, about \(seconds) s"
      )
    case .direct:
      return (
        "直线 \(straight) 米，不走车道，预计 \(seconds) 秒",
        "\(straight) m away, not by road, about \(seconds) s"
      )
    case .noRoad:
      return (
        "直线 \(straight) 米，路网不通，至少 \(seconds) 秒",
        "\(straight) m away, no way by road, at least \(seconds) s"
      )
    }
  }

  static func passedOver(
    _ member: Roster.Member, reason: PassOverReason, asOf time: Date, wanted: [String],
    traveller: Traveller?, turnout: Double
  ) -> String {
    switch reason {
    case .assigned: assigned(member.commitments.map(\.state))
    case .notAvailable: notAvailable(member.unit.condition)
    case .notCapable: notCapable(member.unit.capabilities, wanted)
    case .positionStale: stale(member.position.map { UnitAdvisor.fixAge($0, asOf: time) })
    case .otherKind: "预案不需要此类警力。No line of the plan asks for its kind."
    case .coverage:
      "留守：是唯一能按时到达重点部位的单元。Stays: the last that reaches a key place in time."
    case .farther:
      farther(traveller, turnout, isConditional: member.unit.availability != .available)
    }
  }

  private static func assigned(_ commitments: [CommitmentState]) -> String {
    let (chinese, english) = words(commitments.first ?? .assigned)
    return "已有 \(commitments.count) 项派警，\(chinese)。"
      + "On \(commitments.count) assignment\(commitments.count == 1 ? "" : "s"), \(english)."
  }

  private static func words(_ state: CommitmentState) -> (chinese: String, english: String) {
    switch state {
    case .assigned: ("已选派", "chosen")
    case .dispatched: ("已下令", "ordered")
    case .acknowledged: ("已签收", "order signed")
    case .enRoute: ("途中", "en route")
    case .onScene: ("在现场", "on scene")
    case .ended: ("已结束", "ended")
    }
  }

  private static func notAvailable(_ condition: UnitCondition?) -> String {
    switch condition {
    case nil: "不可派。Not available."
    case .staging: "不可派：待命集结。Not available: staging."
    case .delayed: "不可派：延误。Not available: delayed."
    case .offDuty: "不可派：下勤。Not available: off duty."
    case .outOfService: "不可派：停用。Not available: out of service."
    }
  }

  private static func notCapable(_ held: [String], _ wanted: [String]) -> String {
    let missing = Set(wanted).subtracting(held).sorted()
    return "缺少能力 \(missing.joined(separator: "、"))。Lacks \(missing.joined(separator: ", "))."
  }

  private static func stale(_ age: Double?) -> String {
    guard let age else { return "从未上报定位。Never gave a position." }
    let limit = whole(UnitAdvisor.fixAgeLimit)
    // Rounded up: 600.2 s must not read as "600 s, more than 600 s".
    let seconds = whole(age.rounded(.up))
    return "定位是 \(seconds) 秒前的，超过 \(limit) 秒。"
      + "Position \(seconds) s old, more than \(limit) s."
  }

  private static func farther(
    _ traveller: Traveller?, _ turnout: Double, isConditional: Bool
  ) -> String {
    guard let traveller else { return "可派，但更远。Suitable, but farther." }
    let (chinese, english) = way(traveller, turnout: turnout)
    if isConditional {
      return "有条件可派，排在可派单元之后：\(chinese)。"
        + "Conditionally available, behind available units: \(english)."
    }
    return "可派，但更远：\(chinese)。Suitable, but farther: \(english)."
  }

  static func whole(_ value: Double) -> String { String(format: "%.0f", value) }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
