// GeoJSON, a feature a line (RFC 7946): what anybody can write. The device is `id` or the property
// `device`; `time` is RFC 3339; `speed_mps` and `heading_deg` may be left out. Always WGS 84 (section 4).
import Foundation
import Geography

enum GeoJSONLine {
  private struct Feature: Decodable {
    struct Point: Decodable {
      let type: String
      let coordinates: [Double]
    }

    struct Properties: Decodable {
      let device: String?
      let time: String?
      let speedMps: Double?
      let headingDeg: Double?

      enum CodingKeys: String, CodingKey {
        case device, time
        case speedMps = "speed_mps"
        case headingDeg = "heading_deg"
      }
    }

    let type: String
    let id: String?
    let geometry: Point?
    let properties: Properties?
  }

  static func position(in message: [UInt8]) throws(ForeignPositionError) -> ForeignPosition {
    guard let feature = try? JSONDecoder().decode(Feature.self, from: Data(message)) else {
      throw .malformed("JSON")
    }
    guard feature.type == "Feature", let point = feature.geometry, point.type == "Point" else {
      throw .otherKind
    }
    guard (2...3).contains(point.coordinates.count) else { throw .malformed("coordinates") }
    guard let text = feature.properties?.time else { throw .malformed("time") }
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard
      let time = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: fractional))
    else { throw .malformed("time") }
    return try ForeignPosition(
      device: feature.id ?? feature.properties?.device ?? "", latitude: point.coordinates[1],
      longitude: point.coordinates[0], datum: .wgs84, time: time,
      speed: feature.properties?.speedMps ?? 0, heading: feature.properties?.headingDeg ?? 0)
  }
}
