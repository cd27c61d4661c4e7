// What nothing looks into by SQL is one column: JSON with sorted keys, so that equal values are equal
// texts.
import Foundation

enum JSONDocument {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// NULL for nil.
  static func encode(optional value: (some Encodable)?) throws -> String? {
    try value.map { try encode($0) }
  }

  static func decode<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws
    -> Value
  {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  static func decode<Value: Decodable>(
    optional text: String?, as type: Value.Type = Value.self
  ) throws -> Value? {
    try text.map { try decode($0, as: type) }
  }
}
