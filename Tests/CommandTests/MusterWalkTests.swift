// Musters walked at random against a list on paper: whatever is asked in whatever order, every member is
// where the list says, what is refused changes nothing, and the figures add up.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

/// What somebody with a list would know.
private struct PaperList {
  struct Line: Equatable {
    var state = MusterMemberState.summoned
    var seats: [String: Bool]
  }

  var level: Int?
  var lines: [String: Line] = [:]
}

struct MusterWalkTests {
  private static let plan = ModePlan(
    code: "walk", name: "走查",
    levels: (1...3).map { ModeLevel(level: $0, name: "\($0)", musterLimit: 600 * $0) },
    members: (0..<9).map { number in
      ModeMember(
        code: "m\(number)", name: "单位 \(number)",
        contact: Recipient(kind: .seat, id: "c\(number)"),
        seats: (0..<number % 3).map { "s\(number)-\($0)" }, fromLevel: number / 3 + 1)
    })

  @Test(arguments: 1...8) func everyMemberIsWhereTheListSays(seed: Int) async throws {
    let bench = try Bench()
    for lot in 0..<6 {
      try await bench.hall("walk-\(seed)-\(lot)") { hall in
        var generator = SeededGenerator(seed: UInt64(seed * 1_000 + lot))
        if lot == 0 {
          _ = try Mustering().put(Self.plan, etag: "", in: hall.writer, now: hall.now)
        }
        var list = try Self.read(hall)
        for step in 0..<40 {
          let time = Sample.time(Double(lot * 40 + step) * 30)
          let before = try hall.writer.runningMuster()
          let expected = Self.act(&list, &generator)
          var isDone = true
          do { try Self.send(expected.act, before, at: time, hall) } catch is CommandError {
            isDone = false
          }
          #expect(isDone == expected.isAllowed, "\(seed) \(lot) \(step) \(expected.act)")
          let after = try hall.writer.runningMuster()
          if !isDone { #expect(after == before) }
          #expect(Self.lines(after) == list.lines && after?.level == list.level)
          if let after { Self.checkFigures(of: after, at: time) }
        }
      }
    }
  }

  private enum Act {
    case war(Int)
    case standDown
    case acknowledge(String)
    case report(String, [String])
    case excuse(String)
    case add(String)
  }

  /// Chooses what is asked, and does it on the list if the list allows it.
  private static func act(
    _ list: inout PaperList, _ generator: inout SeededGenerator
  ) -> (act: Act, isAllowed: Bool) {
    let code = "m\(Int.random(in: 0..<11, using: &generator))"
    let line = list.lines[code]
    let isAwaited = line?.state == .summoned || line?.state == .acknowledged
    switch Int.random(in: 0..<20, using: &generator) {
    case 0...1:
      let level = Int.random(in: 1...4, using: &generator)
      let isAllowed = level < 4 && (list.level.map { level < $0 } ?? true)
      if isAllowed {
        list.level = level
        for member in plan.members where level <= member.fromLevel {
          guard list.lines[member.code] == nil else { continue }
          list.lines[member.code] = .init(
            seats: Dictionary(uniqueKeysWithValues: member.seats.map { ($0, false) }))
        }
      }
      return (.war(level), isAllowed)
    case 2:
      let isAllowed = list.level != nil
      list = PaperList()
      return (.standDown, isAllowed)
    case 3...7:
      let isAllowed = line?.state == .summoned
      if isAllowed { list.lines[code]?.state = .acknowledged }
      return (.acknowledge(code), isAllowed)
    case 8...13:
      let known = (line?.seats.keys.sorted() ?? []) + ["nowhere"]
      let seats = Bool.random(using: &generator) ? [known[0]] : []
      let isAllowed =
        (isAwaited || line?.state == .excused) && seats.allSatisfy { line?.seats[$0] != nil }
      if isAllowed {
        for seat in seats.isEmpty ? known.dropLast() : seats[...] {
          list.lines[code]?.seats[seat] = true
        }
        let isWhole = list.lines[code]?.seats.values.allSatisfy { $0 } == true
        list.lines[code]?.state = isWhole ? .mustered : .acknowledged
      }
      return (.report(code, seats), isAllowed)
    case 14...16:
      if isAwaited { list.lines[code]?.state = .excused }
      return (.excuse(code), isAwaited)
    default:
      let isAllowed =
        list.level != nil && line == nil && !plan.members.contains { $0.code == code }
      if isAllowed { list.lines[code] = .init(seats: [:]) }
      return (.add(code), isAllowed)
    }
  }

  private static func send(
    _ act: Act, _ running: Muster?, at time: Date, _ hall: Hall
  ) throws {
    let id: MusterID = running?.id ?? Sample.id("nowhere")
    let mustering = Mustering()
    let move = { (code: String) in MoveMember(musterID: id, code: code, occurTime: time) }
    switch act {
    case .war(let level):
      _ = try mustering.switchToWar(
        SwitchToWar(
          planCode: "walk", level: level, reason: "r", incidentID: nil, actor: "person/a",
          occurTime: time), in: hall.writer, now: hall.now)
    case .standDown:
      _ = try mustering.standDown(
        etag: "", reason: "r", actor: "person/a", at: time, in: hall.writer, now: hall.now)
    case .acknowledge(let code): _ = try mustering.acknowledge(move(code), in: hall.writer)
    case .report(let code, let seats):
      _ = try mustering.report(move(code), seats: seats, in: hall.writer)
    case .excuse(let code):
      _ = try mustering.excuse(move(code), reason: "r", in: hall.writer)
    case .add(let code):
      _ = try mustering.add(
        ModeMember(
          code: code, name: code, contact: Recipient(kind: .seat, id: code), seats: [],
          fromLevel: 4), at: time, in: hall.writer)
    }
  }

  private static func lines(_ muster: Muster?) -> [String: PaperList.Line] {
    Dictionary(
      uniqueKeysWithValues: (muster?.members ?? []).map { member in
        let seats = member.seats.map { ($0.code, $0.musterTime != nil) }
        return (
          member.code,
          PaperList.Line(state: member.state, seats: Dictionary(uniqueKeysWithValues: seats))
        )
      })
  }

  private static func read(_ hall: Hall) throws -> PaperList {
    let muster = try hall.writer.runningMuster()
    return PaperList(level: muster?.level, lines: lines(muster))
  }

  /// Every member is counted once.
  private static func checkFigures(of muster: Muster, at time: Date) {
    let summary = muster.summary(at: time)
    #expect(summary.summoned == muster.members.count)
    #expect(
      summary.summoned
        == summary.mustered + summary.excused + summary.missing + summary.awaited)
    #expect(muster.absent(at: time).count == summary.missing + summary.awaited)
    #expect(summary.late <= summary.mustered && summary.missingSeats <= summary.seats)
    #expect(muster.members.count { $0.isMissing(at: time) } == summary.missing)
  }
}
