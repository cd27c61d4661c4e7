// 警情: something that happened or may happen. What may be done to it is in Incident+Moves.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// Where an incident stands. Signed, en route and on scene are seen in its assignments.
public enum IncidentState: String, Sendable, Codable, CaseIterable {
  case new, queued, active, monitored, diverted
  case awaitingFeedback = "awaiting_feedback"
  case inReview = "in_review"
  case closed, cancelled, merged

  /// Nothing more is attached to it, written on it or ordered for it.
  public var isEnded: Bool { self == .closed || self == .cancelled || self == .merged }
}

/// What was done about an incident.
public struct IncidentFeedback: Sendable, Hashable, Codable {
  public var text: String
  /// A code of the bureau; may be empty.
  public var disposalCode: String
  public var occurTime: Date
  /// How often feedback on this incident was returned (退回).
  public var returnCount: Int

  public init(text: String, disposalCode: String, occurTime: Date, returnCount: Int) {
    self.text = text
    self.disposalCode = disposalCode
    self.occurTime = occurTime
    self.returnCount = returnCount
  }
}

/// What the first call told and no command changes afterwards.
public struct IncidentBeginning: Sendable, Hashable, Codable {
  public let origin: IncidentOrigin
  public let narrative: String
  /// The system that reported it; empty for calls taken here.
  public let source: String
  public let externalReference: String
  /// When it happened, as told.
  public let occurTime: Date
  /// When its first call came in.
  public let receiveTime: Date
  /// When it was opened.
  public let createTime: Date

  public init(
    origin: IncidentOrigin, narrative: String, source: String, externalReference: String,
    occurTime: Date, receiveTime: Date, createTime: Date
  ) {
    self.origin = origin
    self.narrative = narrative
    self.source = source
    self.externalReference = externalReference
    self.occurTime = occurTime
    self.receiveTime = receiveTime
    self.createTime = createTime
  }
}

public struct Incident: Sendable, Hashable, Codable {
  public static let titleLimit = 120

  public let id: IncidentID
  /// 1 when opened, one more with every change by a command. Advice does not count.
  public internal(set) var revision: Int
  /// For people: `20161231-000123`.
  public let number: String
  public internal(set) var state: IncidentState
  /// When the present state began.
  public internal(set) var stateTime: Date
  public internal(set) var incidentClass: IncidentClass?
  public internal(set) var level: IncidentLevel?
  /// One line for the queue.
  public internal(set) var title: String
  public internal(set) var place: Place
  public let beginning: IncidentBeginning
  /// Calls that created it or were attached, first one first.
  public internal(set) var callReportIDs: [CallReportID]
  public let recordTime: Date
  /// The incident it is part of; nil unless merged.
  public internal(set) var mergedInto: IncidentID?
  /// Where a split takes it back to; nil unless merged.
  public internal(set) var stateBeforeMerge: IncidentState?
  /// The authority it was last diverted to; empty when never.
  public internal(set) var divertedTo: String
  public internal(set) var feedback: IncidentFeedback?
  public internal(set) var reopenCount: Int

  public var etag: String { String(revision) }

  /// Puts an incident together as it was stored.
  public init(
    id: IncidentID, revision: Int, number: String, state: IncidentState, stateTime: Date,
    incidentClass: IncidentClass?, level: IncidentLevel?, title: String, place: Place,
    beginning: IncidentBeginning, callReportIDs: [CallReportID], recordTime: Date,
    mergedInto: IncidentID? = nil, stateBeforeMerge: IncidentState? = nil,
    divertedTo: String = "", feedback: IncidentFeedback? = nil, reopenCount: Int = 0
  ) {
    self.id = id
    self.revision = revision
    self.number = number
    self.state = state
    self.stateTime = stateTime
    self.incidentClass = incidentClass
    self.level = level
    self.title = title
    self.place = place
    self.beginning = beginning
    self.callReportIDs = callReportIDs
    self.recordTime = recordTime
    self.mergedInto = mergedInto
    self.stateBeforeMerge = stateBeforeMerge
    self.divertedTo = divertedTo
    self.feedback = feedback
    self.reopenCount = reopenCount
  }

  /// A new incident from its first call.
  init(
    id: IncidentID, number: String, call: CallReport, incidentClass: IncidentClass?,
    level: IncidentLevel?, title: String, createTime: Date, recordTime: Date
  ) {
    let told = call.content
    self.init(
      id: id, revision: 1, number: number, state: .new, stateTime: createTime,
      incidentClass: incidentClass, level: level,
      title: title.isEmpty ? Self.title(narrative: told.narrative, place: told.place) : title,
      place: told.place,
      beginning: IncidentBeginning(
        origin: told.origin, narrative: told.narrative, source: told.source,
        externalReference: told.externalReference, occurTime: told.occurTime,
        receiveTime: told.receiveTime, createTime: createTime),
      callReportIDs: [call.id], recordTime: recordTime)
  }

  /// The first line of what was said, else where it is; cut to the limit.
  static func title(narrative: String, place: Place) -> String {
    let candidates = [narrative, place.address, place.description].lazy.map { text in
      String(text.split(whereSeparator: \.isNewline).first ?? "")
        .trimmingCharacters(in: .whitespaces)
    }
    guard let line = candidates.first(where: { !$0.isEmpty }) else { return "警情 Incident" }
    return line.count <= titleLimit ? line : line.prefix(titleLimit - 1) + "…"
  }

  /// What still has to be known before it may wait for a unit or be handled.
  public var missingClassification: [String] {
    let hasPlace =
      place.given != nil || !place.address.isEmpty || !place.description.isEmpty
    return (incidentClass == nil ? ["incident_class"] : []) + (level == nil ? ["level"] : [])
      + (hasPlace ? [] : ["location"])
  }

  /// The point to look for units around.
  /// - Throws: `locationRequired`.
  public func pointForUnits() throws(CommandError) -> Coordinate {
    guard let point = place.coordinate else { throw .locationRequired(id) }
    return point
  }
}

/// What intelligence suggests about an incident; people decide. Kept apart from the incident, so
/// that a suggestion never makes a caller's etag stale.
public struct IncidentAdvice: Sendable, Hashable, Codable {
  public let incidentID: IncidentID
  public let assessmentID: AssessmentID
  /// The responsible station; nil when no jurisdiction holds the point.
  public let stationID: OrgUnitID?
  public let stationName: String
  public let suggestedClass: IncidentClass?
  public let suggestedLevel: IncidentLevel?
  /// How many earlier calls it repeats.
  public let repeatCount: Int
  public let occurTime: Date

  public init(
    incidentID: IncidentID, assessmentID: AssessmentID, stationID: OrgUnitID?,
    stationName: String, suggestedClass: IncidentClass?, suggestedLevel: IncidentLevel?,
    repeatCount: Int, occurTime: Date
  ) {
    self.incidentID = incidentID
    self.assessmentID = assessmentID
    self.stationID = stationID
    self.stationName = stationName
    self.suggestedClass = suggestedClass
    self.suggestedLevel = suggestedLevel
    self.repeatCount = repeatCount
    self.occurTime = occurTime
  }
}

/// An incident with what callers want to see beside it.
public struct IncidentView: Sendable, Hashable, Codable {
  public let incident: Incident
  /// Nil until assessed.
  public let advice: IncidentAdvice?
  /// Everyone sent, first one first.
  public let assignments: [Assignment]
  /// Nil in what was remembered before there were series.
  private let knownSeries: [SeriesReference]?

  public init(
    incident: Incident, advice: IncidentAdvice?, assignments: [Assignment],
    series: [SeriesReference] = []
  ) {
    self.incident = incident
    self.advice = advice
    self.assignments = assignments
    self.knownSeries = series
  }

  /// Proposed or confirmed ones that it belongs to, oldest first.
  public var series: [SeriesReference] { knownSeries ?? [] }
}
