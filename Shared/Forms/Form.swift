// 表单: what has to be said of a directive or a task, field by field, and whether it is.
public import Foundation

/// How a field is filled in.
public enum FormFieldKind: String, Sendable, Codable, CaseIterable {
  case chooseOne = "choose_one"
  case chooseMany = "choose_many"
  case text, number, time, photo, signature
}

public struct FormOption: Sendable, Hashable, Codable {
  /// 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let label: String

  public init(code: String, label: String) {
    self.code = code
    self.label = label
  }
}

public struct FormField: Sendable, Hashable, Codable {
  /// 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let label: String
  public let kind: FormFieldKind
  public let isRequired: Bool
  /// Of chosen fields; empty in others.
  public let options: [FormOption]
  /// Of texts, in Unicode scalars.
  public let maxLength: Int
  /// Of numbers.
  public let minNumber: Double?
  public let maxNumber: Double?
  /// Of choices and photos; 1 for all that is answered once.
  public let maxCount: Int

  public init(
    code: String, label: String, kind: FormFieldKind, isRequired: Bool,
    options: [FormOption] = [], maxLength: Int = 4_000, minNumber: Double? = nil,
    maxNumber: Double? = nil, maxCount: Int = 1
  ) {
    self.code = code
    self.label = label
    self.kind = kind
    self.isRequired = isRequired
    self.options = options
    self.maxLength = maxLength
    self.minNumber = minNumber
    self.maxNumber = maxNumber
    self.maxCount = maxCount
  }
}

/// What was answered in one field.
public struct FormAnswer: Sendable, Hashable, Codable {
  public enum Value: Sendable, Hashable, Codable {
    case text(String)
    case number(Double)
    case time(Date)
    /// Codes of options.
    case choices([String])
    /// SHA-256 of what was uploaded, in lower-case hexadecimal digits.
    case attachments([String])
  }

  public let fieldCode: String
  public let value: Value

  public init(fieldCode: String, value: Value) {
    self.fieldCode = fieldCode
    self.value = value
  }
}

/// One rule of a form that an answer breaks.
public struct FormViolation: Sendable, Hashable {
  public enum Rule: String, Sendable, CaseIterable {
    case required = "REQUIRED"
    case fieldUnknown = "FIELD_UNKNOWN"
    case duplicate = "DUPLICATE"
    case kindMismatch = "KIND_MISMATCH"
    case optionUnknown = "OPTION_UNKNOWN"
    case tooMany = "TOO_MANY"
    case tooLong = "TOO_LONG"
    case outOfRange = "OUT_OF_RANGE"
    case attachmentUnknown = "ATTACHMENT_UNKNOWN"
  }

  /// Code of the field, as the form or the answer has it.
  public let fieldCode: String
  public let rule: Rule

  public init(fieldCode: String, rule: Rule) {
    self.fieldCode = fieldCode
    self.rule = rule
  }
}

/// The fields that have to be answered, in their order.
public struct Form: Sendable, Hashable, Codable {
  public let fields: [FormField]

  public init(fields: [FormField]) {
    self.fields = fields
  }

  /// - Parameter isKept: whether a photo or signature of this digest was uploaded.
  /// - Returns: everything that is wrong: answers in their order, then fields that lack one.
  public func violations(
    in answers: [FormAnswer], isKept: (String) throws -> Bool
  ) rethrows -> [FormViolation] {
    var found: [FormViolation] = []
    var answered: Set<String> = []
    for answer in answers {
      let report = { found.append(FormViolation(fieldCode: answer.fieldCode, rule: $0)) }
      guard let field = fields.first(where: { $0.code == answer.fieldCode }) else {
        report(.fieldUnknown)
        continue
      }
      guard answered.insert(field.code).inserted else {
        report(.duplicate)
        continue
      }
      if let rule = try field.broken(by: answer.value, isKept: isKept) { report(rule) }
    }
    for field in fields where field.isRequired && !answered.contains(field.code) {
      found.append(FormViolation(fieldCode: field.code, rule: .required))
    }
    return found
  }
}

extension FormField {
  /// - Parameter isKept: whether a photo or signature of this digest was uploaded.
  /// - Returns: the rule that a value breaks; nil when it may stand in this field.
  public func broken(
    by value: FormAnswer.Value, isKept: (String) throws -> Bool
  ) rethrows -> FormViolation.Rule? {
    switch (kind, value) {
    case (.text, .text(let text)):
      if text.isEmpty { return isRequired ? .required : nil }
      return text.unicodeScalars.count > maxLength ? .tooLong : nil
    case (.number, .number(let number)):
      // NaN is below and above nothing.
      let isInside = (minNumber ?? -.infinity) <= number && number <= (maxNumber ?? .infinity)
      return isInside && number.isFinite ? nil : .outOfRange
    case (.time, .time): return nil
    case (.chooseOne, .choices(let codes)), (.chooseMany, .choices(let codes)):
      if let rule = counted(codes) { return rule }
      let known = Set(options.map(\.code))
      return codes.allSatisfy(known.contains) ? nil : .optionUnknown
    case (.photo, .attachments(let digests)), (.signature, .attachments(let digests)):
      if let rule = counted(digests) { return rule }
      return try digests.allSatisfy(isKept) ? nil : .attachmentUnknown
    default: return .kindMismatch
    }
  }

  private func counted(_ values: [String]) -> FormViolation.Rule? {
    if values.isEmpty { return isRequired ? .required : nil }
    if Set(values).count < values.count { return .duplicate }
    return values.count > maxCount ? .tooMany : nil
  }
}
