// The ways in which a feed refuses, as event_service.proto documents them.
public import GRPCCore

/// Reaches the caller as `code` with the message `REASON: sentence`.
public struct FeedError: Error, Sendable, Equatable, RPCErrorConvertible {
  public let code: RPCError.Code
  /// UPPER_SNAKE.
  public let reason: String
  /// The field at fault; nil when none is.
  public let field: String?
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

  static func historyPruned(through: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "HISTORY_PRUNED", field: "after_sequence",
      sentence: "序号 \(through) 及以前的历史已清理；新订阅者请先调用 ReadSnapshot。"
        + "History up to \(through) has been pruned: a consumer that has applied nothing yet "
        + "begins with ReadSnapshot.")
  }

  static func sequenceAhead(head: Int64) -> FeedError {
    FeedError(
      code: .outOfRange, reason: "SEQUENCE_AHEAD", field: "after_sequence",
      sentence: "after_sequence 超过最新序号 \(head)。"
        + "after_sequence is beyond the newest event, which has the sequence \(head).")
  }

  static let pruning = FeedError(
    code: .unavailable, reason: "PRUNING", field: nil,
    sentence: "正在清理历史，请稍后重试；若清理曾中断，请再运行 quintet feed prune。"
      + "Old events are being removed: call again. If that was cut off, "
      + "run quintet feed prune once more.")
  static let snapshotGone = FeedError(
    code: .outOfRange, reason: "SNAPSHOT_GONE", field: "snapshot_sequence",
    sentence: "读取期间历史又被清理，请以空库重新开始。"
      + "History was pruned again since the reading began; begin with an empty store.")

  static func readerBehind(reader: Int64, through: Int64) -> FeedError {
    FeedError(
      code: .failedPrecondition, reason: "READER_BEHIND", field: "read_through_sequence",
      sentence: "有订阅者只读到 \(reader)，未到 \(through)。"
        + "A consumer has read up to \(reader) only; \(through) would be removed.")
  }

  /// Public for whoever looks for a subscription by the name of its source.
  public static func sourceUnknown(_ source: String) -> FeedError {
    FeedError(
      code: .notFound, reason: "SOURCE_UNKNOWN", field: "source",
      sentence: "本服务不订阅 \(source)。This service does not read the feed of \(source).")
  }

  static func parkedEventUnknown(_ source: String, _ sequence: Int64) -> FeedError {
    FeedError(
      code: .notFound, reason: "PARKED_EVENT_UNKNOWN", field: "sequence",
      sentence: "\(source) 的 \(sequence) 号事件未被搁置。"
        + "Event \(sequence) of \(source) is not parked.")
  }

  static func eventSkipped(_ source: String, _ sequence: Int64) -> FeedError {
    FeedError(
      code: .failedPrecondition, reason: "EVENT_SKIPPED", field: "sequence",
      sentence: "\(source) 的 \(sequence) 号事件已决定跳过。"
        + "It was decided to skip event \(sequence) of \(source).")
  }
}
