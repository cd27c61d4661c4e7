// Cursor on Target: what tactical phones and drones tell each other. An event with a point in WGS 84,
// and a track with course and speed.
import Foundation
import Geography

enum CursorOnTarget {
  static func position(in message: [UInt8]) throws(ForeignPositionError) -> ForeignPosition {
    let document = try FlatXML(message)
    guard document.root == "event", let event = document.attributes["event"],
      let point = document.attributes["point"]
    else { throw .otherKind }
    let track = document.attributes["track"] ?? [:]
    func number(
      _ name: String, _ values: [String: String], required: Bool
    ) throws(ForeignPositionError) -> Double {
      guard let text = values[name], !text.isEmpty else {
        if required { throw .malformed(name) }
        return 0
      }
      guard let value = Double(text), value.isFinite else { throw .malformed(name) }
      return value
    }
    // Some senders put both of a point that is not known at 0.
    let latitude = try number("lat", point, required: true)
    let longitude = try number("lon", point, required: true)
    guard latitude != 0 || longitude != 0 else { throw .noFix }
    return try ForeignPosition(
      device: event["uid"] ?? "", latitude: latitude, longitude: longitude, datum: .wgs84,
      time: try time(event["time"] ?? ""), speed: try number("speed", track, required: false),
      heading: try number("course", track, required: false))
  }

  private static func time(_ text: String) throws(ForeignPositionError) -> Date {
    if let date = try? Date(text, strategy: .iso8601) { return date }
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = try? Date(text, strategy: fractional) else { throw .malformed("time") }
    return date
  }
}
