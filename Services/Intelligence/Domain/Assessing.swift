// The one use case: command or duty told something, and the assessments that rest on it are made.

public import Classification
public import Foundation
public import Geography
public import Identifiers

/// An incident as command told of it.
public struct IncidentReport: Sendable, Hashable {
  public var id: IncidentID
  public var source: String
  public var incidentClass: IncidentClass?
  public var coordinate: Coordinate?
  /// Title and narrative.
  public var text: String

  public init(
    id: IncidentID, source: String, incidentClass: IncidentClass?, coordinate: Coordinate?,
    text: String
  ) {
    self.id = id
    self.source = source
    self.incidentClass = incidentClass
    self.coordinate = coordinate
    self.text = text
  }
}

/// A call as command told of it.
public struct CallTold: Sendable, Hashable {
  public var id: CallReportID
  public var incident: IncidentID
  public var receiveTime: Date
  public var phoneHash: String
  public var address: String
  public var coordinate: Coordinate?
  public var narrative: String
  /// Reported by an officer on duty, not by a citizen.
  public var isDiscovered: Bool

  public init(
    id: CallReportID, incident: IncidentID, receiveTime: Date, phoneHash: String, address: String,
    coordinate: Coordinate?, narrative: String, isDiscovered: Bool
  ) {
    self.id = id
    self.incident = incident
    self.receiveTime = receiveTime
    self.phoneHash = phoneHash
    self.address = address
    self.coordinate = coordinate
    self.narrative = narrative
    self.isDiscovered = isDiscovered
  }
}

/// Makes and renews assessments.
public struct Assessing: Sendable {
  /// Most incidents of one number or home that are assessed again when a call of it turns out to be, or
  /// not to be, a complaint.
  static let reassessedLimit = 200

  public init() {}

  /// A new incident with its first call.
  public func opened(
    _ report: IncidentReport, by told: CallTold, occurTime: Date,
    in writer: any IntelligenceWriter
  ) throws {
    try writer.hear(occurTime)
    let rules = try writer.rules()
    let words = rules.kinds.words(in: report.text)
    var incident = AssessedIncident(
      assessment: Assessment(
        id: writer.mint(AssessmentTag.self), incident: report.id,
        jurisdiction: try jurisdiction(at: report.coordinate, in: writer),
        kind: rules.kinds.finding(for: words), repeats: [], occurTime: occurTime,
        recordTime: writer.now),
      source: report.source, incidentClass: report.incidentClass, coordinate: report.coordinate,
      words: words, foundRepeat: false)
    let call = record(told, rules)
    try findRepeats(&incident, calls: call.isDiscovered ? [] : [call], rules, in: writer)
    try writer.save(incident)
    try writer.save(call, isComplaint: incident.isComplaint)
    tell(incident, in: writer)
  }

  /// Another call of an incident that is known; of one that is not, nothing can be said.
  public func attached(
    _ told: CallTold, occurTime: Date, in writer: any IntelligenceWriter
  ) throws {
    try writer.hear(occurTime)
    guard var incident = try writer.incident(told.incident) else { return }
    let rules = try writer.rules()
    let wasComplaint = incident.isComplaint
    for word in rules.kinds.words(in: told.narrative) where !incident.words.contains(word) {
      incident.words.append(word)
    }
    incident.assessment.kind = rules.kinds.finding(for: incident.words)
    try writer.save(record(told, rules), isComplaint: incident.isComplaint)
    if incident.isComplaint != wasComplaint {
      try writer.setComplaint(incident.isComplaint, callsOf: incident.assessment.incident)
    }
    let calls = try writer.calls(of: told.incident, limit: RepeatSearch.callLimit)
    try findRepeats(&incident, calls: calls, rules, in: writer)
    try renew(incident, occurTime: occurTime, in: writer)
    if incident.isComplaint != wasComplaint {
      try reassessOthers(than: incident, calls, rules, occurTime: occurTime, in: writer)
    }
  }

  /// Class or place of an incident changed. Title and level say nothing new.
  public func classified(
    _ report: IncidentReport, occurTime: Date, in writer: any IntelligenceWriter
  ) throws {
    try writer.hear(occurTime)
    guard var incident = try writer.incident(report.id) else { return }
    let before = incident
    incident.incidentClass = report.incidentClass
    if incident.coordinate != report.coordinate {
      incident.coordinate = report.coordinate
      incident.assessment.jurisdiction = try jurisdiction(at: report.coordinate, in: writer)
    }
    guard incident != before else { return }
    guard incident.isComplaint != before.isComplaint else {
      if incident.assessment == before.assessment {
        try writer.save(incident)
      } else {
        try renew(incident, occurTime: occurTime, in: writer)
      }
      return
    }
    let rules = try writer.rules()
    try writer.setComplaint(incident.isComplaint, callsOf: report.id)
    let calls = try writer.calls(of: report.id, limit: RepeatSearch.callLimit)
    try findRepeats(&incident, calls: calls, rules, in: writer)
    if incident.assessment == before.assessment {
      try writer.save(incident)
    } else {
      try renew(incident, occurTime: occurTime, in: writer)
    }
    try reassessOthers(than: incident, calls, rules, occurTime: occurTime, in: writer)
  }

  private func record(_ told: CallTold, _ rules: AssessmentRules) -> CallRecord {
    CallRecord(
      id: told.id, incident: told.incident, receiveTime: told.receiveTime,
      phoneHash: told.phoneHash.isEmpty ? nil : told.phoneHash,
      addressKey: TextFolding.addressKey(told.address, generic: rules.genericAddresses),
      coordinate: told.coordinate, isDiscovered: told.isDiscovered)
  }

  private func jurisdiction(
    at point: Coordinate?, in writer: any IntelligenceWriter
  ) throws -> JurisdictionFinding? {
    guard let point else { return nil }
    return try Jurisdiction.finding(
      at: point, among: writer.jurisdictions(around: point), parent: writer.orgUnit)
  }

  private func findRepeats(
    _ incident: inout AssessedIncident, calls: [CallRecord], _ rules: AssessmentRules,
    in writer: any IntelligenceWriter
  ) throws {
    var links = Set(RepeatLink.allCases)
    if incident.isComplaint { links.subtract(RepeatLink.ofCallers) }
    let search = RepeatSearch(rules: rules.repeats, source: writer)
    incident.assessment.repeats = try search.findings(
      for: calls, of: incident.assessment.incident, links: links)
    incident.foundRepeat = !incident.assessment.repeats.isEmpty
  }

  /// Calls of `incident` have become, or ceased to be, evidence for those who called later from
  /// the same number or home.
  private func reassessOthers(
    than incident: AssessedIncident, _ calls: [CallRecord], _ rules: AssessmentRules,
    occurTime: Date, in writer: any IntelligenceWriter
  ) throws {
    var others: [IncidentID] = []
    for call in calls {
      let later = try writer.incidents(
        like: call, from: call.receiveTime, limit: Self.reassessedLimit)
      others += later.filter { $0 != incident.assessment.incident && !others.contains($0) }
    }
    for id in others.prefix(Self.reassessedLimit) {
      guard var other = try writer.incident(id), !other.isComplaint else { continue }
      let search = RepeatSearch(rules: rules.repeats, source: writer)
      let calls = try writer.calls(of: id, limit: RepeatSearch.callLimit)
      let ofCallers = try search.findings(for: calls, of: id, links: RepeatLink.ofCallers)
      let repeats =
        ofCallers + other.assessment.repeats.filter { !RepeatLink.ofCallers.contains($0.link) }
      guard repeats != other.assessment.repeats else { continue }
      other.assessment.repeats = repeats
      other.foundRepeat = !repeats.isEmpty
      try renew(other, occurTime: occurTime, in: writer)
    }
  }

  private func renew(
    _ incident: AssessedIncident, occurTime: Date, in writer: any IntelligenceWriter
  ) throws {
    var incident = incident
    incident.assessment.occurTime = occurTime
    incident.assessment.recordTime = writer.now
    try writer.save(incident)
    tell(incident, in: writer)
  }

  private func tell(_ incident: AssessedIncident, in writer: any IntelligenceWriter) {
    let assessment = incident.assessment
    writer.record(
      .incidentAssessed(assessment), incident: assessment.incident,
      occurTime: assessment.occurTime)
  }
}
