// What the headers of a call say: who calls, within which trace, and how long they wait.
import Access
import GRPCCore

enum CallHeaders {
  static let traceparent = "traceparent"
  static let timeout = "grpc-timeout"
  /// The same for callers whose tool keeps `grpc-timeout` to itself, as `buf curl` does.
  static let plainTimeout = "quintet-timeout"
  /// The same for clients that reserve `grpc-timeout` and offer no way to set it, such as buf curl.
  static let ownTimeout = "quintet-timeout"

  /// - Throws: `ActorError`.
  static func principal(_ metadata: Metadata) throws(ActorError) -> Principal {
    guard let actor = first(Principal.metadataKey, in: metadata) else { return .nobody }
    return try Principal(parsing: actor)
  }

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
