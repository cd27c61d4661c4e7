// The host's own refusals: every service gives them, in the same words.
import Access
import Credentials
import GRPCCore
import Wire

extension Failure {
  static let deadlineExceeded = Failure(
    code: .deadlineExceeded, reason: "DEADLINE_EXCEEDED",
    message: "未能在期限内答复，操作可能仍会完成。"
      + "The deadline passed before the answer was ready; the work may still be done.")

  static let deadlineRequired = Failure(
    code: .invalidArgument, reason: "DEADLINE_REQUIRED",
    message: "须设调用期限（grpc-timeout 或 quintet-timeout）。"
      + "Set a deadline (grpc-timeout, or quintet-timeout: 5S): no call may wait for ever.")

  static let deadlineInvalid = Failure(
    code: .invalidArgument, reason: "DEADLINE_INVALID",
    message: "grpc-timeout 格式有误。grpc-timeout must be 1 to 8 digits and one of H M S m u n.")

  static let callCancelled = Failure(
    code: .cancelled, reason: "CALL_CANCELLED",
    message: "调用已被取消。The call was cancelled.")

  static let shuttingDown = Failure(
    code: .unavailable, reason: "SHUTTING_DOWN",
    message: "服务正在停止，请稍后重试。The service is shutting down; call again.")

  static let overloaded = Failure(
    code: .resourceExhausted, reason: "OVERLOADED",
    message: "调用过多，请稍后重试。Too many calls are in progress; call again later.",
    retryAfter: .seconds(1))

  static let storeOverloaded = Failure(
    code: .resourceExhausted, reason: "OVERLOADED",
    message: "待写入的变更过多，请稍后重试。Too many changes are waiting to be written; call again later.",
    retryAfter: .seconds(1))

  static let storeFull = Failure(
    code: .resourceExhausted, reason: "STORE_FULL",
    message: "存储磁盘已满。The disk of the store is full.")

  static let storeUnavailable = Failure(
    code: .unavailable, reason: "STORE_UNAVAILABLE",
    message: "存储暂不可用，请用同一请求编号重试。"
      + "The store cannot be reached now; send again under the same request id.")

  static let messageMalformed = Failure(
    code: .invalidArgument, reason: "MESSAGE_MALFORMED",
    message: "请求内容无法解析。The bytes are not a message of the type that this method takes.")

  static let methodUnknown = Failure(
    code: .unimplemented, reason: "METHOD_UNKNOWN",
    message: "没有这个方法。There is no such method here.")

  static func messageTooLarge(bytes: Int, limit: Int) -> Failure {
    Failure(
      code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
      message: "消息为 \(bytes) 字节，上限 \(limit) 字节。"
        + "The message has \(bytes) bytes; at most \(limit) are taken.")
  }

  static func requestReused(method: String) -> Failure {
    Failure(
      code: .alreadyExists, reason: "REQUEST_ID_REUSED", field: "request_id",
      message: "该请求编号已用于其他内容（\(method)）。"
        + "This request id was used before with other content, for \(method).")
  }
}

extension Failure {
  init(_ error: TokenError) {
    self.init(code: .unauthenticated, reason: error.rawValue, message: error.sentence)
  }

  init(_ refusal: Policy.Refusal) {
    let message =
      switch refusal {
      case .roleNotAllowed:
        "您的角色不能进行此操作，如需办理请联系值班长。"
          + "Your role does not include this; ask the shift leader if it must be done."
      case .roleForbids:
        "您所任角色不得进行此操作，请由其他人办理。"
          + "A role of yours rules this out; somebody else must do it."
      case .notOnDuty:
        "您当前不在班，上岗后方可操作。You are not on duty; this can be done during your shift."
      }
    self.init(code: .permissionDenied, reason: refusal.rawValue, message: message)
  }

  static func rateLimited(_ wait: Duration) -> Failure {
    Failure(
      code: .resourceExhausted, reason: "RATE_LIMITED",
      message: "您的调用过于频繁，请稍后重试。You call too often; call again later.", retryAfter: wait)
  }

  static let auditUnavailable = Failure(
    code: .unavailable, reason: "AUDIT_UNAVAILABLE",
    message: "审计记录无法写入，未予答复，请用同一请求编号重试。"
      + "The audit record could not be written, so there is no answer; "
      + "send again under the same request id.", retryAfter: .seconds(1))
}
