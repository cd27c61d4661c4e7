// Adapters between the rooms, which know neither logger nor lifecycle, and the host, which has both.
import EventLog
import Foundation
import Logging
import Persistence
import ServiceHost
import ServiceLifecycle
import SupervisionDomain
import SupervisionStore
import SupervisionSubscriptions

extension Logger {
  /// Writes the lines of the rooms.
  var report: LogReport {
    { line in
      let level: Logger.Level =
        switch line.level {
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
      log(
        level: level, "\(line.message)", metadata: line.metadata.mapValues { .string($0) })
    }
  }
}

extension ServiceHost {
  /// A subscription to one neighbour's feed.
  func following<Source: Following>(
    _ source: Source.Type, _ store: SupervisionDatabaseStore, _ database: any Database
  ) throws -> Subscription {
    let clock = clock
    return Subscription(
      source: Source.source, types: Source.types, service: name, partition: options.partition,
      database: database, client: try neighbour(Source.source), logger: logger, clock: clock
    ) { event, tx in
      try store.apply(in: tx, provenance: event.provenance, now: clock()) { writer in
        try Source.apply(event, writer)
      }
    }
  }
}

/// A loop of ours in the host's lifecycle: cancelled when the host shuts down.
struct Loop: ServiceLifecycle.Service, CustomStringConvertible {
  let name: String
  let body: @Sendable () async throws -> Void

  var description: String { name }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await body() }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }
}
