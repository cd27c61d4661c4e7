// What the neighbours' events do to intelligence's store: areas first, for assessments look at them.

import EventLog
import Foundation
import Identifiers
import IntelligenceDomain
import IntelligenceStore
import IntelligenceSubscriptions
import QuintetAPI

struct IntelligenceFollowers {
  let store: IntelligenceDatabaseStore
  let clock: @Sendable () -> Date

  var all: [Follower] {
    [
      follower(of: "duty", FromDuty.types, FromDuty().apply),
      follower(of: "command", FromCommand.types, FromCommand().apply),
    ]
  }

  private func follower(
    of neighbour: String, _ types: [String],
    _ apply: @escaping @Sendable (Quintet_Events_V1_Event, any IntelligenceWriter) throws -> Void
  ) -> Follower {
    let (store, clock) = (store, clock)
    return Follower(source: neighbour, types: types) { event, tx in
      let provenance = Provenance(
        actor: "service/intelligence", cause: "event/\(event.id)", trace: event.trace)
      let writer = store.writer(in: tx, provenance: provenance, now: clock())
      try apply(event, writer)
      try writer.flush()
    }
  }
}
