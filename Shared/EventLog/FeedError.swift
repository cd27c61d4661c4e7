// The ways in which a feed refuses, as event_service.proto documents them.
public import GRPCCore

/// Reaches the caller as `code` with the message `REASON: sentence`.
public struct FeedError: Error, Sendable, Equatable, RPCErrorConvertible {
  public let code: RPCError.Code
  /// UPPER_SNAKE.
  public let reason: String
  public let sentence: String

  public var rpcErrorCode: RPCError.Code { code }
  public var rpcErrorMessage: String { "\(reason): \(sentence)" }

  static let partitionRequired = FeedError(
    code: .invalidArgument, reason: "PARTITION_REQUIRED", sentence: "partition is required")
  static let tooManyTypes = FeedError(
    code: .invalidArgument, reason: "TOO_MANY_TYPES",
    sentence: "types may name at most \(EventFeed.maximumTypes) messages")
  static let partitionUnknown = FeedError(
    code: .notFound, reason: "PARTITION_UNKNOWN",
    sentence: "this service does not keep the events of that partition")

  static func historyPruned(oldest: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "HISTORY_PRUNED",
      sentence: "the next event is no longer kept; the oldest kept has the sequence \(oldest)")
  }

  static func sequenceAhead(head: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "SEQUENCE_AHEAD",
      sentence: "after_sequence is beyond the newest event, which has the sequence \(head)")
  }
}
