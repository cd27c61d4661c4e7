// What command's events do to public opinion's store.

import EventLog
import Foundation
import Identifiers
import PublicOpinionStore
import PublicOpinionSubscriptions
import QuintetAPI

struct OpinionFollowers {
  let store: OpinionDatabaseStore
  let clock: @Sendable () -> Date

  var all: [Follower] {
    let (store, clock, fromCommand) = (store, clock, FromCommand())
    return [
      Follower(source: "command", types: FromCommand.types) { event, tx in
        let provenance = Provenance(
          actor: "service/publicopinion", cause: "event/\(event.id)", trace: event.trace)
        let writer = store.writer(in: tx, provenance: provenance, now: clock())
        try fromCommand.apply(event, writer)
        try writer.flush()
      }
    ]
  }
}
