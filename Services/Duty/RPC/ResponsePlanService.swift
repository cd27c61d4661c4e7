// Requests about response plans, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.ResponsePlanService`; the proto says what each RPC does and refuses.
public struct ResponsePlanService: Quintet_Duty_V1_ResponsePlanService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putResponsePlan(
    request: Quintet_Duty_V1_PutResponsePlanRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutResponsePlanResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let lines = try Check.list(request.lines, field: "lines", 1...ResponseTerms.lineLimit)
      .enumerated().map { try ResponseLine($1, field: "lines[\($0)]") }
    guard lines.reduce(0, { $0 + $1.count }) <= ResponseTerms.unitLimit else {
      let limit = ResponseTerms.unitLimit
      throw Failure.invalid(
        "TOO_MANY", field: "lines",
        "各行合计最多 \(limit) 个单元。The lines may ask for \(limit) units in all.")
    }
    let command = PutResponsePlan(
      key: ResponseKey(
        incidentClass: try Check.incidentClass(request.incidentClass),
        level: try Check.level(request.level)),
      terms: ResponseTerms(
        name: try Check.text(request.name, field: "name", max: 80, required: true), lines: lines,
        takesFromLowerLevels: request.takesFromLowerLevels,
        takesFromScene: request.takesFromScene, keepsCoverage: request.keepsCoverage),
      etag: request.etag.isEmpty ? nil : try Check.text(request.etag, field: "etag", max: 32),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let plan = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try ResponsePlanning().put(command, in: $0)
    }
    CallContext.current.notes["subject"] = plan.id?.description
    return .with { $0.plan = Quintet_Duty_V1_ResponsePlan(plan) }
  }

  public func getResponsePlan(
    request: Quintet_Duty_V1_GetResponsePlanRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetResponsePlanResponse {
    let key = ResponseKey(
      incidentClass: try Check.incidentClass(request.incidentClass),
      level: try Check.level(request.level))
    let own = try await store.read(within: CallContext.current.reach) { try $0.responsePlans() }
    guard let plan = ResponsePlan.applying(to: key, among: own) else {
      throw DutyError.planUnknown
    }
    return .with { $0.plan = Quintet_Duty_V1_ResponsePlan(plan) }
  }

  public func listResponsePlans(
    request: Quintet_Duty_V1_ListResponsePlansRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListResponsePlansResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let own = try await store.read(within: CallContext.current.reach) { try $0.responsePlans() }
    let rest = ResponsePlan.all(with: own).filter { $0.key.order > after?[0] ?? "" }
    return .with {
      $0.plans = rest.prefix(size).map(Quintet_Duty_V1_ResponsePlan.init)
      if rest.count > size { $0.nextPageToken = PageToken.encode([rest[size - 1].key.order]) }
    }
  }
}

/// `quintet.duty.v1.DispatchPlanService`; the proto says what each RPC does and refuses.
public struct DispatchPlanService: Quintet_Duty_V1_DispatchPlanService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func planDispatch(
    request: Quintet_Duty_V1_PlanDispatchRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PlanDispatchResponse {
    let now = clock()
    let incident: IncidentID? = try Check.optionalIdentifier(
      request.incidentID, field: "incident_id")
    let key = try incident.map { _ in
      try RequestKey(request, id: request.requestID, context: context)
    }
    let kind = ResponseKey(
      incidentClass: try Check.incidentClass(request.incidentClass),
      level: try Check.level(request.level))
    guard request.hasPoint else { throw Failure.required("point") }
    // It compares all units: no question for whoever may see some.
    guard CallContext.current.reach.isEverywhere else { throw Failure.outsideArea("point") }
    let point = try Check.givenPoint(request.point, field: "point").coordinate
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: now)
    let wish = try await store.read(within: CallContext.current.reach) {
      try ResponsePlanning().wish(for: incident, kind, at: point, asOf: time, in: $0)
    }
    // Judged before the transaction: within it, rows of others could be seen that never commit.
    var recommendation = try await store.consult { DispatchPlanner.plan(wish, from: $0) }
    if let incident, let key {
      CallContext.current.notes.incident(incident.description)
      recommendation = try await store.write(
        key, provenance: key.provenance, reach: CallContext.current.reach, now: now
      ) { [recommendation] in
        try UnitKeeping().keep(recommendation, for: incident, in: $0)
      }
    }
    return .with {
      $0.recommendation = Quintet_Type_V1_UnitRecommendation(recommendation)
    }
  }
}
