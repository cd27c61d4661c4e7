// Errors of the Connect protocol. Source of their shape and of the status codes: the Connect protocol
// reference, "Unary-Response" and "Error Codes".

import Foundation
import GRPCCore
import GRPCProtobuf
import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// An error as Connect writes it.
struct ConnectError {
  /// `invalid_argument` and so on.
  let code: String
  let status: HTTPResponse.Status
  /// UPPER_SNAKE, such as `TOKEN_EXPIRED`.
  let reason: String?
  private let message: String
  private let retryAfter: Duration?
  private let details: [[String: Any]]

  init(_ error: any Error) {
    let rpc: RPCError
    switch error {
    case let failure as Failure: rpc = RPCError(failure.status(domain: "gateway.quintet"))
    case let known as RPCError: rpc = known
    case is CancellationError: rpc = RPCError(code: .cancelled, message: "cancelled")
    default: rpc = RPCError(code: .internalError, message: "内部错误。Internal error.")
    }
    (code, status) = Self.names(rpc.code)
    message = rpc.message
    let given = (try? rpc.unpackGoogleRPCStatus())?.details ?? []
    details = Self.details(given)
    reason = given.lazy.compactMap { $0.errorInfo?.reason }.first
    retryAfter = given.lazy.compactMap { $0.retryInfo?.delay }.first
  }

  /// - Parameter watch: what a page calls the stream that it is about; nil for no stream.
  func json(watch: String? = nil) -> [UInt8] {
    var body: [String: Any] = ["code": code, "message": message, "details": details]
    body["watch"] = watch
    // Strings, numbers and their collections always serialize; an empty object says nothing wrong.
    let bytes = try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])
    return bytes.map(Array.init) ?? Array("{}".utf8)
  }

  var response: Response {
    var headers: HTTPFields = [.contentType: "application/json"]
    // RFC 6750, section 3.
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    if let retryAfter { headers[.retryAfter] = "\(max(1, retryAfter.components.seconds))" }
    return Response(
      status: status, headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: json())))
  }

  private static func details(_ details: [ErrorDetails]) -> [[String: Any]] {
    details.compactMap { detail in
      if let info = detail.errorInfo {
        return [
          "type": "google.rpc.ErrorInfo",
          "debug": ["reason": info.reason, "domain": info.domain, "metadata": info.metadata],
        ]
      }
      if let bad = detail.badRequest {
        let violations = bad.violations.map {
          ["field": $0.field, "description": $0.violationDescription, "reason": $0.reason]
        }
        return ["type": "google.rpc.BadRequest", "debug": ["fieldViolations": violations]]
      }
      if let retry = detail.retryInfo {
        let delay = retry.delay / .seconds(1)
        return ["type": "google.rpc.RetryInfo", "debug": ["retryDelay": "\(delay)s"]]
      }
      return nil
    }
  }

  private static func names(_ code: RPCError.Code) -> (String, HTTPResponse.Status) {
    switch code {
    case .cancelled: ("canceled", .init(code: 499, reasonPhrase: "Client Closed Request"))
    case .invalidArgument: ("invalid_argument", .badRequest)
    case .deadlineExceeded: ("deadline_exceeded", .gatewayTimeout)
    case .notFound: ("not_found", .notFound)
    case .alreadyExists: ("already_exists", .conflict)
    case .permissionDenied: ("permission_denied", .forbidden)
    case .resourceExhausted: ("resource_exhausted", .tooManyRequests)
    case .failedPrecondition: ("failed_precondition", .badRequest)
    case .aborted: ("aborted", .conflict)
    case .outOfRange: ("out_of_range", .badRequest)
    case .unimplemented: ("unimplemented", .notImplemented)
    case .unavailable: ("unavailable", .serviceUnavailable)
    case .dataLoss: ("data_loss", .internalServerError)
    case .unauthenticated: ("unauthenticated", .unauthorized)
    case .internalError: ("internal", .internalServerError)
    default: ("unknown", .internalServerError)
    }
  }
}
