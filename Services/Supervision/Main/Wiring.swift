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
