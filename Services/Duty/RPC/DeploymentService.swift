// Requests about deployments, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.DeploymentService`; the proto says what each RPC does and refuses.
public struct DeploymentService: Quintet_Duty_V1_DeploymentService.SimpleServiceProtocol {
  static let placeLimit = 2000
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  // MARK: Calls

  public func getDemand(
    request: Quintet_Duty_V1_GetDemandRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetDemandResponse {
    let id: OrgUnitID = try Check.identifier(request.orgUnitID, field: "org_unit_id")
    let radius = try DeploymentCheck.radius(request.radiusM)
    let days = try Check.count(request.days, field: "days", 1...90, standard: 28)
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: clock())
    let demand = try await store.read(within: CallContext.current.reach) {
      try DemandGround(of: id, radius: radius, in: $0).demand(days: days, before: time, in: $0)
    }
    let places = demand.places
    return .with {
      $0.basis = Quintet_Duty_V1_DemandBasis(demand.basis)
      $0.places = places.prefix(Self.placeLimit).map(Quintet_Duty_V1_DemandPlace.init)
      $0.leftOutPlaceCount = Int32(max(0, places.count - Self.placeLimit))
    }
  }

  public func importPastCalls(
    request: Quintet_Duty_V1_ImportPastCallsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ImportPastCallsResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let source = try Check.code(request.source, field: "source", max: 64, required: true)
    let calls = try Check.list(request.calls, field: "calls", 1...1000).enumerated().map {
      try PastCall($1, source: source, field: "calls[\($0)]", now: now)
    }
    let count = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try DemandKeeping().take(calls, in: $0)
    }
    CallContext.current.notes["subject"] = source
    return .with { $0.takenCount = Int32(count) }
  }

  // MARK: Suggesting and deciding

  public func suggestDeployment(
    request: Quintet_Duty_V1_SuggestDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_SuggestDeploymentResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try SuggestDeployment(request, now: now)
    let (orgUnit, wish, travel) = try await store.consult(within: CallContext.current.reach) {
      roster, reader in
      let (orgUnit, wish) = try DeploymentPlanning().wish(for: command, roster, in: reader)
      return (orgUnit, wish, roster.travel)
    }
    // Thought about before the transaction: others who ask for units do not wait for a plan.
    let planned = PlannedDeployment(
      orgUnit: orgUnit, suggestion: DeploymentPlanner(wish, by: travel).suggestion())
    let actor = CallContext.current.principal.actor
    let deployment = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try DeploymentPlanning().propose(planned, for: command, by: actor, in: $0)
    }
    CallContext.current.notes["subject"] = deployment.id.description
    return .with { $0.deployment = Quintet_Duty_V1_Deployment(deployment, at: command.asOf) }
  }

  public func acceptDeployment(
    request: Quintet_Duty_V1_AcceptDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_AcceptDeploymentResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let move = try Move(
      request.deploymentID, request.etag, request.reason, isReasonRequired: false,
      request.hasOccurTime ? request.occurTime : nil, now: clock())
    let chosen = try Check.list(
      request.posts, field: "posts", 0...DeploymentPlanning.postLimit
    ).enumerated().map { try ChosenPost($1, field: "posts[\($0)]") }
    let changed = try await store.consult(within: CallContext.current.reach) { roster, reader in
      try DeploymentPlanning().change(move.id, to: chosen, roster, in: reader)
    }
    let deployment = try await decide(key, move) {
      try DeploymentPlanning().accept(move.id, etag: move.etag, changed, move.decision, in: $0)
    }
    return .with { $0.deployment = deployment }
  }

  public func refuseDeployment(
    request: Quintet_Duty_V1_RefuseDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_RefuseDeploymentResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let move = try Move(
      request.deploymentID, request.etag, request.reason, isReasonRequired: true,
      request.hasOccurTime ? request.occurTime : nil, now: clock())
    let deployment = try await decide(key, move) {
      try DeploymentPlanning().refuse(move.id, etag: move.etag, move.decision, in: $0)
    }
    return .with { $0.deployment = deployment }
  }

  public func withdrawDeployment(
    request: Quintet_Duty_V1_WithdrawDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_WithdrawDeploymentResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let move = try Move(
      request.deploymentID, request.etag, request.reason, isReasonRequired: true,
      request.hasOccurTime ? request.occurTime : nil, now: clock())
    let deployment = try await decide(key, move) {
      try DeploymentPlanning().withdraw(move.id, etag: move.etag, move.decision, in: $0)
    }
    return .with { $0.deployment = deployment }
  }

  /// What all decisions have in common.
  private struct Move: Sendable {
    let id: DeploymentID
    let etag: String?
    let decision: Deployment.Decision

    init(
      _ id: String, _ etag: String, _ reason: String, isReasonRequired: Bool,
      _ time: Google_Protobuf_Timestamp?, now: Date
    ) throws {
      self.id = try Check.identifier(id, field: "deployment_id")
      self.etag = etag.isEmpty ? nil : try Check.text(etag, field: "etag", max: 32)
      decision = Deployment.Decision(
        actor: CallContext.current.principal.actor,
        time: try Check.time(time, field: "occur_time", now: now),
        reason: try Check.text(
          reason, field: "reason", max: 500, required: isReasonRequired))
    }
  }

  private func decide(
    _ key: RequestKey, _ move: Move,
    _ body: @escaping @Sendable (any DutyWriter) throws -> Deployment
  ) async throws -> Quintet_Duty_V1_Deployment {
    let deployment = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: clock(), body)
    CallContext.current.notes["subject"] = move.id.description
    return Quintet_Duty_V1_Deployment(deployment, at: move.decision.time)
  }

  public func compareDeployment(
    request: Quintet_Duty_V1_CompareDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_CompareDeploymentResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let move = try Move(
      request.deploymentID, "", "", isReasonRequired: false,
      request.hasOccurTime ? request.occurTime : nil, now: clock())
    let time = move.decision.time
    let outcome = try await store.consult(within: CallContext.current.reach) { roster, reader in
      try DeploymentPlanning().outcome(of: move.id, at: time, roster, in: reader)
    }
    let deployment = try await decide(key, move) {
      try DeploymentPlanning().compare(move.id, outcome, in: $0)
    }
    return .with { $0.deployment = deployment }
  }

  // MARK: Reading

  public func getDeployment(
    request: Quintet_Duty_V1_GetDeploymentRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetDeploymentResponse {
    let id: DeploymentID = try Check.identifier(request.deploymentID, field: "deployment_id")
    let found = try await store.read(within: CallContext.current.reach) { try $0.deployment(id) }
    guard let found else { throw DeploymentError.unknown(id) }
    let now = clock()
    return .with { $0.deployment = Quintet_Duty_V1_Deployment(found, at: now) }
  }

  public func listDeployments(
    request: Quintet_Duty_V1_ListDeploymentsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListDeploymentsResponse {
    let now = clock()
    let size = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 20)
    let query = DeploymentQuery(
      orgUnitID: try Check.optionalIdentifier(request.orgUnitID, field: "org_unit_id"),
      unitID: try Check.optionalIdentifier(request.unitID, field: "unit_id"),
      standings: Set(
        try Check.list(request.states, field: "states", 0...6).enumerated().map {
          try Deployment.Standing($1, field: "states[\($0)]")
        }), now: now, after: try RosterCheck.key(request.pageToken), limit: size + 1)
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.deployments(query)
    }
    let messages = found.prefix(size).map {
      Quintet_Duty_V1_Deployment($0, at: now, isBrief: true)
    }
    let page = AnswerSize.fitting(messages)
    return .with {
      $0.deployments = page
      if page.count < found.count {
        let last = found[page.count - 1]
        $0.nextPageToken = RosterCheck.token(last.start, last.id.description)
      }
    }
  }
}
