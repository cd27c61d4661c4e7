// What the domain refuses about support requests, consultations and series, as callers are told.

import CommandDomain
import GRPCCore
import Identifiers
import Wire

extension JointRefusal {
  var failure: Failure {
    switch self {
    case .supportRequestUnknown(let id):
      .notFound("SUPPORT_REQUEST_UNKNOWN", field: "support_request_id", id.description)
    case .partUnknown(let number):
      .notFound("SUPPORT_PART_UNKNOWN", field: "part_number", String(number))
    case .consultationUnknown(let id):
      .notFound("CONSULTATION_UNKNOWN", field: "consultation_id", id.description)
    case .participantUnknown(let recipient):
      .notFound("PARTICIPANT_UNKNOWN", field: "participant", recipient.id)
    case .itemUnknown(let number):
      .notFound("AGENDA_ITEM_UNKNOWN", field: "item_number", String(number))
    case .decisionUnknown(let number):
      .notFound("DECISION_UNKNOWN", field: "decision_number", String(number))
    case .seriesUnknown(let id): .notFound("SERIES_UNKNOWN", field: "series_id", id.description)
    case .seriesMemberUnknown(let id):
      .notFound("SERIES_MEMBER_UNKNOWN", field: "incident_id", id.description)
    case .duplicateParticipant: .duplicate("participants")
    case .dueNotAhead:
      .invalid(
        "DUE_TIME_NOT_AHEAD", field: "due_time",
        "期限须在决定之后一年以内。It is due after the decision, and within a year.")
    case .seriesTooSmall:
      .invalid(
        "SERIES_TOO_SMALL", field: "members",
        "串并案至少 \(Series.least) 起警情。A series has \(Series.least) incidents at least.")
    case .partOpen(let seat):
      .known(
        "SUPPORT_PART_OPEN", "part.seat_code",
        "席位 \(seat) 还有未办结的支撑任务。The seat \(seat) has a part that it has not ended.")
    case .linkKnown(let number):
      .known(
        "LINK_KNOWN", "item_number", "议题 \(number) 已有此关联。Item \(number) has this link already.")
    case .seriesMemberKnown(let id):
      .known(
        "SERIES_MEMBER_KNOWN", "incident_id",
        "\(id) 已在该串并案中。\(id) belongs to the series already.")
    case .tooManyParts(let limit):
      .precondition("TOO_MANY_PARTS", "最多 \(limit) 项。At most \(limit) parts.")
    case .supportOpen(let id, let open):
      .precondition(
        "SUPPORT_OPEN",
        "\(id) 有支撑请求未办结：\(open.map(\.description).joined(separator: ", "))。"
          + "Support was asked for \(id) that is neither closed nor withdrawn.")
    case .supportUnanswered(let id):
      .precondition(
        "SUPPORT_UNANSWERED",
        "没有席位答复 \(id)，不能记为解决。No seat answered \(id): it was not solved by support.")
    case .agendaFull(let limit):
      .precondition("AGENDA_FULL", "最多 \(limit) 项。There are \(limit) already.")
    case .decisionsNotIssued(let numbers): .decisionsNotIssued(numbers)
    case .attendanceOpen(let names): .attendanceOpen(names)
    case .tooManyMembers(let limit):
      .precondition("TOO_MANY_MEMBERS", "最多 \(limit) 起警情。At most \(limit) incidents.")
    case .seriesWouldEnd(let id):
      .precondition(
        "SERIES_WOULD_END",
        "\(id) 至少保留 \(Series.least) 起，可解除或否定。\(Series.least) stay in \(id): "
          + "dissolve or reject it instead.")
    }
  }
}

extension Failure {
  fileprivate static func decisionsNotIssued(_ numbers: [Int]) -> Failure {
    let list = numbers.map(String.init).joined(separator: ", ")
    return .precondition(
      "DECISION_NOT_ISSUED",
      "决定 \(list) 尚未下达或撤销。Decisions \(list) are neither issued nor withdrawn.")
  }

  fileprivate static func attendanceOpen(_ names: [String]) -> Failure {
    let list = names.prefix(5).joined(separator: "、") + (names.count > 5 ? " …" : "")
    return .precondition(
      "ATTENDANCE_OPEN", "尚未记录到会情况：\(list)。It is not known whether they came: \(list).")
  }
}
