// The one mapping from what rosters and seats refuse to what a caller is told.
public import DutyDomain
import Foundation
import GRPCCore
import Identifiers
public import Wire

extension RosterError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .officerUnknown(let number, let field):
      .notFound("OFFICER_UNKNOWN", field: field, number)
    case .seatUnknown(let code, let field): .notFound("SEAT_UNKNOWN", field: field, code)
    case .patternUnknown(let code, let field): .notFound("PATTERN_UNKNOWN", field: field, code)
    case .shiftUnknown(let id, let field): .notFound("SHIFT_UNKNOWN", field: field, id)
    case .swapUnknown(let id): .notFound("SWAP_UNKNOWN", field: "swap_id", id.description)
    case .leaveUnknown(let id): .notFound("LEAVE_UNKNOWN", field: "leave_id", id.description)
    case .noteUnknown(let id): .notFound("NOTE_UNKNOWN", field: "note_id", id.description)
    case .patternOverlaps(let code):
      .invalid(
        "PATTERN_OVERLAPS", field: "pattern.days",
        "班制 \(code) 会使一个班组同时在两个班次。"
          + "The pattern \(code) would put a crew into two turns at once.")
    case .notOfTheStaff(let actor):
      denied(
        "NOT_OF_THE_STAFF",
        "\(actor) 不是在册民警，请管理员登记。"
          + "\(actor) is no officer on record; ask an administrator.")
    case .notOnShiftOfSeat(let code):
      denied(
        "NOT_ON_SHIFT",
        "您此时不在 \(code) 席位的班次上；顶班须由值班长指定。"
          + "You are not on a shift of \(code) at this time; a shift leader names substitutes.")
    default: precondition
    }
  }

  private func denied(_ reason: String, _ message: String) -> Failure {
    Failure(code: .permissionDenied, reason: reason, message: message)
  }

  /// What the state of things forbids.
  private var precondition: Failure {
    let (reason, chinese, english) = words
    return .precondition(reason, chinese + english)
  }

  private var words: (reason: String, chinese: String, english: String) {
    switch self {
    case .actorTaken(let actor):
      ("ACTOR_TAKEN", "\(actor) 已是另一民警。", "\(actor) is another officer already.")
    case .tooManySeats:
      ("TOO_MANY_SEATS", "席位最多 \(Seat.limit) 个。", "There are \(Seat.limit) seats at most.")
    case .crewsMismatch(let given, let wanted):
      (
        "CREWS_MISMATCH", "班制需要 \(wanted) 个班组，给了 \(given) 个。",
        "The pattern takes \(wanted) crews; \(given) were given."
      )
    case .notOnShift(let officer, let id):
      ("NOT_ON_SHIFT", "\(officer) 不在班次 \(id) 上。", "\(officer) is not on the shift \(id).")
    case .alreadyOnShift(let officer, let id):
      ("ALREADY_ON_SHIFT", "\(officer) 已在班次 \(id) 上。", "\(officer) is on the shift \(id) already.")
    case .shiftBegun(let id):
      ("SHIFT_BEGUN", "班次 \(id) 已开始。", "The shift \(id) has begun.")
    case .shiftEnded(let id):
      ("SHIFT_ENDED", "班次 \(id) 已结束。", "The shift \(id) is over.")
    case .breach(let breach, let officer, let start): Self.words(breach, officer, start)
    case .ownAffair(let officer):
      (
        "OWN_AFFAIR", "涉及 \(officer) 本人，须由他人办理。",
        "It concerns \(officer) themselves; somebody else must do it."
      )
    case .moveNotAllowed(let from, let to):
      ("MOVE_NOT_ALLOWED", "不能从 \(from) 变为 \(to)。", "It cannot go from \(from) to \(to).")
    case .handoverUnread(let notes):
      (
        "HANDOVER_UNREAD", "请先阅读交接记录：\(notes.map(\.description).joined(separator: "、"))。",
        "Read the handover first: \(notes.map(\.description).joined(separator: ", "))."
      )
    case .handoverRequired:
      (
        "HANDOVER_REQUIRED", "离席前请写交接记录，或说明无交接事项。",
        "Before leaving, write a handover note, or say that there is nothing."
      )
    case .notSeated(let code):
      ("NOT_SEATED", "您不在 \(code) 席位。", "You do not sit at \(code).")
    case .seatedElsewhere(let code):
      ("SEATED_ELSEWHERE", "您仍在 \(code) 席位，请先离席。", "You still sit at \(code); leave it first.")
    case .timeBeforeLastChange(let last):
      (
        "TIME_BEFORE_LAST_CHANGE", "不能早于 \(last.timestamp.text)。",
        "It must not be before \(last.timestamp.text)."
      )
    default: ("ROSTER_REFUSED", "排班规则不允许。", "The rules of rosters do not allow it.")
    }
  }

  private static func words(
    _ breach: RosterBreach, _ officer: String, _ start: Date
  ) -> (reason: String, chinese: String, english: String) {
    let at = start.timestamp.text
    return switch breach {
    case .notQualified(let missing):
      (
        "NOT_QUALIFIED", "\(officer) 缺少资格 \(missing.joined(separator: "、"))。",
        "\(officer) lacks \(missing.joined(separator: ", "))."
      )
    case .doubleShift(let other):
      (
        "DOUBLE_SHIFT", "\(officer) 在 \(other.timestamp.text) 另有班次，与 \(at) 的班次重叠。",
        "\(officer) has another shift from \(other.timestamp.text), which overlaps that of \(at)."
      )
    case .restTooShort(let minutes):
      (
        "REST_TOO_SHORT", "\(officer) 在 \(at) 的班次前后只休息 \(minutes) 分钟。",
        "\(officer) would rest only \(minutes) min beside the shift of \(at)."
      )
    case .onLeave:
      ("ON_LEAVE", "\(officer) 在 \(at) 请假。", "\(officer) is on leave at \(at).")
    }
  }
}
