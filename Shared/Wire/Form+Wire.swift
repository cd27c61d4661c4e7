// 表单 as callers see it: what has to be answered, and what was.

public import Forms
public import QuintetAPI
import SwiftProtobuf

extension Quintet_Type_V1_Form {
  public init(_ form: Form) {
    self = .with { $0.fields = form.fields.map(Quintet_Type_V1_FormField.init) }
  }
}

extension Quintet_Type_V1_FormField {
  public init(_ field: FormField) {
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

extension Quintet_Type_V1_FormAnswer {
  public init(_ answer: FormAnswer) {
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
