// 排班: from a seat, a pattern, crews and days to shifts. The same plan on the same store gives the same
// shifts; what speaks against it is told, and what would put somebody in two places is refused.
public import Foundation
public import Identifiers

/// Those who are on together.
public struct Crew: Sendable, Hashable {
  public let name: String
  public let officers: [String]

  public init(name: String, officers: [String]) {
    self.name = name
    self.officers = officers
  }
}

public struct RosterPlan: Sendable, Hashable {
  public let seatCode: String
  public let patternCode: String
  public let crews: [Crew]
  public let first: RosterDay
  /// `first` or later, at most `longest` days in all.
  public let last: RosterDay

  public static let longest = 92
  /// How many times somebody may be put on a shift by one plan: what one transaction can carry.
  public static let largest = 20_000

  public init(
    seatCode: String, patternCode: String, crews: [Crew], first: RosterDay, last: RosterDay
  ) {
    self.seatCode = seatCode
    self.patternCode = patternCode
    self.crews = crews
    self.first = first
    self.last = last
  }
}

/// Something to be said against a plan.
public struct RosterFinding: Codable, Sendable, Hashable {
  public enum Kind: String, Codable, Sendable, Hashable {
    case doubleShift, notQualified, restTooShort, undermanned, begunShiftKept
  }

  public let kind: Kind
  public let officer: String?
  public let start: Date
  /// Minutes of rest, officers missing, or nothing.
  public let figure: Int
}

/// What a plan comes to.
public struct RosterDraft: Sendable, Hashable {
  public var made: [PlannedShift]
  public var replaced: [ShiftID]
  public var keptCount: Int
  public var findings: [RosterFinding]
  /// The first that keeps it from being published.
  public var refusal: RosterError?
}

/// What became of it, as it is told.
public struct PublishedRoster: Codable, Sendable, Hashable {
  public let seatCode: String
  public let patternCode: String
  public let first: RosterDay
  public let last: RosterDay
  public let madeCount: Int
  public let replacedCount: Int
  public let keptCount: Int
  public let findings: [RosterFinding]
}

public struct RosterMaking: Sendable {
  public init() {}

  /// The shifts that a pattern gives, by start; nothing else is asked.
  static func shifts(
    of plan: RosterPlan, _ pattern: RosterPattern, at seat: Seat
  ) -> [PlannedShift] {
    (plan.first.number...plan.last.number).flatMap { number -> [PlannedShift] in
      let day = RosterDay(number: number)
      return plan.crews.indices.compactMap { crew in
        pattern.turn(ofCrew: crew, on: day).map { turn in
          let start = day.start.addingTimeInterval(Double(turn.startMinute) * 60)
          return PlannedShift(
            seatCode: seat.code, patternCode: pattern.code, turnCode: turn.code,
            crew: plan.crews[crew].name, start: start,
            end: start.addingTimeInterval(Double(turn.length) * 60),
            minimumRest: pattern.minimumRest, minimumManning: seat.minimumManning,
            members: plan.crews[crew].officers.map { ShiftMember(officer: $0) })
        }
      }
    }.sorted { ($0.start, $0.crew) < ($1.start, $1.crew) }
  }

  /// - Parameters:
  ///   - beginning: shifts that begin at this moment or before are not made.
  ///   - now: shifts that have begun by then stay.
  /// - Throws: `RosterError.seatUnknown`, `.patternUnknown`, `.officerUnknown`, `.crewsMismatch`;
  ///   `DutyError.unitOutsideReach`.
  public func draft(
    _ plan: RosterPlan, beginning: Date, now: Date, in reader: any RosterReader
  ) throws -> RosterDraft {
    guard let seat = try reader.seat(code: plan.seatCode) else {
      throw RosterError.seatUnknown(plan.seatCode, field: "plan.seat_code")
    }
    guard let pattern = try reader.pattern(code: plan.patternCode) else {
      throw RosterError.patternUnknown(plan.patternCode, field: "plan.pattern_code")
    }
    guard plan.crews.count == pattern.crewOffsets.count else {
      throw RosterError.crewsMismatch(given: plan.crews.count, wanted: pattern.crewOffsets.count)
    }
    let numbers = Set(plan.crews.flatMap(\.officers))
    let officers = Dictionary(
      uniqueKeysWithValues: try reader.officers(numbers: numbers).map { ($0.number, $0) })
    if let unknown = numbers.subtracting(officers.keys).min() {
      throw RosterError.officerUnknown(unknown, field: "plan.crews")
    }
    let asked = Self.shifts(of: plan, pattern, at: seat)
    guard let first = asked.first?.start, let last = asked.map(\.end).max() else {
      return RosterDraft(made: [], replaced: [], keptCount: 0, findings: [])
    }
    let around =
      first.addingTimeInterval(
        -RosterRules.longestRest)..<last.addingTimeInterval(
        RosterRules.longestRest)
    let days = plan.first.start..<plan.last.adding(1).start
    // Whatever stands in the seat within the days gives way, unless it has begun.
    let standing = try reader.shifts(
      touching: days.lowerBound..<last, seat: seat.code, onlyGaps: false, after: nil,
      limit: .max)
    let begun = standing.filter { $0.plan.start <= now }
    let replaced = standing.filter { $0.plan.start > now && days.contains($0.plan.start) }
    var draft = RosterDraft(
      made: [], replaced: replaced.map(\.id), keptCount: begun.count, findings: [])
    for shift in asked where shift.start > beginning {
      if begun.contains(where: { RosterRules.overlap($0.plan, shift) }) {
        draft.findings.append(
          RosterFinding(kind: .begunShiftKept, officer: nil, start: shift.start, figure: 0))
      } else {
        draft.made.append(shift)
      }
    }
    let gone = Set(draft.replaced)
    let others = try reader.shifts(ofAnyOf: numbers, touching: around)
      .filter { !gone.contains($0.id) }.map(\.plan)
    let leaves = try reader.leaves(ofAnyOf: numbers, touching: around)
    judge(&draft, seat, officers, others, leaves)
    return draft
  }

  /// Takes off those who are away, and says what speaks against the rest.
  private func judge(
    _ draft: inout RosterDraft, _ seat: Seat, _ officers: [String: Officer],
    _ others: [PlannedShift], _ leaves: [Leave]
  ) {
    var ofOfficer: [String: [PlannedShift]] = [:]
    for shift in draft.made + others {
      for member in shift.members where member.standing == .on {
        ofOfficer[member.officer, default: []].append(shift)
      }
    }
    let leavesOf = Dictionary(grouping: leaves, by: \.officer)
    for index in draft.made.indices {
      var shift = draft.made[index]
      for member in shift.members {
        guard let officer = officers[member.officer] else { continue }
        guard officer.isOfTheStaff(at: shift.start) else {
          shift.put(ShiftMember(officer: member.officer, standing: .leave))
          continue
        }
        let neighbours = (ofOfficer[member.officer] ?? []).filter { $0 != draft.made[index] }
        for breach in RosterRules.breaches(
          of: officer, in: draft.made[index], seat: seat, others: neighbours,
          leaves: leavesOf[member.officer] ?? [])
        {
          note(breach, of: member.officer, in: &shift, &draft)
        }
      }
      draft.made[index] = shift
      if shift.missing > 0 {
        draft.findings.append(
          RosterFinding(
            kind: .undermanned, officer: nil, start: shift.start, figure: shift.missing))
      }
    }
    draft.findings.sort {
      ($0.start, $0.kind.rawValue, $0.officer ?? "") < (
        $1.start, $1.kind.rawValue, $1.officer ?? ""
      )
    }
  }

  private func note(
    _ breach: RosterBreach, of officer: String, in shift: inout PlannedShift,
    _ draft: inout RosterDraft
  ) {
    let (kind, figure): (RosterFinding.Kind, Int)
    switch breach {
    case .onLeave:
      shift.put(ShiftMember(officer: officer, standing: .leave))
      return
    case .notQualified: (kind, figure) = (.notQualified, 0)
    case .doubleShift: (kind, figure) = (.doubleShift, 0)
    case .restTooShort(let minutes): (kind, figure) = (.restTooShort, minutes)
    }
    draft.findings.append(
      RosterFinding(kind: kind, officer: officer, start: shift.start, figure: figure))
    if kind != .restTooShort, draft.refusal == nil {
      draft.refusal = .breach(breach, officer: officer, start: shift.start)
    }
  }

  /// - Throws: as `draft`; `RosterError.breach` for a plan that puts somebody in two places, or where
  ///   they are not qualified to be.
  public func publish(
    _ plan: RosterPlan, at time: Date, now: Date, in writer: any DutyWriter
  ) throws -> PublishedRoster {
    if let seat = try writer.seat(code: plan.seatCode), !writer.reaches(seat) {
      throw DutyError.unitOutsideReach
    }
    let draft = try draft(plan, beginning: time, now: now, in: writer)
    if let refusal = draft.refusal { throw refusal }
    try writer.remove(draft.replaced)
    for shift in draft.made {
      try writer.save(
        RosterShift(id: writer.mint(ShiftTag.self), plan: shift, changeTime: time))
    }
    let published = PublishedRoster(
      seatCode: plan.seatCode, patternCode: plan.patternCode, first: plan.first, last: plan.last,
      madeCount: draft.made.count, replacedCount: draft.replaced.count,
      keptCount: draft.keptCount, findings: Array(draft.findings.prefix(500)))
    writer.record(.rosterPublished(published), incident: nil, occurTime: time)
    return published
  }
}
