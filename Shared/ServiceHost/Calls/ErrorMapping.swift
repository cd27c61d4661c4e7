// One mapping from whatever a handler throws to what a caller may know. What was meant for the
// caller passes; everything else becomes INTERNAL with a reference to the line in our own log.
import Access
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Wire

struct ErrorMapping: Sendable {
  /// Such as `command.quintet`.
  let domain: String

  /// An error as the caller gets it and as the log keeps it.
  struct Mapped: Sendable {
    let error: RPCError
    let reason: String?
    var hidden: (error: String, reference: String)?
  }

  /// - Parameter reach: of the call: what lies outside of it must not be known from an error.
  func map(_ error: any Error, within reach: Reach = .everywhere) -> Mapped {
    if let failure = Failure.explaining(error) { return mapped(failure.told(within: reach)) }
    switch error {
    case let failure as Failure:
      return mapped(failure.told(within: reach))
    case let convertible as any FailureConvertible:
      return mapped(convertible.failure.told(within: reach))
    case let error as RPCError where Self.isUnreadable(error):
      return mapped(.messageMalformed)
    case let convertible as any RPCErrorConvertible:
      let error = RPCError(convertible)
      if error.code == .notFound, !reach.isEverywhere { return mapped(.outsideArea()) }
      return Mapped(error: error, reason: Self.reason(of: error))
    case is CancellationError:
      return mapped(.callCancelled)
    default:
      return hidden(error)
    }
  }

  private func mapped(_ failure: Failure) -> Mapped {
    Mapped(error: RPCError(failure.status(domain: domain)), reason: failure.reason)
  }

  private func hidden(_ error: any Error) -> Mapped {
    let reference = String(CallHeaders.newTrace().prefix(12))
    let status = GoogleRPCStatus(
      code: .internalError,
      message: "内部错误，日志编号 \(reference)。"
        + "Something went wrong inside; the log has it under reference \(reference).",
      details: .errorInfo(
        reason: "INTERNAL", domain: domain, metadata: ["reference": reference]))
    return Mapped(
      error: RPCError(status), reason: "INTERNAL", hidden: ("\(error)", reference))
  }

  /// The deserializer's own error names a Swift type and nothing that a caller could use.
  private static func isUnreadable(_ error: RPCError) -> Bool {
    error.cause is BinaryDecodingError || error.cause is SwiftProtobufError
  }

  /// The reason in the details of an error, for the log line.
  private static func reason(of error: RPCError) -> String? {
    guard let status = try? error.unpackGoogleRPCStatus() else { return nil }
    return status.details.lazy.compactMap { $0.errorInfo?.reason }.first
  }
}
