// Every way in which a row can be wrong, one at a time: the reason says which, the line says where,
// and the good rows around it are taken.
import Datasets
import Testing

@Suite struct DatasetsQuarantineTests {
  static let fireRows: [(QuarantineReason, [String: String])] = [
    (.callNumberMissing, ["Call Number": ""]),
    (.callNumberMissing, ["Call Number": "  "]),
    (.callNumberInvalid, ["Call Number": "16 36"]),
    (.callNumberInvalid, ["Call Number": String(repeating: "9", count: 33)]),
    (.unitMissing, ["Unit ID": ""]),
    (.unitInvalid, ["Unit ID": "é41"]),
    (.receivedMissing, ["Received DtTm": ""]),
    (.receivedUnreadable, ["Received DtTm": "yesterday"]),
    (.receivedUnreadable, ["Received DtTm": "2016-02-30T00:00:00"]),
    (.receivedUnreadable, ["Received DtTm": "2016-12-31T24:00:00"]),
    (.receivedUnreadable, ["Received DtTm": "2016-12-31T00:01:04Z"]),
    (.timeInFuture, ["Received DtTm": "2099-12-31T00:01:04"]),
    (.timeUnreadable, ["On Scene DtTm": "00:06"]),
    (.timeUnreadable, ["Dispatch DtTm": "n/a"]),
    (.timeUnreadable, ["Hospital DtTm": "2016-13-01T00:00:00"]),
    (.timeInFuture, ["Available DtTm": "2099-12-31T00:01:04"]),
    (.locationMissing, ["lat": ""]),
    (.locationMissing, ["lon": ""]),
    (.locationUnreadable, ["lat": "north"]),
    (.locationUnreadable, ["lon": "nan"]),
    (.locationOutOfRange, ["lat": "91.5"]),
    (.locationOutOfRange, ["lon": "-1224.2"]),
    (.locationZero, ["lat": "0.0", "lon": "0"]),
    (.controlCharacter, ["Address": "CLAY\u{1} ST"]),
    (.textTooLong, ["Address": String(repeating: "A", count: 301)]),
    (.textTooLong, ["City": String(repeating: "A", count: 5000)]),
    (.duplicateRowID, ["Call Number": "1", "RowID": "7-X"]),
    (.duplicateCallUnit, ["Call Number": "7", "Unit ID": "X", "RowID": "other"]),
  ]

  @Test(arguments: fireRows) func aBrokenRowIsSetAsideWithItsReason(
    reason: QuarantineReason, changes: [String: String]
  ) throws {
    let file = try FireRows.file([
      FireRows.row(call: "7", unit: "X"), FireRows.row(changes), FireRows.row(call: "8", unit: "X"),
    ])
    #expect(file.quarantine.rows == [QuarantinedRow(line: 3, reason: reason)])
    #expect(file.responses.map(\.callNumber) == ["7", "8"])
    #expect(file.rowCount == 3)
  }

  @Test func tooFewAndTooManyFieldsAreSetAside() throws {
    let file = try FireRows.file(["163660008,E41", FireRows.row() + ",more", FireRows.row()])
    #expect(
      file.quarantine.rows == [
        QuarantinedRow(line: 2, reason: .wrongFieldCount),
        QuarantinedRow(line: 3, reason: .wrongFieldCount),
      ])
    #expect(file.responses.count == 1)
  }

  @Test func textThatIsNotUTF8IsSetAside() throws {
    var bytes = Array((FireRows.columns.joined(separator: ",") + "\n").utf8)
    bytes += Array(FireRows.row(["City": "?"]).utf8).map { $0 == UInt8(ascii: "?") ? 0xff : $0 }
    let file = try FireFile(DataFile(bytes: bytes), now: now)
    #expect(file.quarantine.rows == [QuarantinedRow(line: 2, reason: .invalidUTF8)])
  }

  @Test func aRowSetAsideDoesNotMakeItsRepetitionADuplicate() throws {
    let file = try FireRows.file([FireRows.row(["lat": ""]), FireRows.row()])
    #expect(file.quarantine.counts == [.locationMissing: 1])
    #expect(file.responses.count == 1)
  }

  @Test func aMissingOptionalTimeIsNormal() throws {
    let times = [
      "Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Transport DtTm", "Available DtTm",
    ]
    let changes = Dictionary(uniqueKeysWithValues: times.map { ($0, "") })
    let file = try FireRows.file([FireRows.row(changes)])
    #expect(file.quarantine.count == 0)
    #expect(file.responses.first?.laterTimes == [])
  }

  static let partnerRows: [(QuarantineReason, String, String)] = [
    (.titleMissing, "EMS: BACK PAINS/INJURY", ""),
    (.titleUnknown, "EMS: BACK PAINS/INJURY", "Police: THEFT"),
    (.titleUnknown, "EMS: BACK PAINS/INJURY", "EMS"),
    (.titleUnknown, "EMS: BACK PAINS/INJURY", "EMS: "),
    (.receivedMissing, "2015-12-10 17:40:00", ""),
    (.receivedUnreadable, "2015-12-10 17:40:00", "10/12/2015"),
    (.timeInFuture, "2015-12-10 17:40:00", "2035-12-10 17:40:00"),
    (.locationMissing, "40.29", ""),
    (.locationOutOfRange, "40.29", "400.29"),
    (.unbalancedQuote, "REINDEER CT; NEW HANOVER", "\"REINDEER CT; NEW HANOVER"),
    (.wrongFieldCount, "19525.0,", ""),
  ]

  @Test(arguments: partnerRows) func aBrokenPartnerRowIsSetAsideWithItsReason(
    reason: QuarantineReason, part: String, replacement: String
  ) throws {
    let broken = PartnerRows.good.replacing(part, with: replacement)
    let file = try PartnerRows.file([PartnerRows.good, broken, PartnerRows.good])
    #expect(file.quarantine.rows == [QuarantinedRow(line: 3, reason: reason)])
    #expect(file.calls.map(\.line) == [2, 4])
  }

  @Test func identicalRowsAreCallsOfTheirOwnAndKnownAgain() throws {
    let other = PartnerRows.good.replacing("17:40", with: "17:41")
    let file = try PartnerRows.file([PartnerRows.good, other, PartnerRows.good])
    #expect(Set(file.calls.map(\.reference)).count == 3)
    let turned = try PartnerRows.file([other, PartnerRows.good, PartnerRows.good])
    #expect(Set(turned.calls.map(\.reference)) == Set(file.calls.map(\.reference)))
  }

  @Test func theReportCountsReasonsAndNamesTheFirstLines() throws {
    let broken = (0..<30).map { _ in FireRows.row(["Unit ID": ""]) }
    let report = try FireRows.file(broken + [FireRows.row(["lat": ""])]).quarantine.report
    #expect(report.count == 31)
    #expect(report.reasons == ["unit_missing": 30, "location_missing": 1])
    #expect(report.firstLines.map(\.line) == Array(2...21))
  }
}
