// Requests about coverage, turned into the domain's questions and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.CoverageService`; the proto says what each RPC does and refuses.
public struct CoverageService: Quintet_Duty_V1_CoverageService.SimpleServiceProtocol {
  static let areaLimit = 1000
  static let keyPlaceLimit = 300
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func getCoverage(
    request: Quintet_Duty_V1_GetCoverageRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetCoverageResponse {
    let orgUnitID: OrgUnitID? = try Check.optionalIdentifier(
      request.orgUnitID, field: "org_unit_id")
    let cell = try Check.count(request.cellM, field: "cell_m", 100...5000, standard: 0)
    let days = try Check.count(request.days, field: "days", 1...90, standard: 28)
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: clock())
    // Thought about after the transaction: others who ask for units do not wait for a map.
    let (roster, question, visible) = try await store.consult(within: CallContext.current.reach) {
      roster, reader in
      let told = try Self.told(orgUnitID, in: reader)
      let areas = try reader.standingJurisdictions()
      let question = CoverageQuestion(
        asOf: time, areas: areas,
        told: Set(areas.filter { told($0.orgUnit.id) }.map(\.id)),
        cellMetres: cell == 0 ? nil : cell,
        demand: try reader.demand(
          from: time.addingTimeInterval(-Double(days) * 86_400), until: time))
      let visible = try roster.freePatrols(asOf: time).filter { try reader.reaches($0.unit) }
      return (roster, question, Set(visible.map(\.unit.id)))
    }
    let map = try CoverageJudge(question, roster).map()
    return Quintet_Duty_V1_GetCoverageResponse(
      map, asOf: time, withCells: !request.withoutCells
    ) { visible.contains($0) }
  }

  /// Whether an organisation's areas are told of.
  private static func told(
    _ orgUnitID: OrgUnitID?, in reader: any DutyReader
  ) throws -> (OrgUnitID) -> Bool {
    guard let orgUnitID else { return { reader.reaches($0) } }
    guard try reader.orgUnit(orgUnitID) != nil else {
      throw DutyError.orgUnitUnknown(orgUnitID, field: "org_unit_id")
    }
    let within = try reader.orgUnits(within: orgUnitID)
    return { within.contains($0) && reader.reaches($0) }
  }

  public func takeCoverageSample(
    request: Quintet_Duty_V1_TakeCoverageSampleRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_TakeCoverageSampleResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    // It looks at all areas and units.
    guard CallContext.current.reach.isEverywhere else { throw Failure.outsideArea() }
    let samples = try await CoverageSampler(store: store).samples(at: time)
    let count = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try CoverageSampling().keep(samples, in: $0)
    }
    return .with {
      $0.hourTime = CoverageSampling.hour(of: time).timestamp
      $0.sampleCount = Int32(count)
    }
  }

  public func listCoverageSamples(
    request: Quintet_Duty_V1_ListCoverageSamplesRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListCoverageSamplesResponse {
    let now = clock()
    let orgUnitID: OrgUnitID? = try Check.optionalIdentifier(
      request.orgUnitID, field: "org_unit_id")
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    // A moment that is none is refused before anything is counted from it.
    let end = try Check.time(
      request.hasEndTime ? request.endTime : now.timestamp, field: "end_time", now: .distantFuture)
    let span = try RosterCheck.span(
      request.hasStartTime ? request.startTime : end.addingTimeInterval(-86_400).timestamp,
      end.timestamp)
    _ = try Check.range(
      span.upperBound.timeIntervalSince(span.lowerBound), field: "end_time", 0...(31 * 86_400))
    let after = try Self.key(request.pageToken)
    let (samples, sampled) = try await store.read(within: CallContext.current.reach) { reader in
      var within: Set<OrgUnitID>?
      if let orgUnitID {
        guard try reader.orgUnit(orgUnitID) != nil else {
          throw DutyError.orgUnitUnknown(orgUnitID, field: "org_unit_id")
        }
        within = try reader.orgUnits(within: orgUnitID)
      }
      return (
        try reader.coverageSamples(span, of: within, after: after, limit: size + 1),
        Set(try reader.sampledHours(span))
      )
    }
    return .with {
      $0.samples = samples.prefix(size).map(Quintet_Duty_V1_CoverageSample.init)
      $0.missingHourTimes = Self.hours(of: span).filter { $0 <= now && !sampled.contains($0) }
        .map(\.timestamp)
      if samples.count > size { $0.nextPageToken = Self.token(samples[size - 1]) }
    }
  }

  /// Hours that begin in the span.
  private static func hours(of span: Range<Date>) -> [Date] {
    let first = (span.lowerBound.timeIntervalSince1970 / 3600).rounded(.up) * 3600
    return stride(from: first, to: span.upperBound.timeIntervalSince1970, by: 3600)
      .map { Date(timeIntervalSince1970: $0) }
  }

  private static func token(_ sample: CoverageSample) -> String {
    PageToken.encode([
      String(Int64(sample.hour.timeIntervalSince1970)), sample.orgUnitCode,
      sample.areaClass.rawValue,
    ])
  }

  private static func key(_ token: String) throws -> CoverageSampleKey? {
    try PageToken.decode(token, count: 3).map { keys in
      guard let hour = Int64(keys[0]), (0...4_102_444_800).contains(hour),
        let areaClass = AreaClass(rawValue: keys[2])
      else {
        throw PageToken.invalid
      }
      return CoverageSampleKey(
        hour: Date(timeIntervalSince1970: Double(hour)), orgUnitCode: keys[1],
        areaClass: areaClass)
    }
  }
}
