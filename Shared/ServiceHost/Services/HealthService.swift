// The standard health service: how `quintet up`, containers and load balancers learn that a process
// has started and is not yet stopping.
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

/// What the health service answers; shared by all listeners of a host.
final class HealthBoard: Sendable {
  typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  private struct State {
    var status = Status.notServing
    var nextWatcher = 0
    var watchers: [Int: AsyncStream<Status>.Continuation] = [:]
  }

  private let state = Mutex(State())

  var status: Status { state.withLock { $0.status } }

  func set(_ status: Status) {
    let watchers = state.withLock { state in
      guard state.status != status else { return [AsyncStream<Status>.Continuation]() }
      state.status = status
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.yield(status) }
  }

  /// The status now and whenever it changes, until the reader stops.
  func changes() -> AsyncStream<Status> {
    let (stream, continuation) = AsyncStream<Status>.makeStream(
      bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = continuation
      continuation.yield(state.status)
      return state.nextWatcher
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.watchers.removeValue(forKey: id) }
    }
    return stream
  }
}

/// `grpc.health.v1.Health`: the process as a whole (the empty name) and each of its services have
/// the same status.
struct HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
  let board: HealthBoard
  let services: Set<String>

  func check(
    request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    guard knows(request.service) else {
      throw Failure.notFound("SERVICE_UNKNOWN", field: "service", request.service)
    }
    return .with { $0.status = board.status }
  }

  func list(
    request: Grpc_Health_V1_HealthListRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthListResponse {
    let status = board.status
    return .with { response in
      for name in services.union([""]) {
        response.statuses[name] = .with { $0.status = status }
      }
    }
  }

  /// A service that is not here is said to be unknown, and the stream stays: so the standard asks.
  func watch(
    request: Grpc_Health_V1_HealthCheckRequest,
    response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    let known = knows(request.service)
    var last: HealthBoard.Status?
    for await status in board.changes() {
      let told: HealthBoard.Status = known ? status : .serviceUnknown
      if told != last { try await response.write(.with { $0.status = told }) }
      last = told
    }
  }

  private func knows(_ service: String) -> Bool {
    service.isEmpty || services.contains(service)
  }
}
