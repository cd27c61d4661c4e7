// The one mapping from what tasks refuse to what a caller is told.
public import DutyDomain
import Foundation
import GRPCCore
import Identifiers
public import Wire

extension TaskError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .templateUnknown(let code, let field):
      .notFound("TASK_TEMPLATE_UNKNOWN", field: field, code)
    case .planUnknown(let beat):
      .notFound("TASK_PLAN_UNKNOWN", field: "beat_id", beat.description)
    case .taskUnknown(let id): .notFound("TASK_UNKNOWN", field: "task_id", id.description)
    case .photoUnknown(let digest): .notFound("PHOTO_UNKNOWN", field: "digest", digest)
    case .changed: .stale()
    case .peopleNotAsked(let field, let word):
      .invalid(
        "PEOPLE_NOT_ASKED", field: "template.\(field)",
        "标准件不得涉及“\(word)”。Standard work must not ask about “\(word)”.")
    case .factNotAField(let code):
      .invalid(
        "FIELD_UNKNOWN", field: "template.fact_codes",
        "表单没有 \(code)。The form has no field \(code).")
    case .factKind(let code):
      .invalid(
        "KIND_NOT_ALLOWED", field: "template.fact_codes",
        "照片、签名和时间须每次填写，\(code) 不能沿用。"
          + "Photos, signatures and times are asked each time; \(code) cannot be a fact.")
    case .templateRetired(let code):
      .precondition("TEMPLATE_RETIRED", "标准件 \(code) 已停用。\(code) is retired.")
    case .periodOnce(let code, let field):
      .invalid(
        "PERIOD_ONCE", field: field,
        "\(code) 只能临时下达，不能列入计划。\(code) is asked for once, and belongs to no plan.")
    case .notABeat(let id):
      .precondition("NOT_A_BEAT", "\(id) 不是责任区。\(id) is no beat.")
    case .moveNotAllowed(let from, let to):
      .precondition(
        "MOVE_NOT_ALLOWED",
        "任务不能从 \(from.rawValue) 变为 \(to)。A task cannot go from \(from.rawValue) to \(to).")
    case .sameBeat:
      .precondition("MOVE_NOT_ALLOWED", "任务已在该责任区。The task is on that beat's list already.")
    case .tooManyPhotos:
      .precondition(
        "TOO_MANY_PHOTOS",
        "每项任务最多 \(TaskPhoto.limit) 张照片。A task has \(TaskPhoto.limit) photos at most.")
    case .outsideReach(let field): .outsideArea(field)
    case .dueTimeOutOfRange:
      .invalid(
        "OUT_OF_RANGE", field: "due_time",
        "须晚于下达时间，且不超过 31 天。It must be later than the request, by 31 days at most.")
    }
  }
}
