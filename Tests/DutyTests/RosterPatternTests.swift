// What patterns promise: who is on in every hour, how long they rest, and that days are days.
import Access
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import Testing
import Wire

@testable import DutyDomain

@Suite struct RosterPatternTests {
  static let seat = Seat(
    code: "hall.test", name: "席位", kind: .dutyDirector, role: "shift-leader")

  static func shifts(_ pattern: RosterPattern, days: Int, from: RosterDay) -> [PlannedShift] {
    let crews = pattern.crewOffsets.indices.map { Crew(name: "班\($0)", officers: ["P\($0)"]) }
    return RosterMaking.shifts(
      of: RosterPlan(
        seatCode: seat.code, patternCode: pattern.code, crews: crews, first: from,
        last: from.adding(days - 1)), pattern, at: seat)
  }

  /// Hour by hour over eight weeks, whatever day one begins at.
  @Test(arguments: RosterPattern.standard.filter { $0.code != "day" })
  func exactlyOneCrewIsOnInEveryHour(_ pattern: RosterPattern) throws {
    #expect(pattern.coversEveryHour)
    for first in 0..<14 {
      let from = RosterDay.anchor.adding(1_000 + first)
      let shifts = Self.shifts(pattern, days: 56, from: from)
      // The turns that began the day before are not of this plan: the first two days are left out.
      for hour in 48..<55 * 24 {
        let time = from.start.addingTimeInterval(Double(hour) * 3600)
        #expect(shifts.count { $0.start <= time && time < $0.end } == 1, "\(pattern.code) \(hour)")
      }
    }
  }

  @Test(arguments: RosterPattern.standard)
  func nobodyIsInTwoPlacesAndEverybodyRests(_ pattern: RosterPattern) throws {
    let shifts = Self.shifts(pattern, days: 90, from: .anchor)
    for (_, own) in Dictionary(grouping: shifts, by: \.crew) {
      for (one, next) in zip(own, own.dropFirst()) {
        let rest = next.start.timeIntervalSince(one.end) / 60
        #expect(rest >= Double(pattern.minimumRest), "\(pattern.code) \(one.start)")
      }
    }
    // All crews do the same work.
    let full = Self.shifts(pattern, days: pattern.cycle.count * 4, from: .anchor)
    #expect(Set(Dictionary(grouping: full, by: \.crew).values.map(\.count)).count == 1)
  }

  @Test func workingDaysAreMondayToFriday() throws {
    let pattern = try #require(RosterPattern.standard.first { $0.code == "day" })
    #expect(!pattern.coversEveryHour)
    // 2026-11-23 is a Monday.
    let monday = try #require(RosterDay("2026-11-23"))
    let shifts = Self.shifts(pattern, days: 7, from: monday)
    #expect(shifts.map { RosterDay(of: $0.start) } == (0..<5).map { monday.adding($0) })
    #expect(shifts.allSatisfy { $0.end.timeIntervalSince($0.start) == 9 * 3600 })
  }

  /// Two thousand patterns of whole hours against a count of every hour of three cycles.
  @Test func coverageAndOverlapAgreeWithACountOfHours() throws {
    var chance = Seeded(0xD1)
    var covering = 0
    var overlapping = 0
    for round in 0..<2_000 {
      let turns = (0..<Int.random(in: 1...4, using: &chance)).map {
        Turn(
          code: "t\($0)", name: "班", startMinute: Int.random(in: 0...23, using: &chance) * 60,
          length: [1, 6, 8, 12, 24, 48].randomElement(using: &chance)! * 60)
      }
      let cycle = (0..<Int.random(in: 1...6, using: &chance)).map { _ in
        Bool.random(using: &chance) ? turns.indices.randomElement(using: &chance) : nil
      }
      let offsets = (0..<Int.random(in: 1...5, using: &chance)).map { _ in
        Int.random(in: 0...5, using: &chance)
      }
      // A crew's own hours over the cycle, repeated.
      var crewHours = [Int](repeating: 0, count: cycle.count * 24 * 4)
      for day in 0..<cycle.count * 4 {
        guard let turn = cycle[day % cycle.count].map({ turns[$0] }) else { continue }
        for hour in 0..<turn.length / 60 {
          let at = day * 24 + turn.startMinute / 60 + hour
          if at < crewHours.count { crewHours[at] += 1 }
        }
      }
      let overlaps = crewHours.contains { $0 > 1 }
      let pattern = try? RosterPattern(
        code: "p\(round)", name: "班制", turns: turns, cycle: cycle, crewOffsets: offsets,
        minimumRest: 0)
      #expect((pattern == nil) == overlaps, "\(round): \(turns) \(cycle)")
      guard let pattern else {
        overlapping += 1
        continue
      }
      let isCovered = (cycle.count * 24..<cycle.count * 48).allSatisfy { hour in
        offsets.contains { offset in
          crewHours[(hour + offset * 24) % (cycle.count * 24) + cycle.count * 24] > 0
        }
      }
      #expect(pattern.coversEveryHour == isCovered, "\(round): \(turns) \(cycle) \(offsets)")
      if isCovered { covering += 1 }
    }
    // Both answers were asked for often enough to mean something.
    #expect(covering > 30 && overlapping > 300, "\(covering) \(overlapping)")
  }

  @Test func daysAreThoseOfTheCalendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3600))
    for number in stride(from: RosterDay.first.number, through: RosterDay.last.number, by: 1) {
      let day = RosterDay(number: number)
      let parts = calendar.dateComponents([.year, .month, .day, .hour], from: day.start)
      let text = String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
      #expect(day.description == text && parts.hour == 0)
      #expect(RosterDay(text) == day && RosterDay(of: day.start) == day)
      #expect(RosterDay(of: day.start.addingTimeInterval(86_399)) == day)
    }
    for bad in [
      "", "2026-1-01", "2026-02-30", "2026-13-01", "2026-00-10", "1999-12-31", "2100-01-01",
      "2026/01/01", "2026-01-01 ", "二零二六-01-01", "2026-01-0１", "-026-01-01", "2026-01-01-01",
    ] {
      #expect(RosterDay(bad) == nil, "\(bad)")
    }
  }
}

@Suite struct RosterRulesTests {
  static let officer = Officer(
    number: "P1", name: "陈", actor: "person/p1", orgUnitID: id("org"), qualifications: ["a"])

  static func shift(_ start: Int, _ hours: Int, rest: Int = 480) -> PlannedShift {
    let begin = noon.addingTimeInterval(Double(start) * 3600)
    return PlannedShift(
      seatCode: "s", patternCode: "p", turnCode: "t", crew: "c", start: begin,
      end: begin.addingTimeInterval(Double(hours) * 3600), minimumRest: rest, minimumManning: 1,
      members: [])
  }

  @Test func everyRuleIsFoundAndNoneWhereThereIsNone() {
    func breaches(
      _ others: [PlannedShift], needs: [String] = [], leaves: [Leave] = []
    ) -> [RosterBreach] {
      var seat = RosterPatternTests.seat
      seat.qualifications = needs
      return RosterRules.breaches(
        of: Self.officer, in: Self.shift(0, 8), seat: seat, others: others, leaves: leaves)
    }
    #expect(breaches([]) == [])
    #expect(breaches([], needs: ["a"]) == [])
    #expect(breaches([], needs: ["b", "a"]) == [.notQualified(missing: ["b"])])
    #expect(breaches([Self.shift(16, 8), Self.shift(-16, 8)]) == [])
    #expect(breaches([Self.shift(15, 8)]) == [.restTooShort(minutes: 420)])
    #expect(breaches([Self.shift(-15, 8)]) == [.restTooShort(minutes: 420)])
    // The longer promise of the two counts.
    #expect(breaches([Self.shift(16, 8, rest: 600)]) == [.restTooShort(minutes: 480)])
    #expect(breaches([Self.shift(7, 8)]) == [.doubleShift(Self.shift(7, 8).start)])
    #expect(breaches([Self.shift(8, 8)]) == [.restTooShort(minutes: 0)])
    let leave = Leave(
      id: id("leave"), state: .approved, officer: "P1", kind: .annual,
      start: Self.shift(7, 1).start, end: Self.shift(9, 1).start, askTime: noon, moveTime: noon)
    #expect(breaches([], leaves: [leave]) == [.onLeave])
  }
}
