// What the other services tell about command's incidents. All of it goes into the timeline; what
// intelligence finds is also put beside the incident.

public import CommandDomain
public import Foundation
public import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// What every event of a neighbour has in common.
public enum NeighbourEvent {
  /// On whose behalf the effects of an event are recorded.
  public static func provenance(of event: Quintet_Events_V1_Event) -> Provenance {
    Provenance(actor: "service/command", cause: "event/\(event.id)", trace: event.trace)
  }
}

/// Keeps what a neighbour tells about incidents; what belongs to none is passed over at once. An event
/// that was kept already stays as it is.
public struct FromNeighbour: Sendable {
  /// Full names of the payloads to ask for; empty for all.
  public let types: [String]

  public static let publicOpinion = FromNeighbour(types: [])

  /// - Throws: the store's errors.
  public func apply(_ event: Quintet_Events_V1_Event, in writer: any CommandWriter) throws {
    guard !event.incidentID.isEmpty else { return }
    try NeighbourFacts().keep(TimelineEvent(event), in: writer)
  }
}

/// Keeps what duty proposes for incidents, and who belongs to whom; and takes what terminals report:
/// the presses of pillars, and the steps of units.
public struct FromDuty: Sendable {
  /// The feed leaves the others out.
  public let types = [
    Quintet_Duty_V1_RecommendationMade.protoMessageName,
    Quintet_Duty_V1_OrgUnitDefined.protoMessageName,
    Quintet_Duty_V1_UnitDefined.protoMessageName,
    Quintet_Duty_V1_AlarmButtonPressed.protoMessageName,
    Quintet_Duty_V1_AssignmentStepReported.protoMessageName,
  ]

  public init() {}

  /// Events of other types are passed over.
  /// - Throws: for a payload that cannot be read or names something that is no id; the store's errors.
  public func apply(
    _ event: Quintet_Events_V1_Event, in writer: any CommandWriter, now: Date
  ) throws {
    switch event.type {
    case Quintet_Duty_V1_AlarmButtonPressed.protoMessageName:
      try PillarCalling().press(try PillarPress(event), in: writer, now: now)
    case Quintet_Duty_V1_AssignmentStepReported.protoMessageName:
      try Dispatching().follow(try ReportedStep(event), in: writer, now: now)
    case Quintet_Duty_V1_RecommendationMade.protoMessageName:
      try NeighbourFacts().keep(TimelineEvent(event), in: writer)
    case Quintet_Duty_V1_OrgUnitDefined.protoMessageName:
      let told = try Quintet_Duty_V1_OrgUnitDefined(serializedBytes: event.payload.value).orgUnit
      let id = try OrgUnitID(parsing: told.id)
      try writer.save(id, under: Self.orgUnit(told.parentID))
      try writer.save(
        id, as: told.rank == .station ? .station : told.rank == .beat ? .beat : nil)
    case Quintet_Duty_V1_UnitDefined.protoMessageName:
      let told = try Quintet_Duty_V1_UnitDefined(serializedBytes: event.payload.value).unit
      let id = try UnitID(parsing: told.id)
      try writer.save(id, of: Self.orgUnit(told.orgUnitID))
      try writer.save(id, kind: told.kind.rawValue)
    default: break
    }
  }

  private static func orgUnit(_ text: String) throws -> OrgUnitID? {
    text.isEmpty ? nil : try OrgUnitID(parsing: text)
  }
}

/// Keeps what intelligence tells, and puts its newest assessment beside the incident.
public struct FromIntelligence: Sendable {
  public let types = [Quintet_Intelligence_V1_IncidentAssessed.protoMessageName]

  public init() {}

  /// Events of other types are passed over.
  /// - Throws: for a payload that cannot be read or names something that is no id; `CommandError`
  ///   when it is about an incident that is not known here; the store's errors.
  public func apply(_ event: Quintet_Events_V1_Event, in writer: any CommandWriter) throws {
    guard types.contains(event.type) else { return }
    let assessed = try Quintet_Intelligence_V1_IncidentAssessed(
      serializedBytes: event.payload.value)
    try NeighbourFacts().advise(
      try IncidentAdvice(assessed.assessment, occurTime: event.occurTime.microsecondDate),
      in: writer)
    try NeighbourFacts().keep(TimelineEvent(event), in: writer)
  }
}

extension PillarPress {
  fileprivate init(_ event: Quintet_Events_V1_Event) throws {
    let told = try Quintet_Duty_V1_AlarmButtonPressed(serializedBytes: event.payload.value)
    self.init(
      terminalCode: told.terminalCode, sequence: told.reportSequence,
      place: try Check.place(told.location, field: "location"), plateCode: told.plateCode,
      occurTime: event.occurTime.microsecondDate)
  }
}

extension ReportedStep {
  fileprivate init(_ event: Quintet_Events_V1_Event) throws {
    let told = try Quintet_Duty_V1_AssignmentStepReported(serializedBytes: event.payload.value)
    self.init(
      assignmentID: try AssignmentID(parsing: told.assignmentID),
      step: try AssignmentStep(told.step), occurTime: event.occurTime.microsecondDate)
  }
}

extension AssignmentStep {
  fileprivate init(_ step: Quintet_Terminal_V1_Step) throws {
    switch step {
    case .acknowledge: self = .acknowledge
    case .depart: self = .depart
    case .arrive: self = .arrive
    case .clear: self = .clear
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("step")
    }
  }
}

extension TimelineEvent {
  init(_ event: Quintet_Events_V1_Event) {
    self.init(
      service: event.service, partition: event.partition,
      sequence: Int64(clamping: event.sequence), id: event.id, type: event.type,
      subject: event.subject, incidentID: event.incidentID,
      occurTime: event.occurTime.microsecondDate, recordTime: event.recordTime.microsecondDate,
      actor: event.actor, cause: event.cause, trace: event.trace,
      payload: [UInt8](event.payload.value))
  }
}

extension IncidentAdvice {
  fileprivate init(
    _ assessment: Quintet_Intelligence_V1_Assessment, occurTime: Date
  ) throws {
    let station = assessment.jurisdiction.stationID
    self.init(
      incidentID: try IncidentID(parsing: assessment.incidentID),
      assessmentID: try AssessmentID(parsing: assessment.id),
      stationID: station.isEmpty ? nil : try OrgUnitID(parsing: station),
      stationName: assessment.jurisdiction.stationName,
      // A kind that this version does not know suggests nothing here.
      suggestedClass: (try? Check.incidentClass(assessment.kind.incidentClass)) ?? nil,
      suggestedLevel: (try? Check.incidentLevel(assessment.kind.level)) ?? nil,
      repeatCount: Self.repeatCount(assessment.repeats), occurTime: occurTime)
  }

  /// One earlier call may be tied in several ways, and evidence names at most 20 of each: so the
  /// distinct calls named, or the largest count where that is more.
  private static func repeatCount(_ findings: [Quintet_Intelligence_V1_RepeatFinding]) -> Int {
    let named = Set(findings.flatMap(\.evidence).map(\.callReportID)).count
    return max(named, findings.map { Int($0.count) }.max() ?? 0)
  }
}
