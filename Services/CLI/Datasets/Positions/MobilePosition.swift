// GB/T 28181: a camera or a body camera tells a video platform where it is, in the body of a NOTIFY.
import Foundation
import Geography

enum MobilePosition {
  static func position(
    in message: [UInt8], datum: Datum
  ) throws(ForeignPositionError) -> ForeignPosition {
    let document = try FlatXML(withoutDeclaration(message))
    guard document.root == "Notify", document.texts["CmdType"] == "MobilePosition" else {
      throw .otherKind
    }
    func number(_ name: String, required: Bool) throws(ForeignPositionError) -> Double {
      guard let text = document.texts[name], !text.isEmpty else {
        if required { throw .malformed(name) }
        return 0
      }
      guard let value = Double(text), value.isFinite else { throw .malformed(name) }
      return value
    }
    return try ForeignPosition(
      device: document.texts["DeviceID"] ?? "",
      latitude: try number("Latitude", required: true),
      longitude: try number("Longitude", required: true), datum: datum,
      time: try time(document.texts["Time"] ?? ""),
      // Kilometres an hour.
      speed: try number("Speed", required: false) / 3.6,
      heading: try number("Direction", required: false))
  }

  /// All that is read is ASCII; what encoding the rest has does not matter.
  private static func withoutDeclaration(_ message: [UInt8]) -> [UInt8] {
    let trimmed = message.drop { $0 <= 0x20 }
    guard trimmed.starts(with: Array("<?xml".utf8)),
      let end = trimmed.firstRange(of: Array("?>".utf8))?.upperBound
    else { return Array(trimmed) }
    // Bytes that are no UTF-8 would be refused.
    return trimmed[end...].map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
  }

  /// Beijing's, unless it says its own zone.
  private static func time(_ text: String) throws(ForeignPositionError) -> Date {
    let hasZone = text.hasSuffix("Z") || text.dropFirst(10).contains { $0 == "+" || $0 == "-" }
    let full = hasZone ? text : text + "+08:00"
    if let date = try? Date(full, strategy: .iso8601) { return date }
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = try? Date(full, strategy: fractional) else { throw .malformed("Time") }
    return date
  }
}
