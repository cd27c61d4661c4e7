// A caller's number is met here and goes no further: what is kept is a keyed hash, by which calls
// from the same number find each other, and a mask that a call-taker can compare by eye.

import CommandDomain
import Wire

/// A number as it was given, checked.
struct PhoneNumber: Sendable, Hashable {
  /// Digits only; the prefix of mainland China is dropped, so that the same telephone is the same.
  let normalised: String

  /// - Returns: nil when none was given.
  /// - Throws: `Failure` unless it is 3 … 20 characters: digits with an optional leading `+`.
  init?(checking text: String, field: String) throws {
    guard !text.isEmpty else { return nil }
    guard text.utf8.count <= 20 else {
      throw Failure.invalid(
        "TOO_LONG", field: field, "\(field) 不得超过 20 个字符。\(field) takes at most 20 characters.")
    }
    let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
    let isDigit: (UInt8) -> Bool = { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard digits.utf8.allSatisfy(isDigit) else {
      throw Failure.invalid(
        "CHARACTERS_NOT_ALLOWED", field: field,
        "\(field) 只能是数字，可带 + 前缀。\(field) takes digits with an optional leading +.")
    }
    guard text.utf8.count >= 3, !digits.isEmpty else {
      throw Failure.invalid(
        "TOO_SHORT", field: field, "\(field) 至少 3 个字符。\(field) takes at least 3 characters.")
    }
    self.normalised = String(text.hasPrefix("+86") ? text.dropFirst(3) : digits)
  }

  /// The number with its middle hidden.
  var masked: String { PhoneMask.mask(normalised) }
}
