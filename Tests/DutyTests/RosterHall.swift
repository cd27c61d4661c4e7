// A hall on the station's store: officers, seats and crews, with commands given straight to the domain
// and times chosen by the test.
import Access
import DutyStore
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import Testing
import Wire

@testable import DutyDomain

struct RosterHall {
  let station: Station
  let orgUnit: OrgUnitID

  static let monday = RosterDay("2026-11-23")!

  init(_ station: Station) async throws {
    self.station = station
    orgUnit = try await OrgUnitID(parsing: station.putOrgUnit("C", .county).id)
  }

  /// One transaction with everything in reach.
  func write<R: Sendable>(
    _ now: Date = noon, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    try await station.store.write(
      provenance: Provenance(actor: "person/test", cause: "request/\(UUID())", trace: ""),
      now: now, body)
  }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any DutyReader) throws -> R
  ) async throws -> R {
    try await station.store.read(within: .everywhere, body)
  }

  func officer(_ number: String, qualifications: [String] = []) async throws {
    let officer = Officer(
      number: number, name: "姓名 \(number)", actor: "person/\(number.lowercased())",
      orgUnitID: orgUnit, qualifications: qualifications)
    _ = try await write { try StaffKeeping().put(officer, at: noon, in: $0) }
  }

  func seat(_ code: String, manning: Int = 1, qualifications: [String] = []) async throws {
    let seat = Seat(
      code: code, name: "席位", kind: .dutyDirector, role: "shift-leader",
      minimumManning: manning, qualifications: qualifications)
    _ = try await write { try StaffKeeping().put(seat, at: noon, in: $0) }
  }

  /// Crews of the pattern, from officers in order.
  @discardableResult
  func publish(
    _ seat: String, _ pattern: String, _ crews: [[String]], days: Int = 7,
    from: RosterDay = monday, at time: Date = noon, now: Date? = nil
  ) async throws -> PublishedRoster {
    let plan = Self.plan(seat, pattern, crews, days: days, from: from)
    return try await write(now ?? time) {
      try RosterMaking().publish(plan, at: time, now: now ?? time, in: $0)
    }
  }

  static func plan(
    _ seat: String, _ pattern: String, _ crews: [[String]], days: Int, from: RosterDay = monday
  ) -> RosterPlan {
    RosterPlan(
      seatCode: seat, patternCode: pattern,
      crews: crews.enumerated().map { Crew(name: "\($0 + 1)班", officers: $1) }, first: from,
      last: from.adding(days - 1))
  }

  func shifts(
    of seat: String? = nil, days: Int = 60, onlyGaps: Bool = false
  ) async throws -> [RosterShift] {
    let time = Self.monday.adding(-2).start..<Self.monday.adding(days).start
    return try await read {
      try $0.shifts(touching: time, seat: seat, onlyGaps: onlyGaps, after: nil, limit: 100_000)
    }
  }

  func changes(_ officer: String, at time: Date) -> RosterChanges {
    RosterChanges(actor: "person/\(officer.lowercased())", at: time)
  }

  func seats(_ officer: String, at time: Date) -> SeatKeeping {
    SeatKeeping(actor: "person/\(officer.lowercased())", at: time)
  }
}

/// The refusal of a body; nil when there is none.
func rosterError<R>(_ body: () async throws -> R) async throws -> RosterError? {
  do {
    _ = try await body()
    return nil
  } catch let error as RosterError {
    return error
  }
}
