// Serving, and the way out: listeners first, then what works in the background, then the clients
// that both use, and the store at the very end.
import EventLog
import Foundation
public import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Listening
import Logging
import Persistence
import QuintetAPI
public import Retention
public import ServiceLifecycle
import Synchronization
import UnixSignals

extension ServiceHost {
  /// After this much of a shutdown, what is still running is cancelled.
  static let drainTime: Duration = .seconds(4)
  /// And after this much the process ends whatever is left: it has promised five seconds.
  static let lastMoment: Duration = .milliseconds(4700)

  /// Serves until SIGTERM or SIGINT, then drains and returns: within 5 seconds.
  ///
  /// Besides `services`, health and (but in production) reflection are served, and where a database was opened its event
  /// feed, its dump, and what an operator does about feeds. Everything is served on `<run-dir>/<name>.sock`.
  /// - Parameters:
  ///   - services: generated services, or other registrations (a proxy's).
  ///   - background: runs beside them until shutdown. One that ends earlier ends the process.
  ///   - listeners: TCP addresses that serve the same.
  ///   - lastingTypes: full names of payloads in the own log of which pruning keeps the newest for
  ///     each subject: they say how a thing that lasts stands now.
  ///   - retention: what is let go after a time; swept by itself and when an operator asks.
  /// - Throws: `HostError`; what a background service threw. After a shutdown that was asked for
  ///   nothing is thrown.
  public func run(
    services: [any RegistrableRPCService], background: [any ServiceLifecycle.Service] = [],
    listeners: [TCPListener] = [], lastingTypes: Set<String> = [], retention: [RetentionKind] = [],
    limits: CallLimits = CallLimits()
  ) async throws {
    try await run(
      services: services, background: background, listeners: listeners, lastingTypes: lastingTypes,
      retention: retention, limits: limits, onStart: { _ in })
  }

  /// - Parameters:
  ///   - audit: keeps the record of each call; that of the own store when nil.
  ///   - drainTime: after this much of a shutdown, what is still running is cancelled.
  ///   - exit: ends the process when it has outlived its shutdown.
  ///   - onStart: given a way to ask for the shutdown.
  func run(
    services: [any RegistrableRPCService], background: [any ServiceLifecycle.Service],
    listeners: [TCPListener], lastingTypes: Set<String> = [], retention: [RetentionKind] = [],
    limits: CallLimits, audit: (any CallAudit)? = nil,
    drainTime: Duration = ServiceHost.drainTime,
    exit: @escaping @Sendable (Int32) -> Void = { _exit($0) },
    onStart: @Sendable (ServiceGroup) -> Void
  ) async throws {
    // Before anything that takes time: until then a SIGHUP would end the process.
    let hangups = await UnixSignalsSequence(trapping: .sighup)
    let socket = try ListeningSocket(path: options.socketPath(of: name))
    defer { socket.remove() }
    let tcp = try listeners.map { try TCPListeningSocket($0.address) }
    let auditing = try auditing()
    let ending = Ending(logger: logger, exit: exit)
    let health = HealthBoard()
    let sweeping = try retentionLoop(retention)
    let operations = operations(background, lastingTypes, auditing) + serving(sweeping)
    let router = router(
      services + operations, health: health, limits: limits, audit: audit ?? auditing?.trail,
      ledgerKey: auditing?.ledgerKey ?? [], drain: ending.drain)
    let listening = ServerService(
      servers: [
        server(router, on: door(socket.descriptor, limits), outside: false, limits, ending.drain)
      ]
        + zip(tcp, listeners).map { socket, listener in
          server(
            router, on: door(socket.descriptor, limits, listener.tls), outside: true, limits,
            ending.drain)
        },
      health: health, ending: ending,
      started: {
        logger.info("ready", metadata: ready(socket, tcp))
      })
    var parts: [any ServiceLifecycle.Service] = [
      LogReopening(signals: hangups, sink: sink, logger: logger), ClockKeeping(clock: clock),
    ]
    if let auditing { parts.append(auditing.keeping) }
    for neighbour in self.parts.neighbours {
      parts.append(ClientService(name: neighbour.name, client: neighbour.client))
    }
    parts += background
    parts += sweeping as [any ServiceLifecycle.Service]
    parts.append(listening)
    var configuration = ServiceGroupConfiguration(
      services: parts.map { part in
        .init(
          service: ending.watching(part), successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .gracefullyShutdownGroup)
      },
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quietLogger)
    configuration.maximumGracefulShutdownDuration = drainTime
    let group = ServiceGroup(configuration: configuration)
    onStart(group)

    var outcome: (any Error)?
    do { try await group.run() } catch { outcome = error }
    try? await self.parts.database?.close()
    ending.finished()
    if let failure = ending.failure ?? (ending.drain.hasBegun ? nil : outcome) {
      logger.error("stopped by a failure", error: failure)
      throw failure
    }
    logger.info("stopped")
  }

  /// swift-service-lifecycle tells every step; only what goes wrong is of interest.
  private var quietLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .notice)
    return logger
  }

  /// What every service with a store serves besides its own.
  private func operations(
    _ background: [any ServiceLifecycle.Service], _ lastingTypes: Set<String>,
    _ auditing: Auditing?
  ) -> [any RegistrableRPCService] {
    guard let database = parts.database, let auditing else { return [] }
    return [
      auditing.service,
      EventFeed(log: eventLog, database: database), StoreDumpService(database: database),
      FeedOperationsService(
        log: eventLog, database: database,
        subscriptions: background.compactMap { $0 as? Subscription }, lastingTypes: lastingTypes,
        logger: logger, clock: clock),
    ]
  }

  private func router(
    _ services: [any RegistrableRPCService], health: HealthBoard, limits: CallLimits,
    audit: (any CallAudit)?, ledgerKey: [UInt8], drain: Drain
  ) -> RPCRouter<CallTransport> {
    var router = RPCRouter<CallTransport>()
    for service in services { service.registerMethods(with: &router) }
    let names = Set(router.methods.map(\.service.fullyQualifiedService))
    HealthService(board: health, services: names).registerMethods(with: &router)
    if !options.isProduction {
      let listed = names.union(["grpc.health.v1.Health"]).union(ReflectionService.names)
      ReflectionService(services: listed.sorted()).registerMethods(with: &router)
    }
    router.registerInterceptors(pipeline: [
      .apply(
        CallInterceptor(
          gate: gate, mapping: ErrorMapping(domain: domain),
          admission: Admission(limit: limits.callsInProgress),
          rates: RateLimiter(limits: limits), audit: audit, ledgerKey: ledgerKey,
          drain: drain),
        to: .all)
    ])
    return router
  }

  private func door(
    _ descriptor: Int32, _ limits: CallLimits, _ tls: ServerTLS? = nil
  ) -> Door {
    Door(
      descriptor: descriptor, tls: tls,
      gate: ConnectionGate(limits: limits.connections, logger: logger), logger: logger)
  }

  private func server(
    _ router: RPCRouter<CallTransport>, on door: Door, outside isOutside: Bool,
    _ limits: CallLimits, _ drain: Drain
  ) -> GRPCServer<CallTransport> {
    let known = Dictionary(
      uniqueKeysWithValues: QuintetMethods.all.map { ($0.path.dropFirst(), $0.kind) })
    let methods = Dictionary(
      uniqueKeysWithValues: router.methods.map { method in
        let name = method.fullyQualifiedMethod
        return (name, method.type ?? known[name[...]])
      })
    let transport = CallTransport(
      base: DoorTransport(
        listenerFactory: door, config: limits.transport(isOutside: isOutside)),
      domain: domain, methods: methods, messageLimit: limits.messageBytes, drain: drain,
      logger: logger)
    return GRPCServer(transport: transport, router: router)
  }

  private func ready(
    _ socket: ListeningSocket, _ tcp: [TCPListeningSocket]
  ) -> Logger.Metadata {
    let elapsed = (ContinuousClock.now - started).components
    var metadata: Logger.Metadata = [
      "socket": .string(socket.path), "process": .stringConvertible(getpid()),
      "milliseconds": .stringConvertible(
        elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000),
    ]
    if !tcp.isEmpty {
      metadata["listeners"] = .array(tcp.map { .string($0.address.description) })
    }
    return metadata
  }

  /// Names the origin of an error on the wire.
  private var domain: String { "\(name).quintet" }
}

extension QuintetMethod {
  fileprivate var kind: MethodDescriptor.RPCType {
    switch (clientStreaming, serverStreaming) {
    case (false, false): .unary
    case (true, false): .clientStreaming
    case (false, true): .serverStreaming
    case (true, true): .bidirectionalStreaming
    }
  }
}
