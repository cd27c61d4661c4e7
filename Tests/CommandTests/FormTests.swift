// 表单与模板: what is filled in is checked against what was asked, rule by rule.
import Forms
import Foundation
import Identifiers
import Testing

@testable import CommandDomain

struct FormTests {
  static let form = Form(fields: [
    FormField(
      code: "result", label: "结果", kind: .chooseOne, isRequired: true,
      options: [.init(code: "caught", label: "抓获"), .init(code: "none", label: "未见")]),
    FormField(
      code: "means", label: "手段", kind: .chooseMany, isRequired: false,
      options: ["a", "b", "c"].map { .init(code: $0, label: $0) }, maxCount: 2),
    FormField(code: "note", label: "经过", kind: .text, isRequired: true, maxLength: 5),
    FormField(
      code: "cars", label: "查车数", kind: .number, isRequired: false, minNumber: 0, maxNumber: 9),
    FormField(code: "since", label: "到位时间", kind: .time, isRequired: false),
    FormField(code: "photo", label: "照片", kind: .photo, isRequired: false, maxCount: 2),
    FormField(code: "sign", label: "签名", kind: .signature, isRequired: false),
  ])

  private static func answer(_ code: String, _ value: FormAnswer.Value) -> FormAnswer {
    FormAnswer(fieldCode: code, value: value)
  }

  private static let good = [
    answer("result", .choices(["caught"])), answer("note", .text("两人已获")),
  ]

  private static func rules(_ answers: [FormAnswer]) -> [String] {
    form.violations(in: answers) { $0 == "kept" }.map { "\($0.fieldCode) \($0.rule.rawValue)" }
  }

  @Test func whatIsFilledInAsAskedIsTaken() {
    #expect(Self.rules(Self.good) == [])
    #expect(
      Self.rules(
        Self.good + [
          Self.answer("means", .choices(["a", "c"])), Self.answer("cars", .number(9)),
          Self.answer("since", .time(Sample.morning)),
          Self.answer("photo", .attachments(["kept"])), Self.answer("sign", .attachments(["kept"])),
        ]) == [])
  }

  /// One fault at a time: the violation names its field and its rule, and nothing else.
  @Test func eachFaultIsNamedByFieldAndRule() {
    let faults: [(FormAnswer, String)] = [
      (Self.answer("colour", .text("红")), "colour FIELD_UNKNOWN"),
      (Self.answer("note", .text("再说一遍")), "note DUPLICATE"),
      (Self.answer("cars", .text("三")), "cars KIND_MISMATCH"),
      (Self.answer("cars", .number(10)), "cars OUT_OF_RANGE"),
      (Self.answer("cars", .number(-1)), "cars OUT_OF_RANGE"),
      (Self.answer("cars", .number(.nan)), "cars OUT_OF_RANGE"),
      (Self.answer("means", .choices(["a", "x"])), "means OPTION_UNKNOWN"),
      (Self.answer("means", .choices(["a", "b", "c"])), "means TOO_MANY"),
      (Self.answer("means", .choices(["a", "a"])), "means DUPLICATE"),
      (Self.answer("photo", .attachments(["kept", "lost"])), "photo ATTACHMENT_UNKNOWN"),
      (Self.answer("sign", .attachments(["kept", "lost"])), "sign TOO_MANY"),
      (Self.answer("since", .number(3)), "since KIND_MISMATCH"),
    ]
    for (fault, expected) in faults { #expect(Self.rules(Self.good + [fault]) == [expected]) }
    #expect(Self.rules([]) == ["result REQUIRED", "note REQUIRED"])
    #expect(
      Self.rules([Self.answer("result", .choices([])), Self.answer("note", .text(""))]) == [
        "result REQUIRED", "note REQUIRED",
      ])
    #expect(
      Self.rules([
        Self.answer("result", .choices(["caught", "none"])), Self.answer("note", .text("一二三四五六")),
      ]) == ["result TOO_MANY", "note TOO_LONG"])
  }

  @Test func everyGapOfATemplateIsFilledAndNoOther() throws {
    let template = DirectiveTemplate(
      code: "t", name: "查车", directiveClass: .urgent, title: "拦截 {plate}",
      text: "{plate}，{colour}，{plate}", form: nil)
    #expect(template.placeholders == ["plate", "colour"])
    let filled = try template.filled(["plate": "浙C{x}", "colour": "白"])
    #expect(filled.title == "拦截 浙C{x}")
    // What a value contains is not a gap.
    #expect(filled.text == "浙C{x}，白，浙C{x}")
    #expect(throws: CommandError.directives(.placeholderMissing("colour"))) {
      try template.filled(["plate": "浙C1"])
    }
    #expect(throws: CommandError.directives(.placeholderUnknown("size"))) {
      try template.filled(["plate": "浙C1", "colour": "白", "size": "大"])
    }
    for text in ["{", "}", "{}", "{Plate}", "{a b}", "{车牌}", "{{a}", "{a}}"] {
      #expect(!DirectiveTemplate.isWellFormed(text), "\(text)")
    }
    #expect(DirectiveTemplate.isWellFormed("{a}{b_1} 无"))
  }
}
