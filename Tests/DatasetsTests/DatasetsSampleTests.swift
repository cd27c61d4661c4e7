// The sample files themselves, where they are at hand: every row accounted for, and the figures that
// a look at the file by other means gave.
import Datasets
import Foundation
import Testing

@Suite struct DatasetsSampleTests {
  /// - Returns: nil, and says so, when the sample data are not there: the repository does not carry
  ///   them.
  private func sample(_ name: String) throws -> DataFile? {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder =
      ProcessInfo.processInfo.environment["QUINTET_SAMPLE_DATA"].map(URL.init(fileURLWithPath:))
      ?? repository.appendingPathComponent("../shared/data").standardizedFileURL
    let path = folder.appendingPathComponent(name).path
    guard FileManager.default.fileExists(atPath: path) else {
      print("no sample data at \(path): nothing to check")
      return nil
    }
    return try DataFile(path: path)
  }

  @Test func theFireFileIsReadWhole() throws {
    guard let data = try sample("sf_fire_2016-12-31_8days.csv.gz") else { return }
    let file = try FireFile(data, now: now)
    #expect(file.rowCount == 7704)
    #expect(file.quarantine.count == 0)
    let calls = FireCall.group(file.responses)
    #expect(calls.count == 3560)
    #expect(Set(file.responses.map(\.unitID)).count == 178)
    #expect(calls.map(\.received) == calls.map(\.received).sorted())
    // Counted from the file with other tools.
    #expect(
      calls.filter { $0.priority == "2" }.count + calls.filter { $0.priority == "3" }.count == 3560)
    for call in calls {
      let acts = FirePlan(call).acts
      #expect(acts.last?.kind == .close)
      #expect(!call.account.isEmpty)
    }
  }

  @Test func theTravelModelBeatsAConstantOnTheSecondHalf() throws {
    guard let data = try sample("sf_fire_2016-12-31_8days.csv.gz") else { return }
    let calls = FireCall.group(try FireFile(data, now: now).responses)
    let halves = Journey.halves(of: calls)
    let fit = try #require(TravelFit.fit(halves.first))
    let report = TravelModelReport(fit: fit, first: halves.first, second: halves.second)
    let error = try #require(report.medianAbsoluteError)
    let constant = try #require(report.constantError)
    #expect(error < constant)
    #expect((5...30).contains(fit.metresPerSecond))
  }

  @Test func thePartnerFileIsReadWhole() throws {
    guard let data = try sample("montco911_first20k.csv.gz") else { return }
    let file = try PartnerFile(data, now: now)
    #expect(file.rowCount == 20_000)
    #expect(file.quarantine.count == 0)
    let classes = Dictionary(grouping: file.calls, by: \.classCode).mapValues(\.count)
    #expect(classes == ["help": 9362, "traffic": 7786, "disaster": 2852])
    #expect(Set(file.calls.map(\.reference)).count == 20_000)
  }

  @Test func brokenLinesInTheFireFileCostThemselvesAlone() throws {
    guard let data = try sample("sf_fire_2016-12-31_8days.csv.gz") else { return }
    var lines = data.bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    // Each far from the others, none the only row of a call number that matters here.
    lines[100] = Array("garbage".utf8)
    lines[2000].insert(UInt8(ascii: "\""), at: 0)
    lines[3000] += Array(",extra".utf8)
    lines[4000] = lines[3999]
    let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    let file = try FireFile(DataFile(bytes: bytes), now: now)
    #expect(file.rowCount == 7704)
    #expect(
      file.quarantine.rows == [
        QuarantinedRow(line: 101, reason: .wrongFieldCount),
        QuarantinedRow(line: 2001, reason: .unbalancedQuote),
        QuarantinedRow(line: 3001, reason: .wrongFieldCount),
        QuarantinedRow(line: 4001, reason: .duplicateRowID),
      ])
    #expect(file.responses.count == 7700)
  }
}
