// 接警: from a ringing phone or a partner's report to the one outcome of each call.
public import Classification
public import Foundation
public import Identifiers

public struct AnswerCall: Sendable, Hashable {
  public var content: CallReportContent

  public init(content: CallReportContent) { self.content = content }
}

public struct OpenIncident: Sendable, Hashable {
  public var callReportID: CallReportID
  /// Of the report; empty to accept any.
  public var etag: String
  public var incidentClass: IncidentClass?
  public var level: IncidentLevel?
  /// Made from the narrative when empty.
  public var title: String
  public var occurTime: Date

  public init(
    callReportID: CallReportID, etag: String = "", incidentClass: IncidentClass? = nil,
    level: IncidentLevel? = nil, title: String = "", occurTime: Date
  ) {
    self.callReportID = callReportID
    self.etag = etag
    self.incidentClass = incidentClass
    self.level = level
    self.title = title
    self.occurTime = occurTime
  }
}

public struct OpenedIncident: Sendable, Hashable, Codable {
  public let callReport: CallReport
  public let incidentID: IncidentID
  public let incidentNumber: String
  public let incidentEtag: String
}

public struct AttachCall: Sendable, Hashable {
  public var callReportID: CallReportID
  /// Of the report; empty to accept any.
  public var etag: String
  public var incidentID: IncidentID
  public var occurTime: Date

  public init(
    callReportID: CallReportID, etag: String = "", incidentID: IncidentID, occurTime: Date
  ) {
    self.callReportID = callReportID
    self.etag = etag
    self.incidentID = incidentID
    self.occurTime = occurTime
  }
}

public struct EndCall: Sendable, Hashable {
  public var callReportID: CallReportID
  /// Of the report; empty to accept any.
  public var etag: String
  public var outcome: CallOutcome
  public var reason: String
  public var occurTime: Date

  public init(
    callReportID: CallReportID, etag: String = "", outcome: CallOutcome, reason: String = "",
    occurTime: Date
  ) {
    self.callReportID = callReportID
    self.etag = etag
    self.outcome = outcome
    self.reason = reason
    self.occurTime = occurTime
  }
}

public struct SubmitReport: Sendable, Hashable {
  public var content: CallReportContent
  public var incidentClass: IncidentClass?
  public var level: IncidentLevel?
  /// Made from the narrative when empty.
  public var title: String

  public init(
    content: CallReportContent, incidentClass: IncidentClass? = nil,
    level: IncidentLevel? = nil, title: String = ""
  ) {
    self.content = content
    self.incidentClass = incidentClass
    self.level = level
    self.title = title
  }
}

public struct SubmittedReport: Sendable, Hashable, Codable {
  public let callReportID: CallReportID
  public let incidentID: IncidentID
  public let incidentNumber: String
  public let incidentEtag: String
}

public struct CallTaking: Sendable {
  public init() {}

  /// - Throws: `externalReferenceKnown`.
  public func answer(
    _ command: AnswerCall, in writer: any CommandWriter, now: Date
  ) throws -> CallReport {
    let report = try take(command.content, in: writer, now: now)
    try writer.insert(report)
    writer.record(
      .callReportAnswered(report), incident: nil, occurTime: report.content.receiveTime)
    return report
  }

  /// - Throws: `callReportUnknown`; `etagMismatch`; `callReportEnded`.
  public func open(
    _ command: OpenIncident, in writer: any CommandWriter, now: Date
  ) throws -> OpenedIncident {
    var report = try found(command.callReportID, etag: command.etag, in: writer)
    let incident = try opened(
      from: report, command.incidentClass, command.level, title: command.title,
      at: command.occurTime, in: writer, now: now)
    try report.end(.created, incident: incident.id, at: command.occurTime)
    try writer.insert(incident)
    try writer.update(report)
    try writer.attach(report.id, to: incident)
    record(report, opened: incident, in: writer)
    return OpenedIncident(
      callReport: report, incidentID: incident.id, incidentNumber: incident.number,
      incidentEtag: incident.etag)
  }

  /// Answers and opens in one step. The incident is opened when the report came in: nobody talked.
  /// - Throws: `externalReferenceKnown`.
  public func submit(
    _ command: SubmitReport, in writer: any CommandWriter, now: Date
  ) throws -> SubmittedReport {
    var report = try take(command.content, in: writer, now: now)
    let time = report.content.receiveTime
    let incident = try opened(
      from: report, command.incidentClass, command.level, title: command.title, at: time,
      in: writer, now: now)
    writer.record(.callReportAnswered(report), incident: incident.id, occurTime: time)
    try report.end(.created, incident: incident.id, at: time)
    try writer.insert(incident)
    try writer.insert(report)
    try writer.attach(report.id, to: incident)
    record(report, opened: incident, in: writer)
    return SubmittedReport(
      callReportID: report.id, incidentID: incident.id, incidentNumber: incident.number,
      incidentEtag: incident.etag)
  }

  /// - Throws: `callReportUnknown`; `incidentUnknown`; `etagMismatch`; `callReportEnded`;
  ///   `incidentEnded`.
  public func attach(
    _ command: AttachCall, in writer: any CommandWriter, now: Date
  ) throws -> CallReport {
    var report = try found(command.callReportID, etag: command.etag, in: writer)
    var incident: Incident = try writer.existing(command.incidentID)
    try report.end(.attached, incident: incident.id, at: command.occurTime)
    try incident.attach(report.id)
    try writer.update(report)
    try writer.update(incident)
    try writer.attach(report.id, to: incident)
    writer.record(.callReportEnded(report), incident: incident.id, occurTime: command.occurTime)
    return report
  }

  /// - Throws: `outcomeNotAllowed`; `required`; `callReportUnknown`; `etagMismatch`;
  ///   `callReportEnded`.
  public func end(
    _ command: EndCall, in writer: any CommandWriter, now: Date
  ) throws -> CallReport {
    var report = try found(command.callReportID, etag: command.etag, in: writer)
    try report.end(command.outcome, reason: command.reason, at: command.occurTime)
    try writer.update(report)
    writer.record(.callReportEnded(report), incident: nil, occurTime: command.occurTime)
    return report
  }

  private func take(
    _ content: CallReportContent, in writer: any CommandWriter, now: Date
  ) throws -> CallReport {
    let reference = content.externalReference
    if !reference.isEmpty,
      let known = try writer.callReport(source: content.source, externalReference: reference)
    {
      throw CommandError.externalReferenceKnown(
        source: content.source, reference: reference, known)
    }
    return CallReport(id: writer.mint(CallReportTag.self), content: content, recordTime: now)
  }

  private func found(
    _ id: CallReportID, etag: String, in writer: any CommandWriter
  ) throws -> CallReport {
    let report: CallReport = try writer.existing(id)
    guard etag.isEmpty || etag == report.etag else {
      throw CommandError.etagMismatch(current: report.etag)
    }
    guard report.state == .active else { throw CommandError.callReportEnded(id) }
    return report
  }

  /// Numbered by the day the call came in, which is what people remember.
  private func opened(
    from report: CallReport, _ incidentClass: IncidentClass?, _ level: IncidentLevel?,
    title: String, at time: Date, in writer: any CommandWriter, now: Date
  ) throws -> Incident {
    let day = IncidentNumber.day(of: report.content.receiveTime)
    return Incident(
      id: writer.mint(IncidentTag.self),
      number: IncidentNumber.format(day: day, sequence: try writer.nextIncidentNumber(day: day)),
      call: report, incidentClass: incidentClass, level: level, title: title, createTime: time,
      recordTime: now)
  }

  private func record(
    _ report: CallReport, opened incident: Incident, in writer: any CommandWriter
  ) {
    let time = incident.beginning.createTime
    writer.record(.callReportEnded(report), incident: incident.id, occurTime: time)
    writer.record(
      .incidentOpened(incident, phoneHash: report.content.phoneHash), incident: incident.id,
      occurTime: time)
  }
}
