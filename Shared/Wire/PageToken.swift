// Page tokens: where the next page starts, opaque to the caller.

import Foundation

/// A position in a listing, carried to the caller and back.
public enum PageToken {
  /// - Parameter keys: the sort keys of the last row given, such as time and id.
  public static func encode(_ keys: [String]) -> String {
    Data(keys.joined(separator: "\u{1F}").utf8).base64EncodedString()
  }

  /// - Returns: the keys, or nil for the first page.
  /// - Throws: `Failure` PAGE_TOKEN_INVALID unless `token` came from `encode` with `count` keys.
  public static func decode(_ token: String, count: Int) throws -> [String]? {
    if token.isEmpty { return nil }
    guard
      let data = Data(base64Encoded: token), let text = String(data: data, encoding: .utf8),
      case let keys = text.split(separator: "\u{1F}", omittingEmptySubsequences: false),
      keys.count == count
    else { throw invalid }
    return keys.map(String.init)
  }

  /// For keys that do not parse.
  public static var invalid: Failure {
    Failure.invalid(
      "PAGE_TOKEN_INVALID", field: "page_token",
      "page_token 无效。page_token did not come from this listing.")
  }
}
