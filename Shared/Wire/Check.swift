// Past this line types make bad states impossible: every check of a request field, in one place.

public import Foundation
public import Identifiers
public import SwiftProtobuf

/// Reads request fields, or throws the `Failure` that names field and rule.
public enum Check {
  /// How far ahead of the clock a caller's time may be, in seconds.
  public static let clockSkewSeconds: Double = 5

  /// A request id: 1 … 128 printable ASCII characters.
  public static func requestID(_ text: String, field: String = "request_id") throws -> String {
    guard !text.isEmpty else { throw Failure.required(field) }
    guard text.utf8.count <= 128 else { throw tooLong(field, 128) }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Failure.invalid(
        "CHARACTERS_NOT_ALLOWED", field: field,
        "\(field) 只能用可见 ASCII 字符。\(field) takes printable ASCII characters only.")
    }
    return text
  }

  /// Text of at most `max` characters, counted as Unicode scalars, so that combining marks count
  /// too; control characters but newline and tab are refused.
  public static func text(
    _ text: String, field: String, max: Int, required: Bool = false
  ) throws -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !required || !trimmed.isEmpty else { throw Failure.required(field) }
    guard text.unicodeScalars.count <= max else { throw tooLong(field, max) }
    let isControl: (Unicode.Scalar) -> Bool = {
      ($0.value < 0x20 && $0 != "\n" && $0 != "\t" && $0 != "\r") || $0.value == 0x7F
    }
    guard !text.unicodeScalars.contains(where: isControl) else {
      throw Failure.invalid(
        "CHARACTERS_NOT_ALLOWED", field: field,
        "\(field) 含有控制字符。\(field) contains control characters.")
    }
    return trimmed
  }

  /// A code of at most `max` characters out of `allowed`.
  public static func code(
    _ text: String, field: String, max: Int, allowed: CharacterSet = .codeCharacters,
    required: Bool = false
  ) throws -> String {
    guard !required || !text.isEmpty else { throw Failure.required(field) }
    guard text.count <= max else { throw tooLong(field, max) }
    guard text.unicodeScalars.allSatisfy(allowed.contains) else {
      throw Failure.invalid(
        "CHARACTERS_NOT_ALLOWED", field: field,
        "\(field) 含有不允许的字符。\(field) contains characters that are not allowed.")
    }
    return text
  }

  /// A typed id.
  public static func identifier<Tag: IdentifierTag>(
    _ text: String, field: String, as: Tag.Type = Tag.self
  ) throws -> Identifier<Tag> {
    guard !text.isEmpty else { throw Failure.required(field) }
    do {
      return try Identifier<Tag>(parsing: text)
    } catch {
      throw Failure.invalid(
        "ID_INVALID", field: field,
        "\(field) 不是 \(Tag.prefix)_… 标识。\(field) is not an id of the form \(Tag.prefix)_….")
    }
  }

  /// A typed id that may be left out.
  public static func optionalIdentifier<Tag: IdentifierTag>(
    _ text: String, field: String, as: Tag.Type = Tag.self
  ) throws -> Identifier<Tag>? {
    text.isEmpty ? nil : try identifier(text, field: field)
  }

  /// A time that may be left out, and is then `now`; not in the future beyond the skew allowed.
  public static func time(
    _ timestamp: Google_Protobuf_Timestamp?, field: String, now: Date
  ) throws -> Date {
    guard let timestamp else { return now }
    guard
      timestamp.nanos >= 0, timestamp.nanos < 1_000_000_000,
      timestamp.seconds > -62_135_596_800, timestamp.seconds < 253_402_300_800
    else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: field, "\(field) 不是有效时间。\(field) is not a valid time.")
    }
    let date = timestamp.microsecondDate
    guard date.timeIntervalSince(now) <= clockSkewSeconds else {
      throw Failure.invalid(
        "TIME_IN_FUTURE", field: field, "\(field) 在将来。\(field) lies in the future.")
    }
    return date
  }

  /// A number within bounds; NaN is refused.
  public static func range(
    _ value: Double, field: String, _ bounds: ClosedRange<Double>
  ) throws -> Double {
    guard bounds.contains(value) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: field,
        "\(field) 须在 \(bounds.lowerBound) 到 \(bounds.upperBound) 之间。"
          + "\(field) must lie between \(bounds.lowerBound) and \(bounds.upperBound).")
    }
    return value
  }

  /// A whole number within bounds, `standard` when it is 0.
  public static func count(
    _ value: Int32, field: String, _ bounds: ClosedRange<Int>, standard: Int
  ) throws -> Int {
    if value == 0 { return standard }
    guard bounds.contains(Int(value)) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: field,
        "\(field) 须在 \(bounds.lowerBound) 到 \(bounds.upperBound) 之间。"
          + "\(field) must lie between \(bounds.lowerBound) and \(bounds.upperBound).")
    }
    return Int(value)
  }

  /// A list of `bounds` many members.
  public static func list<Element>(
    _ values: [Element], field: String, _ bounds: ClosedRange<Int>
  ) throws -> [Element] {
    guard values.count >= bounds.lowerBound else { throw Failure.required(field) }
    guard values.count <= bounds.upperBound else {
      throw Failure.invalid(
        "TOO_MANY", field: field,
        "\(field) 最多 \(bounds.upperBound) 项。\(field) takes at most \(bounds.upperBound).")
    }
    return values
  }

  static func tooLong(_ field: String, _ max: Int) -> Failure {
    .invalid(
      "TOO_LONG", field: field,
      "\(field) 不得超过 \(max) 个字符。\(field) takes at most \(max) characters.")
  }
}

extension CharacterSet {
  /// `[A-Za-z0-9_.-]`
  public static let codeCharacters = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
  /// `[a-z0-9_.-]`
  public static let lowercaseCodeCharacters = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789_.-")
}
