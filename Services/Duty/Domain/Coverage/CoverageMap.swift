// 1-3-5 覆盖: a place is covered when a free patrol would drive there within the target of the most
// urgent area that holds it.
public import Foundation
public import Geography
public import Identifiers

/// What is to be judged.
public struct CoverageQuestion: Sendable {
  /// The moment.
  public let asOf: Date
  /// All areas of the partition: they set the targets.
  public let areas: [Jurisdiction]
  /// Those that are told of.
  public let told: Set<JurisdictionID>
  /// Metres; nil for the finest that fits.
  public let cellMetres: Int?
  /// Incidents of the last days.
  public let demand: [DemandRecord]

  public init(
    asOf: Date, areas: [Jurisdiction], told: Set<JurisdictionID>, cellMetres: Int? = nil,
    demand: [DemandRecord] = []
  ) {
    self.asOf = asOf
    self.areas = areas
    self.told = told
    self.cellMetres = cellMetres
    self.demand = demand
  }
}

/// How much of something is in time, and what it was counted from.
public struct CoverageShare: Codable, Sendable, Hashable {
  public var covered: Int
  public var total: Int
  public var excluded: Int

  public init(covered: Int = 0, total: Int = 0, excluded: Int = 0) {
    self.covered = covered
    self.total = total
    self.excluded = excluded
  }

  /// 0 … 1; 0 when nothing was counted.
  public var share: Double { total == 0 ? 0 : Double(covered) / Double(total) }

  mutating func add(_ other: CoverageShare) {
    covered += other.covered
    total += other.total
    excluded += other.excluded
  }
}

/// One square of the map.
public struct CoverageCell: Sendable, Hashable {
  public let row: Int
  public let column: Int
  public let areaClass: AreaClass
  /// Under way, at most an hour; nil without any patrol.
  public let seconds: Double?
  /// Nil without any patrol.
  public let patrol: StandingPatrol?

  public var isCovered: Bool { seconds.map { $0 <= areaClass.drivingSeconds } ?? false }
}

/// How an area stands.
public struct AreaCoverage: Sendable, Hashable {
  public let jurisdiction: Jurisdiction
  /// Of its squares.
  public let byArea: CoverageShare
  /// Of the citizens' calls from them.
  public let byCalls: CoverageShare
  /// Of those calls, whether somebody was really there in time.
  public let byArrivals: CoverageShare
}

/// How a key place stands.
public struct KeyPlaceStanding: Sendable, Hashable {
  public struct Near: Sendable, Hashable {
    public let unit: DutyUnit
    /// Under way.
    public let seconds: Double
    /// Over the target, 0 when in time.
    public let late: Double
  }

  public let jurisdiction: Jurisdiction
  /// The middle of its area.
  public let point: Coordinate
  /// The soonest three.
  public let near: [Near]
  public var isCovered: Bool { near.first?.late == 0 }

  /// Those that are not covered first, worst first; then by code.
  static func comesFirst(_ left: KeyPlaceStanding, _ right: KeyPlaceStanding) -> Bool {
    let (a, b) = (left.near.first?.late ?? .infinity, right.near.first?.late ?? .infinity)
    return a == b ? left.jurisdiction.orgUnit.code < right.jurisdiction.orgUnit.code : a > b
  }
}

public struct CoverageMap: Sendable {
  public let estimator: String
  public let turnout: Double
  /// Nil without areas.
  public let grid: CoverageGrid?
  /// By row, then column.
  public let cells: [CoverageCell]
  /// By organisation code, then class.
  public let areas: [AreaCoverage]
  public let keyPlaces: [KeyPlaceStanding]
  public let freePatrolCount: Int
}

extension Roster {
  /// Who counts for coverage: as the planner has it, cars, motorcycles and foot patrols that are on no
  /// incident, available, and whose position is fresh. By call sign.
  public func freePatrols(asOf time: Date) -> [StandingPatrol] {
    members { KeyPlaceCover.stands($0, asOf: time) }.compactMap { member in
      member.position.map { StandingPatrol(unit: member.unit, point: $0.coordinate) }
    }
  }
}
