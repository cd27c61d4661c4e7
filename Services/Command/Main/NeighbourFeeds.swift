// Following four neighbours in the same way: effect and cursor in one transaction of the store.

import CommandDomain
import CommandStore
import CommandSubscriptions
import EventLog
import Persistence
import QuintetAPI
import ServiceHost

struct NeighbourFeeds {
  let host: ServiceHost
  let database: any Database
  let store: CommandDatabaseStore

  func follow(_ neighbour: String, _ facts: FromNeighbour) throws -> Subscription {
    try follow(neighbour, facts.types, facts.apply)
  }

  func follow(
    _ neighbour: String, _ types: [String],
    _ apply: @escaping @Sendable (Quintet_Events_V1_Event, any CommandWriter) throws -> Void
  ) throws -> Subscription {
    let (store, clock) = (store, host.clock)
    return Subscription(
      source: neighbour, types: types, service: host.name, partition: host.options.partition,
      database: database, client: try host.neighbour(neighbour), logger: host.logger,
      clock: clock
    ) { event, tx in
      try store.perform(in: tx, provenance: NeighbourEvent.provenance(of: event), now: clock()) {
        try apply(event, $0)
      }
    }
  }
}
