// Who knows which units suit a point. That is duty's to say; command asks, and works without an
// answer.

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
}

public protocol UnitAdvisor: Sendable {
  /// - Throws: whatever kept the answer from coming.
  func recommend(_ question: UnitQuestion) async throws -> Quintet_Type_V1_UnitRecommendation
}

/// Asks the duty service.
public struct DutyUnitAdvisor<Transport: ClientTransport>: UnitAdvisor {
  private let duty: Quintet_Duty_V1_UnitService.Client<Transport>
  private let options: @Sendable () -> CallOptions

  /// - Parameter options: made for each question: with a deadline, 1 s at most.
  public init(
    client: GRPCClient<Transport>, options: @escaping @Sendable () -> CallOptions
  ) {
    self.duty = Quintet_Duty_V1_UnitService.Client(wrapping: client)
    self.options = options
  }

  public func recommend(
    _ question: UnitQuestion
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
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
}
