// One form for all bases of a task: each field once. Two templates that mean different things by one code
// cannot be answered at once, and their tasks stay two.
public import Forms

/// The templates that some tasks rest on.
public typealias TaskTemplates = [TaskTemplateKey: TaskTemplate]

public enum TaskForm {
  /// - Returns: the fields in the order in which they first come; nil when two of one code differ, or when
  ///   there would be more than a form has.
  public static func union(_ forms: [Form]) -> Form? {
    var fields: [FormField] = []
    var byCode: [String: Int] = [:]
    for field in forms.flatMap(\.fields) {
      guard let index = byCode[field.code] else {
        byCode[field.code] = fields.count
        fields.append(field)
        continue
      }
      let held = fields[index]
      guard held.isSame(as: field) else { return nil }
      // What one of them must know, is asked.
      if field.isRequired && !held.isRequired { fields[index] = field }
    }
    return fields.count <= DutyTask.fieldLimit ? Form(fields: fields) : nil
  }
}

extension FormField {
  /// Whether both ask the same: labels are words, and may differ.
  fileprivate func isSame(as other: FormField) -> Bool {
    kind == other.kind && options.map(\.code) == other.options.map(\.code)
      && minNumber == other.minNumber && maxNumber == other.maxNumber
      && maxLength == other.maxLength && maxCount == other.maxCount
  }
}

extension DutyTask {
  /// What is to be filled in; without the fields of templates that are not among these.
  public func form(_ templates: TaskTemplates) -> Form {
    form(of: bases, templates)
  }

  func form(of bases: [TaskBasis], _ templates: TaskTemplates) -> Form {
    TaskForm.union(bases.compactMap { templates[$0.template]?.form }) ?? Form(fields: [])
  }
}
