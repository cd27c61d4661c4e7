// 接警单: one call, message, button press or partner report, and the one outcome it ends with.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// By which way a report came.
public enum CallChannel: String, Sendable, Codable, CaseIterable {
  case phone, sms, app, pillar, partner
  case walkIn = "walk_in"
}

/// Where a call report stands.
public enum CallReportState: String, Sendable, Codable, CaseIterable {
  case active, ended
}

/// What became of a call report.
public enum CallOutcome: String, Sendable, Codable, CaseIterable {
  case created, attached, advised, diverted, hoax, accidental, abandoned

  /// Whether a call can be ended with it without naming an incident.
  public var needsNoIncident: Bool { self != .created && self != .attached }

  /// Whether somebody must say why: the others explain themselves.
  public var needsReason: Bool { self == .advised || self == .diverted || self == .hoax }
}

/// What is known when a call is taken.
public struct CallReportContent: Sendable, Hashable, Codable {
  public var channel: CallChannel
  public var origin: IncidentOrigin
  /// Keyed hash of the caller's number, 64 hexadecimal digits; nil when the number is unknown.
  public var phoneHash: String?
  /// The number with its middle hidden (`PhoneMask`); empty when unknown.
  public var maskedPhone: String
  /// The name with all but its first character hidden; empty when unknown.
  public var maskedName: String
  /// Number and name, encrypted; nil when neither is known.
  public var sealedCaller: [UInt8]?
  public var place: Place
  public var narrative: String
  /// When the matter happened, as told.
  public var occurTime: Date
  /// When the call came in.
  public var receiveTime: Date
  /// When somebody answered it; nil where nobody recorded it.
  public var answerTime: Date?
  /// The reporting system; empty for calls taken here.
  public var source: String
  /// Its number in that system; unique with `source` unless empty.
  public var externalReference: String

  public init(
    channel: CallChannel, origin: IncidentOrigin, phoneHash: String? = nil,
    maskedPhone: String = "", maskedName: String = "", sealedCaller: [UInt8]? = nil, place: Place,
    narrative: String = "", occurTime: Date,
    receiveTime: Date, answerTime: Date? = nil, source: String = "",
    externalReference: String = ""
  ) {
    self.channel = channel
    self.origin = origin
    self.phoneHash = phoneHash
    self.maskedPhone = maskedPhone
    self.maskedName = maskedName
    self.sealedCaller = sealedCaller
    self.place = place
    self.narrative = narrative
    self.occurTime = occurTime
    self.receiveTime = receiveTime
    self.answerTime = answerTime
    self.source = source
    self.externalReference = externalReference
  }
}

/// One report: active until it gets its outcome, immutable from then on.
public struct CallReport: Sendable, Hashable, Codable {
  public let id: CallReportID
  /// 1 when taken, one more with every change.
  public internal(set) var revision: Int
  public internal(set) var state: CallReportState
  /// Nil while active.
  public internal(set) var outcome: CallOutcome?
  /// The incident it created or was attached to.
  public internal(set) var incidentID: IncidentID?
  public let content: CallReportContent
  /// Nil while active.
  public internal(set) var endTime: Date?
  public let recordTime: Date
  /// Why it was ended without an incident.
  public internal(set) var endReason: String
  /// Times that a pillar's button was pressed for it; nil for other calls. Changes no revision: whoever
  /// handles the call must not be held up because somebody presses again.
  public internal(set) var pressCount: Int?

  public var etag: String { String(revision) }

  /// Puts a report together as it was stored.
  public init(
    id: CallReportID, revision: Int, state: CallReportState, outcome: CallOutcome?,
    incidentID: IncidentID?, content: CallReportContent, endTime: Date?, recordTime: Date,
    endReason: String, pressCount: Int? = nil
  ) {
    self.id = id
    self.revision = revision
    self.state = state
    self.outcome = outcome
    self.incidentID = incidentID
    self.content = content
    self.endTime = endTime
    self.recordTime = recordTime
    self.endReason = endReason
    self.pressCount = pressCount
  }

  /// A report just taken.
  public init(id: CallReportID, content: CallReportContent, recordTime: Date) {
    self.init(
      id: id, revision: 1, state: .active, outcome: nil, incidentID: nil, content: content,
      endTime: nil, recordTime: recordTime, endReason: "")
  }

  /// Ends the call with an incident (`created`, `attached`).
  /// - Throws: `callReportEnded`.
  mutating func end(
    _ outcome: CallOutcome, incident: IncidentID, at time: Date
  ) throws(CommandError) {
    try finish(outcome, incident: incident, reason: "", at: time)
  }

  /// Ends the call without an incident.
  /// - Throws: `callReportEnded`; `outcomeNotAllowed` for `created` and `attached`; `required`
  ///   where the outcome needs a reason.
  mutating func end(
    _ outcome: CallOutcome, reason: String, at time: Date
  ) throws(CommandError) {
    guard outcome.needsNoIncident else { throw .outcomeNotAllowed(outcome) }
    guard !reason.isEmpty || !outcome.needsReason else { throw .required(field: "reason") }
    try finish(outcome, incident: nil, reason: reason, at: time)
  }

  private mutating func finish(
    _ outcome: CallOutcome, incident: IncidentID?, reason: String, at time: Date
  ) throws(CommandError) {
    guard state == .active else { throw .callReportEnded(id) }
    state = .ended
    self.outcome = outcome
    incidentID = incident
    endReason = reason
    endTime = time
    revision += 1
  }
}
