// The shape of a log line: one flat JSON object, so that `jq`, `quintet logs` and a collector can
// all read it. The message is a fixed sentence; what varies is metadata.
import Access
import Foundation
import Logging

/// Keys: `time` (RFC 3339, UTC, milliseconds), `level`, `service`, `message`, then the metadata in
/// alphabetical order. Inside a call, `trace` is added by itself.
struct JSONLogHandler: LogHandler {
  let service: String
  let sink: LogSink
  let clock: @Sendable () -> Date
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(
    service: String, sink: LogSink, level: Logger.Level,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.service = service
    self.sink = sink
    self.clock = clock
    self.logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    let trace = CallContext.current.trace
    if !trace.isEmpty { all["trace"] = .string(trace) }
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let given = event.metadata { all.merge(given) { _, new in new } }
    if let error = event.error { all["error"] = .string("\(error)") }

    var line = JSONLine()
    line.add("time", string: Self.timestamp(clock()))
    line.add("level", string: event.level.rawValue)
    line.add("service", string: service)
    line.add("message", string: event.message.description)
    // Some parts of the suite say themselves which service they belong to.
    if all["service"] == .string(service) { all["service"] = nil }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line.add(Self.reserved.contains(key) ? "\(key)_" : key, value)
    }
    sink.write(line.finished())
  }

  private static let reserved: Set<String> = ["time", "level", "service", "message"]

  /// `2016-12-31T16:00:00.000Z`
  static func timestamp(_ date: Date) -> String {
    let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
    var seconds = time_t(milliseconds / 1000)
    var rest = milliseconds % 1000
    if rest < 0 {
      rest += 1000
      seconds -= 1
    }
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int32, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return padded(parts.tm_year + 1900, 4) + "-" + padded(parts.tm_mon + 1, 2) + "-"
      + padded(parts.tm_mday, 2) + "T" + padded(parts.tm_hour, 2) + ":"
      + padded(parts.tm_min, 2) + ":" + padded(parts.tm_sec, 2) + "." + padded(Int32(rest), 3) + "Z"
  }
}

/// Builds one line. By hand, because JSONEncoder neither keeps the order of keys nor is cheap.
private struct JSONLine {
  private var bytes: [UInt8] = []

  init() {
    bytes.reserveCapacity(384)
    bytes.append(UInt8(ascii: "{"))
  }

  consuming func finished() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  mutating func add(_ key: String, string: String) {
    addKey(key)
    append(string: string)
  }

  mutating func add(_ key: String, _ value: Logger.Metadata.Value) {
    addKey(key)
    append(value)
  }

  private mutating func addKey(_ key: String) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    append(string: key)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func append(_ value: Logger.Metadata.Value) {
    switch value {
    case .string(let text):
      append(string: text)
    case .stringConvertible(let number as any BinaryInteger & CustomStringConvertible & Sendable):
      bytes.append(contentsOf: number.description.utf8)
    case .stringConvertible(let number as Double) where number.isFinite:
      bytes.append(contentsOf: number.description.utf8)
    case .stringConvertible(let flag as Bool):
      bytes.append(contentsOf: flag.description.utf8)
    case .stringConvertible(let other):
      append(string: other.description)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .dictionary(let values):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(string: entry.key)
        bytes.append(UInt8(ascii: ":"))
        append(entry.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private mutating func append(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"):
        bytes.append(contentsOf: "\\n".utf8)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
