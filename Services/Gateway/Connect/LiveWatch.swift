// What a page asks to be told live, as the address of the stream says it. It comes from outside as text,
// so it is read here, where it can be tried without a server around it.

import Foundation
package import SwiftProtobuf
package import Wire

/// One stream of a service's that a page follows.
package struct LiveWatch: Sendable, Hashable {
  /// At most so many in one stream to a page.
  package static let limit = 8
  /// Bytes of one request, as JSON.
  package static let requestLimit = 4 << 10

  /// What the page calls it; empty where it follows one stream alone.
  package let name: String
  /// Such as `quintet.command.v1.BoardService/WatchIncidents`.
  package let method: String
  /// The request, as a JSON object.
  package let request: String

  package init(name: String, method: String, request: String) {
    self.name = name
    self.method = method
    self.request = request
  }

  /// Reads `[{"as": "units", "method": "…", "request": {…}}]`.
  ///
  /// - Throws: `Failure` WATCH_INVALID.
  package static func list(_ text: String) throws(Failure) -> [LiveWatch] {
    guard text.utf8.count <= limit * requestLimit,
      let found = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    else { throw .watchInvalid("须为 JSON 数组。It must be a JSON array of objects.") }
    guard (1...limit).contains(found.count) else {
      throw .watchInvalid("须为 1 到 \(limit) 项。It takes 1 to \(limit) of them.")
    }
    var watches: [LiveWatch] = []
    for item in found {
      guard let name = item["as"] as? String, isName(name),
        !watches.contains(where: { $0.name == name })
      else {
        throw .watchInvalid(
          "as 须为 1–32 个字母且各不相同。`as` takes 1 to 32 letters, each name once.")
      }
      guard let method = item["method"] as? String else {
        throw .watchInvalid("缺少 method。`method` is missing.")
      }
      let request = item["request"] ?? [String: Any]()
      guard request is [String: Any],
        let bytes = try? JSONSerialization.data(withJSONObject: request),
        bytes.count <= requestLimit
      else {
        throw .watchInvalid(
          "request 须为不超过 4 KiB 的对象。`request` must be an object of at most 4 KiB.")
      }
      watches.append(
        LiveWatch(name: name, method: method, request: String(decoding: bytes, as: UTF8.self)))
    }
    return watches
  }

  /// `error` is what an error is called.
  private static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count) && text != "error"
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
      }
  }

  /// Protobuf bytes of the request, which continues after `sequence` where the method can.
  ///
  /// - Throws: `Failure` JSON_INVALID.
  package func input(
    as type: any SwiftProtobuf.Message.Type, after sequence: Int64?
  ) throws -> [UInt8] {
    let text = request.isEmpty ? "{}" : request
    guard text.utf8.count <= Self.requestLimit,
      var object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else {
      throw Failure.invalid(
        "JSON_INVALID", field: "request",
        "request 须为不超过 4 KiB 的 JSON 对象。request must be a JSON object of at most 4 KiB.")
    }
    if let sequence {
      object["after_sequence"] = nil
      // A method that has no such field passes over it.
      object["afterSequence"] = String(sequence)
    }
    guard let bytes = try? JSONSerialization.data(withJSONObject: object) else { return [] }
    return try Format.json.decode(Array(bytes), as: type)
  }
}

/// How far each stream was told, as the page sends it back when it comes again.
package struct LiveCursor: Sendable, Hashable {
  private var sequences: [String: Int64]

  package init() { sequences = [:] }

  /// - Parameter text: value of `Last-Event-ID`: a number for one stream, `name=number&…` for several.
  ///   What cannot be read counts as nothing seen.
  package init(_ text: String?) {
    sequences = [:]
    guard let text, text.utf8.count <= 1024 else { return }
    for part in text.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard let last = pair.last, let number = Int64(last), number >= 0 else { continue }
      sequences[pair.count == 2 ? String(pair[0]) : ""] = number
    }
  }

  package subscript(_ name: String) -> Int64? {
    get { sequences[name] }
    set { sequences[name] = newValue }
  }

  /// nil while nothing has a number.
  package var text: String? {
    if sequences.isEmpty { return nil }
    return sequences.sorted { $0.key < $1.key }
      .map { $0.key.isEmpty ? "\($0.value)" : "\($0.key)=\($0.value)" }
      .joined(separator: "&")
  }
}

/// The field `sequence` of a kind of message: found in its bytes, without reading all of it.
package struct SequenceField: Sendable, Hashable {
  private let tag: UInt64

  /// nil for messages without a field `sequence` that is a whole number.
  package init?(of type: any SwiftProtobuf.Message.Type) {
    var options = JSONDecodingOptions()
    options.ignoreUnknownFields = true
    // What the schema makes of a message with nothing else in it: the field's tag, and a one.
    guard
      let bytes: [UInt8] = try? type.init(jsonString: #"{"sequence":"1"}"#, options: options)
        .serializedBytes(),
      bytes.last == 1
    else { return nil }
    var reader = FieldReader(bytes)
    guard let tag = reader.varint(), tag & 7 == 0, reader.position == bytes.count - 1 else {
      return nil
    }
    self.tag = tag
  }

  /// nil when it is not set, or the bytes are no message.
  package func value(in message: [UInt8]) -> Int64? {
    var reader = FieldReader(message)
    var found: Int64?
    while let tag = reader.varint() {
      if tag == self.tag {
        found = reader.varint().map(Int64.init(bitPattern:))
      } else if !reader.skip(wireType: tag & 7) {
        return nil
      }
    }
    return found == 0 ? nil : found
  }
}

/// Goes over the fields of a message, as the protobuf encoding has them.
private struct FieldReader {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  mutating func skip(wireType: UInt64) -> Bool {
    switch wireType {
    case 0: return varint() != nil
    case 1: return advance(8)
    case 2:
      guard let count = varint() else { return false }
      return advance(count)
    case 5: return advance(4)
    default: return false
    }
  }

  private mutating func advance(_ count: UInt64) -> Bool {
    guard count <= UInt64(bytes.count - position) else { return false }
    position += Int(count)
    return true
  }
}

extension Failure {
  fileprivate static func watchInvalid(_ why: String) -> Failure {
    .invalid("WATCH_INVALID", field: "watch", "watch 有误：\(why)")
  }
}
