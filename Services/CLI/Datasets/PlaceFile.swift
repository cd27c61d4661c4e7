// Names and plates to be taken into the gazetteer: a CSV table, or GeoJSON (RFC 7946) as any map tool
// writes it.
import Foundation
import Geography

/// One place of a file.
public struct PlaceRecord: Sendable, Hashable {
  /// Line of the file, or number of the feature, from 1.
  public let line: Int
  /// Its own, or a hash of what it is: the same place is the same in any file.
  public let code: String
  public let kind: String
  public let name: String
  public let aliases: [String]
  public let address: String
  public let area: String
  public let description: String
  public let deviceCode: String
  /// As given, in the datum of the file.
  public let latitude: Double
  public let longitude: Double
  public let radiusMetres: Double

  /// Kinds that have a number.
  public static let plateKinds: Set<String> = [
    "plate", "pillar", "kiosk", "camera", "street_light",
  ]
  /// Kinds that have a name.
  public static let placeKinds: Set<String> = [
    "address", "road", "intersection", "landmark", "estate", "shop", "school", "hospital", "park",
    "transport", "village", "office", "other",
  ]

  public var isPlate: Bool { Self.plateKinds.contains(kind) }
}

/// A whole file of places.
public struct PlaceFile: Sendable {
  /// All rows or features, good and bad.
  public let rowCount: Int
  /// In the order of the file.
  public let places: [PlaceRecord]
  public let quarantine: Quarantine
  /// Of its text: names the file in request ids.
  public let fingerprint: String

  static let requiredColumns = ["kind", "name", "latitude", "longitude"]

  /// - Throws: `DatasetError` when it is neither a table with the columns nor GeoJSON.
  public init(_ file: DataFile) throws(DatasetError) {
    fingerprint = file.fingerprint
    var quarantine = Quarantine()
    let first = file.bytes.first { $0 > 0x20 && $0 < 0x80 }
    if first == UInt8(ascii: "{") {
      let features = try GeoJSONFeatures(file.bytes)
      rowCount = features.all.count
      var places: [PlaceRecord] = []
      for (index, feature) in features.all.enumerated() {
        do {
          places.append(try feature.place(index + 1))
        } catch {
          quarantine.add(error.reason, line: index + 1)
        }
      }
      self.places = places
    } else {
      var table = try Table(file, required: Self.requiredColumns)
      var places: [PlaceRecord] = []
      rowCount = table.forEach(&quarantine) { row throws(Rejection) in
        let point = try row.point(latitude: "latitude", longitude: "longitude")
        places.append(
          try PlaceRecord(row.line, point.latitude, point.longitude, 0) { name throws(Rejection) in
            try row.text(name)
          })
      }
      self.places = places
    }
    self.quarantine = quarantine
  }
}

extension PlaceRecord {
  /// - Parameter text: a column or property by its name; empty where there is none.
  init(
    _ line: Int, _ latitude: Double, _ longitude: Double, _ radius: Double,
    _ text: (String) throws(Rejection) -> String
  ) throws(Rejection) {
    let kind = try text("kind")
    guard Self.plateKinds.contains(kind) || Self.placeKinds.contains(kind) else {
      throw Rejection(.kindUnknown)
    }
    let name = try text("name")
    let number = try text("number")
    var code = try text("code")
    if Self.plateKinds.contains(kind) {
      if code.isEmpty { code = number }
      guard !code.isEmpty else { throw Rejection(.numberMissing) }
    } else {
      guard !name.isEmpty else { throw Rejection(.nameMissing) }
      if code.isEmpty {
        let identity = [kind, name, String(latitude), String(longitude)]
        code = "h." + Fingerprint.hex(identity.joined(separator: "\u{1f}").utf8)
      }
    }
    let told = try text("radius_m")
    guard let metres = told.isEmpty ? radius : Double(told), (0...100_000).contains(metres) else {
      throw Rejection(.radiusInvalid)
    }
    self.init(
      line: line, code: code, kind: kind, name: name,
      aliases: try text("aliases").split { ";；|".contains($0) }
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty },
      address: try text("address"), area: try text("area"), description: try text("description"),
      deviceCode: try text("device_code"), latitude: latitude, longitude: longitude,
      radiusMetres: metres)
  }
}

/// The features of a GeoJSON text.
struct GeoJSONFeatures {
  let all: [GeoJSONFeature]

  /// - Throws: `DatasetError.notGeoJSON`.
  init(_ bytes: [UInt8]) throws(DatasetError) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    else { throw .notGeoJSON }
    switch object["type"] as? String {
    case "FeatureCollection":
      guard let features = object["features"] as? [[String: Any]] else { throw .notGeoJSON }
      all = features.map(GeoJSONFeature.init)
    case "Feature": all = [GeoJSONFeature(object)]
    default: throw .notGeoJSON
    }
  }
}

struct GeoJSONFeature {
  private let properties: [String: Any]
  private let geometry: [String: Any]

  init(_ object: [String: Any]) {
    properties = object["properties"] as? [String: Any] ?? [:]
    geometry = object["geometry"] as? [String: Any] ?? [:]
  }

  func place(_ number: Int) throws(Rejection) -> PlaceRecord {
    let points = Self.points(geometry["coordinates"])
    guard !points.isEmpty, points.count <= Polygon.cornerLimit else {
      throw Rejection(.locationMissing)
    }
    guard points.allSatisfy({ (-90...90).contains($0.1) && (-180...180).contains($0.0) }) else {
      throw Rejection(.locationOutOfRange)
    }
    let isLine = geometry["type"] as? String == "LineString"
    // The middle of a line lies on it; that of an area between its corners.
    let middle =
      isLine
      ? points[points.count / 2]
      : (Self.middle(points.map(\.0)), Self.middle(points.map(\.1)))
    var radius = 0.0
    if let centre = try? Coordinate(latitude: middle.1, longitude: middle.0) {
      for point in points {
        guard let other = try? Coordinate(latitude: point.1, longitude: point.0) else { continue }
        radius = max(radius, centre.distance(to: other))
      }
    }
    return try PlaceRecord(number, middle.1, middle.0, min(radius, 100_000)) {
      name throws(Rejection) in
      let value = properties[name]
      if let list = value as? [String] { return list.joined(separator: ";") }
      let text = (value as? String) ?? (value as? NSNumber)?.stringValue ?? ""
      guard text.utf8.count <= Table.maximumFieldBytes else { throw Rejection(.textTooLong) }
      // A map names things without saying what kind they are.
      return text.isEmpty && name == "kind" ? "landmark" : text
    }
  }

  private static func middle(_ numbers: [Double]) -> Double {
    ((numbers.min() ?? 0) + (numbers.max() ?? 0)) / 2
  }

  /// Longitude and latitude of every position, however deep they stand.
  private static func points(_ value: Any?, depth: Int = 0) -> [(Double, Double)] {
    guard depth < 5, let list = value as? [Any] else { return [] }
    if list.count >= 2, let longitude = list[0] as? NSNumber, let latitude = list[1] as? NSNumber {
      return [(longitude.doubleValue, latitude.doubleValue)]
    }
    return list.flatMap { points($0, depth: depth + 1) }
  }
}
