// The number people say over the radio must carry the day on their wall.

import Foundation
import Identifiers
import Testing

@Suite struct IncidentNumberTests {
  @Test func dayAndCountAreWrittenInFull() {
    #expect(IncidentNumber.format(day: "20161231", sequence: 123) == "20161231-000123")
    #expect(IncidentNumber.format(day: "20161231", sequence: 1) == "20161231-000001")
    #expect(IncidentNumber.format(day: "20161231", sequence: 999_999) == "20161231-999999")
    #expect(IncidentNumber.format(day: "20161231", sequence: 1_234_567) == "20161231-1234567")
  }

  @Test func theDayChangesAtMidnightInChina() {
    let midnight = Date(timeIntervalSince1970: 1_483_113_600)  // 2016-12-30T16:00:00Z
    #expect(IncidentNumber.day(of: midnight) == "20161231")
    #expect(IncidentNumber.day(of: midnight.addingTimeInterval(-0.001)) == "20161230")
  }

  @Test func theCalendarAgreesFromTheEndOfSummerTimeOn() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Asia/Shanghai"))
    var generator = SeededGenerator(seed: 5)
    // 1991-09-15 … 2400, so with the years 2000 (leap), 2100, 2200 and 2300 (not leap).
    for _ in 0..<3000 {
      let time = Date(
        timeIntervalSince1970: .random(in: 684_864_000...13_569_465_600, using: &generator))
      let parts = calendar.dateComponents([.year, .month, .day], from: time)
      let day = try #require(Int(IncidentNumber.day(of: time)))
      #expect(day / 10_000 == parts.year)
      #expect(day / 100 % 100 == parts.month)
      #expect(day % 100 == parts.day)
    }
  }

  @Test func timesBeyondTheCalendarGetItsNearestDay() {
    #expect(IncidentNumber.day(of: Date(timeIntervalSince1970: -1e18)) == "00010101")
    #expect(IncidentNumber.day(of: Date(timeIntervalSince1970: 1e18)) == "99991231")
    #expect(IncidentNumber.day(of: Date(timeIntervalSince1970: .infinity)) == "99991231")
    #expect(IncidentNumber.day(of: Date(timeIntervalSince1970: .nan)) == "19700101")
  }
}
