// The ways in which a feed refuses, as event_service.proto documents them.
public import GRPCCore

/// Reaches the caller as `code` with the message `REASON: sentence`.
public struct FeedError: Error, Sendable, Equatable, RPCErrorConvertible {
  public let code: RPCError.Code
  /// UPPER_SNAKE.
  public let reason: String
  /// The field at fault.
  public let field: String
  /// For people; Chinese first.
  public let sentence: String

  public var rpcErrorCode: RPCError.Code { code }
  public var rpcErrorMessage: String { "\(reason): \(sentence)" }

  static let partitionRequired = FeedError(
    code: .invalidArgument, reason: "PARTITION_REQUIRED", field: "partition",
    sentence: "必须填写 partition。partition is required.")
  static let tooManyTypes = FeedError(
    code: .invalidArgument, reason: "TOO_MANY_TYPES", field: "types",
    sentence: "types 最多 \(EventFeed.maximumTypes) 项。"
      + "types takes at most \(EventFeed.maximumTypes).")
  static let partitionUnknown = FeedError(
    code: .notFound, reason: "PARTITION_UNKNOWN", field: "partition",
    sentence: "本服务没有该分区。This service does not keep that partition.")

  static func historyPruned(oldest: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "HISTORY_PRUNED", field: "after_sequence",
      sentence: "历史已清理，最早保留序号 \(oldest)。"
        + "The next event is no longer kept; the oldest kept has the sequence \(oldest).")
  }

  static func sequenceAhead(head: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "SEQUENCE_AHEAD", field: "after_sequence",
      sentence: "after_sequence 超过最新序号 \(head)。"
        + "after_sequence is beyond the newest event, which has the sequence \(head).")
  }
}
