// What goes into a statement and comes out of a row: five kinds of value, and the types of ours
// that know how to become one. Both engines speak exactly this.
public import Foundation
public import Identifiers

/// One value as a store holds it.
public enum Value: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

extension Value: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(stringLiteral value: String) { self = .text(value) }
}

/// A type that can be an argument of a statement and a column of a row.
public protocol ValueConvertible {
  /// The stored form.
  var value: Value { get }
  /// Reads the stored form back.
  /// - Throws: `DatabaseError.unexpectedValue` when it is not one this type writes.
  static func from(_ value: Value) throws -> Self
}

/// Says what was found where something else was expected.
func unexpected<T>(_ value: Value, for type: T.Type) -> DatabaseError {
  let kind =
    switch value {
    case .null: "NULL"
    case .integer: "an integer"
    case .real: "a real number"
    case .text: "a text"
    case .blob: "a blob"
    }
  return .unexpectedValue("\(kind) does not read as \(type)")
}

extension Value: ValueConvertible {
  public var value: Value { self }
  public static func from(_ value: Value) throws -> Value { value }
}

extension String: ValueConvertible {
  public var value: Value { .text(self) }
  public static func from(_ value: Value) throws -> String {
    guard case .text(let text) = value else { throw unexpected(value, for: Self.self) }
    return text
  }
}

extension Int64: ValueConvertible {
  public var value: Value { .integer(self) }
  public static func from(_ value: Value) throws -> Int64 {
    guard case .integer(let number) = value else { throw unexpected(value, for: Self.self) }
    return number
  }
}

extension Int: ValueConvertible {
  public var value: Value { .integer(Int64(self)) }
  public static func from(_ value: Value) throws -> Int {
    guard let number = Int(exactly: try Int64.from(value)) else {
      throw unexpected(value, for: Self.self)
    }
    return number
  }
}

extension UInt64: ValueConvertible {
  /// The same 64 bits, so that every number comes back; order holds below 2⁶³.
  public var value: Value { .integer(Int64(bitPattern: self)) }
  public static func from(_ value: Value) throws -> UInt64 {
    UInt64(bitPattern: try Int64.from(value))
  }
}

extension Double: ValueConvertible {
  public var value: Value { .real(self) }
  public static func from(_ value: Value) throws -> Double {
    switch value {
    case .real(let number): return number
    // An expression over whole numbers comes back as an integer.
    case .integer(let number): return Double(number)
    default: throw unexpected(value, for: Self.self)
    }
  }
}

extension Bool: ValueConvertible {
  public var value: Value { .integer(self ? 1 : 0) }
  public static func from(_ value: Value) throws -> Bool {
    switch value {
    case .integer(0): return false
    case .integer(1): return true
    default: throw unexpected(value, for: Self.self)
    }
  }
}

extension Date: ValueConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var value: Value { .integer(Int64((timeIntervalSince1970 * 1_000_000).rounded())) }
  public static func from(_ value: Value) throws -> Date {
    Date(timeIntervalSince1970: Double(try Int64.from(value)) / 1_000_000)
  }
}

extension Array: ValueConvertible where Element == UInt8 {
  public var value: Value { .blob(self) }
  public static func from(_ value: Value) throws -> [UInt8] {
    guard case .blob(let bytes) = value else { throw unexpected(value, for: Self.self) }
    return bytes
  }
}

extension Optional: ValueConvertible where Wrapped: ValueConvertible {
  public var value: Value { self?.value ?? .null }
  public static func from(_ value: Value) throws -> Wrapped? {
    value == .null ? nil : try Wrapped.from(value)
  }
}

extension Identifier: ValueConvertible {
  public var value: Value { .text(description) }
  public static func from(_ value: Value) throws -> Identifier {
    try Identifier(parsing: try String.from(value))
  }
}

/// Lets an enumeration with a text or number behind it be stored by declaring
/// `extension IncidentState: ValueConvertible {}`.
extension RawRepresentable where RawValue: ValueConvertible {
  public var value: Value { rawValue.value }
  public static func from(_ value: Value) throws -> Self {
    guard let result = Self(rawValue: try RawValue.from(value)) else {
      throw unexpected(value, for: Self.self)
    }
    return result
  }
}
