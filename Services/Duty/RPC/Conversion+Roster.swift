// Officers, seats, patterns and shifts between wire and domain.
import Access
import DutyDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension CharacterSet {
  /// `[A-Za-z0-9-]`
  static let officerNumber = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
}

/// Checks that several requests of rosters share.
enum RosterCheck {
  static func officerNumber(_ text: String, field: String) throws -> String {
    try Check.code(text, field: field, max: 16, allowed: .officerNumber, required: true)
  }

  /// Codes of seats and patterns.
  static func code(_ text: String, field: String, required: Bool = true) throws -> String {
    try Check.code(text, field: field, max: 32, required: required)
  }

  /// Up to 16 codes of 1 … 32 characters.
  static func qualifications(_ codes: [String], field: String) throws -> [String] {
    try Check.list(codes, field: field, 0...16).enumerated().map { index, code in
      try Self.code(code, field: "\(field)[\(index)]")
    }
  }

  static func day(_ text: String, field: String) throws -> RosterDay {
    guard !text.isEmpty else { throw Failure.required(field) }
    guard let day = RosterDay(text) else {
      throw Failure.invalid(
        "DATE_INVALID", field: field,
        "\(field) 须为 2000 至 2099 年间的日期 YYYY-MM-DD。"
          + "\(field) must be a date YYYY-MM-DD from 2000 to 2099.")
    }
    return day
  }

  static func number(_ value: Int32, field: String, _ bounds: ClosedRange<Int>) throws -> Int {
    guard bounds.contains(Int(value)) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: field,
        "\(field) 须在 \(bounds.lowerBound) 到 \(bounds.upperBound) 之间。"
          + "\(field) must lie between \(bounds.lowerBound) and \(bounds.upperBound).")
    }
    return Int(value)
  }

  /// Any two moments, the second after the first.
  static func span(
    _ start: Google_Protobuf_Timestamp?, _ end: Google_Protobuf_Timestamp?
  ) throws -> Range<Date> {
    guard let start else { throw Failure.required("start_time") }
    guard let end else { throw Failure.required("end_time") }
    // A moment that is none is refused; the future is not.
    let first = try Check.time(start, field: "start_time", now: .distantFuture)
    let last = try Check.time(end, field: "end_time", now: .distantFuture)
    guard first < last else {
      throw Failure.invalid(
        "TIMES_REVERSED", field: "end_time",
        "end_time 须晚于 start_time。end_time must be later than start_time.")
    }
    return first..<last
  }

  static func key(_ token: String) throws -> TimeKey? {
    try PageToken.decode(token, count: 2).map { keys in
      guard let microseconds = Int64(keys[0]) else { throw PageToken.invalid }
      return TimeKey(
        time: Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), id: keys[1])
    }
  }

  static func token(_ time: Date, _ id: String) -> String {
    let microseconds = Int64((time.timeIntervalSince1970 * 1_000_000).rounded())
    return PageToken.encode([String(microseconds), id])
  }
}

// MARK: - From the wire

extension Officer {
  /// - Throws: `Failure`.
  init(_ officer: Quintet_Duty_V1_Officer, now: Date) throws {
    let actor = try Check.text(officer.actor, field: "officer.actor", max: 80, required: true)
    guard let principal = try? Principal(parsing: actor), principal.kind == .person else {
      throw Failure.invalid(
        "ACTOR_INVALID", field: "officer.actor",
        "officer.actor 须为 person/NAME。officer.actor must be person/NAME, "
          + "where NAME is 1 to 64 characters of a-z 0-9 . _ -")
    }
    self.init(
      number: try RosterCheck.officerNumber(officer.number, field: "officer.number"),
      name: try Check.text(officer.name, field: "officer.name", max: 40, required: true),
      actor: actor,
      orgUnitID: try Check.identifier(officer.orgUnitID, field: "officer.org_unit_id"),
      qualifications: try RosterCheck.qualifications(
        officer.qualifications, field: "officer.qualifications"),
      leaveTime: try officer.hasLeaveTime
        ? Check.time(officer.leaveTime, field: "officer.leave_time", now: now) : nil)
  }
}

extension SeatKind {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ kind: Quintet_Duty_V1_SeatKind, field: String) throws {
    switch kind {
    case .bureauLeader: self = .bureauLeader
    case .dutyDirector: self = .dutyDirector
    case .shiftLeader: self = .shiftLeader
    case .warning: self = .warning
    case .jointOperations: self = .jointOperations
    case .callTaker: self = .callTaker
    case .dispatcher: self = .dispatcher
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Seat {
  /// Parts that are played in the hall, and by nobody who checks it, runs it or is not of it.
  private static let roles: Set<Role> = [
    .callTaker, .dispatcher, .shiftLeader, .station, .officer, .analyst, .opinionEditor,
    .supervisor,
  ]

  /// - Throws: `Failure`.
  init(_ seat: Quintet_Duty_V1_Seat) throws {
    let role = try RosterCheck.code(seat.role, field: "seat.role")
    guard let known = Role(rawValue: role), Self.roles.contains(known) else {
      throw Failure.invalid(
        "ROLE_NOT_OF_A_SEAT", field: "seat.role",
        "席位不能带有角色 \(role)。A seat cannot carry the role \(role).")
    }
    self.init(
      code: try RosterCheck.code(seat.code, field: "seat.code"),
      name: try Check.text(seat.name, field: "seat.name", max: 80, required: true),
      kind: try SeatKind(seat.kind, field: "seat.kind"), role: role,
      orgUnitID: try Check.optionalIdentifier(seat.orgUnitID, field: "seat.org_unit_id"),
      minimumManning: try RosterCheck.number(
        seat.minimumManning, field: "seat.minimum_manning", 0...50),
      qualifications: try RosterCheck.qualifications(
        seat.qualifications, field: "seat.qualifications"))
  }
}

extension RosterPattern {
  /// - Throws: `Failure`; `RosterError.patternOverlaps`.
  init(_ pattern: Quintet_Duty_V1_Pattern) throws {
    let turns = try Check.list(pattern.turns, field: "pattern.turns", 1...12).enumerated().map {
      index, turn in
      let at = "pattern.turns[\(index)]"
      return Turn(
        code: try Check.code(turn.code, field: "\(at).code", max: 16, required: true),
        name: try Check.text(turn.name, field: "\(at).name", max: 40, required: true),
        startMinute: try RosterCheck.number(
          turn.startMinute, field: "\(at).start_minute", 0...1439),
        length: try RosterCheck.number(
          turn.lengthMinutes, field: "\(at).length_minutes", 1...2880))
    }
    guard Set(turns.map(\.code)).count == turns.count else {
      throw Failure.invalid(
        "TURN_REPEATED", field: "pattern.turns",
        "班次代码重复。Two turns have the same code.")
    }
    let cycle = try Check.list(pattern.days, field: "pattern.days", 1...56).enumerated().map {
      index, code -> Int? in
      if code == "-" { return nil }
      guard let turn = turns.firstIndex(where: { $0.code == code }) else {
        throw Failure.invalid(
          "TURN_UNKNOWN", field: "pattern.days[\(index)]",
          "pattern.days[\(index)] 不是班次代码，也不是 -。"
            + "pattern.days[\(index)] is neither the code of a turn nor -.")
      }
      return turn
    }
    let offsets = try Check.list(pattern.crewOffsets, field: "pattern.crew_offsets", 1...50)
      .enumerated().map {
        try RosterCheck.number($1, field: "pattern.crew_offsets[\($0)]", 0...55)
      }
    let anchor = pattern.anchorDate
    try self.init(
      code: try RosterCheck.code(pattern.code, field: "pattern.code"),
      name: try Check.text(pattern.name, field: "pattern.name", max: 80, required: true),
      turns: turns, cycle: cycle, crewOffsets: offsets,
      minimumRest: try RosterCheck.number(
        pattern.minimumRestMinutes, field: "pattern.minimum_rest_minutes", 0...4320),
      anchor: anchor.isEmpty
        ? .anchor : try RosterCheck.day(anchor, field: "pattern.anchor_date"))
  }
}

extension RosterPlan {
  /// - Throws: `Failure`.
  init(_ plan: Quintet_Duty_V1_RosterPlan) throws {
    let crews = try Check.list(plan.crews, field: "plan.crews", 1...50).enumerated().map {
      index, crew in
      let at = "plan.crews[\(index)]"
      let numbers = try Check.list(
        crew.officerNumbers, field: "\(at).officer_numbers", 0...50
      ).enumerated().map {
        try RosterCheck.officerNumber($1, field: "\(at).officer_numbers[\($0)]")
      }
      return Crew(
        name: try Check.text(crew.name, field: "\(at).name", max: 32, required: true),
        officers: numbers)
    }
    var seen: Set<String> = []
    for (index, crew) in crews.enumerated() {
      if let again = crew.officers.first(where: { !seen.insert($0).inserted }) {
        throw Failure.invalid(
          "OFFICER_REPEATED", field: "plan.crews[\(index)].officer_numbers",
          "\(again) 出现了两次。\(again) is there twice.")
      }
    }
    let first = try RosterCheck.day(plan.fromDate, field: "plan.from_date")
    let last = try RosterCheck.day(plan.toDate, field: "plan.to_date")
    guard first <= last, last < first.adding(Self.longest) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "plan.to_date",
        "plan.to_date 须不早于 plan.from_date，且共不超过 \(Self.longest) 天。"
          + "plan.to_date must not be before plan.from_date, and at most \(Self.longest) days in all."
      )
    }
    let days = last.number - first.number + 1
    guard crews.map(\.officers.count).reduce(0, +) * days <= Self.largest else {
      throw Failure.invalid(
        "TOO_MANY", field: "plan.crews",
        "人数乘以天数不得超过 \(Self.largest)，请分次生成。"
          + "Officers times days take at most \(Self.largest); make it in parts.")
    }
    self.init(
      seatCode: try RosterCheck.code(plan.seatCode, field: "plan.seat_code"),
      patternCode: try RosterCheck.code(plan.patternCode, field: "plan.pattern_code"),
      crews: crews, first: first, last: last)
  }
}

extension Leave.Kind {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ kind: Quintet_Duty_V1_LeaveKind, field: String) throws {
    switch kind {
    case .annual: self = .annual
    case .compensatory: self = .compensatory
    case .training: self = .training
    case .errand: self = .errand
    case .other: self = .other
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}
