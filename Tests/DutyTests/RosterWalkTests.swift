// Rosters under thousands of changes: whatever is asked, nobody is in two places, everybody is fit for
// the seat and rested, and what is missing is what is counted.
import Access
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import Testing
import Wire

@testable import DutyDomain

@Suite struct RosterWalkTests {
  private static let crews = (0..<5).map { crew in (0..<2).map { "A\(crew)\($0)" } }

  private func hall(_ station: Station) async throws -> RosterHall {
    let hall = try await RosterHall(station)
    for officer in Self.crews.flatMap({ $0 }) {
      try await hall.officer(officer, qualifications: ["high-privilege"])
    }
    for officer in ["B0", "B1", "B2"] { try await hall.officer(officer) }
    try await hall.seat("hall.a", manning: 2, qualifications: ["high-privilege"])
    try await hall.seat("hall.b")
    // With less rest than a whole day there is something to swap.
    let own = try #require(RosterPattern.standard.first { $0.code == "5c4t" })
    let short = try RosterPattern(
      code: "short", name: own.name, turns: own.turns, cycle: own.cycle,
      crewOffsets: own.crewOffsets, minimumRest: 120)
    try await hall.write { try $0.save(short) }
    try await hall.publish("hall.a", "short", Self.crews, days: 10)
    try await hall.publish("hall.b", "3c2t", [["B0"], ["B1"], ["B2"]], days: 10)
    return hall
  }

  @Test func swapsLeaveAndSubstitutesNeverBreakTheRules() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let officers = Self.crews.flatMap { $0 } + ["B0", "B1", "B2"]
      var chance = Seeded(0x5A5A)
      var done: [String: Int] = [:]
      for step in 0..<1_200 {
        let shifts = try await hall.shifts()
        let shift = shifts.randomElement(using: &chance)!
        let taken = shifts.randomElement(using: &chance)!
        let time = min(shift.plan.start, taken.plan.start).addingTimeInterval(
          Double.random(in: -86_400...3600, using: &chance))
        // Mostly those who are on the shifts, sometimes anybody.
        func someone(_ shift: RosterShift) -> String {
          Int.random(in: 0..<6, using: &chance) == 0
            ? officers.randomElement(using: &chance)!
            : shift.plan.members.randomElement(using: &chance)?.officer ?? "B0"
        }
        let (one, other) = (someone(shift), someone(taken))
        // Not too much leave, or nobody is left to swap with.
        let kind =
          step % 40 == 0
          ? "leave" : ["swap", "swap", "swap", "gift", "substitute"].randomElement(using: &chance)!
        let refused = try await rosterError {
          switch kind {
          case "swap", "gift":
            let asked = try await hall.write {
              try hall.changes(one, at: time).askSwap(
                of: shift.id, with: other, for: kind == "gift" ? nil : taken.id, in: $0)
            }
            _ = try await hall.write {
              try hall.changes(other, at: time).answer(asked.id, accepting: true, in: $0)
            }
            _ = try await hall.write {
              try RosterChanges(actor: "person/leader", at: time).decide(
                asked.id, approving: true, in: $0)
            }
          case "leave":
            let asked = try await hall.write {
              try hall.changes(one, at: time).askLeave(
                .annual, from: shift.plan.start, until: shift.plan.end, in: $0)
            }
            _ = try await hall.write {
              try RosterChanges(actor: "person/leader", at: time).decideLeave(
                asked.id, approving: true, in: $0)
            }
          default:
            _ = try await hall.write {
              try RosterChanges(actor: "person/leader", at: time).nameSubstitute(
                other, for: shift.id, in: $0)
            }
          }
        }
        done[refused == nil ? kind : "refused \(kind)", default: 0] += 1
        if refused == nil || step % 50 == 0 { try await check(hall, step) }
      }
      for kind in ["swap", "gift", "leave", "substitute"] {
        #expect(done[kind, default: 0] > 3, "\(done)")
      }
    }
  }

  private func check(_ hall: RosterHall, _ step: Int) async throws {
    let shifts = try await hall.shifts()
    let officers = Dictionary(
      uniqueKeysWithValues: try await hall.read { try $0.officers(after: nil, limit: 500) }
        .map { ($0.number, $0) })
    var own: [String: [(RosterShift, ShiftMember)]] = [:]
    for shift in shifts {
      let needs: Set = shift.plan.seatCode == "hall.a" ? ["high-privilege"] : []
      for member in shift.plan.members where member.standing == .on {
        own[member.officer, default: []].append((shift, member))
        #expect(needs.isSubset(of: Set(officers[member.officer]!.qualifications)), "\(step)")
      }
      let on = shift.plan.members.count { $0.standing == .on }
      #expect(shift.plan.missing == max(0, shift.plan.minimumManning - on), "\(step)")
    }
    let gaps = try await hall.shifts(onlyGaps: true)
    #expect(gaps.map(\.id) == shifts.filter { $0.plan.missing > 0 }.map(\.id), "\(step)")
    for (officer, held) in own {
      for ((one, first), (next, second)) in zip(held, held.dropFirst()) {
        let rest = next.plan.start.timeIntervalSince(one.plan.end) / 60
        #expect(rest >= 0, "\(step): \(officer) in two places at \(next.plan.start)")
        // A substitute may be tired: a leader has said so.
        if !first.isSubstitute, !second.isSubstitute {
          let needed = max(one.plan.minimumRest, next.plan.minimumRest)
          #expect(rest >= Double(needed), "\(step): \(officer) rests \(rest)")
        }
      }
    }
  }

  /// A00 asks whoever is rested enough to take the shift.
  private func asked(_ hall: RosterHall, _ shift: ShiftID) async throws -> (Swap, String) {
    for taker in Self.crews.dropFirst().map({ $0[0] }) {
      var swap: Swap?
      _ = try await rosterError {
        swap = try await hall.write {
          try hall.changes("A00", at: noon).askSwap(of: shift, with: taker, for: nil, in: $0)
        }
      }
      if let swap { return (swap, taker) }
    }
    throw RosterError.shiftUnknown(shift.description, field: "nobody is rested")
  }

  /// Two people ask at different times for what cannot both be: the second approval asks again.
  @Test func rulesAreAskedAgainWhenALeaderApproves() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let shifts = try await hall.shifts(of: "hall.a")
      let mine = shifts.filter { $0.plan.isOn("A00") && $0.plan.start > noon }
      let (first, second) = (mine[0].id, mine[1].id)
      let (swap, taker) = try await asked(hall, first)
      _ = try await hall.write {
        try hall.changes(taker, at: noon).answer(swap.id, accepting: true, in: $0)
      }
      // Meanwhile the one who was asked goes on leave.
      let leave = try await hall.write {
        try hall.changes(taker, at: noon).askLeave(
          .other, from: mine[0].plan.start, until: mine[0].plan.end, in: $0)
      }
      let leader = RosterChanges(actor: "person/leader", at: noon)
      _ = try await hall.write { try leader.decideLeave(leave.id, approving: true, in: $0) }
      let refused = try await rosterError {
        try await hall.write { try leader.decide(swap.id, approving: true, in: $0) }
      }
      #expect(refused == .breach(.onLeave, officer: taker, start: mine[0].plan.start))
      let after = try await hall.read { try $0.swap(swap.id) }
      #expect(after?.state == .accepted)
      #expect(
        try await hall.shifts(of: "hall.a").first { $0.id == first }?.plan.isOn("A00") == true)
      #expect(second != first)
    }
  }

  @Test func nobodyDecidesAboutThemselvesAndOnlyThoseConcernedAnswer() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let shift = try #require(
        try await hall.shifts(of: "hall.a").first { $0.plan.isOn("A00") && $0.plan.start > noon })
      let (swap, taker) = try await asked(hall, shift.id)
      let stranger = try await rosterError {
        try await hall.write {
          try hall.changes("B0", at: noon).answer(swap.id, accepting: true, in: $0)
        }
      }
      #expect(stranger == .swapUnknown(swap.id))
      let self1 = try await rosterError {
        try await hall.write {
          try hall.changes("A00", at: noon).answer(swap.id, accepting: true, in: $0)
        }
      }
      #expect(self1 == .moveNotAllowed(from: "asked", to: "accepted"))
      let early = try await rosterError {
        try await hall.write {
          try RosterChanges(actor: "person/leader", at: noon).decide(
            swap.id, approving: true, in: $0)
        }
      }
      #expect(early == .moveNotAllowed(from: "asked", to: "approved"))
      _ = try await hall.write {
        try hall.changes(taker, at: noon).answer(swap.id, accepting: true, in: $0)
      }
      for one in ["A00", taker] {
        let own = try await rosterError {
          try await hall.write {
            try hall.changes(one, at: noon).decide(swap.id, approving: true, in: $0)
          }
        }
        #expect(own == .ownAffair(one))
      }
      let nobody = try await rosterError {
        try await hall.write {
          try RosterChanges(actor: "person/stranger", at: noon).askLeave(
            .annual, from: noon, until: noon.addingTimeInterval(60), in: $0)
        }
      }
      #expect(nobody == .notOfTheStaff("person/stranger"))
    }
  }

  @Test func aRosterMadeAnewNeverTouchesWhatHasBegun() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let before = try await hall.shifts(of: "hall.a")
      let now = RosterHall.monday.adding(3).start.addingTimeInterval(10 * 3600)
      let made = try await hall.publish(
        "hall.a", "3c2t", [["A00", "A01"], ["A10", "A11"], ["A20", "A21"]], days: 10, at: now)
      let after = try await hall.shifts(of: "hall.a")
      let begun = before.filter { $0.plan.start <= now }
      #expect(begun.count > 10)
      #expect(begun.allSatisfy(after.contains))
      #expect(made.keptCount == begun.count)
      let rest = after.filter { !begun.contains($0) }
      #expect(rest.count == made.madeCount && rest.allSatisfy { $0.plan.start > now })
      #expect(rest.allSatisfy { $0.plan.patternCode == "3c2t" })
      // Nobody stands twice in the seat where the old order ends and the new one begins.
      let last = try #require(begun.map(\.plan.end).max())
      #expect(rest.allSatisfy { $0.plan.start >= last })
      // The clock decides what has begun, not the time that a caller tells.
      let told = try await hall.publish(
        "hall.a", "3c2t", [["A00", "A01"], ["A10", "A11"], ["A20", "A21"]], days: 10, at: noon,
        now: now)
      #expect(told.keptCount >= begun.count)
      #expect(begun.allSatisfy(try await hall.shifts(of: "hall.a").contains))
    }
  }

  @Test func aPlanThatPutsSomebodyInTwoPlacesIsRefusedWhole() async throws {
    try await Station.with { station in
      let hall = try await hall(station)
      let before = try await hall.station.rows()
      try await hall.seat("hall.c")
      let rows = try await hall.station.rows()
      for (crews, expected) in [
        ([["A00"], ["B0"], ["A20"]], "double"), ([["B0"], ["B1"], ["B2"]], "double"),
      ] {
        let refused = try await rosterError {
          try await hall.publish("hall.c", "3c2t", crews, days: 5)
        }
        guard case .breach(.doubleShift, _, _)? = refused else {
          Issue.record("\(expected): \(String(describing: refused))")
          continue
        }
      }
      try await hall.officer("N1")
      let unfit = try await rosterError {
        try await hall.publish(
          "hall.a", "24-48", [["N1"], ["A00"], ["A10"]], days: 3,
          from: RosterHall.monday.adding(30))
      }
      guard case .breach(.notQualified(missing: ["high-privilege"]), officer: "N1", _)? = unfit
      else {
        Issue.record("\(String(describing: unfit))")
        return
      }
      #expect(before.count < rows.count)
      let shifts = try await hall.shifts(of: "hall.c")
      #expect(shifts.isEmpty)
    }
  }
}
