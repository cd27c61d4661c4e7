// Services may be stopped, killed and started again at any moment: every call here is repeated until
// it is answered. Request ids are functions of the file, so a repetition does nothing twice.
import Credentials
import Foundation
import GRPCCore
import GRPCProtobuf

/// Repeats calls that failed for a reason that may pass.
struct Patience: Sendable {
  /// How long one call is repeated without any answer.
  static let limit: Duration = .seconds(60)
  private static let longestPause: Duration = .seconds(1)

  let interruption: Interruption

  /// - Parameter what: names the call for whoever reads that it was given up.
  /// - Throws: `GaveUp` after 60 s; `Interrupted`; the refusal, when there was one.
  func call<R: Sendable>(_ what: String, _ body: () async throws -> R) async throws -> R {
    var backoff = Backoff()
    while true {
      try interruption.check()
      do {
        return try await body()
      } catch let error as RPCError where error.mayPass {
        guard backoff.elapsed < Self.limit else { throw GaveUp(what: what, last: error) }
        try await backoff.wait()
      }
    }
  }

  /// Pauses that grow from 20 ms to 1 s.
  struct Backoff {
    private let start = ContinuousClock.now
    private var pause = Duration.milliseconds(20)

    var elapsed: Duration { start.duration(to: .now) }

    mutating func wait() async throws {
      try await Task.sleep(for: pause)
      pause = min(pause * 1.6, longestPause)
    }
  }
}

/// Nobody answered for too long.
struct GaveUp: Error, CustomStringConvertible {
  let what: String
  let last: any Error

  var description: String { "\(what): \(words(for: last))" }
}

extension RPCError {
  /// Whether a later repetition may succeed: the service is away, busy or slow, or the connection
  /// broke. A refusal that names its reason is final.
  var mayPass: Bool {
    switch code {
    // Nobody here cancels a call and goes on: who says so lost the caller before it, or is ending.
    case .unavailable, .deadlineExceeded, .resourceExhausted, .aborted, .cancelled: true
    // A stream ends with the token that opened it; the next attempt brings a new one.
    case .unauthenticated: reason == TokenError.expired.rawValue
    case .unknown, .internalError:
      // The transport's own way of saying that the other side died in the middle.
      metadata[binaryValues: "grpc-status-details-bin"].first { _ in true } == nil
    default: false
    }
  }

  /// UPPER_SNAKE, where one was given.
  fileprivate var reason: String? {
    let details = (try? unpackGoogleRPCStatus())?.details ?? []
    return details.compactMap { $0.errorInfo?.reason }.first
  }
}

/// What went wrong, in one line: the reason where one was given.
func words(for error: any Error) -> String {
  guard let error = error as? RPCError else { return "\(error)" }
  return [error.reason ?? "\(error.code)", error.message].filter { !$0.isEmpty }.joined(
    separator: ": ")
}

extension CallOptions {
  /// For one item of a replay: long enough for a service that has just been started again.
  static var item: CallOptions {
    var options = CallOptions.defaults
    options.timeout = .seconds(15)
    return options
  }
}
