// 时限: one clock on one thing that someone must do, and the only moves it makes. Everything that
// happens to it is a function of its row and a time that is handed in, so it can be done again.
public import Foundation
public import Identifiers

/// running → warned → overdue → met | missed | cancelled; every open state may end at any time.
public enum DeadlineState: String, Sendable, Hashable, Codable, CaseIterable {
  case running, warned, overdue, met, missed, cancelled

  public var isOpen: Bool {
    switch self {
    case .running, .warned, .overdue: true
    case .met, .missed, .cancelled: false
    }
  }
}

/// Which clock moves a deadline: the one that ran when it was started.
public enum ClockMode: String, Sendable, Hashable, Codable, CaseIterable {
  case system, exercise
}

/// What passing time does to a deadline.
public enum FiringStep: Sendable, Hashable {
  case warned
  case overdue
  /// The level told, from 1.
  case escalated(level: Int)

  /// Names the occasion: one deadline never does the same step twice.
  public var occasion: String {
    switch self {
    case .warned: "warned"
    case .overdue: "overdue"
    case .escalated(let level): "escalated-\(level)"
    }
  }
}

/// One step that time took, with the deadline as it was right after it.
public struct Firing: Sendable, Hashable {
  public let step: FiringStep
  /// When it was due, whenever it was noticed.
  public let time: Date
  public let deadline: Deadline
}

/// A clock on one thing that someone must do.
public struct Deadline: Sendable, Hashable, Codable {
  public let id: DeadlineID
  public let ruleCode: String
  public let kind: DeadlineKind
  public private(set) var state: DeadlineState
  /// Id of the assignment, directive, incident or topic.
  public let subject: String
  /// Such as `unit/unit_…` or `station/org_…`.
  public let responsible: String
  public let incidentID: IncidentID?
  /// Deadlines of one scope are fired together before a fact of that scope is applied: the incident,
  /// or the directive or topic where the facts come on another feed or of no incident.
  public let scope: String
  public let mode: ClockMode
  /// What started it, `event/evt_…`.
  public let startCause: String
  /// Trace of what started it; its firings carry it on.
  public let trace: String
  public let startTime: Date
  public let warnTime: Date
  public let dueTime: Date
  /// When the next level up is told; nil when no more are.
  public private(set) var escalateTime: Date?
  public private(set) var stopTime: Date?
  /// How many levels up have been told.
  public private(set) var escalationLevel: Int
  /// As the rule had it at the start, in seconds.
  public let escalateAfter: Int
  public let escalationLevels: Int

  /// What a deadline is about.
  public struct Matter: Sendable, Hashable {
    public var subject: String
    public var responsible: String
    public var incidentID: IncidentID?
    public var scope: String

    public init(subject: String, responsible: String, incidentID: IncidentID?, scope: String) {
      self.subject = subject
      self.responsible = responsible
      self.incidentID = incidentID
      self.scope = scope
    }
  }

  /// A deadline begins to run.
  public init(
    id: DeadlineID, rule: Rule, matter: Matter, mode: ClockMode, startTime: Date,
    startCause: String, trace: String
  ) {
    self.id = id
    self.ruleCode = rule.code
    self.kind = rule.kind
    self.state = .running
    self.subject = matter.subject
    self.responsible = matter.responsible
    self.incidentID = matter.incidentID
    self.scope = matter.scope
    self.mode = mode
    self.startCause = startCause
    self.trace = trace
    self.startTime = startTime
    self.warnTime = startTime.adding(seconds: rule.limit - rule.warnBefore)
    self.dueTime = startTime.adding(seconds: rule.limit)
    self.escalateTime =
      rule.escalationLevels > 0
      ? startTime.adding(seconds: rule.limit + rule.escalateAfter) : nil
    self.stopTime = nil
    self.escalationLevel = 0
    self.escalateAfter = rule.escalateAfter
    self.escalationLevels = rule.escalationLevels
  }

  /// A deadline as a store kept it.
  public init(
    id: DeadlineID, ruleCode: String, kind: DeadlineKind, state: DeadlineState, matter: Matter,
    mode: ClockMode, startCause: String, trace: String, startTime: Date, warnTime: Date,
    dueTime: Date, escalateTime: Date?, stopTime: Date?, escalationLevel: Int,
    escalateAfter: Int, escalationLevels: Int
  ) {
    self.id = id
    self.ruleCode = ruleCode
    self.kind = kind
    self.state = state
    self.subject = matter.subject
    self.responsible = matter.responsible
    self.incidentID = matter.incidentID
    self.scope = matter.scope
    self.mode = mode
    self.startCause = startCause
    self.trace = trace
    self.startTime = startTime
    self.warnTime = warnTime
    self.dueTime = dueTime
    self.escalateTime = escalateTime
    self.stopTime = stopTime
    self.escalationLevel = escalationLevel
    self.escalateAfter = escalateAfter
    self.escalationLevels = escalationLevels
  }
}

extension Deadline {
  /// When time does something to it next; nil when it never will.
  public var nextTime: Date? {
    switch state {
    // A warning at the due time would say nothing that red does not.
    case .running: warnTime < dueTime ? warnTime : dueTime
    case .warned: dueTime
    case .overdue: escalateTime
    case .met, .missed, .cancelled: nil
    }
  }

  /// Takes every step that is due at `time` or before, in order.
  public mutating func fire(upTo time: Date) -> [Firing] {
    var firings: [Firing] = []
    while let next = nextTime, next.isNotAfter(time) {
      firings.append(Firing(step: takeStep(), time: next, deadline: self))
    }
    return firings
  }

  private mutating func takeStep() -> FiringStep {
    switch state {
    case .running where warnTime < dueTime:
      state = .warned
      return .warned
    case .running, .warned:
      state = .overdue
      return .overdue
    case .overdue, .met, .missed, .cancelled:
      escalationLevel += 1
      escalateTime =
        escalationLevel < escalationLevels
        ? dueTime.adding(seconds: escalateAfter * (escalationLevel + 1)) : nil
      return .escalated(level: escalationLevel)
    }
  }

  /// What was awaited has happened: met when that was at the due time or before. A report that
  /// comes in late of something done in time is met, whatever has been told meanwhile.
  /// - Returns: false when it had ended before; nothing changes then.
  public mutating func stop(at time: Date) -> Bool {
    end(time.isNotAfter(dueTime) ? .met : .missed, at: time)
  }

  /// What was awaited is no longer needed.
  /// - Returns: false when it had ended before; nothing changes then.
  public mutating func cancel(at time: Date) -> Bool {
    end(.cancelled, at: time)
  }

  private mutating func end(_ ending: DeadlineState, at time: Date) -> Bool {
    guard state.isOpen else { return false }
    state = ending
    stopTime = time
    escalateTime = nil
    return true
  }
}

extension Date {
  /// Microseconds since 1970: what stores keep. A `Date` holds a binary fraction, and two ways to
  /// the same microsecond may differ in its last bit; times are compared by this number.
  var microseconds: Int64 { Int64((timeIntervalSince1970 * 1_000_000).rounded()) }

  func isNotAfter(_ other: Date) -> Bool { microseconds <= other.microseconds }

  func adding(seconds: Int) -> Date {
    Date(timeIntervalSince1970: Double(microseconds + Int64(seconds) * 1_000_000) / 1_000_000)
  }
}
