// A file with a header line, read by column name: columns may come in any order.
import Foundation
import Geography

/// Walks the records of a file and hands each to its profile.
struct Table {
  /// Longest field that is read, in bytes: what command takes as a narrative.
  static let maximumFieldBytes = 4000

  private var reader: RecordReader
  private let columns: [String: Int]
  private let width: Int

  /// - Throws: `DatasetError.noHeader`, `.columnsMissing`.
  init(_ file: DataFile, required: [String]) throws(DatasetError) {
    reader = RecordReader(file.bytes)
    guard case .record(let fields, _)? = reader.next() else { throw .noHeader }
    var columns: [String: Int] = [:]
    for (index, field) in fields.enumerated() {
      let name = (reader.text(field) ?? "").trimmingCharacters(in: .whitespaces)
      if columns[name] == nil { columns[name] = index }
    }
    let missing = required.filter { columns[$0] == nil }
    guard missing.isEmpty else { throw .columnsMissing(missing) }
    self.columns = columns
    width = fields.count
    reader.width = width
  }

  /// Calls `take` with every whole row; what it rejects, and every broken row, is quarantined.
  ///
  /// - Returns: the number of rows, good and bad.
  mutating func forEach(
    _ quarantine: inout Quarantine, _ take: (TableRow) throws(Rejection) -> Void
  ) -> Int {
    var count = 0
    while let scanned = reader.next() {
      count += 1
      switch scanned {
      case .broken(let reason, let line):
        quarantine.add(reason, line: line)
      case .record(let fields, let line):
        guard fields.count == width else {
          quarantine.add(.wrongFieldCount, line: line)
          continue
        }
        do {
          try take(TableRow(line: line, fields: fields, columns: columns, reader: reader))
        } catch {
          quarantine.add(error.reason, line: line)
        }
      }
    }
    return count
  }
}

/// One row, by column name. A column that the file does not have reads as empty.
struct TableRow {
  let line: Int
  fileprivate let fields: [Field]
  fileprivate let columns: [String: Int]
  fileprivate let reader: RecordReader

  /// The text of a column without white space around it.
  func text(_ column: String) throws(Rejection) -> String {
    guard let index = columns[column] else { return "" }
    let field = fields[index]
    guard field.end - field.start <= Table.maximumFieldBytes else { throw Rejection(.textTooLong) }
    guard let text = reader.text(field) else { throw Rejection(.invalidUTF8) }
    // Line breaks in a quoted field are white space; nothing else below the space is text.
    if text.utf8.contains(where: { $0 < 0x20 && !(0x09...0x0d).contains($0) || $0 == 0x7f }) {
      throw Rejection(.controlCharacter)
    }
    if text.utf8.contains(where: { (0x09...0x0d).contains($0) }) {
      return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return text.trimmingCharacters(in: .whitespaces)
  }

  /// A time, or nil when the field is empty.
  ///
  /// - Parameter now: nothing in a record of the past is later.
  func time(
    _ column: String, now: Date, unreadable: QuarantineReason = .timeUnreadable
  ) throws(Rejection) -> Date? {
    let text = try text(column)
    guard !text.isEmpty else { return nil }
    guard let time = WallTime.parse(text) else { throw Rejection(unreadable) }
    guard time <= now else { throw Rejection(.timeInFuture) }
    return time
  }

  /// A point in WGS 84. Exactly (0, 0) is what many systems write for “unknown”.
  func point(latitude: String, longitude: String) throws(Rejection) -> Coordinate {
    let north = try text(latitude)
    let east = try text(longitude)
    guard !north.isEmpty, !east.isEmpty else { throw Rejection(.locationMissing) }
    guard let latitude = Double(north), let longitude = Double(east), latitude.isFinite,
      longitude.isFinite
    else { throw Rejection(.locationUnreadable) }
    guard latitude != 0 || longitude != 0 else { throw Rejection(.locationZero) }
    do {
      return try Coordinate(latitude: latitude, longitude: longitude)
    } catch {
      throw Rejection(.locationOutOfRange)
    }
  }
}
