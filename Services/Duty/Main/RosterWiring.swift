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

/// Keeps the units in memory near what is committed: whoever asks after a quiet minute need not wait for
/// all that moved in it.
struct Freshening: ServiceLifecycle.Service, CustomStringConvertible {
  let store: DutyDatabaseStore

  var description: String { "roster memory" }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in store.commits() {
        // What fails is told to whoever asks, who reads the same rows.
        try? await store.consult { _ in }
        guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
      }
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
