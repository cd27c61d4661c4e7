// What coverage and deployments need of a store, beside the rest of duty's.
public import Foundation
public import Identifiers

/// A rectangle of degrees; its sides belong to it.
public struct DemandBounds: Sendable, Hashable {
  public var south: Double
  public var west: Double
  public var north: Double
  public var east: Double

  public init(south: Double, west: Double, north: Double, east: Double) {
    self.south = south
    self.west = west
    self.north = north
    self.east = east
  }
}

/// Which incidents are asked for.
public struct DemandQuery: Sendable, Hashable {
  public let from: Date
  /// Not included.
  public let until: Date
  /// Nil for everywhere.
  public let bounds: DemandBounds?
  /// Those that count, or those that do not: apart, so that no number of the ones can push out the
  /// others.
  public let counted: Bool
  public let limit: Int

  public init(from: Date, until: Date, bounds: DemandBounds?, counted: Bool, limit: Int) {
    self.from = from
    self.until = until
    self.bounds = bounds
    self.counted = counted
    self.limit = limit
  }
}

/// Which deployments are asked for.
public struct DeploymentQuery: Sendable, Hashable {
  public let orgUnitID: OrgUnitID?
  public let unitID: UnitID?
  /// Empty for any.
  public let standings: Set<Deployment.Standing>
  /// The moment they stand so.
  public let now: Date
  /// Those after this one, newest start first.
  public let after: TimeKey?
  public let limit: Int

  public init(
    orgUnitID: OrgUnitID? = nil, unitID: UnitID? = nil, standings: Set<Deployment.Standing> = [],
    now: Date, after: TimeKey? = nil, limit: Int
  ) {
    self.orgUnitID = orgUnitID
    self.unitID = unitID
    self.standings = standings
    self.now = now
    self.after = after
    self.limit = limit
  }
}

/// Reads within one transaction. Deployments are cut to those of areas that are the caller's affair,
/// and to those that the caller's unit is in.
public protocol DeploymentReader {
  /// Of organisations that are not dissolved, in no particular order.
  func standingJurisdictions() throws -> [Jurisdiction]
  /// It and all below it, as the tree is now.
  func orgUnits(within id: OrgUnitID) throws -> Set<OrgUnitID>
  /// Newest first.
  func demand(_ query: DemandQuery) throws -> [DemandRecord]
  func deployment(_ id: DeploymentID) throws -> Deployment?
  func deployments(_ query: DeploymentQuery) throws -> [Deployment]
  /// Accepted ones that ended by `end` and were never compared, or ended after `recent` and were
  /// last compared before `before`.
  func deploymentsToCompare(
    endedBy end: Date, recent: Date, comparedBefore before: Date, limit: Int
  ) throws -> [DeploymentID]
  func hasCoverageSample(ofHour hour: Date) throws -> Bool
  /// By hour, organisation code and class, after `key`.
  /// - Parameter orgUnits: nil for all.
  func coverageSamples(
    _ span: Range<Date>, of orgUnits: Set<OrgUnitID>?, after key: CoverageSampleKey?, limit: Int
  ) throws -> [CoverageSample]
  /// Those that have a sample of any area, ascending.
  func sampledHours(_ span: Range<Date>) throws -> [Date]
}

/// Changes within one transaction.
public protocol DeploymentWriter {
  /// Unless a later change of it is known already.
  func save(_ incident: DemandIncident) throws
  /// The earliest order and the earliest arrival of an incident count.
  func save(_ arrival: DemandArrival) throws
  /// In place of the one with this source and number.
  func save(_ call: PastCall) throws
  func save(_ sample: CoverageSample) throws
  func save(_ deployment: Deployment) throws
  /// When it was last compared with what happened, whether or not that said anything new.
  func markCompared(_ id: DeploymentID, at time: Date) throws
}
