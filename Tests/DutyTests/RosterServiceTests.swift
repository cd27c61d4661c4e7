// Rosters and seats as a caller meets them: from a pattern to a taken seat, each refusal by its reason
// and field, and what the watch over them does exactly once.
import Access
import DutyRPC
import DutySubscriptions
import EventLog
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import DutyDomain

@Suite struct RosterServiceTests {
  /// The hall's clock is fixed: shifts are around `noon`, which is 2016-12-31 08:00 in Shanghai.
  private static let day = RosterDay(of: noon)

  private func hall(_ station: Station) async throws -> RosterHall {
    let hall = try await RosterHall(station)
    for officer in ["P0", "P1", "P2", "L0"] { try await hall.officer(officer) }
    try await hall.seat("hall.a")
    try await hall.publish(
      "hall.a", "3c2t", [["P0"], ["P1"], ["P2"]], days: 12, from: Self.day.adding(-4),
      at: noon.addingTimeInterval(-5 * 86_400))
    return hall
  }

  private func shifts(_ hall: RosterHall) async throws -> [RosterShift] {
    let time = Self.day.adding(-5).start..<Self.day.adding(20).start
    return try await hall.read {
      try $0.shifts(touching: time, seat: nil, onlyGaps: false, after: nil, limit: 500)
    }
  }

  private func actor(_ shift: RosterShift) -> String {
    "person/\(shift.plan.members[0].officer.lowercased())"
  }

  private func take(
    _ station: Station, as actor: String, at time: Date, request: String = UUID().uuidString
  ) async throws -> Quintet_Duty_V1_TakeSeatResponse {
    try await call("TakeSeat", of: "SeatService", as: actor) { context in
      try await station.seats.takeSeat(
        request: .with {
          $0.requestID = request
          $0.seatCode = "hall.a"
          $0.occurTime = time.timestamp
        }, context: context)
    }
  }

  @Test func aSeatIsHandedOverByTheRoster() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let past = try await shifts(hall).filter { $0.plan.end <= noon }
      let (first, second) = (past[past.count - 2], past[past.count - 1])
      let (one, two) = (actor(first), actor(second))
      let start = second.plan.start
      let early = await refusal { try await take(station, as: one, at: first.plan.start - 1801) }
      #expect(early?.reason == "NOT_ON_SHIFT" && early?.code == .permissionDenied)
      let taken = try await take(station, as: one, at: first.plan.start, request: "t1")
      #expect(taken.grant == "\(one) shift-leader *")
      #expect(taken.taking.untilTime.microsecondDate == first.plan.end + 900)
      // The same request, and the same seat again: the same taking.
      #expect(try await take(station, as: one, at: first.plan.start, request: "t1") == taken)
      #expect(try await take(station, as: one, at: start - 3600).taking == taken.taking)
      let notMine = await refusal { try await take(station, as: two, at: start - 3600) }
      #expect(notMine?.reason == "NOT_ON_SHIFT")
      let stranger = await refusal { try await take(station, as: "person/x", at: start) }
      #expect(stranger?.reason == "NOT_OF_THE_STAFF")

      func leave(_ actor: String, _ time: Date) async throws -> Quintet_Duty_V1_LeaveSeatResponse {
        try await call("LeaveSeat", of: "SeatService", as: actor) { context in
          try await station.seats.leaveSeat(
            request: .with {
              $0.requestID = UUID().uuidString
              $0.seatCode = "hall.a"
              $0.occurTime = time.timestamp
            }, context: context)
        }
      }
      let silent = await refusal { try await leave(one, start) }
      #expect(silent?.reason == "HANDOVER_REQUIRED" && silent?.code == .failedPrecondition)
      let note = try await call("WriteHandoverNote", of: "SeatService", as: one) { context in
        try await station.seats.writeHandoverNote(
          request: .with {
            $0.requestID = "n1"
            $0.seatCode = "hall.a"
            $0.text = "东门口有施工"
            $0.occurTime = (start - 60).timestamp
          }, context: context
        ).note
      }
      let unread = await refusal { try await take(station, as: two, at: start) }
      #expect(unread?.reason == "HANDOVER_UNREAD" && unread?.message.contains(note.id) == true)
      for _ in 0..<2 {
        let read = try await call("MarkHandoverNoteRead", of: "SeatService", as: two) { context in
          try await station.seats.markHandoverNoteRead(
            request: .with {
              $0.requestID = UUID().uuidString
              $0.noteID = note.id
              $0.occurTime = start.timestamp
            }, context: context
          ).note
        }
        #expect(read.readings.map(\.officerNumber) == [second.plan.members[0].officer])
      }
      let next = try await take(station, as: two, at: start)
      #expect(next.taking.id != taken.taking.id)
      #expect(try await leave(one, start + 120).taking.leaveTime.microsecondDate == start + 120)
      let gone = await refusal { try await leave(one, start + 130) }
      #expect(gone?.reason == "NOT_SEATED")
      let seats = try await call("ListSeats", of: "SeatService") { context in
        try await station.seats.listSeats(
          request: .with { $0.asOfTime = (start + 60).timestamp }, context: context
        ).seats
      }
      #expect(seats.map { $0.holders.count } == [2])
      #expect(seats[0].shifts.map(\.id) == [second.id.description])
    }
  }

  /// Looked at twice, and once more after it was filled and torn open again.
  @Test func aGapIsFlaggedOnceEachTimeItOpens() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let coming = try #require(try await shifts(hall).first { $0.plan.start > noon })
      let officer = coming.plan.members[0].officer
      let time = coming.plan.start - 6 * 3600
      func lookAt(_ now: Date) async throws {
        try await RosterWatch(
          store: station.store, clock: { now }, revoke: { _, _ in }, report: { _ in }
        ).look()
      }
      func told() async throws -> [String] {
        try await station.events().map { String($0.type.split(separator: ".").last ?? "") }
          .filter { $0.hasPrefix("ShiftGap") }
      }
      try await lookAt(coming.plan.start - 7100)
      #expect(try await told() == [])
      let asked = try await hall.write {
        try hall.changes(officer, at: time).askLeave(
          .annual, from: coming.plan.start, until: coming.plan.end, in: $0)
      }
      let decided = try await hall.write {
        try hall.changes("L0", at: time).decideLeave(asked.id, approving: true, in: $0)
      }
      #expect(decided.gapCount == 1)
      try await lookAt(coming.plan.start - 7201)
      #expect(try await told() == [])
      for _ in 0..<3 { try await lookAt(coming.plan.start - 7199) }
      #expect(try await told() == ["ShiftGapFlagged"])
      let flagged = try #require(
        try await station.events().first { $0.type.hasSuffix("ShiftGapFlagged") })
      #expect(flagged.occurTime == coming.plan.start - 7200 && flagged.actor == "service/duty")
      let gaps = try await call("ListGaps", of: "RosterService") { context in
        try await station.rosters.listGaps(
          request: .with {
            $0.startTime = noon.timestamp
            $0.endTime = (noon + 3 * 86_400).timestamp
          }, context: context
        ).shifts
      }
      #expect(gaps.map(\.id) == [coming.id.description])
      #expect(gaps[0].missingCount == 1 && gaps[0].hasFlagTime)
      #expect(gaps[0].officers.map(\.standing) == [.leave])
      _ = try await hall.write {
        try hall.changes("P0", at: coming.plan.start - 3600).nameSubstitute(
          "L0", for: coming.id, in: $0)
      }
      #expect(try await told() == ["ShiftGapFlagged", "ShiftGapFilled"])
      let second = try await hall.write {
        try hall.changes("L0", at: coming.plan.start - 1800).askLeave(
          .other, from: coming.plan.start, until: coming.plan.end, in: $0)
      }
      _ = try await hall.write {
        try hall.changes("P0", at: coming.plan.start - 1700).decideLeave(
          second.id, approving: true, in: $0)
      }
      for _ in 0..<2 { try await lookAt(coming.plan.start - 1600) }
      #expect(try await told() == ["ShiftGapFlagged", "ShiftGapFilled", "ShiftGapFlagged"])
      // Over is over: nobody can fill it any more.
      try await lookAt(coming.plan.end + 1)
      #expect(try await told().count == 3)
    }
  }

  /// Refusing fails at first, as a full disk would have it; then it is done, and not again.
  @Test func tokensOfALeftSeatAreRefusedUntilItHasWorked() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let running = try #require(try await shifts(hall).first { $0.plan.end > noon })
      let keeping = hall.seats(running.plan.members[0].officer, at: noon)
      let taking = try await hall.write { try keeping.take("hall.a", in: $0).taking }
      let refused = Mutex<[String]>([])
      let isFull = Mutex(true)
      struct Full: Error {}
      let watch = RosterWatch(
        store: station.store, clock: { noon },
        revoke: { id, expires in
          if isFull.withLock({ $0 }) { throw Full() }
          refused.withLock { $0.append("\(id) \(expires == taking.until)") }
        }, report: { _ in })
      try await watch.look()
      _ = try await hall.write { try keeping.write("", at: "hall.a", in: $0) }
      _ = try await hall.write { try keeping.leave("hall.a", in: $0) }
      await #expect(throws: Full.self) { try await watch.look() }
      isFull.withLock { $0 = false }
      for _ in 0..<3 { try await watch.look() }
      #expect(refused.withLock { $0 } == ["\(taking.id) true"])
    }
  }

  @Test func aPreviewChangesNothingAndSaysWhatPublishingSays() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      try await hall.seat("hall.c", manning: 2)
      let plan = Quintet_Duty_V1_RosterPlan.with {
        $0.seatCode = "hall.c"
        $0.patternCode = "24-48"
        $0.fromDate = Self.day.adding(40).description
        $0.toDate = Self.day.adding(45).description
        $0.crews = [["P0", "P1"], ["P2"], ["L0", "P9"]].enumerated().map { index, numbers in
          .with {
            $0.name = "\(index)班"
            $0.officerNumbers = numbers
          }
        }
      }
      func preview(
        _ plan: Quintet_Duty_V1_RosterPlan
      ) async throws -> Quintet_Duty_V1_PreviewRosterResponse {
        try await call("PreviewRoster", of: "RosterService") { context in
          try await station.rosters.previewRoster(
            request: .with { $0.plan = plan }, context: context)
        }
      }
      let unknown = await refusal { try await preview(plan) }
      #expect(unknown?.reason == "OFFICER_UNKNOWN" && unknown?.field == "plan.crews")
      try await hall.officer("P9")
      let before = try await station.rows()
      let shown = try await preview(plan)
      #expect(try await station.rows() == before)
      #expect(shown.madeCount == 6 && shown.shifts.count == 6 && shown.replacedCount == 0)
      #expect(shown.findings.map(\.kind) == [.undermanned, .undermanned])
      #expect(shown.shifts.allSatisfy { $0.id.isEmpty })
      for round in 0..<2 {
        let made = try await call("PublishRoster", of: "RosterService") { context in
          try await station.rosters.publishRoster(
            request: .with {
              $0.requestID = "publish-\(round)"
              $0.plan = plan
            }, context: context)
        }
        #expect(made.madeCount == 6 && made.findings == shown.findings)
        #expect(made.replacedCount == (round == 0 ? 0 : 6))
      }
    }
  }

  /// Names stay at home: the feed tells numbers.
  @Test func theFeedTellsNoNames() async throws {
    try await Station.with { station in
      _ = try await hall(station)
      let defined = try await station.events().filter { $0.type.hasSuffix("OfficerDefined") }
      #expect(defined.count == 4)
      for event in defined {
        let officer = try Quintet_Duty_V1_OfficerDefined(serializedBytes: event.payload).officer
        #expect(officer.name.isEmpty && officer.actor.isEmpty && !officer.number.isEmpty)
      }
    }
  }

  /// Staff see their own swaps and leaves, a leader those of the area.
  @Test func leavesAreCutToWhomTheyConcern() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      for officer in ["P0", "P1"] {
        _ = try await hall.write {
          try hall.changes(officer, at: noon).askLeave(
            .training, from: noon + 86_400, until: noon + 90_000, in: $0)
        }
      }
      func seen(_ actor: String, _ reach: Reach) async throws -> [String] {
        try await call("ListLeaves", of: "RosterChangeService", as: actor, reach: reach) {
          context in
          try await station.changes.listLeaves(request: .init(), context: context)
            .leaves.map(\.officerNumber).sorted()
        }
      }
      #expect(try await seen("person/p0", .nothing) == ["P0"])
      #expect(try await seen("person/x", .nothing) == [])
      #expect(try await seen("person/x", .everywhere) == ["P0", "P1"])
      let area = Reach(areas: [hall.orgUnit.description])
      #expect(try await seen("person/x", area) == ["P0", "P1"])
      #expect(
        try await seen("person/x", Reach(areas: [id("other", OrgUnitTag.self).description])) == [])
    }
  }
}
