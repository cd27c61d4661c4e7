// The list of a campaign as it lies on the disk: CSV in UTF-8 or in GB 18030, as spreadsheets here save it.
// What its columns mean is the campaign's affair; rows go on as they stand.
import Foundation
import Glibc

/// How the text of a file is written.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case gb18030
}

/// One row of a list.
public struct CampaignFileRow: Sendable, Hashable {
  /// From 1, the header aside; broken rows count.
  public let number: Int
  /// In the order of the header; empty when there is a problem.
  public let values: [String]
  /// Why it cannot be read, such as `UNBALANCED_QUOTE`; empty when it can.
  public let problem: String
}

/// A list, read row by row: a file of a hundred thousand rows is not held twice.
public struct CampaignFile: Sendable {
  private let file: DataFile
  public let encoding: TextEncoding
  public let header: [String]

  /// - Parameter encoding: nil to take UTF-8 where the bytes are UTF-8, else GB 18030.
  /// - Throws: `DatasetError.noHeader`.
  public init(_ file: DataFile, encoding: TextEncoding? = nil) throws(DatasetError) {
    self.file = file
    let isUTF8 = String(validating: file.bytes, as: UTF8.self) != nil
    self.encoding = encoding ?? (isUTF8 ? .utf8 : .gb18030)
    var reader = RecordReader(file.bytes)
    guard case .record(let fields, _)? = reader.next() else { throw .noHeader }
    guard let decoder = TextDecoder(self.encoding) else { throw .noHeader }
    var header: [String] = []
    for field in fields {
      guard let name = decoder.text(reader.raw(field)) else { throw .noHeader }
      header.append(name.trimmingCharacters(in: .whitespaces))
    }
    self.header = header
  }

  public var bytes: [UInt8] { file.bytes }

  /// Calls `take` with every row in the order of the file.
  public func readRows<E: Error>(_ take: (CampaignFileRow) throws(E) -> Void) throws(E) {
    var reader = RecordReader(file.bytes)
    _ = reader.next()
    reader.width = header.count
    guard let decoder = TextDecoder(encoding) else { return }
    var number = 0
    while let scanned = reader.next() {
      number += 1
      switch scanned {
      case .broken(let reason, _):
        try take(
          CampaignFileRow(number: number, values: [], problem: reason.rawValue.uppercased()))
      case .record(let fields, _):
        var values: [String] = []
        values.reserveCapacity(fields.count)
        for field in fields {
          guard let text = decoder.text(reader.raw(field)) else { break }
          values.append(text)
        }
        let isWhole = values.count == fields.count
        try take(
          CampaignFileRow(
            number: number, values: isWhole ? values : [],
            problem: isWhole ? "" : "INVALID_ENCODING"))
      }
    }
  }
}

/// Bytes of one encoding as text.
private final class TextDecoder {
  private let encoding: TextEncoding
  /// Of the system's converter; nil for UTF-8.
  private let converter: iconv_t?

  /// - Returns: nil when the system does not know the encoding.
  init?(_ encoding: TextEncoding) {
    self.encoding = encoding
    guard encoding == .gb18030 else {
      converter = nil
      return
    }
    let opened = iconv_open("UTF-8", "GB18030")
    guard Int(bitPattern: opened) != -1 else { return nil }
    converter = opened
  }

  deinit {
    if let converter { iconv_close(converter) }
  }

  /// - Returns: nil for bytes that are none of its encoding's.
  func text(_ bytes: [UInt8]) -> String? {
    guard let converter, bytes.contains(where: { $0 >= 0x80 }) else {
      return String(validating: bytes, as: UTF8.self)
    }
    var source = bytes.map { CChar(bitPattern: $0) }
    // No character of two or four bytes takes more than four of UTF-8.
    var target = [CChar](repeating: 0, count: bytes.count * 4)
    let written = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target -> Int? in
        var (from, to) = (source.baseAddress, target.baseAddress)
        var (left, room) = (source.count, target.count)
        iconv(converter, nil, nil, nil, nil)
        guard iconv(converter, &from, &left, &to, &room) != -1, left == 0 else { return nil }
        return target.count - room
      }
    }
    guard let written else { return nil }
    return String(validating: target[..<written].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
