// What command's events do to duty's store.
import DutyStore
import DutySubscriptions
import EventLog
import Foundation

struct DutyFollowers {
  let store: DutyDatabaseStore
  let clock: @Sendable () -> Date

  var all: [Follower] {
    let (store, clock, fromCommand) = (store, clock, FromCommand())
    return [
      Follower(source: "command", types: FromCommand.types) { event, tx in
        let writer = try store.writer(
          in: tx, provenance: FromCommand.provenance(of: event), now: clock())
        try fromCommand.apply(event, in: writer)
        try writer.flush()
      }
    ]
  }
}
