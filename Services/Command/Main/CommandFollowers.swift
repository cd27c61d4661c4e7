// Following four neighbours in the same way: what their events do to command's store.

import CommandDomain
import CommandStore
import CommandSubscriptions
import EventLog
import Foundation
import QuintetAPI

struct CommandFollowers {
  let store: CommandDatabaseStore
  let clock: @Sendable () -> Date

  var all: [Follower] {
    let clock = clock
    return [
      follower(of: "intelligence", FromIntelligence().types, FromIntelligence().apply),
      follower(of: "duty", FromDuty().types) {
        try FromDuty().apply($0, in: $1, now: clock())
      },
      follower(of: "publicopinion", FromNeighbour.publicOpinion),
      follower(of: "supervision", FromSupervision().types, FromSupervision().apply),
    ]
  }

  private func follower(of neighbour: String, _ facts: FromNeighbour) -> Follower {
    follower(of: neighbour, facts.types, facts.apply)
  }

  private func follower(
    of neighbour: String, _ types: [String],
    _ apply: @escaping @Sendable (Quintet_Events_V1_Event, any CommandWriter) throws -> Void
  ) -> Follower {
    let (store, clock) = (store, clock)
    return Follower(source: neighbour, types: types) { event, tx in
      try store.perform(in: tx, provenance: NeighbourEvent.provenance(of: event), now: clock()) {
        try apply(event, $0)
      }
    }
  }
}
