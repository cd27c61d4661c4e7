// 一屏: units as maps follow them.
import Access
import DutyDomain
import DutyStore
import Foundation
import GRPCCore
import Geography
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyDomain
@testable import DutyRPC

@Suite struct UnitBoardTests {
  private typealias Message = Quintet_Duty_V1_WatchUnitsResponse

  private static let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

  private static func board(_ station: Station) -> UnitBoard {
    UnitBoard(
      store: station.store, logger: quiet, clock: { noon }, tick: .milliseconds(5),
      heartbeat: .seconds(60))
  }

  /// Runs the board while `body` does.
  private static func running<R: Sendable>(
    _ board: UnitBoard, _ body: () async throws -> R
  ) async throws -> R {
    let running = Task { try await board.run() }
    let result = try await body()
    running.cancel()
    _ = try await running.value
    return result
  }

  @Test func aMapIsToldAllUnitsAndThenWhatMoves() async throws {
    try await Station.with { station in
      let first = try await station.putUnit("车 1").id
      let second = try await station.putUnit("车 2").id
      try await station.report([position(first, 28.02)])
      let board = Self.board(station)
      let messages = try await Self.running(board) {
        let group = UnitBoard.Group(reach: .everywhere, interval: 1)
        let joined = try await board.join(group)
        var messages = try await board.snapshot(within: .everywhere)
        try await station.report([position(second, 28.03, at: noon.addingTimeInterval(-7))])
        for await message in joined.notices {
          messages.append(message)
          if message.hasMoves { break }
        }
        return messages
      }
      #expect(messages[0].isSnapshot && messages[0].isSnapshotEnd)
      let marks = Dictionary(
        uniqueKeysWithValues: messages[0].units.map { ($0.id, $0) })
      #expect(marks[first]?.lat == 2_802_000 && marks[first]?.fix != 0)
      #expect(marks[second]?.fix == 0)
      let moves = try #require(messages.last?.moves)
      #expect(moves.n == [try #require(marks[second]?.n)])
      #expect(moves.lat == [2_803_000] && moves.age == [7] && moves.heading == [-1])
      #expect(messages.last?.units.isEmpty == true)
    }
  }

  @Test func manyMovesWithinAnIntervalAreToldAsOne() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("车 1").id
      let board = UnitBoard(
        store: station.store, logger: Self.quiet, clock: { noon }, tick: .milliseconds(50),
        heartbeat: .seconds(60))
      let joined = try await board.join(.init(reach: .everywhere, interval: 1))
      // Before the board looks.
      for step in 1...20 {
        try await station.report([
          position(unit, 28 + Double(step) / 1_000, at: noon.addingTimeInterval(Double(step - 30)))
        ])
      }
      let told = try await Self.running(board) {
        for await message in joined.notices { return message }
        return Message()
      }
      #expect(told.moves.n.count == 1 && told.moves.lat == [2_802_000])
    }
  }

  @Test func othersUnitsAreNotTold() async throws {
    try await Station.with { station in
      let mine = try await station.putUnit("车 1").id
      let theirs = try await station.putUnit("车 2").id
      let board = Self.board(station)
      let reach = Reach(seat: mine)
      let messages = try await Self.running(board) {
        let joined = try await board.join(.init(reach: reach, interval: 1))
        var messages = try await board.snapshot(within: reach)
        try await station.report([position(theirs, 28.03)])
        try await station.report([position(mine, 28.02)])
        for await message in joined.notices {
          messages.append(message)
          if message.hasMoves { break }
        }
        return messages
      }
      #expect(messages[0].units.map(\.id) == [mine])
      #expect(messages.dropFirst().allSatisfy { $0.units.isEmpty && $0.removed.isEmpty })
      #expect(messages.last?.moves.n == messages[0].units.map(\.n))
    }
  }

  @Test func aUnitThatIsNewIsToldInFull() async throws {
    try await Station.with { station in
      let board = Self.board(station)
      let told = try await Self.running(board) {
        let joined = try await board.join(.init(reach: .everywhere, interval: 1))
        let unit = try await station.putUnit("车 1").id
        try await station.report([position(unit, 28.02)])
        for await message in joined.notices where message.units.contains(where: { $0.id == unit }) {
          return (unit, message)
        }
        return (unit, Message())
      }
      #expect(told.1.units.map(\.callSign) == ["车 1"])
    }
  }

  @Test func pagesAreShortAndLoseNobody() throws {
    let units = try (1...1_203).map { number in
      BoardUnit(
        number: number,
        view: UnitView(
          unit: DutyUnit(
            id: id("\(number)", UnitTag.self), callSign: "\(number)", kind: .car),
          position: UnitPosition(
            coordinate: try Coordinate(latitude: 28, longitude: 120), fixTime: noon, speed: 1,
            heading: 359.9)
        ), hasOnlyMoved: true)
    }
    var page = UnitPage(asOf: BoardTime(noon))
    for unit in units { page.add(unit) }
    #expect(page.snapshot.map(\.units.count) == [500, 500, 203])
    #expect(page.snapshot.map(\.isSnapshotEnd) == [false, false, true])
    var moves = UnitPage(asOf: BoardTime(noon))
    for unit in units { moves.move(unit) }
    #expect(moves.messages.flatMap(\.moves.n) == (1...1_203).map(UInt32.init))
    #expect(moves.messages.flatMap(\.moves.heading).allSatisfy { (0..<360).contains($0) })
    #expect(UnitPage(asOf: BoardTime(noon)).messages.isEmpty)
    #expect(UnitPage(asOf: BoardTime(noon)).snapshot.count == 1)
  }
}
