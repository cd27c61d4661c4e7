// 派警: sending units and following each to the end.
public import Foundation
public import Identifiers

public struct KeepRecommendation: Sendable, Hashable {
  public var incidentID: IncidentID
  /// JSON of quintet.type.v1.UnitRecommendation, exactly as duty gave it.
  public var document: String
  /// The units proposed, best first.
  public var unitIDs: [UnitID]
  public var occurTime: Date

  public init(incidentID: IncidentID, document: String, unitIDs: [UnitID], occurTime: Date) {
    self.incidentID = incidentID
    self.document = document
    self.unitIDs = unitIDs
    self.occurTime = occurTime
  }
}

public struct DispatchUnits: Sendable, Hashable {
  public var incidentID: IncidentID
  /// Of the incident; empty to accept any.
  public var etag: String
  /// At least one, each once.
  public var unitIDs: [UnitID]
  /// What was looked at; nil when chosen by hand.
  public var recommendationID: RecommendationID?
  /// The rule by which the machine dispatches; nil when a person does.
  public var dispatchRuleID: DispatchRuleID?
  public var instruction: String
  /// From where units are called off in the same step.
  public var releases: [UnitRelease] = []
  public var occurTime: Date

  public init(
    incidentID: IncidentID, etag: String = "", unitIDs: [UnitID],
    recommendationID: RecommendationID? = nil, dispatchRuleID: DispatchRuleID? = nil,
    instruction: String = "", occurTime: Date
  ) {
    self.incidentID = incidentID
    self.etag = etag
    self.unitIDs = unitIDs
    self.recommendationID = recommendationID
    self.dispatchRuleID = dispatchRuleID
    self.instruction = instruction
    self.occurTime = occurTime
  }
}

/// A unit that is wanted more elsewhere.
public struct UnitRelease: Sendable, Hashable {
  public var unitID: UnitID
  /// Where it is called off.
  public var incidentID: IncidentID

  public init(unitID: UnitID, incidentID: IncidentID) {
    self.unitID = unitID
    self.incidentID = incidentID
  }
}

public struct DispatchedUnits: Sendable, Hashable, Codable {
  public let directive: Directive
  /// One for each unit, in the order asked.
  public let assignments: [Assignment]
  public let incidentEtag: String
}

public struct AdvanceAssignment: Sendable, Hashable {
  public var assignmentID: AssignmentID
  public var step: AssignmentStep
  /// When it took place, or, with `timeUnknown`, where it belongs in the order of events.
  public var occurTime: Date
  /// Nobody recorded the time: the step is taken and its time stays empty.
  public var timeUnknown: Bool
  /// Kept on clearing, without meaning in the other steps, as `note`.
  public var disposalCode: String
  public var note: String

  public init(
    assignmentID: AssignmentID, step: AssignmentStep, occurTime: Date, timeUnknown: Bool = false,
    disposalCode: String = "", note: String = ""
  ) {
    self.assignmentID = assignmentID
    self.step = step
    self.occurTime = occurTime
    self.timeUnknown = timeUnknown
    self.disposalCode = disposalCode
    self.note = note
  }
}

public struct CancelAssignment: Sendable, Hashable {
  public var assignmentID: AssignmentID
  public var reason: String
  public var occurTime: Date

  public init(assignmentID: AssignmentID, reason: String, occurTime: Date) {
    self.assignmentID = assignmentID
    self.reason = reason
    self.occurTime = occurTime
  }
}

public struct Dispatching: Sendable {
  public init() {}

  /// Keeps what duty proposed, so that a dispatch can name it. The incident is not changed.
  /// - Throws: `incidentUnknown`; `locationRequired`.
  public func keep(
    _ command: KeepRecommendation, in writer: any CommandWriter, now: Date
  ) throws -> Recommendation {
    let incident: Incident = try writer.existing(command.incidentID)
    _ = try incident.pointForUnits()
    let recommendation = Recommendation(
      id: writer.mint(RecommendationTag.self), incidentID: incident.id,
      occurTime: command.occurTime, document: command.document, unitIDs: command.unitIDs)
    try writer.insert(recommendation)
    writer.record(
      .unitsRecommended(recommendation), incident: incident.id, occurTime: command.occurTime)
    return recommendation
  }

  /// One directive, one assignment a unit, the incident active: all or nothing.
  /// - Throws: `incidentUnknown`; `etagMismatch`; `required` without units; `moveNotAllowed`;
  ///   `classificationIncomplete`; `recommendationUnknown`; `unitAlreadyAssigned`.
  public func dispatch(
    _ command: DispatchUnits, in writer: any CommandWriter, now: Date
  ) throws -> DispatchedUnits {
    var incident: Incident = try writer.existing(command.incidentID)
    try incident.check(etag: command.etag)
    guard !command.unitIDs.isEmpty else { throw CommandError.required(field: "unit_ids") }
    let from = try incident.move(.dispatch, at: command.occurTime)
    if let id = command.recommendationID,
      try writer.recommendation(id)?.incidentID != incident.id
    {
      throw CommandError.recommendationUnknown(id)
    }
    for release in command.releases { try callOff(release, for: incident, command, writer, now) }
    let earlier = try writer.assignments(of: incident.id)
    var busy = Set(earlier.filter(\.state.isOpen).map(\.unitID))
    for unit in command.unitIDs where !busy.insert(unit).inserted {
      throw CommandError.unitAlreadyAssigned(unit)
    }
    let directiveID = writer.mint(DirectiveTag.self)
    let assignments = try command.unitIDs.map { unit in
      var assignment = Assignment(
        id: writer.mint(AssignmentTag.self), incidentID: incident.id, unitID: unit,
        directiveID: directiveID, recommendationID: command.recommendationID,
        dispatchRuleID: command.dispatchRuleID,
        assignTime: command.occurTime)
      try assignment.advance(.dispatch, at: command.occurTime)
      return assignment
    }
    let directive = Directive(
      id: directiveID, incident: incident, instruction: command.instruction,
      assignments: assignments, issueTime: command.occurTime, recordTime: now)
    try writer.update(incident)
    try writer.insert(directive)
    for (offset, assignment) in assignments.enumerated() {
      try writer.insert(assignment, ordinal: earlier.count + offset)
    }
    if from != incident.state {
      writer.record(
        .incidentMoved(incident, from: from, reason: ""), incident: incident.id,
        occurTime: command.occurTime)
    }
    writer.record(
      .directiveIssued(directive), incident: incident.id, occurTime: command.occurTime)
    for assignment in assignments {
      writer.record(
        .assignmentMoved(assignment, from: nil), incident: incident.id,
        occurTime: command.occurTime)
    }
    return DispatchedUnits(
      directive: directive, assignments: assignments, incidentEtag: incident.etag)
  }

  /// A unit that is on scene there by now stays on it too, until it clears.
  private func callOff(
    _ release: UnitRelease, for incident: Incident, _ command: DispatchUnits,
    _ writer: any CommandWriter, _ now: Date
  ) throws {
    guard release.incidentID != incident.id else { return }
    for assignment in try writer.assignments(of: release.incidentID)
    where assignment.unitID == release.unitID && assignment.state.canBeCancelled {
      _ = try cancel(
        CancelAssignment(
          assignmentID: assignment.id,
          reason: "改派至警情 \(incident.number)。Sent to incident \(incident.number) instead.",
          occurTime: command.occurTime), in: writer, now: now)
    }
  }

  /// - Throws: `assignmentUnknown`; `moveNotAllowed`.
  public func advance(
    _ command: AdvanceAssignment, in writer: any CommandWriter, now: Date
  ) throws -> Assignment {
    var assignment: Assignment = try writer.existing(command.assignmentID)
    let from = try assignment.advance(
      command.step, at: command.timeUnknown ? nil : command.occurTime,
      disposalCode: command.disposalCode, note: command.note)
    try keep(assignment, from: from, at: command.occurTime, in: writer)
    return assignment
  }

  /// - Throws: `required` without a reason; `assignmentUnknown`; `moveNotAllowed`.
  public func cancel(
    _ command: CancelAssignment, in writer: any CommandWriter, now: Date
  ) throws -> Assignment {
    var assignment: Assignment = try writer.existing(command.assignmentID)
    let from = try assignment.cancel(reason: command.reason, at: command.occurTime)
    try keep(assignment, from: from, at: command.occurTime, in: writer)
    return assignment
  }

  /// The assignment, its course on the directive, and, when nobody is left, the incident.
  private func keep(
    _ assignment: Assignment, from: AssignmentState, at time: Date, in writer: any CommandWriter
  ) throws {
    try writer.update(assignment)
    writer.record(
      .assignmentMoved(assignment, from: from), incident: assignment.incidentID, occurTime: time)
    try moveCourse(of: assignment, at: time, in: writer)
    if !assignment.state.isOpen {
      try awaitFeedback(on: assignment.incidentID, at: time, in: writer)
    }
  }

  private func moveCourse(
    of assignment: Assignment, at time: Date, in writer: any CommandWriter
  ) throws {
    var directive: Directive = try writer.existing(assignment.directiveID)
    let recipient = Recipient(unit: assignment.unitID)
    guard let move = try directive.follow(assignment, of: recipient) else { return }
    try writer.update(directive, courses: [recipient])
    writer.record(
      .directiveMoved(directive, course: move.course, from: move.from),
      incident: assignment.incidentID, occurTime: time)
  }

  /// An incident that is being handled or watched awaits feedback once nobody is bound to it any
  /// more and at least one unit has cleared. When every unit was called off nothing was done about
  /// it: it stays as it is, and the dispatcher decides. It stays too when it has been put back into
  /// the queue meanwhile.
  private func awaitFeedback(
    on id: IncidentID, at time: Date, in writer: any CommandWriter
  ) throws {
    let assignments = try writer.assignments(of: id)
    guard !assignments.contains(where: \.state.isOpen),
      assignments.contains(where: { $0.state == .cleared })
    else { return }
    var incident: Incident = try writer.existing(id)
    guard IncidentMove.requestFeedback.sources.contains(incident.state) else { return }
    let from = try incident.move(.requestFeedback, at: time)
    try writer.update(incident)
    writer.record(
      .incidentMoved(incident, from: from, reason: ""), incident: id, occurTime: time)
  }
}
