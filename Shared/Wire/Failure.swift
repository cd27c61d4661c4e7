// The one shape of a refusal on the wire: google.rpc.Status with a reason and, where there is one,
// the field at fault.

public import Access
public import GRPCCore
public import GRPCProtobuf
public import QuintetAPI
import SwiftProtobuf

/// Why a call was refused.
public struct Failure: Error, Sendable, Hashable {
  public var code: RPCError.Code
  /// UPPER_SNAKE, such as `DATUM_REQUIRED`; part of the public interface.
  public var reason: String
  /// Path of the field at fault, such as `content.location.point`; nil when none is.
  public var field: String?
  /// A sentence for people; Chinese first.
  public var message: String
  /// How long to wait before the same call may do better.
  public var retryAfter: Duration?
  /// Every field at fault, where several are at once; `field` is the first of them then.
  public var violations: [Violation] = []

  /// One field that breaks one rule.
  public struct Violation: Sendable, Hashable {
    public var field: String
    /// UPPER_SNAKE.
    public var reason: String
    /// A sentence for people; Chinese first.
    public var message: String

    public init(field: String, reason: String, message: String) {
      self.field = field
      self.reason = reason
      self.message = message
    }
  }

  public init(
    code: RPCError.Code, reason: String, field: String? = nil, message: String,
    retryAfter: Duration? = nil
  ) {
    self.code = code
    self.reason = reason
    self.field = field
    self.message = message
    self.retryAfter = retryAfter
  }

  /// The same refusal as google.rpc.Status.
  ///
  /// - Parameter domain: who refuses, such as `command.quintet`.
  public func status(domain: String) -> GoogleRPCStatus {
    var details: [ErrorDetails] = [.errorInfo(reason: reason, domain: domain)]
    var faults = violations
    if faults.isEmpty, let field {
      faults = [Violation(field: field, reason: reason, message: message)]
    }
    if !faults.isEmpty {
      details.append(
        .badRequest(
          violations: faults.map {
            ErrorDetails.BadRequest.FieldViolation(
              field: $0.field, description: $0.message, reason: $0.reason, localizedMessage: nil)
          }))
    }
    if let retryAfter { details.append(.retryInfo(delay: retryAfter)) }
    return GoogleRPCStatus(code: code, message: message, details: details)
  }

  /// The same refusal inside a stream.
  public var problem: Quintet_Type_V1_Problem {
    .with {
      $0.code = Int32(code.rawValue)
      $0.reason = reason
      $0.field = field ?? ""
      $0.message = message
    }
  }
}

extension Failure: RPCErrorConvertible {
  private var plain: GoogleRPCStatus { status(domain: "quintet") }
  public var rpcErrorCode: RPCError.Code { code }
  public var rpcErrorMessage: String { message }
  public var rpcErrorMetadata: Metadata { plain.rpcErrorMetadata }
  public var rpcErrorCause: (any Error)? { nil }
}

extension Failure {
  /// INVALID_ARGUMENT.
  public static func invalid(_ reason: String, field: String, _ message: String) -> Failure {
    Failure(code: .invalidArgument, reason: reason, field: field, message: message)
  }

  /// INVALID_ARGUMENT (REQUIRED).
  public static func required(_ field: String) -> Failure {
    invalid("REQUIRED", field: field, "必须填写 \(field)。\(field) is required.")
  }

  /// INVALID_ARGUMENT (UNSPECIFIED): an enum left out, or a value this version does not know.
  public static func unspecified(_ field: String) -> Failure {
    invalid("UNSPECIFIED", field: field, "\(field) 未指定或未知。\(field) is unspecified or unknown.")
  }

  /// INVALID_ARGUMENT (DUPLICATE).
  public static func duplicate(_ field: String) -> Failure {
    invalid("DUPLICATE", field: field, "\(field) 重复。\(field) was given before.")
  }

  /// NOT_FOUND, such as `INCIDENT_UNKNOWN`.
  public static func notFound(_ reason: String, field: String? = nil, _ id: String) -> Failure {
    Failure(
      code: .notFound, reason: reason, field: field, message: "没有 \(id)。\(id) is not known.")
  }

  /// FAILED_PRECONDITION.
  public static func precondition(_ reason: String, _ message: String) -> Failure {
    Failure(code: .failedPrecondition, reason: reason, message: message)
  }

  /// ABORTED (ETAG_MISMATCH).
  public static func stale(field: String = "etag") -> Failure {
    Failure(
      code: .aborted, reason: "ETAG_MISMATCH", field: field,
      message: "数据已被他人修改，请重新读取。It was changed meanwhile; read it again.")
  }
}

extension Failure {
  /// PERMISSION_DENIED (OUTSIDE_AREA): what was named is not the caller's affair, or does not exist.
  /// Which of the two it is, is not the caller's affair either.
  public static func outsideArea(_ field: String? = nil) -> Failure {
    Failure(
      code: .permissionDenied, reason: "OUTSIDE_AREA", field: field,
      message: "不在您的职责范围内，如需办理请联系指挥中心。"
        + "This is not within your area or seat; ask the command centre if you need it.")
  }

  /// The failure as a caller with this reach may know it: to whoever sees a part only, what does not
  /// exist looks like what lies outside.
  public func told(within reach: Reach) -> Failure {
    code == .notFound && !reach.isEverywhere ? .outsideArea(field) : self
  }
}

/// What a domain's own error type says of itself: the one mapping from domain to wire.
///
/// Each service's RPC room conforms its domain error to this in one file.
public protocol FailureConvertible: Error {
  var failure: Failure { get }
}
