// What the domain refuses about footings, mode plans and musters, as callers are told.

import CommandDomain
import GRPCCore
import Identifiers
import Wire

extension ModeRefusal {
  var failure: Failure {
    switch self {
    case .planUnknown(let code): .notFound("MODE_PLAN_UNKNOWN", field: "plan_code", code)
    case .musterUnknown(let id): .notFound("MUSTER_UNKNOWN", field: "muster_id", id.description)
    case .memberUnknown(let code): .notFound("MEMBER_UNKNOWN", field: "member_code", code)
    case .levelUnknown(let field):
      .invalid("LEVEL_UNKNOWN", field: field, "预案没有这一级。The plan has no such level.")
    case .seatUnknown(let code):
      .invalid(
        "SEAT_UNKNOWN", field: "seats", "该单位没有席位 \(code)。The member has no seat \(code).")
    case .tooEarly:
      .invalid(
        "OUT_OF_RANGE", field: "occur_time",
        "时间早于它所依据的事。It lies before what it rests on.")
    case .memberKnown(let code):
      .known(
        "MEMBER_KNOWN", "code",
        "\(code) 已在预案或集结之中。\(code) is in the plan or the muster already.")
    case .alreadyAtWar(let plan, let level):
      .precondition(
        "ALREADY_AT_WAR",
        "已按“\(plan)”进入战时（\(level) 级），只能提高同一预案的等级。"
          + "At war footing by \(plan), level \(level): only its level can be raised.")
    case .atPeace: .precondition("AT_PEACE", "当前为平时。The bureau is at peace footing.")
    case .nobodySummoned:
      .precondition(
        "NOBODY_SUMMONED", "该级不召集任何单位。The plan summons nobody at this level.")
    case .tooManyMembers:
      .precondition(
        "TOO_MANY_MEMBERS",
        "最多 \(Muster.memberLimit) 个单位。At most \(Muster.memberLimit) members.")
    }
  }
}
