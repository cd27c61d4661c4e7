// Server-sent events as the HTML standard writes them, section 9.2.

/// Pieces of a `text/event-stream`.
package enum EventText {
  /// What keeps proxies and pages from taking a silent stream for a dead one.
  package static let heartbeat = ":\n\n"

  /// How long a page waits before it comes again, in milliseconds.
  package static let opening = "retry: 1000\n\n"

  /// - Parameters:
  ///   - name: of the event; empty for the one that pages hear without a name.
  ///   - id: what the page sends back as `Last-Event-ID`.
  ///   - data: JSON, which has no line breaks as it is written here.
  package static func event(_ name: String, id: String?, data: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(data.count + 64)
    if !name.isEmpty { text += "event: \(name)\n".utf8 }
    if let id { text += "id: \(id)\n".utf8 }
    text += "data: ".utf8
    // A line break of another writer's would end the data.
    if data.contains(UInt8(ascii: "\n")) || data.contains(UInt8(ascii: "\r")) {
      text += data.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    } else {
      text += data
    }
    text += "\n\n".utf8
    return text
  }
}
