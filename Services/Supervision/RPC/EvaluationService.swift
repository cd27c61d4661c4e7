// quintet.supervision.v1.EvaluationService: how closed incidents were handled.
import Access
public import GRPCCore
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public struct EvaluationService: Quintet_Supervision_V1_EvaluationService.SimpleServiceProtocol {
  private let store: any SupervisionStore

  public init(store: any SupervisionStore) {
    self.store = store
  }

  public func getEvaluation(
    request: Quintet_Supervision_V1_GetEvaluationRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_GetEvaluationResponse {
    try await answering {
      let incident = try Check.identifier(
        request.incidentID, field: "incident_id", as: IncidentTag.self)
      CallContext.current.notes.incident(incident.description)
      let evaluation = try await store.read(within: CallContext.current.reach) { reader in
        guard let evaluation = try reader.evaluation(of: incident) else {
          throw SupervisionError.evaluationUnknown(incident)
        }
        return evaluation
      }
      return .with { $0.evaluation = .init(evaluation) }
    }
  }

  public func listEvaluations(
    request: Quintet_Supervision_V1_ListEvaluationsRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListEvaluationsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let start = try PageStart(token: request.pageToken, ids: EvaluationTag.self)
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.evaluations(after: start, limit: size + 1)
    }
    let page = found.prefix(size)
    return .with { response in
      response.evaluations = page.map { .init($0) }
      if found.count > size, let last = page.last {
        response.nextPageToken = PageStart(time: last.closeTime, id: last.id.description).token
      }
    }
  }
}
