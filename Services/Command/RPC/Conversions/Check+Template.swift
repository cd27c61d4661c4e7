// Templates of directives from the wire.

import CommandDomain
import Forms
import Foundation
import QuintetAPI
import Wire

extension Check {
  static func template(
    _ template: Quintet_Command_V1_DirectiveTemplate
  ) throws -> DirectiveTemplate {
    let title = try title(template.title, field: "template.title", required: true)
    let body = try text(template.text, field: "template.text", max: 4_000)
    for (field, words) in [("template.title", title), ("template.text", body)]
    where !DirectiveTemplate.isWellFormed(words) {
      throw Failure.invalid(
        "PLACEHOLDER_INVALID", field: field,
        "花括号中须为占位名，如 {plate}。Braces must name a placeholder, as in {plate}.")
    }
    return DirectiveTemplate(
      code: try code(template.code, field: "template.code", max: 64, required: true),
      name: try text(template.name, field: "template.name", max: 120, required: true),
      directiveClass: try directiveClass(
        template.directiveClass, field: "template.directive_class"),
      title: title, text: body,
      form: template.hasForm ? try form(template.form, field: "template.form") : nil)
  }
}
