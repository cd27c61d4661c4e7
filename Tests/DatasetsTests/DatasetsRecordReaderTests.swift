// What a tolerant reader must get right: quotes, line ends, and the way on after a broken line.
import Datasets
import Foundation
import Geography
import Testing

@Suite struct DatasetsRecordReaderTests {
  private func lines(_ file: FireFile) -> [Int] { file.responses.map(\.line) }

  @Test func quotedCommasAndDoubledQuotesAreOneField() throws {
    let row = FireRows.row().replacing(
      "1600 Block of CLAY ST", with: "\"1600 \"\"Block\"\", of CLAY\"")
    let file = try FireRows.file([row])
    #expect(file.responses.first?.address == "1600 \"Block\", of CLAY")
  }

  @Test func aLineBreakInsideQuotesBelongsToTheRow() throws {
    let file = try FireRows.file([
      FireRows.row(["Address": "1600 Block\nof CLAY ST"]), FireRows.row(call: "2", unit: "T03"),
    ])
    #expect(file.responses.first?.address == "1600 Block of CLAY ST")
    #expect(lines(file) == [2, 4])
    #expect(file.rowCount == 2)
  }

  @Test func aQuoteInsideAnUnquotedFieldIsACharacter() throws {
    let file = try FireRows.file([FireRows.row(["Address": "5\" PIPE ST"])])
    #expect(file.responses.first?.address == "5\" PIPE ST")
  }

  @Test(arguments: [0, 1]) func anUnbalancedQuoteCostsOneLine(position: Int) throws {
    // In the last column the quote would swallow the next line, whose own quotes close it wrongly.
    let broken =
      position == 0
      ? FireRows.row(["Call Type": "\"Gas Leak"]) : FireRows.row(["lon": "\"-122.42"])
    let after = FireRows.row(call: "2", unit: "T03", ["Address": "CLAY ST, corner"])
    let file = try FireRows.file([broken, after, FireRows.row(call: "3", unit: "T04")])
    #expect(file.quarantine.rows == [QuarantinedRow(line: 2, reason: .unbalancedQuote)])
    #expect(lines(file) == [3, 4])
    #expect(file.rowCount == 3)
  }

  @Test func anUnbalancedQuoteAtTheEndOfTheFileCostsOneLine() throws {
    let file = try FireRows.file([FireRows.row(), FireRows.row(["lon": "\"-122.42"])])
    #expect(file.quarantine.rows == [QuarantinedRow(line: 3, reason: .unbalancedQuote)])
  }

  @Test func aQuoteThatClosesTooEarlyIsMalformed() throws {
    let file = try FireRows.file([FireRows.row(["Call Type": "\"Gas\" Leak"])])
    #expect(file.quarantine.rows == [QuarantinedRow(line: 2, reason: .malformedQuote)])
  }

  @Test func manyUnbalancedQuotesCostOneLineEach() throws {
    let broken = (0..<200).map { FireRows.row(call: "\($0)", unit: "E1", ["City": "\"x"]) }
    let file = try FireRows.file(broken + [FireRows.row()])
    #expect(file.quarantine.counts == [.unbalancedQuote: 200])
    #expect(lines(file) == [202])
  }

  @Test func windowsLineEndsAndByteOrderMarkMakeNoDifference() throws {
    let rows = [FireRows.columns.joined(separator: ","), FireRows.row(), "", FireRows.row()]
    let text = rows.joined(separator: "\r\n") + "\r\n"
    let bytes = [0xef, 0xbb, 0xbf] + Array(text.utf8)
    let file = try FireFile(DataFile(bytes: bytes), now: now)
    #expect(file.responses.first?.point.longitude == -122.42023)
    #expect(file.quarantine.rows == [QuarantinedRow(line: 4, reason: .duplicateRowID)])
    #expect(file.rowCount == 2)
  }

  @Test func columnsMayComeInAnyOrder() throws {
    let plain = try FireRows.file([FireRows.row()])
    let order = FireRows.columns.reversed()
    let values = order.map { FireRows.good[$0] ?? "" }
    let text = order.joined(separator: ",") + "\n" + values.joined(separator: ",")
    let turned = try FireFile(DataFile(bytes: Array(text.utf8)), now: now)
    #expect(turned.responses == plain.responses)
  }

  @Test func aFileOfAnotherProfileIsRefusedWithTheColumnsItLacks() throws {
    #expect(throws: DatasetError.columnsMissing(["lat", "lon"])) {
      let text = FireRows.columns.dropLast(2).joined(separator: ",")
      _ = try FireFile(DataFile(bytes: Array(text.utf8)), now: now)
    }
    #expect(throws: DatasetError.noHeader) {
      _ = try FireFile(DataFile(bytes: []), now: now)
    }
  }

  @Test func aPackedFileReadsAsTheSameText() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("datasets-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plain = folder.appendingPathComponent("a.csv")
    try Data(FireRows.row().utf8).write(to: plain)
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-k", plain.path]
    try gzip.run()
    gzip.waitUntilExit()
    let packed = folder.appendingPathComponent("a.csv.gz")
    let expected = try DataFile(path: plain.path)
    let unpacked = try DataFile(path: packed.path)
    #expect(unpacked.bytes == expected.bytes)
    #expect(unpacked.fingerprint == expected.fingerprint)
    // Half of it is no file at all, rather than a shorter one.
    let half = try Data(contentsOf: packed).dropLast(20)
    try half.write(to: packed)
    #expect(throws: DatasetError.damaged(path: packed.path)) { try DataFile(path: packed.path) }
    #expect(throws: DatasetError.unreadable(path: "/nowhere")) { try DataFile(path: "/nowhere") }
  }
}
