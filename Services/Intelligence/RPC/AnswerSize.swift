// Findings name many calls: an answer keeps below the size of a message, and a page ends sooner for it.

import Foundation
import SwiftProtobuf

enum AnswerSize {
  /// Bytes; a message may have 1 MiB, and something else is in it too.
  static let limit = 768 * 1024

  /// The first ones that fit, at least one.
  static func fitting<M: SwiftProtobuf.Message>(_ messages: [M]) -> [M] {
    var bytes = 0
    return Array(
      messages.enumerated().prefix { index, message in
        let size: Data? = try? message.serializedBytes()
        bytes += size?.count ?? 0
        return index == 0 || bytes <= limit
      }.map(\.element))
  }
}
