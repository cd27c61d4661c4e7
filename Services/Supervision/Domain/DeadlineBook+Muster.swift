// 集结: each summoned member has two clocks, one until it answers and one until it is in place. The plan
// says by when; the rules say who hears of it.
public import Foundation
public import Identifiers

/// A member of a muster was summoned, answered, came, was excused or released.
public struct MusterMove: Sendable, Hashable {
  public enum State: Sendable, Hashable, CaseIterable {
    case summoned, acknowledged, mustered, excused, released
  }

  public var muster: MusterID
  public var incident: IncidentID?
  /// Unique in the muster.
  public var member: String
  public var contact: Recipient
  public var state: State
  /// By when it is to be in place.
  public var dueTime: Date

  public init(
    muster: MusterID, incident: IncidentID?, member: String, contact: Recipient, state: State,
    dueTime: Date
  ) {
    self.muster = muster
    self.incident = incident
    self.member = member
    self.contact = contact
    self.state = state
    self.dueTime = dueTime
  }
}

extension DeadlineBook {
  mutating func apply(_ move: MusterMove) throws {
    // Not the incident's scope: how fast departments come says nothing of how it was handled.
    try enter(move.muster.description)
    let subject = "\(move.muster)/\(move.member)"
    let mine = { (kind: DeadlineKind) in
      { (deadline: Deadline) in deadline.subject == subject && deadline.kind == kind }
    }
    switch move.state {
    case .summoned:
      let matter = Deadline.Matter(
        subject: subject, responsible: move.contact.description, incidentID: move.incident,
        scope: move.muster.description)
      let limit = Int(move.dueTime.timeIntervalSince(time).rounded())
      // Nobody signs later than he is to be in place.
      try start("sign.muster", matter, limit: { min($0, limit) })
      try start("arrival.muster", matter, limit: { _ in limit })
    case .acknowledged:
      try stop(where: mine(.sign))
    case .mustered:
      try stop(where: mine(.sign))
      try stop(where: mine(.arrival))
    case .excused, .released:
      try cancel(where: mine(.sign))
      try cancel(where: mine(.arrival))
    }
  }
}
