// 表单 as callers see it: what feedback has to answer, and what was answered.

import CommandDomain
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Form {
  init(_ form: Form) {
    self = .with { $0.fields = form.fields.map(Quintet_Command_V1_FormField.init) }
  }
}

extension Quintet_Command_V1_FormField {
  init(_ field: FormField) {
    self = .with {
      $0.code = field.code
      $0.label = field.label
      $0.kind =
        switch field.kind {
        case .chooseOne: .chooseOne
        case .chooseMany: .chooseMany
        case .text: .text
        case .number: .number
        case .time: .time
        case .photo: .photo
        case .signature: .signature
        }
      $0.required = field.isRequired
      $0.options = field.options.map { option in
        .with {
          $0.code = option.code
          $0.label = option.label
        }
      }
      if field.kind == .text { $0.maxLength = Int32(clamping: field.maxLength) }
      if let bound = field.minNumber { $0.minNumber = bound }
      if let bound = field.maxNumber { $0.maxNumber = bound }
      $0.maxCount = Int32(clamping: field.maxCount)
    }
  }
}

extension Quintet_Command_V1_FormAnswer {
  init(_ answer: FormAnswer) {
    self = .with {
      $0.fieldCode = answer.fieldCode
      switch answer.value {
      case .text(let text): $0.text = text
      case .number(let number): $0.number = number
      case .time(let time): $0.time = time.timestamp
      case .choices(let codes): $0.choices = .with { $0.codes = codes }
      case .attachments(let digests): $0.attachments = .with { $0.digests = digests }
      }
    }
  }
}

extension Quintet_Command_V1_DirectiveTemplate {
  init(_ template: DirectiveTemplate) {
    self = .with {
      $0.code = template.code
      $0.etag = template.etag
      $0.name = template.name
      $0.directiveClass = Quintet_Command_V1_DirectiveClass(template.directiveClass)
      $0.title = template.title
      $0.text = template.text
      if let form = template.form { $0.form = Quintet_Command_V1_Form(form) }
      $0.placeholders = template.placeholders
    }
  }
}
