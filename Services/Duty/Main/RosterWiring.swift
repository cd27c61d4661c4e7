// Adapters between rosters, which know neither keys nor logger nor lifecycle, and the host, which has
// all three.
import DutyDomain
import DutyRPC
import DutyStore
import DutySubscriptions
import Identifiers
import Logging
import ServiceHost
import ServiceLifecycle

enum RosterWiring {
  static func signing(_ host: ServiceHost) -> GrantSigning {
    { allowance in
      let taking = allowance.taking
      return try await host.seatGrant(
        id: taking.id.description, actor: allowance.actor, seat: taking.seatCode,
        role: allowance.role, area: allowance.area?.description, from: taking.start,
        until: taking.until)
    }
  }

  static func watch(_ store: DutyDatabaseStore, _ host: ServiceHost) -> RosterWatch {
    RosterWatch(store: store, clock: host.clock, revoke: host.revokeTokens) { error in
      host.logger.error("the rosters could not be watched; trying again", error: error)
    }
  }
}

/// The watch over rosters in the host's lifecycle: cancelled when the host shuts down.
struct Watching: ServiceLifecycle.Service, CustomStringConvertible {
  let watch: RosterWatch

  var description: String { "roster watch" }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await watch.run() }
    } catch is CancellationError {
      // The shutdown, not a failure.
    }
  }
}
