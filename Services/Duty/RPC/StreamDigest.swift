// A stream that is one mutation is known again by all of its messages, without keeping them.
import Crypto
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct StreamDigest {
  private var hash = SHA256()

  mutating func add(_ message: some SwiftProtobuf.Message) throws {
    let content: Data = try message.serializedBytes()
    // Its length first: two messages must not look like one.
    withUnsafeBytes(of: UInt64(content.count).littleEndian) { hash.update(bufferPointer: $0) }
    hash.update(data: content)
  }

  /// - Throws: `Failure` when the id is malformed.
  func key(id: String, context: ServerContext) throws -> RequestKey {
    let digest = hash.finalize().map { String(format: "%02x", $0) }.joined()
    // The content of the key is a message like any other, so that it is tied to its caller too.
    return try RequestKey(
      Quintet_Duty_V1_RoadHeader.with { $0.source = digest }, id: id, context: context)
  }
}
