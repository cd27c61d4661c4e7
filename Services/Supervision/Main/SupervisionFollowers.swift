// What the neighbours' events do to supervision's store: areas first, for arrivals look at them.
import EventLog
import Foundation
import SupervisionStore
import SupervisionSubscriptions

struct SupervisionFollowers {
  let store: SupervisionDatabaseStore
  let clock: @Sendable () -> Date

  var all: [Follower] {
    [
      follower(FromDuty.self), follower(FromCommand.self), follower(FromPublicOpinion.self),
    ]
  }

  private func follower<Source: Following>(_ source: Source.Type) -> Follower {
    let (store, clock) = (store, clock)
    return Follower(source: Source.source, types: Source.types) { event, tx in
      try store.apply(in: tx, provenance: event.provenance, now: clock()) { writer in
        try Source.apply(event, writer)
      }
    }
  }
}
