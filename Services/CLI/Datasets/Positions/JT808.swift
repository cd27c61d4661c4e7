// JT/T 808: what vehicle terminals of the transport ministry's kind report. Message 0x0200 of the
// editions of 2013 and 2019, between two flags, with their escapes and check sum.
import Foundation
import Geography

enum JT808 {
  static let flag: UInt8 = 0x7E

  /// Seconds east of Greenwich: the standard's times are Beijing's.
  private static let zone = 8 * 3600

  static func position(
    in message: [UInt8], datum: Datum
  ) throws(ForeignPositionError) -> ForeignPosition {
    let bytes = try unescaped(message)
    guard bytes.count >= 13 else { throw .malformed("length") }
    guard bytes.reduce(0, ^) == 0 else { throw .malformed("check sum") }
    guard number(bytes, 0, 2) == 0x0200 else { throw .otherKind }
    let properties = number(bytes, 2, 2)
    // A longer message in parts is none of positions; encrypted ones cannot be read.
    guard properties & 0x3C00 == 0 else { throw .malformed("properties") }
    let isNew = properties & 0x4000 != 0
    let header = isNew ? 17 : 12
    guard bytes.count - 1 - header == properties & 0x03FF, bytes.count - 1 - header >= 28 else {
      throw .malformed("length")
    }
    let phone = isNew ? bytes[5..<15] : bytes[4..<10]
    let body = Array(bytes[header..<(bytes.count - 1)])
    let status = number(body, 4, 4)
    guard status & 0b10 != 0 else { throw .noFix }
    let latitude = Double(number(body, 8, 4)) / 1_000_000 * (status & 0b100 != 0 ? -1 : 1)
    let longitude = Double(number(body, 12, 4)) / 1_000_000 * (status & 0b1000 != 0 ? -1 : 1)
    return try ForeignPosition(
      device: try device(phone), latitude: latitude, longitude: longitude, datum: datum,
      time: try time(Array(body[22..<28])), speed: Double(number(body, 18, 2)) / 10 / 3.6,
      heading: Double(number(body, 20, 2)))
  }

  private static func unescaped(_ message: [UInt8]) throws(ForeignPositionError) -> [UInt8] {
    let content = message.drop { $0 <= 0x20 && $0 != flag }
    guard content.count >= 2, content.first == flag, content.last == flag else {
      throw .malformed("flags")
    }
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in content.dropFirst().dropLast() {
      if isEscaped {
        guard byte == 1 || byte == 2 else { throw .malformed("escape") }
        bytes.append(byte == 1 ? 0x7D : 0x7E)
        isEscaped = false
      } else if byte == 0x7D {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    guard !isEscaped else { throw .malformed("escape") }
    return bytes
  }

  /// The number in it, most significant byte first.
  private static func number(_ bytes: [UInt8], _ first: Int, _ count: Int) -> Int {
    bytes[first..<(first + count)].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A telephone number in binary coded digits, without the zeros before it.
  private static func device(_ digits: ArraySlice<UInt8>) throws(ForeignPositionError) -> String {
    var text = ""
    for byte in digits {
      guard byte >> 4 < 10, byte & 0xF < 10 else { throw .malformed("device") }
      text += String(byte >> 4) + String(byte & 0xF)
    }
    return String(text.drop { $0 == "0" })
  }

  private static func time(_ digits: [UInt8]) throws(ForeignPositionError) -> Date {
    var parts: [Int] = []
    for byte in digits {
      guard byte >> 4 < 10, byte & 0xF < 10 else { throw .malformed("time") }
      parts.append(Int(byte >> 4) * 10 + Int(byte & 0xF))
    }
    var calendar = Calendar(identifier: .gregorian)
    guard let zone = TimeZone(secondsFromGMT: zone) else { throw .malformed("time") }
    calendar.timeZone = zone
    let components = DateComponents(
      year: 2000 + parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
      second: parts[5])
    guard components.isValidDate(in: calendar), let date = calendar.date(from: components) else {
      throw .malformed("time")
    }
    return date
  }
}
