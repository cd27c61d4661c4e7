// TypeID writes a UUID as 26 base32 digits, most significant first. Both ways work on two machine
// words: ids are written and read on every request, so no big number and no table of strings.

/// Crockford's base32 in lowercase, without i, l, o and u, and without his reading aids.
enum Base32 {
  /// 128 bits in digits of five: 25 full ones, and three bits in the first.
  static let length = 26

  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The value of each ASCII character, or `notADigit`.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: notADigit, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  private static let notADigit: UInt8 = 0xFF

  static func encode(high: UInt64, low: UInt64) -> String {
    var (high, low) = (high, low)
    return String(unsafeUninitializedCapacity: length) { buffer in
      for place in stride(from: length - 1, through: 0, by: -1) {
        buffer[place] = digits[Int(low & 31)]
        low = low >> 5 | high << 59
        high >>= 5
      }
      return length
    }
  }

  /// Nil unless the text is 26 digits of at most 128 bits.
  static func decode(_ text: Substring.UTF8View) -> (high: UInt64, low: UInt64)? {
    guard text.count == length, let first = text.first, first <= UInt8(ascii: "7") else {
      return nil
    }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for character in text {
      let value = values[Int(character)]
      guard value != notADigit else { return nil }
      high = high << 5 | low >> 59
      low = low << 5 | UInt64(value)
    }
    return (high, low)
  }
}
