// 平战模式: plans of who is summoned, and the footing that a bureau is on. What one member does about a
// summons is in MusterMember.
public import Foundation
public import Identifiers

/// One level of a war footing.
public struct ModeLevel: Sendable, Hashable, Codable {
  /// 1 (特别重大) … 4 (一般).
  public let level: Int
  public let name: String
  /// Seconds from a summons within which a member is in place.
  public let musterLimit: Int

  public init(level: Int, name: String, musterLimit: Int) {
    self.level = level
    self.name = name
    self.musterLimit = musterLimit
  }
}

/// A department or unit that a plan summons.
public struct ModeMember: Sendable, Hashable, Codable {
  /// Unique in a plan; 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let name: String
  public let contact: Recipient
  /// Codes of the seats that it mans.
  public let seats: [String]
  /// The least serious level at which it is summoned.
  public let fromLevel: Int

  public init(code: String, name: String, contact: Recipient, seats: [String], fromLevel: Int) {
    self.code = code
    self.name = name
    self.contact = contact
    self.seats = seats
    self.fromLevel = fromLevel
  }
}

/// Who is summoned when the bureau goes to war footing.
public struct ModePlan: Sendable, Hashable, Codable {
  /// Unique; 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let name: String
  /// At least one, each level once.
  public let levels: [ModeLevel]
  public let members: [ModeMember]
  /// 1 when written, one more with every change.
  public internal(set) var revision: Int

  public static let memberLimit = 200

  public var etag: String { String(revision) }

  public init(
    code: String, name: String, levels: [ModeLevel], members: [ModeMember], revision: Int = 1
  ) {
    self.code = code
    self.name = name
    self.levels = levels
    self.members = members
    self.revision = revision
  }

  public func level(_ number: Int) -> ModeLevel? { levels.first { $0.level == number } }

  /// In the order of the plan. The lower the number, the more come.
  func members(at level: Int) -> [ModeMember] { members.filter { level <= $0.fromLevel } }
}

/// A rise of the level while a muster ran.
public struct Escalation: Sendable, Hashable, Codable {
  public let level: Int
  public let time: Date
  public let actor: String
  public let reason: String

  public init(level: Int, time: Date, actor: String, reason: String) {
    self.level = level
    self.time = time
    self.actor = actor
    self.reason = reason
  }
}

/// A war footing, from the switch to the stand-down. While one runs the bureau is at war footing;
/// there is never more than one.
public struct Muster: Sendable, Hashable, Codable {
  public let id: MusterID
  /// 1 when switched, one more with every change of it or of a member.
  public internal(set) var revision: Int
  /// As it was at the switch: a change of the plan changes no muster that runs.
  public let plan: ModePlan
  public internal(set) var level: Int
  public let incidentID: IncidentID?
  public let reason: String
  /// `person/…`
  public let switchedBy: String
  public let switchTime: Date
  public internal(set) var escalations: [Escalation]
  public internal(set) var standDown: StandDown?
  /// In the order of the plan; those added follow.
  public internal(set) var members: [MusterMember]

  public static let memberLimit = 300

  public struct StandDown: Sendable, Hashable, Codable {
    public let time: Date
    public let actor: String
    public let reason: String

    public init(time: Date, actor: String, reason: String) {
      self.time = time
      self.actor = actor
      self.reason = reason
    }
  }

  public init(
    id: MusterID, revision: Int = 1, plan: ModePlan, level: Int, incidentID: IncidentID?,
    reason: String, switchedBy: String, switchTime: Date, escalations: [Escalation] = [],
    standDown: StandDown? = nil, members: [MusterMember]
  ) {
    self.id = id
    self.revision = revision
    self.plan = plan
    self.level = level
    self.incidentID = incidentID
    self.reason = reason
    self.switchedBy = switchedBy
    self.switchTime = switchTime
    self.escalations = escalations
    self.standDown = standDown
    self.members = members
  }

  public var etag: String { String(revision) }
  public var isRunning: Bool { standDown == nil }
  public var levelName: String { plan.level(level)?.name ?? "" }

  public func member(_ code: String) throws -> MusterMember {
    guard let member = members.first(where: { $0.code == code }) else {
      throw CommandError.mode(.memberUnknown(code))
    }
    return member
  }

  /// What it has come to by `now`, or had come to when it was stood down.
  public func summary(at now: Date) -> MusterSummary {
    MusterSummary(of: members, at: standDown?.time ?? now)
  }

  /// Who is neither in place nor excused, longest past their time first.
  public func absent(at now: Date) -> [MusterMember] {
    guard isRunning else { return [] }
    return members.filter(\.isAwaited).enumerated()
      .sorted { ($0.element.dueTime, $0.offset) < ($1.element.dueTime, $1.offset) }
      .map(\.element)
  }

  /// Changes one member and counts the change.
  /// - Returns: the member as it is now, and its state before.
  /// - Throws: `memberUnknown`; what `change` throws. Nothing is changed then.
  mutating func change(
    _ code: String, _ change: (inout MusterMember) throws -> Void
  ) throws -> (member: MusterMember, from: MusterMemberState) {
    guard let index = members.firstIndex(where: { $0.code == code }) else {
      throw CommandError.mode(.memberUnknown(code))
    }
    var member = members[index]
    let from = member.state
    try change(&member)
    members[index] = member
    revision += 1
    return (member, from)
  }
}

/// What a muster came to.
public struct MusterSummary: Sendable, Hashable, Codable {
  public var summoned = 0
  public var acknowledged = 0
  public var mustered = 0
  public var late = 0
  public var excused = 0
  /// Past their time, neither in place nor excused.
  public var missing = 0
  /// Neither in place nor excused, their time has not come.
  public var awaited = 0
  /// Of all but the excused.
  public var seats = 0
  public var missingSeats = 0
  /// Seconds within which half of those in place were; 0 when none is.
  public var medianMuster = 0
  public var longestMuster = 0

  init(of members: [MusterMember], at time: Date) {
    var taken: [Int] = []
    for member in members {
      summoned += 1
      if member.hasAnswered { acknowledged += 1 }
      if let musterTime = member.musterTime {
        mustered += 1
        if member.isLate { late += 1 }
        taken.append(Int(musterTime.timeIntervalSince(member.summonTime).rounded(.up)))
      } else if member.excuseTime != nil {
        excused += 1
      } else if time > member.dueTime {
        missing += 1
      } else {
        awaited += 1
      }
      guard member.excuseTime == nil else { continue }
      seats += member.seats.count
      missingSeats += member.seats.count { $0.musterTime == nil }
    }
    taken.sort()
    medianMuster = taken.isEmpty ? 0 : taken[(taken.count - 1) / 2]
    longestMuster = taken.last ?? 0
  }
}

/// How command says no about footings, plans and musters.
public enum ModeRefusal: Error, Hashable, Sendable {
  case planUnknown(String)
  case musterUnknown(MusterID)
  case memberUnknown(String)

  /// `field` as in the request message.
  case levelUnknown(field: String)
  case seatUnknown(String)
  /// Something is said to have happened before what it rests on.
  case tooEarly

  case memberKnown(String)

  case alreadyAtWar(plan: String, level: Int)
  case atPeace
  case nobodySummoned
  case tooManyMembers
}
