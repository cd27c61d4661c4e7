// The one mapping from what the domain refuses to what a caller is told.
public import DutyDomain
import GRPCCore
import Identifiers
public import Wire

extension DutyError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .orgUnitUnknown(let id, let field):
      .notFound("ORG_UNIT_UNKNOWN", field: field, id.description)
    case .rankNotBelowParent(let code, let rank, let parentRank):
      .precondition(
        "RANK_NOT_BELOW_PARENT",
        "\(code) 的级别（\(rank.chinese)）须低于上级机构（\(parentRank.chinese)）。"
          + "The rank of \(code), \(rank.rawValue), must be below its parent's, "
          + "\(parentRank.rawValue).")
    case .orgUnitNotEmpty(let code, let below):
      .precondition(
        "ORG_UNIT_NOT_EMPTY",
        "\(code) 之下还有 \(below) 等机构，请先撤销或划转。"
          + "\(below) still stands below \(code); move it or end it first.")
    case .orgUnitTimeBeforeLastChange(let id, let last):
      .precondition(
        "TIME_BEFORE_LAST_CHANGE",
        "\(id) 在 \(last.timestamp.text) 已更改，不能早于此时。"
          + "\(id) last changed at \(last.timestamp.text), after this time.")
    case .unitUnknown(let id):
      .notFound("UNIT_UNKNOWN", field: "unit_id", id)
    case .unitOutsideReach:
      .outsideArea("org_unit_id")
    case .groupUnknown(let id):
      .notFound("UNIT_UNKNOWN", field: "group_id", id.description)
    case .unitIsGroup, .unitNotAGroup, .groupKindFixed, .groupHasParts, .groupOfAnotherOrgUnit,
      .groupFull:
      groupFailure
    case .caseNotOpen:
      .denied(
        "CASE_NOT_OPEN", "purpose.case_id",
        "该案由不存在、已结束或不在您的范围内。The case has ended, or does not exist within your reach.")
    case .caseNotOfUnit:
      .denied(
        "CASE_NOT_OF_UNIT", "purpose.case_id",
        "该警力未被派往此警情，不能以此为由查询其轨迹。"
          + "The unit was not sent to this incident: its track is not looked up for it.")
    case .unitChanged:
      .stale()
    case .terminalUnknown(let code):
      .notFound("TERMINAL_UNKNOWN", field: "code", code)
    case .terminalSuperseded:
      .precondition(
        "TERMINAL_SUPERSEDED",
        "同一终端已另行连接。Another connection of the same terminal has taken over.")
    case .terminalKind(let kind, let field):
      .invalid(
        "KIND_NOT_ALLOWED", field: field,
        "此类终端（\(kind.rawValue)）不报告 \(field)。"
          + "A terminal of this kind, \(kind.rawValue), does not report \(field).")
    case .assignmentUnknown(let id):
      .notFound("ASSIGNMENT_UNKNOWN", field: "step.assignment_id", id.description)
    case .timeBeforeLastChange(let id, let last):
      .precondition(
        "TIME_BEFORE_LAST_CHANGE",
        "\(id) 的状态在 \(last.timestamp.text) 已更改，不能早于此时。"
          + "The status of \(id) last changed at \(last.timestamp.text), after this time.")
    case .networkEmpty:
      .invalid(
        "NETWORK_EMPTY", field: "batch.edges",
        "没有一条可用的道路，原路网不变。Not one edge is good: the network stays as it was.")
    case .planChanged: .stale()
    case .planUnknown: .notFound("RESPONSE_PLAN_UNKNOWN", field: "level", "response plan")
    }
  }
}

extension Failure {
  /// PERMISSION_DENIED.
  static func denied(_ reason: String, _ field: String, _ message: String) -> Failure {
    Failure(code: .permissionDenied, reason: reason, field: field, message: message)
  }
}

extension DutyError {
  /// Of groups of units.
  private var groupFailure: Failure {
    switch self {
    case .unitIsGroup(let id):
      .precondition(
        "UNIT_IS_GROUP",
        "\(id) 是编组，由其成员得出，请对成员操作。\(id) is a group: ask this of its parts.")
    case .unitNotAGroup(let id):
      .precondition("UNIT_NOT_A_GROUP", "\(id) 不是编组。\(id) is no group.")
    case .groupKindFixed(let id):
      .precondition(
        "GROUP_KIND_FIXED",
        "\(id) 不能在编组与单个警力之间改变。\(id) cannot change between a group and a single unit.")
    case .groupHasParts(let id):
      .precondition(
        "GROUP_HAS_PARTS",
        "\(id) 尚有成员，不能改变所属机构。\(id) has parts: its organisation stays.")
    case .groupOfAnotherOrgUnit(let id):
      .precondition(
        "GROUP_OF_ANOTHER_ORG_UNIT",
        "编组 \(id) 属于另一机构。The group \(id) belongs to another organisation.")
    default:
      .precondition(
        "GROUP_FULL",
        "编组最多 \(UnitView.partLimit) 个成员。A group has up to \(UnitView.partLimit) parts.")
    }
  }
}

extension OrgRank {
  /// As people call it.
  fileprivate var chinese: String {
    switch self {
    case .city: "市局"
    case .county: "分局、县局"
    case .station: "派出所"
    case .beat: "责任区"
    }
  }
}
