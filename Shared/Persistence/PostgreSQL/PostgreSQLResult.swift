// An answer of libpq, copied out of it.
import CLibpq

enum PostgreSQLResult {
  private typealias TypeNumber = PostgreSQLArguments.TypeNumber

  static func rows(of result: OpaquePointer?) throws -> [Row] {
    let count = PQntuples(result)
    guard count > 0 else { return [] }
    let columns = 0..<PQnfields(result)
    let names = columns.map { String(cString: PQfname(result, $0)) }
    let types = columns.map { PQftype(result, $0) }
    return try (0..<count).map { row in
      Row(
        names: names,
        values: try columns.map { column in
          if PQgetisnull(result, row, column) == 1 { return .null }
          let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
          return try value(bytes, type: types[Int(column)])
        })
    }
  }

  /// Reads a value from its text form.
  private static func value(_ bytes: UnsafeRawBufferPointer, type: Oid) throws -> Value {
    switch type {
    case TypeNumber.bytes: return .blob(try blob(bytes))
    case TypeNumber.boolean: return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
    case TypeNumber.integer8, TypeNumber.integer4, TypeNumber.integer2, TypeNumber.numeric:
      let text = String(decoding: bytes, as: UTF8.self)
      if let number = Int64(text) { return .integer(number) }
      return try real(text)
    case TypeNumber.real8, TypeNumber.real4:
      return try real(String(decoding: bytes, as: UTF8.self))
    case TypeNumber.text, TypeNumber.variableText, TypeNumber.name:
      return .text(String(decoding: bytes, as: UTF8.self))
    default:
      throw DatabaseError.unexpectedValue("a column is of the unknown type \(type)")
    }
  }

  private static func real(_ text: String) throws -> Value {
    guard let number = Double(text) else {
      throw DatabaseError.unexpectedValue("\(text) is no number")
    }
    return .real(number)
  }

  /// `\x` and two hexadecimal digits a byte.
  private static func blob(_ text: UnsafeRawBufferPointer) throws -> [UInt8] {
    guard text.count >= 2, text.count.isMultiple(of: 2) else {
      throw DatabaseError.unexpectedValue("a blob came in an unknown form")
    }
    var blob: [UInt8] = []
    blob.reserveCapacity(text.count / 2 - 1)
    for index in stride(from: 2, to: text.count, by: 2) {
      blob.append(digit(text[index]) << 4 | digit(text[index + 1]))
    }
    return blob
  }

  private static func digit(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "a") ? byte &- UInt8(ascii: "a") &+ 10 : byte &- UInt8(ascii: "0")
  }
}
