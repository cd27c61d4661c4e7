// What a service does with a neighbour's events, whoever hands them over: the live feed, or a check
// that does the work once more and compares.
public import Persistence
public import QuintetAPI

/// One neighbour's events and what they do here.
public struct Follower: Sendable {
  public typealias Apply = @Sendable (Quintet_Events_V1_Event, any Transaction) throws -> Void

  /// The neighbour's name, such as `command`.
  public let source: String
  /// Full message names to ask for, at most 64; empty for all.
  public let types: [String]
  /// Does the work of one event in the given transaction. It may be called again for the same event
  /// after it threw, in another transaction, and passes over types that it does not handle.
  public let apply: Apply

  public init(source: String, types: [String], apply: @escaping Apply) {
    self.source = source
    self.types = types
    self.apply = apply
  }
}
