// Adapters between what runs in a host and swift-service-lifecycle, which has none for gRPC here.
import GRPCCore
import GRPCNIOTransportCore
import GRPCNIOTransportHTTP2Posix
import Logging
import QuintetAPI
import ServiceLifecycle
import UnixSignals

/// A client's connections, up for as long as anything that may use them.
struct ClientService: ServiceLifecycle.Service, CustomStringConvertible {
  let name: String
  let client: ServiceClient

  var description: String { "client of \(name)" }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await client.runConnections()
    } onGracefulShutdown: {
      client.beginGracefulShutdown()
    }
  }
}

/// One address and what serves it.
struct Listener: Sendable {
  let name: String
  let server: GRPCServer<CallTransport>

  /// - Throws: `HostError.cannotListen`.
  func address() async throws -> String {
    do {
      let address = try await server.transport.base.listeningAddress
      return address.unixDomainSocket?.path ?? "\(address)"
    } catch {
      throw HostError.cannotListen(address: name, problem: "\(error)")
    }
  }
}

/// The listeners of a host: last to start and first to be told to stop, so that all the rest is there
/// while they serve.
struct ServerService: ServiceLifecycle.Service, CustomStringConvertible {
  let servers: [Listener]
  let health: HealthBoard
  let ending: Ending
  /// Called with the addresses once all listen.
  let started: @Sendable ([String]) -> Void

  var description: String { "servers" }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for listener in servers { group.addTask { try await serve(listener) } }
        group.addTask {
          var addresses: [String] = []
          for listener in servers { addresses.append(try await listener.address()) }
          if !ending.drain.hasBegun { health.set(.serving) }
          started(addresses)
        }
        try await group.waitForAll()
      }
    } onGracefulShutdown: {
      // In this order: the calls in progress look at the drain to see why they are interrupted.
      ending.begin()
      health.set(.notServing)
      for listener in servers { listener.server.beginGracefulShutdown() }
    }
  }

  private func serve(_ listener: Listener) async throws {
    do {
      try await listener.server.serve()
    } catch let error as RuntimeError {
      throw HostError.cannotListen(
        address: listener.name, problem: error.cause.map { "\($0)" } ?? "\(error)")
    }
  }
}

/// Opens the log file anew on SIGHUP.
struct LogReopening: ServiceLifecycle.Service, CustomStringConvertible {
  let signals: UnixSignalsSequence
  let sink: LogSink
  let logger: Logger

  var description: String { "log reopening" }

  func run() async throws {
    for await _ in signals.cancelOnGracefulShutdown() {
      do {
        try sink.reopen()
        logger.info("log reopened")
      } catch {
        logger.error("log could not be reopened", error: error)
      }
    }
  }
}
