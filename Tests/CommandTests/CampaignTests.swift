// 专班: what a row of a file says, who may check it, when two agree, and that nothing comes twice.
import Forms
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct CampaignTests {
  static func text(_ code: String, _ label: String, required: Bool = false) -> FormField {
    FormField(code: code, label: label, kind: .text, isRequired: required, maxLength: 200)
  }

  static func number(_ code: String) -> FormField {
    FormField(code: code, label: code, kind: .number, isRequired: false)
  }

  static let columns = [
    CampaignColumn(field: text("no", "编号", required: true), use: .plain, isKey: true),
    CampaignColumn(field: text("name", "姓名", required: true), use: .personName, isKey: false),
    CampaignColumn(field: text("tel", "电话"), use: .phone, isKey: false),
    CampaignColumn(field: text("addr", "住址"), use: .address, isKey: false),
    CampaignColumn(field: number("lat"), use: .latitude, isKey: false),
    CampaignColumn(field: number("lon"), use: .longitude, isKey: false),
  ]
  static let form = Form(fields: [
    FormField(
      code: "found", label: "是否见到", kind: .chooseOne, isRequired: true,
      options: [FormOption(code: "yes", label: "是"), FormOption(code: "no", label: "否")]),
    text("note", "备注"),
  ])

  static func content(
    columns: [CampaignColumn] = columns, form: Form = form, double: Bool = false
  ) -> CampaignContent {
    CampaignContent(
      name: "汛期排查", basis: "防汛预案", incidentID: nil, columns: columns, form: form,
      isDoubleCheck: double, dueTime: Sample.time(86_400), directiveClass: .general)
  }

  static func draft(_ number: Int, _ key: String, _ digest: String = "d") -> GivenCampaignRow {
    .row(
      CampaignRowDraft(
        number: number, key: key, digest: digest, values: [key, "王**", "", "", "", ""],
        sealed: nil, point: nil))
  }

  static func answers(_ found: String, _ note: String = "") -> [FormAnswer] {
    [
      FormAnswer(fieldCode: "found", value: .choices([found])),
      FormAnswer(fieldCode: "note", value: .text(note)),
    ]
  }

  private func refusal(_ body: () throws -> Void) -> CommandError? {
    do {
      try body()
      return nil
    } catch { return error as? CommandError }
  }

  private func fault(_ values: [String]) -> CampaignRowFault? {
    do {
      let plan = try CampaignReadingPlan(
        Self.content(), header: ["no", "姓名", "tel", "住址", "lat", "lon"], datum: .wgs84)
      _ = try plan.read(values)
      return nil
    } catch { return error as? CampaignRowFault }
  }

  @Test func aRowIsReadOrSetAsideWithFieldAndRule() {
    #expect(fault(["1", "王小明", "138 1234 5678", "某路 3 号", "28.01", "120.65"]) == nil)
    #expect(fault(["1", "王小明", "", "", "", ""]) == nil)
    for (values, field, rule) in [
      (["1", "王小明"], "", "FIELD_COUNT"),
      (["", "王小明", "", "", "", ""], "no", "REQUIRED"),
      (["1", "", "", "", "", ""], "name", "REQUIRED"),
      (["1", "王", "12a", "", "", ""], "tel", "KIND_MISMATCH"),
      (["1", "王", "", "找 13812345678", "", ""], "addr", "PERSONAL_UNDECLARED"),
      (["1", "王", "", "330302199001011233", "", ""], "addr", nil),
      (["1", "王", "", "", "north", "120"], "lat", "KIND_MISMATCH"),
      (["1", "王", "", "", "91", "120"], "lat", "OUT_OF_RANGE"),
      (["1", "王", "", "", "0", "0"], "lat", "OUT_OF_RANGE"),
      (["1", "王", "", "", "28", ""], "lat", "OUT_OF_RANGE"),
      (["1", String(repeating: "长", count: 201), "", "", "", ""], "name", "TOO_LONG"),
      (["1", "王\u{7}", "", "", "", ""], "name", "CHARACTERS_NOT_ALLOWED"),
    ] as [([String], String, String?)] {
      #expect(
        fault(values) == rule.map { CampaignRowFault(field: field, rule: $0) }, "\(values)")
    }
    // The same eighteen digits with the right check digit are somebody's.
    #expect(PersonalNumber.stands(in: "证号 11010519491231002X。"))
    #expect(!PersonalNumber.stands(in: "110105194912310021"))
    #expect(!PersonalNumber.stands(in: "第 138123456789 号"))
  }

  @Test func columnsThatNoListMayHaveAreRefused() {
    func check(_ label: String, _ use: CampaignColumnUse = .plain, code: String = "c")
      -> CommandError?
    {
      let field = Self.text(code, label)
      return refusal {
        try Self.content(columns: [
          CampaignColumn(field: field, use: use, isKey: false)
        ]).check()
      }
    }
    for label in ["民族", "宗教信仰", "政治面貌", "健康状况", "既往病史", "Religion", "Health status"] {
      #expect(
        check(label) == .campaign(.columnNotAllowed(field: "content.columns[0].field.label")),
        "\(label)")
    }
    for label in ["户主姓名", "联系电话", "身份证号"] {
      #expect(
        check(label) == .campaign(.personalUndeclared(field: "content.columns[0].use")),
        "\(label)")
      #expect(check(label, .phone) == nil)
    }
    for label in ["单位名称", "积水深度", "trace"] { #expect(check(label) == nil, "\(label)") }
    let photo = FormField(code: "p", label: "照片", kind: .photo, isRequired: false)
    #expect(
      refusal { try Self.content(form: Form(fields: [photo])).check() }
        == .campaign(.kindNotAllowed(field: "content.form.fields[0].kind")))
    #expect(
      refusal { try Self.content(columns: Array(Self.columns.prefix(5))).check() }
        == .campaign(.columnMissing(field: "content.columns")))
  }

  @Test func aFileSentAgainLosesNothingAndDoublesNothing() async throws {
    let bench = try Bench()
    let file = String(repeating: "a", count: 64)
    try await bench.hall("import") { hall in
      let keeping = CampaignKeeping()
      let campaign = try keeping.create(
        Self.content(), by: "person/li.na", in: hall.writer, now: hall.now)
      let take = { (rows: [GivenCampaignRow], file: String) in
        try keeping.take(rows, of: file, into: campaign.id, in: hall.writer, now: hall.now)
      }
      let broken = GivenCampaignRow.fault(
        number: 3, CampaignRowFault(field: "tel", rule: "KIND_MISMATCH"))
      let first = [Self.draft(1, "a"), Self.draft(2, "b"), broken, Self.draft(4, "a", "other")]
      var progress = try take(first, file)
      #expect(progress.stored == 2 && progress.quarantined == 2 && progress.through == 4)
      // From the beginning again, with more behind it.
      progress = try take(first + [Self.draft(5, "c")], file)
      #expect(progress.stored == 3 && progress.quarantined == 2 && progress.through == 5)
      let other = try take(
        [Self.draft(1, "b"), Self.draft(2, "c", "new")], String(repeating: "b", count: 64))
      #expect(other.stored == 0 && other.known == 1 && other.quarantined == 1)
      let rows = try hall.writer.campaignRows(
        CampaignRowFilter(), of: campaign.id, after: 0, limit: 99)
      #expect(rows.map(\.key) == ["a", "b", "c"] && rows.map(\.position) == [1, 2, 3])
      let aside = try hall.writer.quarantinedRows(of: campaign.id, after: nil, limit: 9)
      #expect(aside.map(\.number) == [3, 4, 2])
      #expect(aside.map(\.fault.rule) == ["KIND_MISMATCH", "KEY_TAKEN", "KEY_TAKEN"])
      #expect(
        try hall.writer.quarantinedRows(of: campaign.id, after: (file, 3), limit: 1)
          .map(\.number) == [4])
    }
  }

  @Test func twoPeopleCheckApartAndAThirdSettles() throws {
    let content = Self.content(double: true)
    var row = CampaignRow(
      campaignID: Sample.id("campaign"), key: "a", position: 1, number: 1, revision: 1,
      values: [], orgUnitID: nil, state: .open)
    try row.check(Self.answers("yes", "门口"), by: "person/a", at: Sample.time(1), in: content)
    #expect(row.state == .checkedOnce && row.shownChecks[0].answers.isEmpty)
    #expect(
      refusal {
        try row.check(Self.answers("yes"), by: "person/a", at: Sample.time(2), in: content)
      }
        == .campaign(.samePerson))
    var agreed = row
    // Remarks differ, what was asked for does not.
    try agreed.check(Self.answers("yes", "屋里"), by: "person/b", at: Sample.time(2), in: content)
    #expect(agreed.state == .done && agreed.result == Self.answers("yes", "门口"))
    try row.check(Self.answers("no"), by: "person/b", at: Sample.time(2), in: content)
    #expect(row.state == .differing && row.differences(content.form) == ["found"])
    #expect(row.result.isEmpty)
    for actor in ["person/a", "person/b"] {
      #expect(
        refusal {
          try row.settle(Self.answers("no"), reason: "r", by: actor, at: Sample.time(3))
        } == .campaign(.samePerson))
    }
    try row.settle(Self.answers("no"), reason: "复查", by: "person/c", at: Sample.time(3))
    #expect(row.state == .done && row.result == Self.answers("no"))
    #expect(
      refusal { try row.writeOff(reason: "r", by: "person/c", at: Sample.time(4)) }
        == .moveNotAllowed(subject: "a", from: "done", move: "write_off"))
  }

  @Test func aTableRunsNoFormulaAndKeepsItsColumns() {
    let line = CampaignTable.line(["=1+1", "-5", "a,b", "说\"是\"", "两\n行"])
    #expect(line == "'=1+1,-5,\"a,b\",\"说\"\"是\"\"\",\"两\n行\"\r\n")
    let table = CampaignTable(Self.content())
    let row = CampaignRow(
      campaignID: Sample.id("campaign"), key: "a", position: 1, number: 1, revision: 1,
      values: ["a", "王**", "", "", "", ""], orgUnitID: nil, state: .open)
    #expect(
      table.header.split(separator: ",", omittingEmptySubsequences: false).count
        == table.line(row, part: "一所").split(separator: ",", omittingEmptySubsequences: false)
        .count)
  }
}
