// 来电人查询: who may be asked about, and for the sake of which case.
public import Identifiers

/// What a look-up serves.
public enum InquiryCase: Sendable, Hashable {
  case incident(IncidentID)
  case call(CallReportID)
}

/// A call made from the number that was asked about.
public struct CallOfNumber: Sendable, Hashable {
  public let report: CallReport
  /// Nil for a call without an incident, and for an incident outside the caller's reach.
  public let incident: Incident?

  public init(report: CallReport, incident: Incident?) {
    self.report = report
    self.incident = incident
  }
}

/// The station that has a call outside the caller's reach.
public struct CallKeeper: Sendable, Hashable {
  public let stationID: OrgUnitID
  public let stationName: String

  public init(stationID: OrgUnitID, stationName: String) {
    self.stationID = stationID
    self.stationName = stationName
  }
}

public struct CallerInquiry: Sendable {
  public init() {}

  /// - Throws: `caseNotOpen`.
  public func check(_ inquiryCase: InquiryCase, in reader: any CommandReader) throws {
    let isOpen =
      switch inquiryCase {
      case .incident(let id): try reader.incident(id).map { !$0.state.isEnded } ?? false
      case .call(let id): try reader.callReport(id).map { $0.state == .active } ?? false
      }
    guard isOpen else { throw CommandError.caseNotOpen }
  }

  /// The report whose caller may be shown whole.
  /// - Throws: `caseNotOpen`, `callNotOfCase`.
  public func reveal(
    _ id: CallReportID, for inquiryCase: InquiryCase, in reader: any CommandReader
  ) throws -> CallReport {
    try check(inquiryCase, in: reader)
    guard let report = try reader.callReport(id) else { throw CommandError.callNotOfCase }
    switch inquiryCase {
    case .call(let own) where own == id: return report
    case .incident(let incident) where report.incidentID == incident: return report
    default: throw CommandError.callNotOfCase
    }
  }
}
