// 自动派警规则: without one that a named person switched on, the machine dispatches nobody.
public import Classification
public import Foundation
import Geography
public import Identifiers

/// A person's word that the machine may dispatch by itself, for a while.
public struct DispatchRule: Sendable, Hashable, Codable {
  /// The longest that a rule may be on.
  public static let durationLimit: TimeInterval = 31 * 86_400
  /// Rules on at once.
  public static let countLimit = 100

  public let id: DispatchRuleID
  /// Only incidents of these classes; empty for all.
  public let classes: Set<IncidentClass>
  public let levels: Set<IncidentLevel>
  /// Only incidents that this station answers for; nil for all.
  public let stationID: OrgUnitID?
  public let reason: String
  /// `person/…`
  public let switchedOnBy: String
  public let switchOnTime: Date
  public let endTime: Date
  /// Nil while it has not been switched off.
  public internal(set) var switchOffTime: Date?
  /// `person/…`, or `service/command` at its end.
  public internal(set) var switchedOffBy: String?

  /// Puts a rule together as it was stored.
  public init(
    id: DispatchRuleID, classes: Set<IncidentClass>, levels: Set<IncidentLevel>,
    stationID: OrgUnitID?, reason: String, switchedOnBy: String, switchOnTime: Date,
    endTime: Date, switchOffTime: Date? = nil, switchedOffBy: String? = nil
  ) {
    self.id = id
    self.classes = classes
    self.levels = levels
    self.stationID = stationID
    self.reason = reason
    self.switchedOnBy = switchedOnBy
    self.switchOnTime = switchOnTime
    self.endTime = endTime
    self.switchOffTime = switchOffTime
    self.switchedOffBy = switchedOffBy
  }

  /// Its end needs nobody: whoever asks after it finds it off.
  public func isOn(at now: Date) -> Bool { switchOffTime == nil && now < endTime }

  /// Whether the machine is to dispatch this incident now: it was opened since, nobody has ever been
  /// sent to it, and it is known what it is and where.
  public func covers(_ view: IncidentView, at now: Date) -> Bool {
    let incident = view.incident
    guard isOn(at: now), incident.recordTime >= switchOnTime, view.assignments.isEmpty,
      incident.state == .new || incident.state == .queued,
      let level = incident.level, levels.contains(level),
      let incidentClass = incident.incidentClass,
      classes.isEmpty || classes.contains(incidentClass), incident.place.coordinate != nil
    else { return false }
    return stationID == nil || view.advice?.stationID == stationID
  }

  /// What the units are told.
  public var instruction: String {
    "按规则 \(id) 自动派警，\(switchedOnBy) 开启：\(reason)。"
      + "Dispatched by rule \(id), switched on by \(switchedOnBy): \(reason)."
  }
}

public struct SwitchOnDispatchRule: Sendable, Hashable {
  public var classes: Set<IncidentClass>
  public var levels: Set<IncidentLevel>
  public var stationID: OrgUnitID?
  public var reason: String
  /// Who switches it on.
  public var actor: String
  /// Seconds.
  public var duration: TimeInterval

  public init(
    classes: Set<IncidentClass>, levels: Set<IncidentLevel>, stationID: OrgUnitID?,
    reason: String, actor: String, duration: TimeInterval
  ) {
    self.classes = classes
    self.levels = levels
    self.stationID = stationID
    self.reason = reason
    self.actor = actor
    self.duration = duration
  }
}

public struct DispatchRuling: Sendable {
  public init() {}

  /// - Throws: `notAPerson`; `required` without a reason or levels; `tooManyRules`.
  public func switchOn(
    _ command: SwitchOnDispatchRule, in writer: any CommandWriter, now: Date
  ) throws -> DispatchRule {
    guard command.actor.hasPrefix("person/") else { throw CommandError.notAPerson }
    guard !command.reason.isEmpty else { throw CommandError.required(field: "reason") }
    guard !command.levels.isEmpty else { throw CommandError.required(field: "levels") }
    let on = try writer.dispatchRulesNotSwitchedOff().count { $0.isOn(at: now) }
    guard on < DispatchRule.countLimit else { throw CommandError.tooManyRules }
    let rule = DispatchRule(
      id: writer.mint(DispatchRuleTag.self), classes: command.classes, levels: command.levels,
      stationID: command.stationID, reason: command.reason, switchedOnBy: command.actor,
      switchOnTime: now,
      endTime: now.addingTimeInterval(min(command.duration, DispatchRule.durationLimit)))
    try writer.insert(rule)
    writer.record(.dispatchRuleSwitchedOn(rule), incident: nil, occurTime: now)
    return rule
  }

  /// - Throws: `dispatchRuleUnknown`; `moveNotAllowed` when it is off.
  public func switchOff(
    _ id: DispatchRuleID, by actor: String, in writer: any CommandWriter, now: Date
  ) throws -> DispatchRule {
    guard var rule = try writer.dispatchRule(id) else {
      throw CommandError.dispatchRuleUnknown(id)
    }
    guard rule.switchOffTime == nil else {
      throw CommandError.moveNotAllowed(subject: id.description, from: "off", move: "switch_off")
    }
    rule.switchOffTime = now
    rule.switchedOffBy = actor
    try writer.update(rule)
    writer.record(.dispatchRuleSwitchedOff(rule), incident: nil, occurTime: now)
    return rule
  }
}
