// Pages of a listing: newest first, continued after the id that the page before ended with.

import Identifiers
import Wire

struct Page<Tag: IdentifierTag>: Sendable {
  let size: Int
  /// Nil for the first page.
  let before: Identifier<Tag>?

  /// - Throws: `Failure` OUT_OF_RANGE, PAGE_TOKEN_INVALID.
  init(size: Int32, token: String) throws {
    self.size = try Check.count(size, field: "page_size", 1...500, standard: 50)
    guard let keys = try PageToken.decode(token, count: 1) else {
      self.before = nil
      return
    }
    guard let id = Identifier<Tag>(keys[0]) else { throw PageToken.invalid }
    self.before = id
  }

  /// - Parameter found: the ids of what was found when one more than a page was asked for.
  /// - Returns: empty when there is no further page.
  func token(after found: [Identifier<Tag>]) -> String {
    found.count > size ? PageToken.encode([found[size - 1].description]) : ""
  }
}
