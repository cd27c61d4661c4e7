// The watch over lists in the host's lifecycle.
import DutyDomain
import DutyStore
import DutySubscriptions
import Logging
import ServiceHost
import ServiceLifecycle

enum TaskWiring {
  static func watching(_ store: DutyDatabaseStore, _ host: ServiceHost) -> TaskWatching {
    TaskWatching(
      watch: TaskWatch(store: store, clock: host.clock) { error in
        host.logger.error("lists of tasks could not be made; trying again", error: error)
      })
  }
}

/// Cancelled when the host shuts down.
struct TaskWatching: ServiceLifecycle.Service, CustomStringConvertible {
  let watch: TaskWatch

  var description: String { "task watch" }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await watch.run() }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }
}
