// What the domain refuses about campaigns and their rows, as callers are told.

import CommandDomain
import Forms
import GRPCCore
import Identifiers
import Wire

extension CampaignRefusal {
  var failure: Failure {
    switch self {
    case .campaignUnknown(let id):
      .notFound("CAMPAIGN_UNKNOWN", field: "campaign_id", id.description)
    case .rowUnknown(let key): .notFound("ROW_UNKNOWN", field: "key", key)
    case .partUnknown(let id): .notFound("PART_UNKNOWN", field: "org_unit_ids", id.description)
    case .columnNotAllowed(let field):
      .invalid(
        "COLUMN_NOT_ALLOWED", field: field,
        "名单不得采集这类个人属性。A list holds no column for ethnicity, religion, political view or health.")
    case .personalUndeclared(let field):
      .invalid(
        "PERSONAL_UNDECLARED", field: field,
        "姓名、电话、证件号码的列须声明其用途。A column of names, numbers or documents of persons has to be declared as such."
      )
    case .kindNotAllowed(let field):
      .invalid(
        "KIND_NOT_ALLOWED", field: field, "此处不能用这种字段。A field of this kind cannot stand here.")
    case .duplicate(let field): .duplicate(field)
    case .columnMissing(let field):
      .invalid("COLUMN_MISSING", field: field, "缺少所需的列。A column that is needed is missing.")
    case .columnUnknown(let field):
      .invalid("COLUMN_UNKNOWN", field: field, "专班没有这一列。The campaign has no such column.")
    case .dueTimeOutOfRange:
      .invalid(
        "OUT_OF_RANGE", field: "content.due_time",
        "期限须在今后 400 天之内。It must lie ahead, by at most 400 days.")
    case .numberOrder(let field):
      .invalid("NUMBER_ORDER", field: field, "行号须递增。Numbers of rows go up.")
    case .formViolated(let violations): .form(violations)
    case .closed(let id):
      .precondition("CAMPAIGN_CLOSED", "专班 \(id) 已办结。\(id) has been closed.")
    case .tooManyRows:
      .precondition(
        "TOO_MANY_ROWS",
        "专班最多 \(Campaign.rowLimit) 行。At most \(Campaign.rowLimit) rows.")
    case .nothingToHandOut:
      .precondition(
        "NOTHING_TO_HAND_OUT", "没有尚未下发的部分。No part is left that was not handed out.")
    case .notHandedOut:
      .precondition(
        "PART_NOT_HANDED_OUT", "该行尚未下发到单位。The part with this row was not handed out yet.")
    case .rowsOpen(let count):
      .precondition(
        "ROWS_OPEN", "还有 \(count) 行未完成或核销。\(count) rows are neither done nor written off.")
    case .notAPerson:
      Failure(
        code: .permissionDenied, reason: "NOT_A_PERSON",
        message: "核查须由具名人员以本人名义填写。A check is a named person's own word.")
    case .samePerson:
      Failure(
        code: .permissionDenied, reason: "SAME_PERSON", field: "key",
        message: "复核须由另一人进行。Whoever checked this row does not check it again.")
    }
  }
}
