// The watch over coverage and deployments in the host's lifecycle: cancelled when the host shuts down.
import DutyStore
import DutySubscriptions
import Logging
import ServiceHost
import ServiceLifecycle

struct DutyWatching: ServiceLifecycle.Service, CustomStringConvertible {
  let watch: DutyWatch

  var description: String { "coverage and deployment watch" }

  static func watch(_ store: DutyDatabaseStore, _ host: ServiceHost) -> DutyWatch {
    DutyWatch(store: store, clock: host.clock) { error in
      host.logger.error("coverage and deployments could not be watched; trying again", error: error)
    }
  }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await watch.run() }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }
}
