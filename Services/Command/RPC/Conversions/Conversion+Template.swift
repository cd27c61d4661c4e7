// Templates of directives as callers see them.

import CommandDomain
import Forms
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_DirectiveTemplate {
  init(_ template: DirectiveTemplate) {
    self = .with {
      $0.code = template.code
      $0.etag = template.etag
      $0.name = template.name
      $0.directiveClass = Quintet_Command_V1_DirectiveClass(template.directiveClass)
      $0.title = template.title
      $0.text = template.text
      if let form = template.form { $0.form = Quintet_Type_V1_Form(form) }
      $0.placeholders = template.placeholders
    }
  }
}
