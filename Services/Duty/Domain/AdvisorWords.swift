// The advisor's reasons as people read them, Chinese first, each with the figures it rests on.
import Foundation

enum AdvisorWords {
  static func recommended(
    metres: Double, seconds: Double, fixAge: Double, isConditional: Bool
  ) -> String {
    let (metres, seconds, age) = (whole(metres), whole(seconds), whole(fixAge))
    if isConditional {
      return "可派单元不足，有条件可派：直线 \(metres) 米，预计 \(seconds) 秒，定位 \(age) 秒前。"
        + "Conditionally available, for want of available units: "
        + "\(metres) m away, about \(seconds) s, position \(age) s old."
    }
    return "直线 \(metres) 米，预计 \(seconds) 秒，定位 \(age) 秒前。"
      + "\(metres) m away, about \(seconds) s, position \(age) s old."
  }

  static func passedOver(
    _ member: Roster.Member, reason: PassOverReason, metres: Double?, _ wish: RecommendationWish,
    _ model: TravelModel
  ) -> String {
    switch reason {
    case .assigned: assigned(member.commitments)
    case .notAvailable: notAvailable(member.unit.condition)
    case .notCapable: notCapable(member.unit.capabilities, wish.capabilities)
    case .positionStale: stale(member.position.map { UnitAdvisor.fixAge($0, wish) })
    case .farther:
      farther(metres ?? 0, model, isConditional: member.unit.availability != .available)
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
    _ metres: Double, _ model: TravelModel, isConditional: Bool
  ) -> String {
    let (seconds, metres) = (whole(model.seconds(metres: metres)), whole(metres))
    if isConditional {
      return "有条件可派，排在可派单元之后：直线 \(metres) 米，预计 \(seconds) 秒。"
        + "Conditionally available, behind available units: \(metres) m away, about \(seconds) s."
    }
    return "可派，但更远：直线 \(metres) 米，预计 \(seconds) 秒。"
      + "Suitable, but farther: \(metres) m away, about \(seconds) s."
  }

  private static func whole(_ value: Double) -> String { String(format: "%.0f", value) }
}
