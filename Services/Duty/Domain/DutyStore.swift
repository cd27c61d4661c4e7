// What the domain needs of a store. Reading and writing are two protocols, so that a query cannot
// change anything.
public import Access
public import Foundation
public import Geography
public import Identifiers

/// Reads within one transaction, as far as the caller may see: a unit that belongs to others is as if
/// it were not there. Organisations and their areas are known to all.
public protocol DutyReader: RosterReader, DeploymentReader, TaskReader {
  /// As it stands, or stood when it was dissolved.
  func orgUnit(_ id: OrgUnitID) throws -> OrgUnit?
  func orgUnit(code: String) throws -> OrgUnit?
  /// Its history, oldest first.
  func orgUnitPeriods(of id: OrgUnitID) throws -> [OrgUnitPeriod]
  /// How those stood that ever stood directly below it, while they did.
  func orgUnitPeriods(below id: OrgUnitID) throws -> [OrgUnitPeriod]
  /// By code, those after `code`, as they stood at `time`; nil for the last word on each.
  func orgUnits(asOf time: Date?, after code: String?, limit: Int) throws -> [OrgUnitPeriod]

  func jurisdiction(of orgUnit: OrgUnitID, _ areaClass: AreaClass) throws -> Jurisdiction?
  /// By organisation code and area class; may stop before `limit` where the areas are large.
  func jurisdictions(after key: JurisdictionKey?, limit: Int) throws -> JurisdictionPage
  /// Areas that hold the point, in no particular order; none of an organisation that was dissolved.
  func jurisdictions(holding point: Coordinate) throws -> [Jurisdiction]

  func unit(_ id: UnitID) throws -> UnitView?
  func unit(callSign: String) throws -> UnitView?
  /// By call sign, those after `callSign`.
  func units(after callSign: String?, limit: Int) throws -> [UnitView]
  /// Whether a unit is the caller's affair.
  func reaches(_ unit: DutyUnit) throws -> Bool

  /// The track of a unit, oldest first, with its newest position; those after `key`.
  func track(of unit: UnitID, from: Date, to: Date, after key: TrackKey?, limit: Int) throws
    -> [TrackPoint]
  /// Whether the unit was ever assigned to the incident.
  func wasSent(_ unit: UnitID, to incident: IncidentID) throws -> Bool
  /// Whether the incident is known, and not over.
  func isOpen(_ incident: IncidentID) throws -> Bool

  /// Those that the bureau has set.
  func responsePlans() throws -> [ResponsePlan]
  /// Nil while there is none.
  func roadNetwork() throws -> RoadNetworkFacts?
  /// Those whose area comes within so many degrees of latitude, or the same in metres eastward.
  func keyPlaces(around point: Coordinate, degrees: Double) throws -> [KeyPlace]

  func terminal(code: String) throws -> TerminalView?
  /// By code, those after `code`.
  func terminals(after code: String?, limit: Int) throws -> [TerminalView]
}

/// Changes within one transaction.
public protocol DutyWriter: DutyReader, RosterWriter, DeploymentWriter, TaskWriter {
  /// The unit with this call sign, whosever it is: call signs are unique.
  /// - Throws: `DutyError.unitOutsideReach` when it is not the caller's affair.
  func ownUnit(callSign: String) throws -> UnitView?
  func save(_ orgUnit: OrgUnit) throws
  /// In the place of what begins at the same moment.
  func save(_ period: OrgUnitPeriod) throws
  func save(_ jurisdiction: Jurisdiction) throws
  /// - Throws: `DutyError.unitOutsideReach` when it would not be the caller's affair.
  func save(_ unit: DutyUnit) throws
  /// The terminal with this code, whosever it is: codes are unique.
  /// - Throws: `DutyError.unitOutsideReach` when it is not the caller's affair.
  func ownTerminal(code: String) throws -> TerminalView?
  /// - Throws: `DutyError.unitOutsideReach` when it would not be the caller's affair.
  func save(_ terminal: DutyTerminal) throws
  /// Keeps a position if it is the newest of its unit.
  func keep(_ report: PositionReport) throws -> PositionOutcome
  /// Where an assignment stands; nil for one that is not known.
  func commitment(_ id: AssignmentID) throws -> Commitment?
  func save(_ commitment: Commitment) throws
  func save(_ model: TravelModel) throws
  /// In place of the network before.
  func save(_ network: RoadNetworkFacts, nodes: [Coordinate], edges: [RoadEdge]) throws
  func save(_ plan: ResponsePlan) throws
  /// Unless a later change of it is known already.
  func save(_ incident: KnownIncident) throws
  func save(_ recommendation: UnitRecommendation, id: RecommendationID, for incident: IncidentID)
    throws
}

/// Where a page of jurisdictions ended.
public struct JurisdictionKey: Sendable, Hashable {
  public let orgUnitCode: String
  public let areaClass: AreaClass

  public init(orgUnitCode: String, areaClass: AreaClass) {
    self.orgUnitCode = orgUnitCode
    self.areaClass = areaClass
  }
}

/// Some jurisdictions, and where to go on.
public struct JurisdictionPage: Sendable, Hashable {
  public let jurisdictions: [Jurisdiction]
  /// Nil on the last page.
  public let next: JurisdictionKey?

  public init(jurisdictions: [Jurisdiction], next: JurisdictionKey?) {
    self.jurisdictions = jurisdictions
    self.next = next
  }
}

/// The store of one partition.
public protocol DutyStore: Sendable {
  func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any DutyReader) throws -> R
  ) async throws -> R

  /// One mutation: state, events, and the answer for a repeat of the same request, in one
  /// transaction.
  func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R

  /// What passing time does, which nobody asked for.
  func write<R: Sendable>(
    provenance: Provenance, now: Date, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R

  /// Keeps the newest position of each unit that is the caller's affair. Durable when it returns.
  /// - Returns: one outcome for each report, as if they had come one by one.
  func report(_ positions: [PositionReport], within reach: Reach, now: Date) async throws
    -> [PositionOutcome]

  /// Asks the roster as it is after every write that was answered before this call, with a reader of
  /// the same moment that knows what the caller may see.
  func consult<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (Roster, any DutyReader) throws -> R
  ) async throws -> R
}

extension DutyStore {
  /// The same, where only the roster is asked.
  public func consult<R: Sendable>(
    _ body: @escaping @Sendable (Roster) throws -> R
  ) async throws -> R {
    try await consult(within: .everywhere) { roster, _ in try body(roster) }
  }
}
