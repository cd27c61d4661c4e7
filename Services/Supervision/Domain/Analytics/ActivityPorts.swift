// What the figures need of a store. What lies outside a caller's reach is as if it were not there.
public import Classification
public import Foundation
public import Identifiers

/// From `start`, included, to `end`, not included.
public struct FigurePeriod: Sendable, Hashable {
  public static let longest: TimeInterval = 92 * 86_400

  public let start: Date
  public let end: Date

  /// - Returns: nil unless it ends after it begins, and is no longer than `longest`.
  public init?(start: Date, end: Date) {
    guard start < end, end.timeIntervalSince(start) <= Self.longest else { return nil }
    self.start = start
    self.end = end
  }

  public func contains(_ time: Date) -> Bool { start <= time && time < end }
}

/// One incident with everything that is known of it.
public struct IncidentStory: Sendable, Hashable {
  public struct Sent: Sendable, Hashable {
    public var assignment: AssignmentActivity
    /// The unit is the caller's affair, or the incident is.
    public var isVisible: Bool

    public init(_ assignment: AssignmentActivity, isVisible: Bool) {
      self.assignment = assignment
      self.isVisible = isVisible
    }
  }

  public var incident: IncidentActivity
  /// The incident lies within the caller's reach.
  public var isVisible: Bool
  /// By id.
  public var sent: [Sent]
  /// In the order of the feed.
  public var steps: [IncidentStep]
  /// When its first call was answered; nil where nobody recorded it.
  public var answerTime: Date?

  public init(
    incident: IncidentActivity, isVisible: Bool, sent: [Sent], steps: [IncidentStep],
    answerTime: Date?
  ) {
    self.incident = incident
    self.isVisible = isVisible
    self.sent = sent
    self.steps = steps
    self.answerTime = answerTime
  }
}

/// Clocks of one responsible that began in a period.
public struct ClockTally: Sendable, Hashable {
  /// Such as `unit/unit_…`.
  public var responsible: String
  /// Nil where the clock belongs to no incident.
  public var origin: IncidentOrigin?
  public var tally: Tally

  public init(responsible: String, origin: IncidentOrigin?, tally: Tally) {
    self.responsible = responsible
    self.origin = origin
    self.tally = tally
  }
}

/// The newest judgement of an incident that was closed in a period.
public struct JudgedIncident: Sendable, Hashable {
  /// That cleared last; nil when none did.
  public var unit: UnitID?
  public var origin: IncidentOrigin
  public var grade: Grade

  public init(unit: UnitID?, origin: IncidentOrigin, grade: Grade) {
    self.unit = unit
    self.origin = origin
    self.grade = grade
  }
}

/// A directive's course and the origin of what it serves.
public struct FollowedCourse: Sendable, Hashable {
  public var course: CourseActivity
  /// Nil when it serves no incident.
  public var origin: IncidentOrigin?

  public init(course: CourseActivity, origin: IncidentOrigin?) {
    self.course = course
    self.origin = origin
  }
}

/// What can be asked of the rows of facts. All of them throw `SupervisionError.periodTooLarge` where
/// there are more than `FigureLimits.rows`.
public protocol ActivityReader {
  /// Organisations, units and areas, whosever they are.
  func places() throws -> PlaceMap
  /// Which organisations are the caller's affair; nil for all.
  func visibleOrgUnits() throws -> Set<OrgUnitID>?
  /// Incidents of which anything falls into the period: their first call, an order to a unit, a move.
  func stories(in period: FigurePeriod, _ places: PlaceMap) throws -> [IncidentStory]
  /// Calls that came in.
  func calls(in period: FigurePeriod, _ places: PlaceMap) throws -> [CallActivity]
  /// Courses that began.
  func courses(in period: FigurePeriod) throws -> [FollowedCourse]
  func clockTallies(in period: FigurePeriod) throws -> [ClockTally]
  func judged(in period: FigurePeriod) throws -> [JudgedIncident]
  /// The last word before the period, and every one in it, in order of time, of the caller's units.
  func unitStatuses(in period: FigurePeriod) throws -> [UnitStatusActivity]
  /// Of the caller's units, those that may reach into the period, with the origin of the incident.
  func commitments(in period: FigurePeriod) throws -> [UnitCommitment]
}

/// One unit's time on one incident.
public struct UnitCommitment: Sendable, Hashable {
  public var assignment: AssignmentActivity
  public var origin: IncidentOrigin

  public init(assignment: AssignmentActivity, origin: IncidentOrigin) {
    self.assignment = assignment
    self.origin = origin
  }
}

public protocol ActivityWriter {
  /// Keeps a row unless a later event has said it already.
  /// - Parameter sequence: the event's, on its feed.
  func keep(_ fact: ActivityFact, sequence: Int64) throws
}

public enum FigureLimits {
  /// Rows of facts behind one answer.
  public static let rows = 200_000
}
