// 一屏: incidents as screens follow them.
import Access
import CommandDomain
import CommandStore
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC

@Suite struct RPCBoardTests {
  private typealias Message = Quintet_Command_V1_WatchIncidentsResponse

  /// What one screen is told until `isEnough`, which may do something each time.
  private static func told(
    _ desk: Desk, after sequence: Int64 = 0,
    until isEnough: @escaping @Sendable (Message) async throws -> Bool
  ) async throws -> [Message] {
    try await desk.boards.watchIncidents(.with { $0.afterSequence = sequence }) {
      response -> [Message] in
      var seen: [Message] = []
      for try await message in response.messages {
        seen.append(message)
        if try await isEnough(message) { break }
      }
      return seen
    }
  }

  @Test func aScreenSeesWhatIsOpenThenEachChange() async throws {
    try await Desk.with { desk in
      let standing = try await desk.submit()
      let seen = try await Self.told(desk) { message in
        if message.isSnapshotEnd { try await desk.dispatch(standing) }
        return message.cards.contains { $0.assignmentCount == 1 && $0.progress == .dispatched }
      }
      #expect(seen[0].isSnapshot && seen[0].isSnapshotEnd)
      let card = try #require(seen[0].cards.first)
      #expect(seen[0].cards.count == 1 && card.id == standing)
      #expect(card.incidentClass == .dispute && card.level == .incidentLevel4)
      #expect(card.callCount == 1 && card.assignmentCount == 0 && card.progress == .unspecified)
      #expect(card.location.hasWgs84Point && card.hasOccurTime && card.hasCreateTime)
      let sequences = seen.map(\.sequence)
      #expect(sequences == sequences.sorted() && sequences[0] > 0)
      #expect(seen.dropFirst().allSatisfy { !$0.isSnapshot })
    }
  }

  @Test func whoComesBackIsToldWhatHappenedMeanwhileAndNoMore() async throws {
    try await Desk.with { desk in
      _ = try await desk.submit()
      let first = try await Self.told(desk) { $0.isSnapshotEnd }
      let sequence = try #require(first.last?.sequence)
      let meanwhile = [try await desk.submit(), try await desk.submit()]
      let head = try await desk.journal.head()
      let again = try await Self.told(desk, after: sequence) { $0.sequence >= head }
      #expect(again.allSatisfy { !$0.isSnapshot })
      #expect(Set(again.flatMap(\.cards).map(\.id)) == Set(meanwhile))
      // Nothing happened since: nothing is told but that.
      let last = try #require(again.last?.sequence)
      let nothing = try await Self.told(desk, after: last) { _ in true }
      #expect(nothing.count == 1 && nothing[0].cards.isEmpty && nothing[0].sequence == last)
      // A number that is not known yet cannot be gone on from.
      let odd = try await Self.told(desk, after: last + 1_000) { $0.isSnapshotEnd }
      #expect(odd.flatMap(\.cards).count == 3)
    }
  }

  @Test func anEndedIncidentIsToldOnceMoreAndIsInNoSnapshot() async throws {
    try await Desk.with { desk in
      let id = try await desk.submit()
      let seen = try await Self.told(desk) { message in
        if message.isSnapshotEnd {
          _ = try await desk.incidents.cancelIncident(
            .with {
              $0.requestID = newRequestID()
              $0.incidentID = id
              $0.reason = "误报"
            })
        }
        return message.cards.contains { $0.state == .cancelled }
      }
      #expect(seen.last?.cards.map(\.id) == [id])
      let again = try await Self.told(desk) { $0.isSnapshotEnd }
      #expect(again.flatMap(\.cards).isEmpty)
    }
  }

  /// Advice is no event of command's, and boards tell of it all the same: at once, and to whoever comes
  /// back.
  @Test func whatIntelligenceFindsIsTold() async throws {
    try await Desk.with { desk in
      let id = try IncidentID(parsing: try await desk.submit())
      let advise: @Sendable (String) async throws -> Void = { name in
        let store = desk.store
        try await desk.database.write { tx in
          try store.perform(
            in: tx, provenance: Provenance(actor: "service/intelligence", cause: name, trace: ""),
            now: Sample.time(9)
          ) { writer in
            try NeighbourFacts().advise(
              IncidentAdvice(
                incidentID: id, assessmentID: Sample.id(name), stationID: Sample.id(name),
                stationName: name, suggestedClass: nil, suggestedLevel: nil, repeatCount: 0,
                occurTime: Sample.time(9)), in: writer)
          }
        }
      }
      let seen = try await Self.told(desk) { message in
        if message.isSnapshotEnd { try await advise("甲所") }
        if message.cards.last?.stationName == "甲所" {
          try await advise("乙所")
        }
        return message.cards.last?.stationName == "乙所"
      }
      let sequence = try #require(seen.last?.sequence)
      try await advise("丙所")
      let again = try await Self.told(desk, after: sequence) { !$0.cards.isEmpty }
      #expect(again.last?.cards.map(\.stationName) == ["丙所"])
    }
  }

  @Test func eachReachIsToldItsOwnAndNotNamedTheOthers() async throws {
    try await Desk.with { desk in
      let board = IncidentBoard(
        store: desk.store, journal: desk.journal, logger: Desk.quiet, heartbeat: .seconds(60))
      let running = Task { try await board.run() }
      let hall = try await board.join(.everywhere)
      let crew = try await board.join(Reach(seat: Sample.unit(1).description))
      let theirs = try await desk.submit()
      let mine = try await desk.submit()
      try await desk.dispatch(mine)
      for await notice in crew.0.notices {
        guard case .changed(let message, let elsewhere) = notice else { continue }
        #expect(!message.cards.contains { $0.id == theirs })
        #expect(message.removedIds.isEmpty)
        if message.cards.contains(where: { $0.id == mine }) { break }
        #expect(!elsewhere.isEmpty)
      }
      var all: Set<String> = []
      for await notice in hall.0.notices {
        guard case .changed(let message, let elsewhere) = notice else { continue }
        all.formUnion(message.cards.map(\.id))
        #expect(elsewhere.isEmpty)
        if all.count == 2 { break }
      }
      #expect(all == [mine, theirs])
      running.cancel()
      _ = try await running.value
    }
  }

  @Test func silenceIsBrokenByHeartbeatsWithTheSequence() async throws {
    try await Desk.with(heartbeat: .milliseconds(40)) { desk in
      _ = try await desk.submit()
      let seen = try await Self.told(desk) { message in !message.isSnapshot }
      #expect(seen.last?.cards.isEmpty == true)
      #expect(seen.last?.sequence == seen.first?.sequence)
    }
  }

  @Test func aNegativeSequenceIsRefused() async throws {
    try await Desk.with { desk in
      let refused = await #expect(throws: RPCError.self) {
        _ = try await Self.told(desk, after: -1) { _ in true }
      }
      #expect(
        refused.map(Refusal.init)
          == Refusal(.invalidArgument, "OUT_OF_RANGE", "after_sequence"))
    }
  }
}

@Suite struct IncidentCardTests {
  @Test func longNumbersAreNotShown() {
    let cases = [
      ("青云路 8 号 302 室有人打架", "青云路 8 号 302 室有人打架"),
      ("电话13812345678，有人打架", "电话***，有人打架"),
      ("138 1234 5678 报警", "*** 报警"), ("138-1234-5678", "***"),
      ("身份证33030219900101123X", "身份证***X"), ("１３８１２３４５６７８", "***"),
      ("浙C12345 追尾", "浙C12345 追尾"), ("20:30 起", "20:30 起"), ("", ""), ("7", "7"),
      ("0577-88123456 转 8", "*** 转 8"), ("123  4567 号", "*** 号"),
    ]
    for (text, shown) in cases {
      #expect(IncidentCard.withoutNumbers(text) == shown)
    }
  }

  @Test func noRunOfSevenDigitsIsEverLeft() {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("0123456789 -·号路１２３")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
          letters.randomElement(using: &generator) ?? "0"
        })
      let shown = IncidentCard.withoutNumbers(text)
      var run = 0
      for character in shown {
        if character.isWholeNumber {
          run += 1
        } else if !" -·".contains(character) {
          run = 0
        }
        #expect(run < 7, "\(text) → \(shown)")
      }
    }
  }
}
