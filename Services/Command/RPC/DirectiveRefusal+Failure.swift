// What the domain refuses about templates, selections, forms, attachments and cordons, as callers are
// told.

import CommandDomain
import Forms
import GRPCCore
import Identifiers
import Wire

extension DirectiveRefusal {
  var failure: Failure {
    switch self {
    case .templateUnknown(let code): .notFound("TEMPLATE_UNKNOWN", field: "template_code", code)
    case .planUnknown(let code): .notFound("CORDON_PLAN_UNKNOWN", field: "plan_code", code)
    case .cordonUnknown(let id): .notFound("CORDON_UNKNOWN", field: "cordon_id", id.description)
    case .attachmentUnknown(let digest): .notFound("ATTACHMENT_UNKNOWN", field: "digest", digest)
    case .placeholderMissing(let name):
      .invalid(
        "PLACEHOLDER_MISSING", field: "content.template.values",
        "缺少占位 \(name) 的值。The placeholder \(name) has no value.")
    case .placeholderUnknown(let name):
      .invalid(
        "PLACEHOLDER_UNKNOWN", field: "content.template.values",
        "模板没有占位 \(name)。The template has no placeholder \(name).")
    case .filledTooLong(let field, let limit):
      .invalid(
        "TOO_LONG", field: "content.\(field)",
        "填好的 \(field) 超过 \(limit) 个字符。Filled in, \(field) is longer than \(limit) characters.")
    case .selectionEmpty(let index):
      .invalid(
        "SELECTION_EMPTY", field: "content.selectors[\(index)]",
        "没有选中任何接收方。The selector gives nobody.")
    case .tooManyRecipients(let index):
      .invalid(
        "TOO_MANY", field: "content.selectors[\(index)]",
        "接收方最多 \(Directive.recipientLimit) 个。A directive takes at most "
          + "\(Directive.recipientLimit) recipients.")
    case .formViolated(let violations): .form(violations)
    case .digestMismatch:
      .invalid(
        "DIGEST_MISMATCH", field: "digest",
        "内容与摘要不符，请重传。The pieces are not what the digest says; send them again.")
    case .attachmentDiffers:
      .invalid(
        "ATTACHMENT_DIFFERS", field: "total_bytes",
        "与先前各片的大小或类型不同。An earlier piece said another size or type.")
    case .pieceOutOfRange:
      .invalid(
        "OUT_OF_RANGE", field: "piece",
        "没有这一片，或其长度不对。There is no such piece, or its length is not that piece's.")
    case .tooManyAttachments(let limit):
      .precondition(
        "TOO_MANY_ATTACHMENTS", "附件最多 \(limit) 个。At most \(limit) attachments.")
    case .heldByCordon(let id):
      .precondition(
        "HELD_BY_CORDON",
        "\(id) 属于布控圈，请移动或解除。\(id) belongs to a cordon: move or release that.")
    case .cordonReleased(let id):
      .precondition("CORDON_RELEASED", "布控圈 \(id) 已解除。\(id) has been released.")
    case .ringEmpty(let inner, let outer):
      .precondition(
        "RING_EMPTY",
        "没有卡点在 \(inner)–\(outer) 米之间，未作改动。No point lies between \(inner) and \(outer) m;"
          + " nothing was changed.")
    case .sightingOlder:
      .precondition(
        "SIGHTING_OLDER", "早于上一次目击。It is older than the sighting of the last ring.")
    case .tooManyRings(let limit):
      .precondition("TOO_MANY_RINGS", "最多 \(limit) 圈。At most \(limit) rings.")
    }
  }
}

extension Failure {
  /// One violation for each field and rule; the first names the failure's field.
  static func form(_ violations: [FormViolation]) -> Failure {
    let told = violations.map { violation in
      Violation(
        field: "answers[\(violation.fieldCode)]", reason: violation.rule.rawValue,
        message: "\(violation.fieldCode)：\(violation.rule.rawValue)")
    }
    let list = told.map(\.message).joined(separator: "; ")
    var failure = invalid(
      "FORM_VIOLATED", field: told.first?.field ?? "answers",
      "表单填写不符：\(list)。The form is not filled in as it asks: \(list).")
    failure.violations = told
    return failure
  }
}
