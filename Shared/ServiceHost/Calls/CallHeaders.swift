// What the headers of a call say: who calls, within which trace, and how long they wait.
import Access
import Credentials
import GRPCCore

enum CallHeaders {
  static let traceparent = "traceparent"
  static let timeout = "grpc-timeout"
  /// The same for clients that reserve `grpc-timeout` and offer no way to set it, such as buf curl.
  static let ownTimeout = "quintet-timeout"

  /// The trace id of a W3C `traceparent`, or a new one where there is none that is valid.
  static func trace(_ metadata: Metadata) -> String {
    if let header = first(traceparent, in: metadata) {
      let parts = header.split(separator: "-", omittingEmptySubsequences: false)
      if parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", isHex(parts[0]),
        parts[1].utf8.count == 32, isHex(parts[1]), !parts[1].utf8.allSatisfy({ $0 == 48 })
      {
        return String(parts[1])
      }
    }
    return newTrace()
  }

  /// 32 random hexadecimal digits.
  static func newTrace() -> String {
    hex(.random(in: 1 ... .max)) + hex(.random(in: 0 ... .max))
  }

  /// `traceparent` for a call made on behalf of this trace.
  static func traceparent(trace: String) -> String {
    "00-\(trace)-\(hex(.random(in: 1 ... .max)))-01"
  }

  enum Timeout: Hashable {
    case none
    case malformed
    /// grpc-swift reads at most seven digits; where there are eight it sets no timer.
    case after(Duration, watchedByTransport: Bool)
  }

  /// 1 to 8 digits and a unit, as the protocol has it.
  static func timeout(_ metadata: Metadata) -> Timeout {
    let given = first(timeout, in: metadata)
    guard let text = given ?? first(ownTimeout, in: metadata) else { return .none }
    let digits = text.utf8.dropLast()
    guard (1...8).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
      let amount = Int64(text.dropLast()), let unit = text.utf8.last
    else { return .malformed }
    let duration: Duration
    switch unit {
    case UInt8(ascii: "H"): duration = .seconds(amount * 3600)
    case UInt8(ascii: "M"): duration = .seconds(amount * 60)
    case UInt8(ascii: "S"): duration = .seconds(amount)
    case UInt8(ascii: "m"): duration = .milliseconds(amount)
    case UInt8(ascii: "u"): duration = .microseconds(amount)
    case UInt8(ascii: "n"): duration = .nanoseconds(amount)
    default: return .malformed
    }
    return .after(duration, watchedByTransport: given != nil && digits.count < 8)
  }

  /// The caller's own token, as `Bearer …` of RFC 6750.
  static let authorization = "authorization"
  /// The token of whoever asked a service to act.
  static let onBehalf = "quintet-on-behalf"
  /// The token of a service that only passes the call on.
  static let via = "quintet-via"

  /// The token of an entry; nil where there is none.
  ///
  /// - Throws: `TokenError` where there is more than one, or another kind of credentials.
  static func bearer(_ key: String, in metadata: Metadata) throws(TokenError) -> String? {
    let values = Array(metadata[stringValues: key].prefix(2))
    guard let value = values.first else { return nil }
    return try bearer(values.count == 1 ? value : "")
  }

  static func bearer(_ value: String) throws(TokenError) -> String {
    let scheme = "bearer "
    guard value.lowercased().hasPrefix(scheme) else { throw .malformed }
    let text = value.dropFirst(scheme.count).trimmingPrefix { $0 == " " }
    guard !text.isEmpty else { throw .required }
    return String(text)
  }

  static func bearing(_ token: String) -> String { "Bearer \(token)" }

  private static func first(_ key: String, in metadata: Metadata) -> String? {
    metadata[stringValues: key].first { _ in true }
  }

  private static func isHex(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
