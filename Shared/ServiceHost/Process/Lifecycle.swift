// Adapters between what runs in a host and swift-service-lifecycle, which has none for gRPC here.
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import QuintetAPI
import ServiceLifecycle
import Synchronization
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

/// The listeners of a host: last to start and first to be told to stop, so that all the rest is there
/// while they serve.
final class ServerService: ServiceLifecycle.Service, CustomStringConvertible {
  private enum Phase {
    case starting
    /// Told to stop before all were listening: a server that is stopped while it starts crashes or
    /// hangs, so it is let start first.
    case startingToStop
    case listening
  }

  private let servers: [GRPCServer<CallTransport>]
  private let health: HealthBoard
  private let ending: Ending
  private let started: @Sendable () -> Void
  private let phase = Mutex(Phase.starting)

  /// - Parameter started: called once all listen.
  init(
    servers: [GRPCServer<CallTransport>], health: HealthBoard, ending: Ending,
    started: @escaping @Sendable () -> Void
  ) {
    self.servers = servers
    self.health = health
    self.ending = ending
    self.started = started
  }

  var description: String { "servers" }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for server in servers { group.addTask { try await server.serve() } }
        group.addTask { try await self.start() }
        try await group.waitForAll()
      }
    } onGracefulShutdown: {
      self.stop()
    }
  }

  private func start() async throws {
    for server in servers {
      // Nil for one that could not start: its own error ends the host, and this one the wait.
      guard await server.transport.base.listeningAddress != nil else { throw CancellationError() }
    }
    let isStopping = phase.withLock { phase in
      defer { phase = .listening }
      return phase == .startingToStop
    }
    if isStopping {
      for server in servers { server.beginGracefulShutdown() }
    } else {
      health.set(.serving)
      started()
    }
  }

  private func stop() {
    // In this order: the calls in progress look at the drain to see why they are interrupted.
    ending.begin()
    health.set(.notServing)
    let isListening = phase.withLock { phase in
      if phase == .starting { phase = .startingToStop }
      return phase == .listening
    }
    if isListening {
      for server in servers { server.beginGracefulShutdown() }
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
