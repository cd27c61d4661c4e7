// Figures as a caller meets them: what is refused, pages that hold everything once, and a file that no
// spreadsheet takes for a program.
import Access
import Classification
import Foundation
import GRPCCore
import Geography
import Identifiers
import QuintetAPI
import SupervisionRPC
import SupervisionStore
import SwiftProtobuf
import Testing
import Wire

@testable import SupervisionDomain

private typealias Analytics = Quintet_Supervision_V1_AnalyticsService.Method

@Suite struct FigureTests {
  // MARK: The file

  @Test(
    arguments: [
      ("=1+1", "'=1+1"), ("+86", "'+86"), ("-1", "'-1"), ("@x", "'@x"), ("  =1", "'  =1"),
      ("\t1", "'\t1"), ("＝1", "'＝1"), ("南门所", "南门所"), ("a-b", "a-b"), ("", ""),
      ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("two\r\nlines", "\"two\r\nlines\""),
      ("=a,b", "\"'=a,b\""),
    ])
  func aCellOfTextIsNoFormulaAndNoTwoCells(_ text: String, _ cell: String) {
    let sheet = FigureSheet(header: ["h"], rows: [[.text(text), .count(1)]])
    #expect(sheet.csv == "h\r\n\(cell),1\r\n")
  }

  @Test func whatIsNotKnownIsAnEmptyCell() {
    let row: [FigureSheet.Cell] = [.seconds(nil), .share(nil), .seconds(1.5), .share(1.0 / 3)]
    #expect(FigureSheet(header: [], rows: [row]).csv == "\r\n,,1.500,0.3333\r\n")
  }

  // MARK: Stretches of time

  /// Against a count of single numbers.
  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func stretchesAreSetsOfMoments(seed: UInt64) {
    var random = Seeded(seed)
    func ranges() -> [Range<Int64>] {
      (0..<Int.random(in: 0...8, using: &random)).map { _ in
        let start = Int64.random(in: 0..<50, using: &random)
        return start..<(start + Int64.random(in: 0...12, using: &random))
      }
    }
    let (first, second) = (ranges(), ranges())
    func moments(_ ranges: [Range<Int64>]) -> Set<Int64> { Set(ranges.flatMap { Array($0) }) }
    let (left, right) = (Stretches(first), Stretches(second))
    #expect(moments(left.all) == moments(first))
    #expect(
      moments(left.intersection(right).all) == moments(first).intersection(moments(second)))
    #expect(moments(left.subtracting(right).all) == moments(first).subtracting(moments(second)))
    for stretches in [left, left.intersection(right), left.subtracting(right)] {
      for (before, after) in zip(stretches.all, stretches.all.dropFirst()) {
        #expect(before.upperBound <= after.lowerBound)
      }
    }
  }

  @Test func hoursAreThoseOfTheWallInShanghai() {
    // 2016-12-31 00:00 UTC is 08:00 there.
    let start = Bench.start.microseconds
    #expect(LocalClock.hour(of: start) == 8)
    #expect(LocalClock.day(of: Bench.start.addingTimeInterval(16 * 3600)) == "2017-01-01")
    let hours = Stretches([(start + 1_800_000_000)..<(start + 9_000_000_000)]).byHour()
    #expect(hours == [8: 1_800_000_000, 9: 3_600_000_000, 10: 1_800_000_000])
  }

  @Test func nearestRankIsOneOfTheValues() {
    #expect(NearestRank.value(50, of: []) == nil)
    #expect(NearestRank.value(50, of: [1, 2]) == 1)
    #expect(NearestRank.value(90, of: Array(1...10)) == 9)
    #expect(NearestRank.value(90, of: Array(1...11)) == 10)
  }

  // MARK: Calls

  private static func refusal(
    _ change: (inout Quintet_Supervision_V1_ListIntervalFiguresRequest) -> Void
  ) async throws -> Failure? {
    var request = Quintet_Supervision_V1_ListIntervalFiguresRequest.with {
      $0.startTime = Bench.start.timestamp
      $0.endTime = Bench.start.addingTimeInterval(3600).timestamp
    }
    change(&request)
    let asked = request
    let bench = try await Bench()
    defer { Task { await bench.close() } }
    do {
      _ = try await called(Analytics.ListIntervalFigures.descriptor) {
        try await bench.analytics.listIntervalFigures(request: asked, context: $0)
      }
      return nil
    } catch let failure as Failure {
      return failure
    }
  }

  @Test func whatIsAskedWrongIsRefusedByField() async throws {
    #expect(try await Self.refusal { _ in } == nil)
    let cases:
      [(
        String, String,
        (inout Quintet_Supervision_V1_ListIntervalFiguresRequest) -> Void
      )] = [
        ("REQUIRED", "start_time", { $0.clearStartTime() }),
        ("REQUIRED", "end_time", { $0.clearEndTime() }),
        ("OUT_OF_RANGE", "end_time", { $0.endTime = $0.startTime }),
        (
          "OUT_OF_RANGE", "end_time",
          { $0.endTime = Bench.start.addingTimeInterval(93 * 86_400).timestamp }
        ),
        ("OUT_OF_RANGE", "start_time", { $0.startTime.nanos = -1 }),
        ("UNSPECIFIED", "measures[1]", { $0.measures = [.sign, .unspecified] }),
        ("TOO_MANY", "measures", { $0.measures = Array(repeating: .sign, count: 9) }),
        ("UNSPECIFIED", "groupings[0]", { $0.groupings = [.UNRECOGNIZED(9)] }),
        ("UNSPECIFIED", "incident_class", { $0.incidentClass = .UNRECOGNIZED(99) }),
        ("OUT_OF_RANGE", "page_size", { $0.pageSize = 501 }),
        ("PAGE_TOKEN_INVALID", "page_token", { $0.pageToken = "x" }),
        ("PAGE_TOKEN_INVALID", "page_token", { $0.pageToken = PageToken.encode(["-1"]) }),
      ]
    for (reason, field, change) in cases {
      let failure = try await Self.refusal(change)
      #expect(failure?.reason == reason, "\(field)")
      #expect(failure?.field == field, "\(reason)")
    }
  }

  @Test func pagesHoldEveryLineOnceAndTheFileHasTheSameLines() async throws {
    try await Bench.with { bench in
      try await bench.store.write(now: Bench.start) { writer in
        var ids = TestIDs("stations")
        for index in 0..<7 {
          let orgUnit = OrgUnitActivity(
            id: ids.next(), code: "S\(index)", name: index == 3 ? "=所" : "所 \(index)",
            rank: .station, parent: nil)
          try writer.keep(.orgUnit(orgUnit), sequence: Int64(index + 1))
        }
      }
      var request = Quintet_Supervision_V1_ListBulletinLinesRequest.with {
        $0.startTime = Bench.start.timestamp
        $0.endTime = Bench.start.addingTimeInterval(86_400).timestamp
        $0.pageSize = 4
      }
      var lines: [Quintet_Supervision_V1_BulletinLine] = []
      repeat {
        let asked = request
        let page = try await called(Analytics.ListBulletinLines.descriptor) {
          try await bench.analytics.listBulletinLines(request: asked, context: $0)
        }
        #expect(page.lines.count == 4 || page.nextPageToken.isEmpty)
        lines += page.lines
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      // Citizens' and officers' apart, for every station, with nothing to count too.
      #expect(lines.map(\.orgUnitCode) == (0..<7).flatMap { ["S\($0)", "S\($0)"] })
      #expect(Set(lines.map(\.origin)) == [.citizenReported, .officerDiscovered])
      #expect(lines.allSatisfy { !$0.onTime.hasWithinShare && $0.onTime.totalCount == 0 })
    }
  }

  @Test func aDirectiveToAStationCountsForIt() async throws {
    try await Bench.with { bench in
      var ids = TestIDs("courses")
      let station: OrgUnitID = ids.next()
      let (first, second): (DirectiveID, DirectiveID) = (ids.next(), ids.next())
      func course(
        _ id: DirectiveID, _ state: CourseActivity.State, sign: Double?, feedback: Double?
      ) -> ActivityFact {
        .course(
          CourseActivity(
            directive: id, recipient: Recipient(kind: .station, id: station.description),
            incident: nil, state: state, issueTime: state == .open ? Bench.start : nil,
            acknowledgeTime: sign.map { Bench.start.addingTimeInterval($0) },
            feedbackTime: feedback.map { Bench.start.addingTimeInterval($0) }))
      }
      // The last word is heard first.
      let told: [(ActivityFact, Int64)] = [
        (
          .orgUnit(
            OrgUnitActivity(id: station, code: "S", name: "所", rank: .station, parent: nil)), 1
        ),
        (course(first, .fedBack, sign: 20, feedback: 5_000), 9),
        (course(first, .open, sign: nil, feedback: nil), 2),
        (course(second, .open, sign: nil, feedback: nil), 3),
        (course(second, .signed, sign: 900, feedback: nil), 4),
      ]
      try await bench.store.write(now: Bench.start) { writer in
        for (fact, sequence) in told { try writer.keep(fact, sequence: sequence) }
      }
      let lines = try await called(Analytics.ListBulletinLines.descriptor) {
        try await bench.analytics.listBulletinLines(
          request: .with {
            $0.startTime = Bench.start.timestamp
            $0.endTime = Bench.start.addingTimeInterval(86_400).timestamp
          }, context: $0
        ).lines
      }
      let line = try #require(lines.first { $0.origin == .unspecified })
      #expect(line.signed30S.totalCount == 2 && line.signed30S.withinCount == 1)
      #expect(line.signed30Min.withinCount == 2)
      #expect(line.feedbackTotalCount == 2 && line.feedbackExcludedCount == 1)
      #expect(line.feedback240MinCount == 1)
    }
  }
}

extension Bench {
  var analytics: AnalyticsService { AnalyticsService(store: store, clock: now) }
}
