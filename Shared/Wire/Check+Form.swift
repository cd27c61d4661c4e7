// 表单: forms and answers from the wire.

public import Forms
public import Foundation
public import QuintetAPI

extension Check {
  /// What is to be filled in: 1 … 40 fields, each code once.
  public static func form(_ form: Quintet_Type_V1_Form, field: String) throws -> Form {
    let fields = try list(form.fields, field: "\(field).fields", 1...40)
    var known: Set<String> = []
    return Form(
      fields: try fields.enumerated().map { index, member in
        let checked = try formField(member, field: "\(field).fields[\(index)]")
        guard known.insert(checked.code).inserted else {
          throw Failure.duplicate("\(field).fields[\(index)].code")
        }
        return checked
      })
  }

  /// One field, wherever it stands.
  public static func formField(
    _ given: Quintet_Type_V1_FormField, field: String
  ) throws -> FormField {
    let kind = try formFieldKind(given.kind, field: "\(field).kind")
    let isChosen = kind == .chooseOne || kind == .chooseMany
    let options = isChosen ? try formOptions(given.options, field: "\(field).options") : []
    let most = kind == .chooseMany ? options.count : kind == .photo ? 9 : 1
    let lowest = given.hasMinNumber ? try bound(given.minNumber, "\(field).min_number") : nil
    let highest = given.hasMaxNumber ? try bound(given.maxNumber, "\(field).max_number") : nil
    if let lowest, let highest, lowest > highest {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "\(field).max_number",
        "上限不得小于下限。The upper bound lies below the lower one.")
    }
    let count = try count(given.maxCount, field: "\(field).max_count", 1...50, standard: most)
    return FormField(
      code: try code(given.code, field: "\(field).code", max: 64, required: true),
      label: try text(given.label, field: "\(field).label", max: 120, required: true),
      kind: kind, isRequired: given.required, options: options,
      maxLength: try Check.count(
        given.maxLength, field: "\(field).max_length", 1...4_000, standard: 4_000),
      minNumber: lowest, maxNumber: highest,
      maxCount: kind == .chooseMany || kind == .photo ? count : 1)
  }

  private static func bound(_ number: Double, _ field: String) throws -> Double {
    try range(number, field: field, -1e15...1e15)
  }

  private static func formOptions(
    _ options: [Quintet_Type_V1_FormOption], field: String
  ) throws -> [FormOption] {
    var known: Set<String> = []
    return try list(options, field: field, 1...50).enumerated().map { index, option in
      let at = "\(field)[\(index)]"
      let code = try code(option.code, field: "\(at).code", max: 64, required: true)
      guard known.insert(code).inserted else { throw Failure.duplicate("\(at).code") }
      let label = try text(option.label, field: "\(at).label", max: 120)
      return FormOption(code: code, label: label.isEmpty ? code : label)
    }
  }

  private static func formFieldKind(
    _ value: Quintet_Type_V1_FormFieldKind, field: String
  ) throws -> FormFieldKind {
    switch value {
    case .chooseOne: .chooseOne
    case .chooseMany: .chooseMany
    case .text: .text
    case .number: .number
    case .time: .time
    case .photo: .photo
    case .signature: .signature
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// What was answered; whether it is what the form asks is the domain's to say.
  public static func answers(
    _ answers: [Quintet_Type_V1_FormAnswer], field: String = "answers", now: Date
  ) throws -> [FormAnswer] {
    try list(answers, field: field, 0...40).enumerated().map { index, answer in
      let at = "\(field)[\(index)]"
      return FormAnswer(
        fieldCode: try code(answer.fieldCode, field: "\(at).field_code", max: 64, required: true),
        value: try value(answer, at, now: now))
    }
  }

  private static func value(
    _ answer: Quintet_Type_V1_FormAnswer, _ at: String, now: Date
  ) throws -> FormAnswer.Value {
    switch answer.value {
    case .text(let words):
      return .text(try text(words, field: "\(at).text", max: 4_000))
    case .number(let number):
      return .number(try range(number, field: "\(at).number", -1e15...1e15))
    case .time(let moment):
      return .time(try time(moment, field: "\(at).time", now: now))
    case .choices(let choices):
      return .choices(
        try list(choices.codes, field: "\(at).choices.codes", 0...50).enumerated().map {
          try code($1, field: "\(at).choices.codes[\($0)]", max: 64, required: true)
        })
    case .attachments(let attachments):
      return .attachments(
        try list(attachments.digests, field: "\(at).attachments.digests", 0...50).enumerated()
          .map { try digest($1, field: "\(at).attachments.digests[\($0)]") })
    case nil: throw Failure.required("\(at).value")
    }
  }

  /// SHA-256 in 64 lower-case hexadecimal digits.
  public static func digest(_ text: String, field: String) throws -> String {
    guard !text.isEmpty else { throw Failure.required(field) }
    let digits = Set("0123456789abcdef".utf8)
    guard text.utf8.count == 64, text.utf8.allSatisfy(digits.contains) else {
      throw Failure.invalid(
        "DIGEST_INVALID", field: field,
        "\(field) 须为 64 位小写十六进制。\(field) takes 64 hexadecimal digits in lower case.")
    }
    return text
  }
}
