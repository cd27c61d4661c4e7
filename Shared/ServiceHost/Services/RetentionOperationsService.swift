// How long records are kept, shown to the operator, and the sweep on demand.
import Audit
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import Retention
import ServiceLifecycle
import SwiftProtobuf
import Wire

/// `quintet.operations.v1.RetentionService` over the host's own store.
struct RetentionOperationsService: Quintet_Operations_V1_RetentionService.SimpleServiceProtocol {
  let loop: RetentionLoop

  func listRetentionPeriods(
    request: Quintet_Operations_V1_ListRetentionPeriodsRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_ListRetentionPeriodsResponse {
    let periods = try await loop.periods()
    return .with { $0.periods = periods.map(Quintet_Operations_V1_RetentionPeriod.init) }
  }

  func runRetention(
    request: Quintet_Operations_V1_RunRetentionRequest, context: ServerContext
  ) async throws -> Quintet_Operations_V1_RunRetentionResponse {
    let provenance = try RequestKey(request, id: request.requestID, context: context).provenance
    let results: [RetentionResult]?
    do {
      results = try await loop.run(for: provenance, isDry: request.dryRun)
    } catch RetentionError.openIncidentsUnknown {
      throw Failure(
        code: .unavailable, reason: "COMMAND_UNAVAILABLE",
        message: "指挥服务无应答，不知哪些警情未结，未作任何改动。"
          + "Command does not answer, so nobody knows what is not over; nothing was touched.")
    }
    guard let results else {
      throw Failure(
        code: .resourceExhausted, reason: "OVERLOADED",
        message: "另一次到期清理正在进行。Another retention sweep is in progress.")
    }
    return .with { $0.results = results.map(Quintet_Operations_V1_RetentionResult.init) }
  }
}

extension ServiceHost {
  /// Empty where nothing is kept.
  func retentionLoop(_ kinds: [RetentionKind]) throws -> [RetentionLoop] {
    guard let database = parts.database, !kinds.isEmpty else { return [] }
    // Command looks into its own store for what is not over.
    let command = name == "command" ? nil : try neighbour("command")
    let sweep = RetentionSweep(
      database: database, audit: AuditLog(beside: eventLog), kinds: kinds,
      openIncidents: { try await command?.openIncidents() ?? [] })
    return [RetentionLoop(sweep: sweep, service: name, logger: logger, clock: clock)]
  }

  func serving(_ loops: [RetentionLoop]) -> [any RegistrableRPCService] {
    loops.map(RetentionOperationsService.init)
  }
}

extension Neighbour {
  /// Asked of command: ids of the incidents that are not over.
  fileprivate func openIncidents() async throws -> Set<String> {
    let incidents = Quintet_Command_V1_IncidentService.Client(wrapping: client)
    var ids: Set<String> = []
    var token = ""
    repeat {
      let request = Quintet_Command_V1_ListIncidentsRequest.with {
        $0.pageSize = 500
        $0.pageToken = token
        $0.states = [
          .new, .queued, .active, .monitored, .diverted, .awaitingFeedback, .inReview,
        ]
      }
      let page = try await incidents.listIncidents(request, options: .query(atMost: .seconds(10)))
      ids.formUnion(page.incidents.map(\.id))
      token = page.nextPageToken
    } while !token.isEmpty
    return ids
  }
}

extension Quintet_Operations_V1_RetentionPeriod {
  init(_ period: RetentionPeriod) {
    self = .with { message in
      message.kind = period.kind
      message.name = period.name
      message.action =
        switch period.action {
        case .delete: .delete
        case .anonymise: .anonymise
        }
      message.days = Int32(period.days)
      message.leastDays = Int32(period.leastDays)
    }
  }
}

extension Quintet_Operations_V1_RetentionResult {
  init(_ result: RetentionResult) {
    self = .with { message in
      message.period = Quintet_Operations_V1_RetentionPeriod(result.period)
      message.cutoffTime = Google_Protobuf_Timestamp(microsecondsOf: result.cutoff)
      message.recordCount = Int64(result.count)
    }
  }
}
