// No standard work asks people what the guardrails forbid to ask. The words of a template are looked
// through when it is put, so that no catalogue brings in what no schema has a place for.
import Forms

enum TaskGuard {
  /// Words by which a task would ask about ethnicity, religion, political view or health, or would keep
  /// watch on somebody who is named.
  static let forbidden = [
    "民族", "族别", "宗教", "信仰", "教徒", "政治面貌", "党派", "政治倾向", "病史", "健康状况", "精神病", "残疾",
    "艾滋", "重点人员", "重点人口", "高危人员", "上访", "信访人", "监视", "跟踪", "人脸", "指纹", "评分", "打分",
    "ethnic", "religio", "political", "medical history", "health condition", "disability",
    "watch list", "blacklist", "face recognition", "fingerprint",
  ]

  /// - Throws: `TaskError.peopleNotAsked` with the field of the request and the word in it.
  static func check(_ template: TaskTemplate) throws {
    let words = template.words
    try check(words.name, "name")
    try check(words.englishName, "english_name")
    try check(words.measures, "measures")
    try check(words.standard, "standard")
    for (index, field) in template.form.fields.enumerated() {
      try check(field.code, "form.fields[\(index)].code")
      try check(field.label, "form.fields[\(index)].label")
      for (place, option) in field.options.enumerated() {
        try check(option.label, "form.fields[\(index)].options[\(place)].label")
      }
    }
  }

  private static func check(_ text: String, _ field: String) throws {
    let text = text.lowercased()
    guard let word = forbidden.first(where: text.contains) else { return }
    throw TaskError.peopleNotAsked(field: field, word: word)
  }
}
