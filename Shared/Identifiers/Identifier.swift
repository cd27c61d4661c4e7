// One typed, time-ordered id for everything the suite names: a unit's id cannot be handed to what
// wants an incident's, logs show what kind of thing an id is, and keys of new rows go at the end.

/// What kind of thing an `Identifier` names.
public protocol IdentifierTag: Sendable {
  /// The part before the underscore: 1 to 63 lowercase letters, unique among all tags.
  static var prefix: String { get }
}

/// A TypeID: prefix + "_" + 26 characters of lowercase Crockford base32 of a UUIDv7.
///
/// Sources: TypeID specification 0.3 (jetify-com/typeid), RFC 9562 section 5.7 (UUIDv7). Order of
/// values, order of texts and order of minting times (to the millisecond) are the same order.
public struct Identifier<Tag: IdentifierTag>: Hashable, Sendable {
  /// The UUID's bits: the first 48 are milliseconds since 1970 UTC, then version and random bits.
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Accepts exactly what `description` writes.
  ///
  /// - Throws: `IdentifierError` on another prefix, another length than 26 after the underscore, a
  ///   character outside `0123456789abcdefghjkmnpqrstvwxyz` (uppercase too), more than 128 bits, or
  ///   bits that are no UUID of version 7 and the RFC 9562 variant.
  public init(parsing text: String) throws(IdentifierError) {
    let refusal = IdentifierError(text: text, expectedPrefix: Tag.prefix)
    let bytes = text.utf8
    let prefix = Tag.prefix.utf8
    guard bytes.count == prefix.count + 1 + Base32.length, bytes.starts(with: prefix),
      let (high, low) = Base32.decode(bytes.suffix(Base32.length)),
      bytes[bytes.index(bytes.startIndex, offsetBy: prefix.count)] == UInt8(ascii: "_"),
      (high >> 12) & 0xF == 7, low >> 62 == 0b10
    else { throw refusal }
    self.init(high: high, low: low)
  }

  /// The last 16 characters: no part of the time in them. Equal between two runs of the same causes.
  ///
  /// 26 characters hold 130 bits: two zero bits, 48 bits of time (together the first ten
  /// characters), and these 80: version, variant and the 74 random bits.
  public var stablePart: String {
    String(description.suffix(16))
  }
}

extension Identifier: CustomStringConvertible, LosslessStringConvertible {
  public var description: String {
    Tag.prefix + "_" + Base32.encode(high: high, low: low)
  }

  /// As `init(parsing:)`, with nil for its error.
  public init?(_ description: String) {
    guard let parsed = try? Self(parsing: description) else { return nil }
    self = parsed
  }
}

extension Identifier: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension Identifier: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let parsed = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no \(Tag.prefix) identifier: \(text)")
    }
    self = parsed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A text that is not the identifier that was expected.
public struct IdentifierError: Error, Hashable, Sendable {
  /// The text as it came.
  public let text: String
  /// The prefix it should have had.
  public let expectedPrefix: String
}
