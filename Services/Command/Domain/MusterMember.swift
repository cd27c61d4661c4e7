// 集结: one member's course: summoned → acknowledged → mustered | excused → released. That one is missing
// is never stored: it is what its time limit says at the moment that somebody asks.
public import Foundation

public enum MusterMemberState: String, Sendable, Codable, CaseIterable {
  case summoned, acknowledged, mustered, excused, released
}

public struct MusterSeat: Sendable, Hashable, Codable {
  public let code: String
  public internal(set) var musterTime: Date?

  public init(code: String, musterTime: Date? = nil) {
    self.code = code
    self.musterTime = musterTime
  }
}

public struct MusterMember: Sendable, Hashable, Codable {
  public let code: String
  public let name: String
  public let contact: Recipient
  public internal(set) var seats: [MusterSeat]
  public internal(set) var state: MusterMemberState
  /// The level that called it.
  public let level: Int
  /// Not in the plan.
  public let isAdded: Bool
  public let summonTime: Date
  public let dueTime: Date
  public internal(set) var acknowledgeTime: Date?
  /// When its last seat was manned.
  public internal(set) var musterTime: Date?
  /// Nil again when it comes after all.
  public internal(set) var excuseTime: Date?
  public internal(set) var excuseReason: String
  public internal(set) var releaseTime: Date?

  /// Puts a member together as it was stored.
  public init(
    code: String, name: String, contact: Recipient, seats: [MusterSeat],
    state: MusterMemberState, level: Int, isAdded: Bool, summonTime: Date, dueTime: Date,
    acknowledgeTime: Date? = nil, musterTime: Date? = nil, excuseTime: Date? = nil,
    excuseReason: String = "", releaseTime: Date? = nil
  ) {
    self.code = code
    self.name = name
    self.contact = contact
    self.seats = seats
    self.state = state
    self.level = level
    self.isAdded = isAdded
    self.summonTime = summonTime
    self.dueTime = dueTime
    self.acknowledgeTime = acknowledgeTime
    self.musterTime = musterTime
    self.excuseTime = excuseTime
    self.excuseReason = excuseReason
    self.releaseTime = releaseTime
  }

  /// Just summoned.
  init(_ member: ModeMember, isAdded: Bool, level: ModeLevel, at time: Date) {
    self.init(
      code: member.code, name: member.name, contact: member.contact,
      seats: member.seats.map { MusterSeat(code: $0) }, state: .summoned, level: level.level,
      isAdded: isAdded, summonTime: time,
      dueTime: time.addingTimeInterval(Double(level.musterLimit)))
  }

  /// Neither in place nor excused nor released.
  public var isAwaited: Bool { state == .summoned || state == .acknowledged }

  /// 缺席.
  public func isMissing(at now: Date) -> Bool { isAwaited && now > dueTime }

  public var isLate: Bool { musterTime.map { $0 > dueTime } ?? false }

  /// It said that it was coming, or came.
  var hasAnswered: Bool {
    acknowledgeTime != nil || musterTime != nil || seats.contains { $0.musterTime != nil }
  }

  public var missingSeats: [String] { seats.filter { $0.musterTime == nil }.map(\.code) }

  mutating func acknowledge(at time: Date) throws {
    guard state == .summoned else { throw refused("acknowledge") }
    try checkNotBeforeSummons(time)
    state = .acknowledged
    acknowledgeTime = time
  }

  /// - Parameter manned: codes of seats; empty for all that are left.
  /// - Throws: `moveNotAllowed`, `seatUnknown`, `tooEarly`.
  mutating func report(_ manned: [String], at time: Date) throws {
    guard isAwaited || state == .excused else { throw refused("report_muster") }
    try checkNotBeforeSummons(time)
    for code in manned where !seats.contains(where: { $0.code == code }) {
      throw CommandError.mode(.seatUnknown(code))
    }
    for index in seats.indices
    where seats[index].musterTime == nil && (manned.isEmpty || manned.contains(seats[index].code)) {
      seats[index].musterTime = time
    }
    // Whoever was excused and comes after all was not excused.
    excuseTime = nil
    excuseReason = ""
    if missingSeats.isEmpty {
      state = .mustered
      musterTime = seats.compactMap(\.musterTime).max() ?? time
    } else {
      state = .acknowledged
    }
  }

  mutating func excuse(reason: String, at time: Date) throws {
    guard isAwaited else { throw refused("excuse") }
    try checkNotBeforeSummons(time)
    state = .excused
    excuseTime = time
    excuseReason = reason
  }

  /// With the stand-down; whoever was on the way turns round.
  mutating func release(at time: Date) {
    state = .released
    releaseTime = time
  }

  private func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: code, from: state.rawValue, move: move)
  }

  private func checkNotBeforeSummons(_ time: Date) throws {
    guard time >= summonTime else { throw CommandError.mode(.tooEarly) }
  }
}
