// What the gateway itself answers: how the services behind it are.

public import GRPCCore
public import QuintetAPI
import SwiftProtobuf

/// Asks each service for its health and the head of its feed.
public struct StatusService<Transport: ClientTransport>:
  Quintet_Gateway_V1_StatusService.SimpleServiceProtocol
{
  private let backends: Backends<Transport>
  private let partition: String

  public init(backends: Backends<Transport>, partition: String) {
    self.backends = backends
    self.partition = partition
  }

  public func getStatus(
    request: Quintet_Gateway_V1_GetStatusRequest, context: ServerContext
  ) async throws -> Quintet_Gateway_V1_GetStatusResponse {
    let found = await withTaskGroup(of: (Int, Quintet_Gateway_V1_ServiceStatus).self) { group in
      for (index, backend) in Backend.allCases.enumerated() {
        group.addTask { (index, await ask(backend)) }
      }
      var found: [(Int, Quintet_Gateway_V1_ServiceStatus)] = []
      for await answer in group { found.append(answer) }
      return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
    return .with { $0.services = found }
  }

  private func ask(_ backend: Backend) async -> Quintet_Gateway_V1_ServiceStatus {
    var options = CallOptions.defaults
    options.timeout = .milliseconds(500)
    var status = Quintet_Gateway_V1_ServiceStatus()
    status.name = backend.rawValue
    do {
      let health = Grpc_Health_V1_Health.Client(wrapping: backends[backend])
      let answer = try await health.check(.init(), options: options)
      status.healthy = answer.status == .serving
      if !status.healthy { status.detail = "正在启动或停止。Starting or stopping." }
      let feed = Quintet_Events_V1_EventService.Client(wrapping: backends[backend])
      status.headSequence = try await feed.getFeedStatus(
        .with { $0.partition = partition }, options: options
      ).headSequence
    } catch {
      status.healthy = false
      status.detail = "无应答。No answer."
    }
    return status
  }
}
