// CSV as it comes: RFC 4180, and a way on where a line does not keep to it, so that one broken quote
// costs one line and not the rest of the file.

/// One field of a record, as a range of the file's bytes.
struct Field {
  var start: Int
  var end: Int
  /// Whether it contains doubled quotes.
  var isEscaped = false
}

/// One record, or the line that is none.
enum ScannedRecord {
  case record([Field], line: Int)
  case broken(QuarantineReason, line: Int)
}

/// Splits bytes into records of fields. Blank lines are passed over.
///
/// A quote inside an unquoted field is an ordinary character. A quoted field may span lines, but
/// only if the record then has exactly `width` fields; else its first line alone is given up as
/// `unbalancedQuote`, and reading goes on with the next line.
struct RecordReader {
  /// No address or narrative has more lines; bounds the work that a stray quote causes.
  private static let maximumLinesOfField = 20

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// Fields of a whole record; nil while the header has not been read.
  var width: Int?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  mutating func next() -> ScannedRecord? {
    skipBlankLines()
    guard position < bytes.count else { return nil }
    let start = position
    let firstLine = line
    var fields: [Field] = []
    fields.reserveCapacity(width ?? 16)
    while true {
      let outcome = bytes[safe: position] == .quote ? scanQuoted() : scanPlain()
      switch outcome {
      case .field(let field): fields.append(field)
      case .broken(let reason): return giveUp(from: start, line: firstLine, reason)
      }
      guard bytes[safe: position] == .comma else { break }
      position += 1
    }
    if line > firstLine, let width, fields.count != width {
      return giveUp(from: start, line: firstLine, .unbalancedQuote)
    }
    endLine()
    return .record(fields, line: firstLine)
  }

  /// The text of a field, with doubled quotes undone.
  /// - Returns: nil when it is not UTF-8.
  func text(_ field: Field) -> String? {
    guard field.start < field.end else { return "" }
    guard var text = String(validating: bytes[field.start..<field.end], as: UTF8.self) else {
      return nil
    }
    if field.isEscaped { text = text.replacing("\"\"", with: "\"") }
    return text
  }

  /// The bytes of a field, with doubled quotes undone, for texts that are not UTF-8. In no encoding that is
  /// read here is a quote, a comma or the end of a line part of another character.
  func raw(_ field: Field) -> [UInt8] {
    let given = Array(bytes[field.start..<field.end])
    guard field.isEscaped else { return given }
    var plain: [UInt8] = []
    plain.reserveCapacity(given.count)
    var isSecond = false
    for byte in given {
      isSecond = byte == .quote && !isSecond
      if byte != .quote || isSecond { plain.append(byte) }
    }
    return plain
  }

  private enum Outcome {
    case field(Field)
    case broken(QuarantineReason)
  }

  /// Leaves `position` at the comma, the line's end or the file's end.
  private mutating func scanPlain() -> Outcome {
    let start = position
    while position < bytes.count, bytes[position] != .comma, bytes[position] != .lineFeed {
      position += 1
    }
    var end = position
    if end > start, bytes[end - 1] == .carriageReturn, bytes[safe: position] != .comma { end -= 1 }
    return .field(Field(start: start, end: end))
  }

  private mutating func scanQuoted() -> Outcome {
    position += 1
    var field = Field(start: position, end: position)
    let lineLimit = line + Self.maximumLinesOfField
    while position < bytes.count {
      let byte = bytes[position]
      if byte == .lineFeed {
        line += 1
        if line > lineLimit { return .broken(.unbalancedQuote) }
      } else if byte == .quote {
        if bytes[safe: position + 1] == .quote {
          field.isEscaped = true
          position += 1
        } else {
          field.end = position
          position += 1
          return endsCleanly ? .field(field) : .broken(.malformedQuote)
        }
      }
      position += 1
    }
    return .broken(.unbalancedQuote)
  }

  /// Whether a comma, a line's end or the file's end follows a closing quote.
  private var endsCleanly: Bool {
    switch bytes[safe: position] {
    case nil, .comma, .lineFeed: true
    case .carriageReturn: bytes[safe: position + 1] == .lineFeed || position + 1 == bytes.count
    default: false
    }
  }

  private mutating func giveUp(
    from start: Int, line first: Int, _ reason: QuarantineReason
  ) -> ScannedRecord {
    position = start
    line = first
    var quotes = 0
    while position < bytes.count, bytes[position] != .lineFeed {
      if bytes[position] == .quote { quotes += 1 }
      position += 1
    }
    endLine()
    // A stray quote may well meet another field's quote, and then looks misplaced.
    return .broken(quotes.isMultiple(of: 2) ? reason : .unbalancedQuote, line: first)
  }

  private mutating func endLine() {
    if bytes[safe: position] == .carriageReturn { position += 1 }
    if bytes[safe: position] == .lineFeed {
      position += 1
      line += 1
    }
  }

  private mutating func skipBlankLines() {
    while position < bytes.count {
      if bytes[position] == .lineFeed {
        line += 1
      } else if bytes[position] != .carriageReturn || bytes[safe: position + 1] != .lineFeed {
        return
      }
      position += 1
    }
  }
}

extension [UInt8] {
  fileprivate subscript(safe index: Int) -> UInt8? { index < count ? self[index] : nil }
}

extension UInt8 {
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
