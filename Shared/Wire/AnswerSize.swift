// An answer keeps below the size of a message: where rows are large, a page ends sooner.

import Foundation
public import SwiftProtobuf

/// How much of a listing fits one answer.
public enum AnswerSize {
  /// Bytes; a message may have 1 MiB, and something else is in it too.
  public static let limit = 768 * 1024

  /// The first messages that fit together, at least one.
  public static func fitting<M: SwiftProtobuf.Message>(_ messages: [M]) -> [M] {
    var bytes = 0
    return Array(
      messages.enumerated().prefix { index, message in
        let size: Data? = try? message.serializedBytes()
        bytes += size?.count ?? 0
        return index == 0 || bytes <= limit
      }.map(\.element))
  }
}
