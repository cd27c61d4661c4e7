// Who knows which units suit a point. That is duty's to say; command asks, and works without an
// answer.

public import Classification
public import Foundation
public import GRPCCore
public import Geography
public import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// Which units are wanted.
public struct UnitQuestion: Sendable, Hashable {
  /// The same for the same question asked again.
  public var requestID: String
  public var incidentID: IncidentID
  public var point: Coordinate
  /// 1 … 20.
  public var limit: Int
  /// Codes that every unit must have.
  public var capabilities: [String]
  /// The moment to judge for; nil for now.
  public var asOf: Date?
  /// Of the incident, when its response plan is to be filled; `limit` and `capabilities` say nothing
  /// then.
  public var plan: Kind?
  /// Whose free parts are wanted; the rest says nothing then.
  public var group: UnitID?

  /// Which response plan applies.
  public struct Kind: Sendable, Hashable {
    public var incidentClass: IncidentClass?
    public var level: IncidentLevel
  }
}

public protocol UnitAdvisor: Sendable {
  /// - Throws: whatever kept the answer from coming.
  func recommend(_ question: UnitQuestion) async throws -> Quintet_Type_V1_UnitRecommendation
}

/// Asks the duty service.
public struct DutyUnitAdvisor<Transport: ClientTransport>: UnitAdvisor {
  private let duty: Quintet_Duty_V1_UnitService.Client<Transport>
  private let groups: Quintet_Duty_V1_UnitGroupService.Client<Transport>
  private let planner: Quintet_Duty_V1_DispatchPlanService.Client<Transport>
  private let options: @Sendable () -> CallOptions

  /// - Parameter options: made for each question: with a deadline, 2 s at most.
  public init(
    client: GRPCClient<Transport>, options: @escaping @Sendable () -> CallOptions
  ) {
    self.duty = Quintet_Duty_V1_UnitService.Client(wrapping: client)
    self.groups = Quintet_Duty_V1_UnitGroupService.Client(wrapping: client)
    self.planner = Quintet_Duty_V1_DispatchPlanService.Client(wrapping: client)
    self.options = options
  }

  public func recommend(
    _ question: UnitQuestion
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    if let plan = question.plan { return try await fill(plan, question) }
    if let group = question.group { return try await propose(group, question) }
    let request = Quintet_Duty_V1_RecommendUnitsRequest.with {
      $0.requestID = question.requestID
      $0.incidentID = question.incidentID.description
      $0.point = Quintet_Type_V1_GeoPoint(question.point)
      $0.limit = Int32(question.limit)
      $0.capabilities = question.capabilities
      if let time = question.asOf { $0.asOfTime = time.timestamp }
    }
    return try await duty.recommendUnits(request, options: options()).recommendation
  }

  private func propose(
    _ group: UnitID, _ question: UnitQuestion
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    let request = Quintet_Duty_V1_ProposeGroupRequest.with {
      $0.requestID = question.requestID
      $0.incidentID = question.incidentID.description
      $0.groupID = group.description
      $0.point = Quintet_Type_V1_GeoPoint(question.point)
      if let time = question.asOf { $0.asOfTime = time.timestamp }
    }
    return try await groups.proposeGroup(request, options: options()).recommendation
  }

  private func fill(
    _ plan: UnitQuestion.Kind, _ question: UnitQuestion
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    let request = Quintet_Duty_V1_PlanDispatchRequest.with {
      $0.requestID = question.requestID
      $0.incidentID = question.incidentID.description
      $0.incidentClass = Quintet_Type_V1_IncidentClass(plan.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(plan.level)
      $0.point = Quintet_Type_V1_GeoPoint(question.point)
      if let time = question.asOf { $0.asOfTime = time.timestamp }
    }
    return try await planner.planDispatch(request, options: options()).recommendation
  }
}
