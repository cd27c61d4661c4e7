// What rosters refuse: each field by its name and rule, and nothing is changed.
import Access
import DutyRPC
import EventLog
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyDomain

@Suite struct RosterBadInputTests {
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

  @Test func badPlansNameFieldAndRule() async throws {
    try await Station.with { station in
      _ = try await hall(station)
      let good = Quintet_Duty_V1_RosterPlan.with {
        $0.seatCode = "hall.a"
        $0.patternCode = "3c2t"
        $0.fromDate = "2026-11-23"
        $0.toDate = "2026-11-29"
        $0.crews = (0..<3).map { index in
          .with {
            $0.name = "班 \(index)"
            $0.officerNumbers = ["P\(index)"]
          }
        }
      }
      let cases: [(String, String, (inout Quintet_Duty_V1_RosterPlan) -> Void)] = [
        ("REQUIRED", "plan.seat_code", { $0.seatCode = "" }),
        ("REQUIRED", "plan.pattern_code", { $0.patternCode = "" }),
        ("CHARACTERS_NOT_ALLOWED", "plan.seat_code", { $0.seatCode = "厅 一" }),
        ("SEAT_UNKNOWN", "plan.seat_code", { $0.seatCode = "no.such" }),
        ("PATTERN_UNKNOWN", "plan.pattern_code", { $0.patternCode = "9c9t" }),
        ("REQUIRED", "plan.from_date", { $0.fromDate = "" }),
        ("DATE_INVALID", "plan.from_date", { $0.fromDate = "2026-02-30" }),
        ("OUT_OF_RANGE", "plan.to_date", { $0.toDate = "2026-11-22" }),
        ("OUT_OF_RANGE", "plan.to_date", { $0.toDate = "2027-02-23" }),
        ("REQUIRED", "plan.crews", { $0.crews = [] }),
        ("CREWS_MISMATCH", "", { $0.crews.removeLast() }),
        (
          "OFFICER_REPEATED", "plan.crews[2].officer_numbers",
          { $0.crews[2].officerNumbers = ["P0"] }
        ),
        ("OFFICER_UNKNOWN", "plan.crews", { $0.crews[1].officerNumbers = ["P77"] }),
        (
          "TOO_LONG", "plan.crews[0].officer_numbers[0]",
          {
            $0.crews[0].officerNumbers = [String(repeating: "P", count: 17)]
          }
        ),
      ]
      let before = try await station.rows()
      for (reason, field, spoil) in cases {
        var plan = good
        spoil(&plan)
        let failure = await refusal {
          try await call("PublishRoster", of: "RosterService") { [plan] context in
            try await station.rosters.publishRoster(
              request: .with {
                $0.requestID = UUID().uuidString
                $0.plan = plan
              }, context: context)
          }
        }
        #expect(failure?.reason == reason && failure?.field ?? "" == field, "\(reason) \(field)")
      }
      #expect(try await station.rows() == before)
    }
  }

  @Test func badPatternsAndSeatsNameFieldAndRule() async throws {
    try await Station.with { station in
      let turn = Quintet_Duty_V1_Turn.with {
        $0.code = "day"
        $0.name = "白班"
        $0.startMinute = 480
        $0.lengthMinutes = 720
      }
      let good = Quintet_Duty_V1_Pattern.with {
        $0.code = "own"
        $0.name = "自定"
        $0.turns = [turn]
        $0.days = ["day", "-"]
        $0.crewOffsets = [0, 1]
      }
      let cases: [(String, String, (inout Quintet_Duty_V1_Pattern) -> Void)] = [
        ("REQUIRED", "pattern.code", { $0.code = "" }),
        ("REQUIRED", "pattern.name", { $0.name = "" }),
        ("REQUIRED", "pattern.turns", { $0.turns = [] }),
        ("REQUIRED", "pattern.days", { $0.days = [] }),
        ("TURN_UNKNOWN", "pattern.days[1]", { $0.days[1] = "night" }),
        ("TURN_REPEATED", "pattern.turns", { $0.turns = [turn, turn] }),
        ("OUT_OF_RANGE", "pattern.turns[0].start_minute", { $0.turns[0].startMinute = 1440 }),
        ("OUT_OF_RANGE", "pattern.turns[0].length_minutes", { $0.turns[0].lengthMinutes = 0 }),
        ("OUT_OF_RANGE", "pattern.crew_offsets[1]", { $0.crewOffsets[1] = -1 }),
        ("OUT_OF_RANGE", "pattern.minimum_rest_minutes", { $0.minimumRestMinutes = 4321 }),
        ("DATE_INVALID", "pattern.anchor_date", { $0.anchorDate = "soon" }),
        (
          "PATTERN_OVERLAPS", "pattern.days",
          {
            $0.days = ["day", "day"]
            $0.turns[0].lengthMinutes = 1441
          }
        ),
      ]
      for (reason, field, spoil) in cases {
        var pattern = good
        spoil(&pattern)
        let failure = await refusal { try await put(pattern, station) }
        #expect(failure?.reason == reason && failure?.field == field, "\(reason) \(field)")
      }
      let held = try await put(good, station)
      #expect(!held.coversEveryHour && held.anchorDate == "2024-01-01" && held.days == good.days)
      let listed = try await call("ListPatterns", of: "RosterService") { context in
        try await station.rosters.listPatterns(request: .init(), context: context).patterns
      }
      #expect(listed.map(\.code) == ["24-48", "3c2t", "4c3t", "5c4t", "8x24", "day", "own"])

      for (role, reason) in [
        ("operator", "ROLE_NOT_OF_A_SEAT"), ("service", "ROLE_NOT_OF_A_SEAT"),
        ("auditor", "ROLE_NOT_OF_A_SEAT"), ("king", "ROLE_NOT_OF_A_SEAT"), ("", "REQUIRED"),
      ] {
        let failure = await refusal {
          try await call("PutSeat", of: "RosterService") { context in
            try await station.rosters.putSeat(
              request: .with {
                $0.requestID = UUID().uuidString
                $0.seat = .with {
                  $0.code = "hall.x"
                  $0.name = "席"
                  $0.kind = .dispatcher
                  $0.role = role
                }
              }, context: context)
          }
        }
        #expect(failure?.reason == reason && failure?.field == "seat.role", "\(role)")
      }
    }
  }

  private func put(
    _ pattern: Quintet_Duty_V1_Pattern, _ station: Station
  ) async throws -> Quintet_Duty_V1_Pattern {
    try await call("PutPattern", of: "RosterService") { context in
      try await station.rosters.putPattern(
        request: .with {
          $0.requestID = UUID().uuidString
          $0.pattern = pattern
        }, context: context
      ).pattern
    }
  }
}
