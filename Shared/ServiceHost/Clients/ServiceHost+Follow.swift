// The live feed of a neighbour: what a follower does, done for every event as it comes.
public import EventLog
public import Persistence

extension ServiceHost {
  /// A part for `run` that follows one neighbour.
  /// - Parameter database: the own store, in which effects and cursor commit together.
  /// - Throws: `HostError.pathTooLong`.
  public func follow(_ follower: Follower, in database: any Database) throws -> Subscription {
    Subscription(
      source: follower.source, types: follower.types, service: name, partition: options.partition,
      database: database, client: try neighbour(follower.source), logger: logger, clock: clock,
      apply: follower.apply)
  }
}
