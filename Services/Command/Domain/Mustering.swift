// 平战转换与集结: switching the footing, and what those who are summoned answer.
public import Foundation
public import Identifiers

public struct SwitchToWar: Sendable, Hashable {
  public var planCode: String
  public var level: Int
  public var reason: String
  public var incidentID: IncidentID?
  public var actor: String
  public var occurTime: Date

  public init(
    planCode: String, level: Int, reason: String, incidentID: IncidentID?, actor: String,
    occurTime: Date
  ) {
    self.planCode = planCode
    self.level = level
    self.reason = reason
    self.incidentID = incidentID
    self.actor = actor
    self.occurTime = occurTime
  }
}

/// Which member of which muster.
public struct MoveMember: Sendable, Hashable {
  public var musterID: MusterID
  public var code: String
  public var occurTime: Date

  public init(musterID: MusterID, code: String, occurTime: Date) {
    self.musterID = musterID
    self.code = code
    self.occurTime = occurTime
  }
}

public struct Mustering: Sendable {
  public init() {}

  /// Adds a plan, or replaces the one of the same code.
  /// - Parameter etag: of the one that is replaced; empty to accept any.
  /// - Throws: `etagMismatch`.
  public func put(
    _ plan: ModePlan, etag: String, in writer: any CommandWriter, now: Date
  ) throws -> ModePlan {
    var plan = plan
    let known = try writer.modePlan(plan.code)
    if !etag.isEmpty, etag != known?.etag {
      throw CommandError.etagMismatch(current: known?.etag ?? "")
    }
    plan.revision = (known?.revision ?? 0) + 1
    try writer.save(plan, now: now)
    writer.record(.mode(.planDefined(plan)), incident: nil, occurTime: now)
    return plan
  }

  /// - Throws: `notAPerson`; `required`; `planUnknown`, `levelUnknown`; `alreadyAtWar`;
  ///   `nobodySummoned`; `incidentUnknown`, `incidentEnded`; `recipientOutsideReach`; `tooEarly`.
  public func switchToWar(
    _ command: SwitchToWar, in writer: any CommandWriter, now: Date
  ) throws -> Muster {
    guard command.actor.hasPrefix("person/") else { throw CommandError.notAPerson }
    guard !command.reason.isEmpty else { throw CommandError.required(field: "reason") }
    if let running = try writer.runningMuster() {
      return try escalate(running, command, in: writer)
    }
    guard let plan = try writer.modePlan(command.planCode) else {
      throw CommandError.mode(.planUnknown(command.planCode))
    }
    guard let level = plan.level(command.level) else {
      throw CommandError.mode(.levelUnknown(field: "level"))
    }
    if let id = command.incidentID {
      try (writer.existing(id) as Incident).checkNotEnded()
    }
    if let last = try writer.musters(before: nil, limit: 1).first,
      let ended = last.standDown?.time, command.occurTime < ended
    {
      throw CommandError.mode(.tooEarly)
    }
    let members = plan.members(at: level.level).map {
      MusterMember($0, isAdded: false, level: level, at: command.occurTime)
    }
    guard !members.isEmpty else { throw CommandError.mode(.nobodySummoned) }
    try checkReach(members, in: writer)
    let muster = Muster(
      id: writer.mint(MusterTag.self), plan: plan, level: level.level,
      incidentID: command.incidentID, reason: command.reason, switchedBy: command.actor,
      switchTime: command.occurTime, members: members)
    try writer.insert(muster)
    writer.record(
      .mode(.switchedToWar(muster)), incident: muster.incidentID, occurTime: command.occurTime)
    tell(members.map { ($0, nil) }, of: muster, at: command.occurTime, in: writer)
    return muster
  }

  private func escalate(
    _ running: Muster, _ command: SwitchToWar, in writer: any CommandWriter
  ) throws -> Muster {
    var muster = running
    guard command.planCode == muster.plan.code, command.level < muster.level else {
      throw CommandError.mode(.alreadyAtWar(plan: muster.plan.name, level: muster.level))
    }
    guard let level = muster.plan.level(command.level) else {
      throw CommandError.mode(.levelUnknown(field: "level"))
    }
    let last = muster.escalations.last?.time ?? muster.switchTime
    guard command.occurTime >= last else { throw CommandError.mode(.tooEarly) }
    let known = Set(muster.members.map(\.code))
    let members = muster.plan.members(at: level.level).filter { !known.contains($0.code) }.map {
      MusterMember($0, isAdded: false, level: level, at: command.occurTime)
    }
    try checkReach(members, in: writer)
    let escalation = Escalation(
      level: level.level, time: command.occurTime, actor: command.actor, reason: command.reason)
    muster.level = level.level
    muster.escalations.append(escalation)
    muster.members += members
    muster.revision += 1
    try writer.update(muster, members: members.map(\.code))
    writer.record(
      .mode(.escalated(muster, escalation)), incident: muster.incidentID,
      occurTime: command.occurTime)
    tell(members.map { ($0, nil) }, of: muster, at: command.occurTime, in: writer)
    return muster
  }

  /// Releases everybody.
  /// - Throws: `notAPerson`; `required`; `atPeace`; `etagMismatch`; `tooEarly`.
  public func standDown(
    etag: String, reason: String, actor: String, at time: Date, in writer: any CommandWriter,
    now: Date
  ) throws -> Muster {
    guard actor.hasPrefix("person/") else { throw CommandError.notAPerson }
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    guard var muster = try writer.runningMuster() else { throw CommandError.mode(.atPeace) }
    guard etag.isEmpty || etag == muster.etag else {
      throw CommandError.etagMismatch(current: muster.etag)
    }
    let last = muster.members.map(\.summonTime).max() ?? muster.switchTime
    guard time >= last else { throw CommandError.mode(.tooEarly) }
    var moved: [(member: MusterMember, from: MusterMemberState?)] = []
    for index in muster.members.indices {
      let from = muster.members[index].state
      muster.members[index].release(at: time)
      moved.append((muster.members[index], from))
    }
    muster.standDown = Muster.StandDown(time: time, actor: actor, reason: reason)
    muster.revision += 1
    try writer.update(muster, members: muster.members.map(\.code))
    tell(moved, of: muster, at: time, in: writer)
    writer.record(.mode(.stoodDown(muster)), incident: muster.incidentID, occurTime: time)
    return muster
  }

  /// summoned → acknowledged (签收).
  public func acknowledge(
    _ command: MoveMember, in writer: any CommandWriter
  ) throws -> MusterMember {
    try moved(command, mustReach: true, in: writer) { try $0.acknowledge(at: command.occurTime) }
  }

  /// Seats are manned; with the last of them the member is mustered (到位).
  public func report(
    _ command: MoveMember, seats: [String], in writer: any CommandWriter
  ) throws -> MusterMember {
    try moved(command, mustReach: true, in: writer) {
      try $0.report(seats, at: command.occurTime)
    }
  }

  /// summoned, acknowledged → excused (准假).
  public func excuse(
    _ command: MoveMember, reason: String, in writer: any CommandWriter
  ) throws -> MusterMember {
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    return try moved(command, mustReach: false, in: writer) {
      try $0.excuse(reason: reason, at: command.occurTime)
    }
  }

  /// Summons somebody whom the plan does not have.
  /// - Throws: `atPeace`; `memberKnown`; `tooManyMembers`; `recipientOutsideReach`; `tooEarly`.
  public func add(
    _ member: ModeMember, at time: Date, in writer: any CommandWriter
  ) throws -> MusterMember {
    guard var muster = try writer.runningMuster() else { throw CommandError.mode(.atPeace) }
    guard muster.members.count < Muster.memberLimit else {
      throw CommandError.mode(.tooManyMembers)
    }
    guard time >= muster.switchTime else { throw CommandError.mode(.tooEarly) }
    // One that the plan would call at a higher level has its name already.
    let named = Set(muster.members.map(\.code)).union(muster.plan.members.map(\.code))
    let manned = Set(muster.members.flatMap(\.seats).map(\.code))
      .union(muster.plan.members.flatMap(\.seats))
    guard !named.contains(member.code) else { throw CommandError.mode(.memberKnown(member.code)) }
    if let seat = member.seats.first(where: manned.contains) {
      throw CommandError.mode(.memberKnown(seat))
    }
    guard let level = muster.plan.level(muster.level) else {
      throw CommandError.mode(.levelUnknown(field: "level"))
    }
    let added = MusterMember(member, isAdded: true, level: level, at: time)
    try checkReach([added], field: "contact", in: writer)
    muster.members.append(added)
    muster.revision += 1
    try writer.update(muster, members: [added.code])
    tell([(added, nil)], of: muster, at: time, in: writer)
    return added
  }

  private func moved(
    _ command: MoveMember, mustReach: Bool, in writer: any CommandWriter,
    _ change: (inout MusterMember) throws -> Void
  ) throws -> MusterMember {
    var muster = try writer.existing(command.musterID)
    // Each answers for itself.
    let contact = try muster.member(command.code).contact
    if mustReach, try !writer.reaches(contact) {
      throw CommandError.recipientOutsideReach(contact, field: "member_code")
    }
    let (member, from) = try muster.change(command.code, change)
    try writer.update(muster, members: [member.code])
    tell([(member, from)], of: muster, at: command.occurTime, in: writer)
    return member
  }

  private func checkReach(
    _ members: [MusterMember], field: String = "plan_code", in writer: any CommandWriter
  ) throws {
    for member in members where try !writer.reaches(member.contact) {
      throw CommandError.recipientOutsideReach(member.contact, field: field)
    }
  }

  private func tell(
    _ moved: [(member: MusterMember, from: MusterMemberState?)], of muster: Muster,
    at time: Date, in writer: any CommandWriter
  ) {
    for (member, from) in moved {
      writer.record(
        .mode(.memberMoved(muster, member, from: from)), incident: muster.incidentID,
        occurTime: time)
    }
  }
}
