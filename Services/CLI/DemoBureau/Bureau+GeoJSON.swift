// The bureau as a map that any tool reads: GeoJSON (RFC 7946), WGS 84, rings counterclockwise.
public import Foundation
import Geography

extension Bureau {
  /// A FeatureCollection of areas, roads, the river, places, kiosks, villages and units' rounds.
  ///
  /// The same bureau gives the same bytes. Numbers have seven decimals, about a centimetre; shared
  /// corners stay shared.
  ///
  /// - Throws: `EncodingError`; not for a bureau, whose numbers are finite.
  public func geoJSON() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(GeoFeatureCollection(features: features))
  }

  private var features: [GeoFeature] {
    areaFeatures + lineFeatures
      + (places + villages + kiosks + standbyPoints).map { landmark in
        GeoFeature(
          .point(landmark.point),
          [
            "kind": landmark.kind.rawValue, "name": landmark.name, "address": landmark.address,
            "beat": beats[landmark.beat].code,
          ])
      }
      + riverside.pillars.enumerated().map { index, pillar in
        GeoFeature(.point(pillar), ["kind": "sos_pillar", "name": "报警柱\(index + 1)号"])
      }
      + units.map { unit in
        GeoFeature(
          .point(unit.home),
          [
            "kind": "unit_home", "name": unit.callSign, "unit_kind": unit.kind.rawValue,
            "station": unit.station.map { stations[$0].code } ?? "",
          ])
      }
  }

  private var areaFeatures: [GeoFeature] {
    let whole = GeoFeature(
      .polygon(area), ["kind": "bureau", "name": Self.name, "arrival_minutes": "5"])
    let stationAreas = stations.map { station in
      GeoFeature(
        .polygon(station.area),
        [
          "kind": "station", "code": station.code, "name": station.name,
          "arrival_minutes": station.isCentre ? "3" : "5",
        ])
    }
    let beatAreas = beats.map { beat in
      GeoFeature(
        .polygon(beat.area),
        [
          "kind": "beat", "code": beat.code, "name": beat.name,
          "station": stations[beat.station].code, "arrival_minutes": beat.isCentre ? "3" : "5",
        ])
    }
    let keyAreas = keyPlaces.map { key in
      GeoFeature(
        .polygon(key.area),
        [
          "kind": "key_place", "name": places[key.place].name, "beat": beats[key.beat].code,
          "arrival_minutes": "1",
        ])
    }
    let island = GeoFeature(
      .polygon(riverside.island), ["kind": "island", "name": riverside.islandName])
    return [whole] + stationAreas + beatAreas + keyAreas + [island]
  }

  private var lineFeatures: [GeoFeature] {
    roads.map { GeoFeature(.line($0.points), ["kind": "road", "name": $0.name]) }
      + [GeoFeature(.line(riverside.river), ["kind": "river", "name": riverside.riverName])]
  }
}

private struct GeoFeatureCollection: Encodable {
  let type = "FeatureCollection"
  let features: [GeoFeature]

  enum CodingKeys: CodingKey { case type, features }
}

private struct GeoFeature: Encodable {
  let type = "Feature"
  let geometry: GeoGeometry
  let properties: [String: String]

  enum CodingKeys: CodingKey { case type, geometry, properties }

  init(_ geometry: GeoGeometry, _ properties: [String: String]) {
    self.geometry = geometry
    self.properties = properties
  }
}

private enum GeoGeometry: Encodable {
  case point(Coordinate)
  case line([Coordinate])
  case polygon(Polygon)

  enum CodingKeys: CodingKey { case type, coordinates }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .point(let point):
      try container.encode("Point", forKey: .type)
      try container.encode(Self.pair(point), forKey: .coordinates)
    case .line(let points):
      try container.encode("LineString", forKey: .type)
      try container.encode(points.map(Self.pair), forKey: .coordinates)
    case .polygon(let polygon):
      let ring = polygon.corners + [polygon.corners[0]]
      try container.encode("Polygon", forKey: .type)
      try container.encode([ring.map(Self.pair)], forKey: .coordinates)
    }
  }

  /// Longitude first.
  private static func pair(_ point: Coordinate) -> [Double] {
    [point.longitude, point.latitude].map { ($0 * 1e7).rounded() / 1e7 }
  }
}
