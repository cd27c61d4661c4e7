// What command tells, and the assessments that it makes necessary.

import Classification
import Foundation
import Geography
import Identifiers
public import IntelligenceDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct FromCommand: Sendable {
  /// What to ask command's feed for.
  public static let types = [
    Quintet_Command_V1_IncidentOpened.protoMessageName,
    Quintet_Command_V1_IncidentClassified.protoMessageName,
    Quintet_Command_V1_CallReportEnded.protoMessageName,
  ]

  private let assessing = Assessing()

  public init() {}

  /// - Throws: `Failure` for an event that breaks its contract; what the writer throws.
  public func apply(_ event: Quintet_Events_V1_Event, _ writer: any IntelligenceWriter) throws {
    let occurTime = event.occurTime.microsecondDate
    let payload = event.payload.value
    switch event.type {
    case Quintet_Command_V1_IncidentOpened.protoMessageName:
      let opened = try Quintet_Command_V1_IncidentOpened(serializedBytes: payload)
      try assessing.opened(
        IncidentReport(opened.incident), by: CallTold(firstOf: opened), occurTime: occurTime,
        in: writer)
    case Quintet_Command_V1_IncidentClassified.protoMessageName:
      let classified = try Quintet_Command_V1_IncidentClassified(serializedBytes: payload)
      try assessing.classified(
        IncidentReport(classified.incident), occurTime: occurTime, in: writer)
    case Quintet_Command_V1_CallReportEnded.protoMessageName:
      let ended = try Quintet_Command_V1_CallReportEnded(serializedBytes: payload)
      // A call that created its incident came with IncidentOpened; other outcomes have none.
      guard ended.callReport.outcome == .attached else { return }
      try assessing.attached(CallTold(ended), occurTime: occurTime, in: writer)
    default: break
    }
  }
}

extension IncidentReport {
  fileprivate init(_ incident: Quintet_Command_V1_Incident) throws {
    self.init(
      id: try Check.identifier(incident.id, field: "incident.id"), source: incident.source,
      incidentClass: try Check.incidentClass(incident.incidentClass),
      coordinate: try Self.coordinate(incident.location),
      text: incident.title + "\n" + incident.narrative)
  }

  fileprivate static func coordinate(
    _ location: Quintet_Type_V1_Location
  ) throws -> Coordinate? {
    guard location.hasPoint else { return nil }
    return try Check.givenPoint(location.point, field: "location.point").coordinate
  }
}

extension CallTold {
  fileprivate init(firstOf opened: Quintet_Command_V1_IncidentOpened) throws {
    let incident = opened.incident
    self.init(
      id: try Check.identifier(
        incident.callReportIds.first ?? "", field: "incident.call_report_ids"),
      incident: try Check.identifier(incident.id, field: "incident.id"),
      receiveTime: incident.receiveTime.microsecondDate, phoneHash: opened.phoneHash,
      address: incident.location.address,
      coordinate: try IncidentReport.coordinate(incident.location), narrative: incident.narrative,
      isDiscovered: incident.origin == .officerDiscovered)
  }

  fileprivate init(_ ended: Quintet_Command_V1_CallReportEnded) throws {
    let report = ended.callReport
    self.init(
      id: try Check.identifier(report.id, field: "call_report.id"),
      incident: try Check.identifier(report.incidentID, field: "call_report.incident_id"),
      receiveTime: report.receiveTime.microsecondDate, phoneHash: ended.phoneHash,
      address: report.location.address,
      coordinate: try IncidentReport.coordinate(report.location), narrative: report.narrative,
      isDiscovered: report.origin == .officerDiscovered)
  }
}
