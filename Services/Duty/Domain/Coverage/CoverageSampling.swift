// Coverage hour by hour. Only newest positions are kept, so how it stood cannot be worked out
// afterwards: it is looked at once an hour, and kept.
import Access
public import Foundation
public import Identifiers

/// How an area stood in one hour.
public struct CoverageSample: Codable, Sendable, Hashable {
  /// Start of the hour.
  public let hour: Date
  public let time: Date
  public let jurisdictionID: JurisdictionID
  public let orgUnitID: OrgUnitID
  /// As it was called.
  public let orgUnitName: String
  public let orgUnitCode: String
  public let areaClass: AreaClass
  public let cellMetres: Int
  public let byArea: CoverageShare
  public let byCalls: CoverageShare
  public let freePatrolCount: Int

  public init(
    hour: Date, time: Date, jurisdictionID: JurisdictionID, orgUnitID: OrgUnitID,
    orgUnitName: String, orgUnitCode: String, areaClass: AreaClass, cellMetres: Int,
    byArea: CoverageShare, byCalls: CoverageShare, freePatrolCount: Int
  ) {
    self.hour = hour
    self.time = time
    self.jurisdictionID = jurisdictionID
    self.orgUnitID = orgUnitID
    self.orgUnitName = orgUnitName
    self.orgUnitCode = orgUnitCode
    self.areaClass = areaClass
    self.cellMetres = cellMetres
    self.byArea = byArea
    self.byCalls = byCalls
    self.freePatrolCount = freePatrolCount
  }
}

/// Where a page of samples ended.
public struct CoverageSampleKey: Sendable, Hashable {
  public let hour: Date
  public let orgUnitCode: String
  public let areaClass: AreaClass

  public init(hour: Date, orgUnitCode: String, areaClass: AreaClass) {
    self.hour = hour
    self.orgUnitCode = orgUnitCode
    self.areaClass = areaClass
  }
}

public struct CoverageSampling: Sendable {
  /// Days of calls that weigh a sample.
  public static let days = 28

  public init() {}

  /// The hour that a moment lies in.
  public static func hour(of time: Date) -> Date {
    Date(timeIntervalSince1970: (time.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
  }

  /// How all areas stand.
  /// - Throws: as `CoverageJudge.map`.
  public func samples(
    of areas: [Jurisdiction], _ demand: [DemandRecord], _ roster: Roster, at time: Date
  ) throws -> [CoverageSample] {
    let question = CoverageQuestion(
      asOf: time, areas: areas, told: Set(areas.map(\.id)), demand: demand)
    let map = try CoverageJudge(question, roster).map()
    guard let grid = map.grid else { return [] }
    return map.areas.map { area in
      CoverageSample(
        hour: Self.hour(of: time), time: time, jurisdictionID: area.jurisdiction.id,
        orgUnitID: area.jurisdiction.orgUnit.id, orgUnitName: area.jurisdiction.orgUnit.name,
        orgUnitCode: area.jurisdiction.orgUnit.code, areaClass: area.jurisdiction.areaClass,
        cellMetres: grid.cellMetres, byArea: area.byArea, byCalls: area.byCalls,
        freePatrolCount: map.freePatrolCount)
    }
  }

  /// Unless the hour has its sample.
  /// - Returns: how many were kept.
  public func keep(_ samples: [CoverageSample], in writer: any DutyWriter) throws -> Int {
    guard let hour = samples.first?.hour, try !writer.hasCoverageSample(ofHour: hour) else {
      return 0
    }
    for sample in samples { try writer.save(sample) }
    return samples.count
  }
}

/// Takes a sample of a store: looked at in one transaction, thought about in none, kept in another.
public struct CoverageSampler: Sendable {
  private let store: any DutyStore

  public init(store: any DutyStore) {
    self.store = store
  }

  /// What is to be kept for the hour that `time` lies in.
  public func samples(at time: Date) async throws -> [CoverageSample] {
    let from = time.addingTimeInterval(-Double(CoverageSampling.days) * 86_400)
    let (roster, areas, demand) = try await store.consult(within: .everywhere) { roster, reader in
      (roster, try reader.standingJurisdictions(), try reader.demand(from: from, until: time))
    }
    return try CoverageSampling().samples(of: areas, demand, roster, at: time)
  }

  /// - Returns: for how many areas.
  public func take(at time: Date, provenance: Provenance) async throws -> Int {
    let samples = try await samples(at: time)
    return try await store.write(provenance: provenance, now: time) {
      try CoverageSampling().keep(samples, in: $0)
    }
  }
}

extension DeploymentReader {
  /// Rows of each kind that the map of a partition looks at: the newest.
  static var coverageRowLimit: Int { 100_000 }

  /// What counts and what does not, of the whole partition.
  public func demand(from: Date, until: Date) throws -> [DemandRecord] {
    try [true, false].flatMap { counted in
      try demand(
        DemandQuery(
          from: from, until: until, bounds: nil, counted: counted, limit: Self.coverageRowLimit))
    }
  }
}
