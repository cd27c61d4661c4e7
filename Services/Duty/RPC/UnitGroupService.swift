// Requests about sending whole groups, turned into the domain's questions and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.UnitGroupService`; the proto says what each RPC does and refuses.
public struct UnitGroupService: Quintet_Duty_V1_UnitGroupService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func proposeGroup(
    request: Quintet_Duty_V1_ProposeGroupRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ProposeGroupResponse {
    let now = clock()
    let incident: IncidentID? = try Check.optionalIdentifier(
      request.incidentID, field: "incident_id")
    let key = try incident.map { _ in
      try RequestKey(request, id: request.requestID, context: context)
    }
    let groupID: UnitID = try Check.identifier(request.groupID, field: "group_id")
    guard request.hasPoint else { throw Failure.required("point") }
    let point = try Check.givenPoint(request.point, field: "point").coordinate
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: now)
    // Judged before the transaction: within it, rows of others could be seen that never commit.
    var recommendation = try await store.consult(within: CallContext.current.reach) {
      roster, reader in
      guard let group = try reader.unit(groupID) else { throw DutyError.groupUnknown(groupID) }
      guard group.isGroup else { throw DutyError.unitNotAGroup(groupID) }
      return UnitAdvisor.propose(group, to: point, asOf: time, by: roster.travel)
    }
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
