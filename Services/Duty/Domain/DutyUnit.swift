// 警力单元: who can be sent. What a unit says of itself is kept here; what it is doing on incidents
// follows from its assignments and is computed when asked.
public import Foundation
public import Geography
public import Identifiers

/// What kind of unit.
public enum UnitKind: String, Codable, Sendable, Hashable, CaseIterable {
  case car, motorcycle, foot, drone, helicopter, boat, volunteer, partner
  /// Of an estate or an enterprise. (`guard` alone is a word of Swift.)
  case securityGuard = "guard"
  case commandCar = "command_car"
  /// Made of other units.
  case group
}

/// Whether a unit can be sent.
public enum Availability: String, Codable, Sendable, Hashable, CaseIterable {
  case available
  /// Can be sent when nothing better is free.
  case conditionallyAvailable = "conditionally_available"
  case notAvailable = "not_available"
}

/// What a unit says of itself beside its availability.
public enum UnitCondition: String, Codable, Sendable, Hashable, CaseIterable {
  case staging, delayed
  case offDuty = "off_duty"
  case outOfService = "out_of_service"
}

/// Someone who can be sent. (`Unit` alone is a type of Foundation.)
public struct DutyUnit: Codable, Sendable, Hashable {
  public let id: UnitID
  /// Its natural key, 1 … 32 characters; never changes.
  public let callSign: String
  public var kind: UnitKind
  public var orgUnitID: OrgUnitID?
  /// The group that it is part of.
  public var groupID: UnitID?
  /// People in it, 1 … 1 000; nil when nobody said. A group's follows from its parts.
  public var headcount: Int?
  /// Codes, sorted, each once.
  public var capabilities: [String]
  /// Its own, whatever its assignments are.
  public var availability: Availability
  public var condition: UnitCondition?
  /// When availability or condition last changed; nil while they are as at first.
  public var statusTime: Date?
  /// Counts changes of the unit and of its own status, from 1.
  public var revision: Int

  public init(
    id: UnitID, callSign: String, kind: UnitKind, orgUnitID: OrgUnitID? = nil,
    groupID: UnitID? = nil, headcount: Int? = nil, capabilities: [String] = [],
    availability: Availability = .available,
    condition: UnitCondition? = nil, statusTime: Date? = nil, revision: Int = 1
  ) {
    self.id = id
    self.callSign = callSign
    self.kind = kind
    self.orgUnitID = orgUnitID
    self.groupID = groupID
    self.headcount = headcount
    self.capabilities = Set(capabilities).sorted()
    self.availability = availability
    self.condition = condition
    self.statusTime = statusTime
    self.revision = revision
  }

  /// What callers hand back to say which state they saw.
  public var etag: String { String(revision) }
}

/// Where a unit was.
public struct UnitPosition: Codable, Sendable, Hashable {
  public let coordinate: Coordinate
  /// When it was there.
  public let fixTime: Date
  /// Metres per second, 0 … 350.
  public let speed: Double
  /// Degrees from north, 0 … 360.
  public let heading: Double
  /// Nil for a unit whose positions were all such that it can have moved so.
  public var jumps: PositionJumps?

  public init(
    coordinate: Coordinate, fixTime: Date, speed: Double = 0, heading: Double = 0,
    jumps: PositionJumps? = nil
  ) {
    self.coordinate = coordinate
    self.fixTime = fixTime
    self.speed = speed
    self.heading = heading
    self.jumps = jumps
  }
}

/// One position as reported.
public struct PositionReport: Codable, Sendable, Hashable {
  public let unitID: UnitID
  public let position: UnitPosition

  public init(unitID: UnitID, position: UnitPosition) {
    self.unitID = unitID
    self.position = position
  }
}

/// What became of a reported position.
public enum PositionOutcome: Sendable, Hashable {
  /// It is the newest of its unit now; also when the one held has the same time.
  case accepted
  /// The same, though the unit can hardly have moved there from the one before.
  case implausible
  /// Older than the one held: of use for the track alone.
  case superseded
  case unitUnknown
  /// A group is where its parts are.
  case unitIsGroup
}
