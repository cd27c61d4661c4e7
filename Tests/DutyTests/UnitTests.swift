// Units and their own status: upserts, etags, repeats, pages, and what is told on the feed.
import DutyDomain
import DutyRPC
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@Suite struct UnitTests {
  @Test func aRepeatedRequestGetsTheSameAnswerAndAnotherContentIsRefused() async throws {
    try await Station.with { station in
      let first = try await station.putUnit("U1", capabilities: ["medic"], request: "r1")
      try await station.setStatus(first.id, .notAvailable, .offDuty)
      let before = try await station.rows()
      #expect(
        try await station.putUnit("U1", capabilities: ["medic"], request: "r1") == first)
      await #expect(throws: RequestReused.self) {
        try await station.putUnit("U1", capabilities: ["boat"], request: "r1")
      }
      #expect(try await station.rows() == before)
    }
  }

  @Test func theIdDependsOnTheFirstRequestAlone() async throws {
    let ids = try await (0..<2).asyncMap { _ in
      try await Station.with { try await $0.putUnit("U1", request: "r1").id }
    }
    #expect(Set(ids).count == 1)
  }

  @Test func theEtagChangesWithTheUnitAndWithItsStatusAndOnlyThen() async throws {
    try await Station.with { station in
      let made = try await station.putUnit("U1", capabilities: ["b", "a", "b"])
      #expect(made.etag == "1")
      #expect(made.capabilities == ["a", "b"])
      #expect(try await station.putUnit("U1", capabilities: ["a", "b"]).etag == "1")
      #expect(try await station.putUnit("U1", capabilities: ["a"]).etag == "2")
      #expect(try await station.setStatus(made.id, .available).etag == "2")
      #expect(
        try await station.setStatus(made.id, .notAvailable, .offDuty, etag: "2").etag == "3")
      let stale = await refusal {
        try await station.setStatus(made.id, .available, etag: "2")
      }
      #expect(stale?.code == .aborted)
      #expect(stale?.reason == "ETAG_MISMATCH")
      // Changing the unit leaves its status alone.
      let changed = try await station.putUnit("U1", kind: .boat)
      #expect(changed.availability == .notAvailable)
      #expect(changed.secondaryStatus == .offDuty)
      #expect(changed.etag == "4")
      #expect(try await station.events().map(\.subject) == Array(repeating: made.id, count: 4))
    }
  }

  @Test func statusIsToldInTheOrderInWhichItHappened() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      // Earlier than the unit was entered: a replay tells old facts to a new store.
      let year = noon.addingTimeInterval(-365 * 86400 + 0.123_456)
      try await station.setStatus(unit, .notAvailable, at: year)
      try await station.setStatus(unit, .available, at: year)
      let early = await refusal {
        try await station.setStatus(unit, .notAvailable, at: year.addingTimeInterval(-0.000_001))
      }
      #expect(early?.code == .failedPrecondition)
      #expect(early?.reason == "TIME_BEFORE_LAST_CHANGE")
      #expect(try await station.getUnit("U1").availability == .available)
    }
  }

  @Test func whoWatchesIsToldOfEachChangeOnceAndOnlyWhenItIsDurable() async throws {
    try await Station.with { station in
      let seen = Mutex<[DutyEvent]>([])
      let watched = try Station(path: station.path) { events in
        seen.withLock { $0 += events }
      }
      let unit = try await watched.putUnit("U1").id
      try await watched.setStatus(unit, .notAvailable, .offDuty, request: "s")
      try await watched.setStatus(unit, .notAvailable, .offDuty, request: "s")
      _ = await refusal { try await watched.setStatus(unit, .available, etag: "1") }
      let changes = seen.withLock { $0 }
      #expect(changes.count == 2)
      guard case .unitStatusSet(let after, let before) = try #require(changes.last) else {
        Issue.record("the last change is no status: \(changes)")
        return
      }
      #expect(before.availability == .available)
      #expect(after.availability == .notAvailable)
      #expect(after.condition == .offDuty)
    }
  }

  @Test func aUnitIsFoundByIdAndByCallSign() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("巡 101")
      #expect(try await station.getUnit("巡 101") == unit)
      #expect(try await station.getUnit(unit.id) == unit)
      for name in ["巡 102", id("nobody", UnitTag.self).description] {
        let failure = await refusal { try await station.getUnit(name) }
        #expect(failure?.code == .notFound)
        #expect(failure?.reason == "UNIT_UNKNOWN")
      }
    }
  }

  @Test func pagesTogetherHoldEveryUnitOnce() async throws {
    try await Station.with { station in
      let signs = (0..<23).map { "U\($0)" }.shuffled()
      for sign in signs { try await station.putUnit(sign) }
      for size: Int32 in [1, 7, 23, 500] {
        var seen: [String] = []
        var token = ""
        repeat {
          let page = try await call("ListUnits") { [token] in
            try await station.units.listUnits(
              request: .with {
                $0.pageSize = size
                $0.pageToken = token
              }, context: $0)
          }
          #expect(page.units.count <= Int(size))
          seen += page.units.map(\.callSign)
          token = page.nextPageToken
        } while !token.isEmpty
        #expect(seen == signs.sorted())
      }
    }
  }

  @Test func anEventShowsTheUnitsOwnStatusWithoutIncidentsAndPosition() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.report([position(unit)])
      try await station.apply([
        moved("a", unit: try UnitID(parsing: unit), incident: "1", to: .onScene)
      ])
      let answer = try await station.setStatus(unit, .conditionallyAvailable, .staging)
      #expect(answer.availability == .notAvailable)
      #expect(answer.secondaryStatus == .onScene)
      let event = try #require(try await station.events().last)
      #expect(event.type == Quintet_Duty_V1_UnitStatusSet.protoMessageName)
      let told = try Quintet_Duty_V1_UnitStatusSet(serializedBytes: event.payload).unit
      #expect(told.availability == .conditionallyAvailable)
      #expect(told.secondaryStatus == .staging)
      #expect(told.incidentIds.isEmpty)
      #expect(!told.hasPosition)
    }
  }
}

extension Sequence {
  func asyncMap<R>(_ transform: (Element) async throws -> R) async rethrows -> [R] {
    var results: [R] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
