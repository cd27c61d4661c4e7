// Arguments as libpq takes them: one block of bytes, and where each begins.
import CLibpq

struct PostgreSQLArguments {
  let types: [Oid]
  private var bytes: [UInt8] = []
  /// Nil for NULL.
  private var offsets: [Int?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []

  /// Of PostgreSQL's catalogue `pg_type`; stable since its beginning.
  enum TypeNumber {
    static let boolean: Oid = 16
    static let bytes: Oid = 17
    static let name: Oid = 19
    static let integer8: Oid = 20
    static let integer2: Oid = 21
    static let integer4: Oid = 23
    static let text: Oid = 25
    static let real4: Oid = 700
    static let real8: Oid = 701
    static let variableText: Oid = 1043
    static let numeric: Oid = 1700
  }

  init(_ arguments: [Value]) {
    types = arguments.map(Self.type)
    for argument in arguments {
      switch argument {
      case .null: append(nil, isText: true)
      case .integer(let number): append(Array(String(number).utf8), isText: true)
      case .real(let number): append(Array("\(number)".utf8), isText: true)
      // By length and not to the first zero: the server is to refuse what it cannot keep.
      case .text(let text): append(Array(text.utf8), isText: false)
      case .blob(let blob): append(blob, isText: false)
      }
    }
  }

  private static func type(_ value: Value) -> Oid {
    switch value {
    case .null: 0
    case .integer: TypeNumber.integer8
    case .real: TypeNumber.real8
    case .text: TypeNumber.text
    case .blob: TypeNumber.bytes
    }
  }

  private mutating func append(_ value: [UInt8]?, isText: Bool) {
    offsets.append(value.map { _ in bytes.count })
    lengths.append(Int32(value?.count ?? 0))
    formats.append(isText ? 0 : 1)
    bytes += value ?? []
    bytes.append(0)
  }

  /// Hands the arguments over as libpq's `paramValues`, `paramLengths` and `paramFormats`.
  func withPointers<R>(
    _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) throws -> R
  ) rethrows -> R {
    try bytes.withUnsafeBytes { block in
      let base = block.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
      return try body(values, lengths, formats)
    }
  }
}
