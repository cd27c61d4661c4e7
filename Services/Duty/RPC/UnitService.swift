// Requests about units, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.UnitService`; the proto says what each RPC does and refuses.
public struct UnitService: Quintet_Duty_V1_UnitService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putUnit(
    request: Quintet_Duty_V1_PutUnitRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutUnitResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try PutUnit(request, now: now)
    let view = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try UnitKeeping().put(command, in: $0)
    }
    CallContext.current.notes["subject"] = view.unit.id.description
    return .with { $0.unit = Quintet_Duty_V1_Unit(whole: view) }
  }

  public func getUnit(
    request: Quintet_Duty_V1_GetUnitRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetUnitResponse {
    let name = try Check.text(request.unitID, field: "unit_id", max: 64, required: true)
    let found = try await store.read(within: CallContext.current.reach) { try $0.named(name) }
    return .with { $0.unit = Quintet_Duty_V1_Unit(whole: found) }
  }

  public func listUnits(
    request: Quintet_Duty_V1_ListUnitsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListUnitsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let units = try await store.read(within: CallContext.current.reach) {
      try $0.units(after: after?[0], limit: size + 1)
    }
    let page = units.prefix(size)
    return .with {
      $0.units = page.map(Quintet_Duty_V1_Unit.init(whole:))
      if units.count > size, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.unit.callSign])
      }
    }
  }

  public func listUnitsNearby(
    request: Quintet_Duty_V1_ListUnitsNearbyRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListUnitsNearbyResponse {
    guard request.hasPoint else { throw Failure.required("point") }
    let wish = NearbyWish(
      point: try Check.givenPoint(request.point, field: "point").coordinate,
      radius: request.radiusM == 0
        ? 500 : try Check.range(request.radiusM, field: "radius_m", 1...50_000),
      kinds: Set(try UnitKind.list(request.kinds, field: "kinds")),
      capabilities: try Check.capabilities(request.capabilities, field: "capabilities"),
      availabilities: Set(
        try Check.list(request.availabilities, field: "availabilities", 0...3).enumerated().map {
          try Availability($1, field: "availabilities[\($0)]")
        }),
      asOf: try Check.time(
        request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: clock()))
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    // Units move: a place in the order is all that a page can go on from.
    let skip = try PageToken.decode(request.pageToken, count: 1).map { keys in
      guard let skip = Int(keys[0]), skip >= 0 else { throw PageToken.invalid }
      return skip
    }
    let (units, estimator) = try await store.consult(within: CallContext.current.reach) {
      roster, reader in
      let units = try UnitAdvisor.nearby(wish, from: roster, skip: skip ?? 0, limit: size + 1) {
        try reader.reaches($0)
      }
      return (units, roster.travel.name)
    }
    return .with {
      $0.units = units.prefix(size).map(Quintet_Duty_V1_NearbyUnit.init)
      $0.estimator = estimator
      if units.count > size { $0.nextPageToken = PageToken.encode([String((skip ?? 0) + size)]) }
    }
  }

  public func setUnitStatus(
    request: Quintet_Duty_V1_SetUnitStatusRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_SetUnitStatusResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = SetUnitStatus(
      unitID: try Check.identifier(request.unitID, field: "unit_id"),
      etag: request.etag.isEmpty ? nil : request.etag,
      availability: try Availability(request.availability, field: "availability"),
      condition: try UnitCondition.optional(request.secondaryStatus, field: "secondary_status"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let view = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try UnitKeeping().setStatus(command, in: $0)
    }
    CallContext.current.notes["subject"] = view.unit.id.description
    return .with { $0.unit = Quintet_Duty_V1_Unit(view) }
  }

  public func reportPositions(
    request: RPCAsyncSequence<Quintet_Duty_V1_ReportPositionsRequest, any Error>,
    context: ServerContext
  ) async throws -> Quintet_Duty_V1_ReportPositionsResponse {
    let tally = try await PositionIntake(store: store, clock: clock).take(request)
    let notes = CallContext.current.notes
    notes["accepted"] = String(tally.acceptedCount)
    notes["refused"] = String(tally.refusedCount)
    return tally
  }

  public func recommendUnits(
    request: Quintet_Duty_V1_RecommendUnitsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_RecommendUnitsResponse {
    let now = clock()
    let incident: IncidentID? = try Check.optionalIdentifier(
      request.incidentID, field: "incident_id")
    let key = try incident.map { _ in
      try RequestKey(request, id: request.requestID, context: context)
    }
    guard request.hasPoint else { throw Failure.required("point") }
    // It compares all units: no question for whoever may see some.
    guard CallContext.current.reach.isEverywhere else { throw Failure.outsideArea("point") }
    let wish = RecommendationWish(
      point: try Check.givenPoint(request.point, field: "point").coordinate,
      asOf: try Check.time(
        request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: now),
      limit: try Check.count(request.limit, field: "limit", 1...20, standard: 5),
      capabilities: try Check.capabilities(request.capabilities, field: "capabilities"))
    // Judged before the transaction: within it, rows of others could be seen that never commit.
    var recommendation = try await store.consult { UnitAdvisor.recommend(wish, from: $0) }
    if let incident, let key {
      CallContext.current.notes.incident(incident.description)
      recommendation = try await store.write(
        key, provenance: key.provenance, reach: CallContext.current.reach, now: now
      ) {
        [recommendation] in
        try UnitKeeping().keep(recommendation, for: incident, in: $0)
      }
    }
    return .with {
      $0.recommendation = Quintet_Type_V1_UnitRecommendation(recommendation)
    }
  }

  public func putTravelModel(
    request: Quintet_Duty_V1_PutTravelModelRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutTravelModelResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasModel else { throw Failure.required("model") }
    let model = try TravelModel(request.model, field: "model")
    let held = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: clock()
    ) {
      try UnitKeeping().put(model, in: $0)
    }
    return .with { $0.model = Quintet_Duty_V1_TravelModel(held) }
  }
}
